insert into cursors (place_id, name, value, at_ms) values (2, 'acts', '512', 1700000000000);
insert into revisions (guild, rules, made_at_ms) values (10, '[]', 1700000000000);
insert into audit (at_ms, actor, act, guild, user_id, place_id, subject, details) values (1700000000000, 'hall', 'link', 10, 9007199254740993, 2, '42', '{}');
insert into meta (name, value) values ('key', 'k1');
