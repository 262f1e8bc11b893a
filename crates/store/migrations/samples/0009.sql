insert into plans (guild, revision, cause, actor, state, made_at_ms, reasons, contents, takes, gives, renames) values (10, 1, 'sweep', 'hall', 'running', 1700000000000, '[]', '{"changes":[],"findings":[]}', 0, 0, 0);
insert into written (plan_id, guild, user_id, act, role, takes, strips, renames, empowers, counted, done, at_ms) values (1, 10, 9007199254740993, 'take', 20, 1, 0, 0, 0, 1, 1, 1700000000000);
insert into overrides (guild, user_id, role, has, origin, by_user, made_at_ms, until_ms) values (10, 9007199254740993, 20, 1, 'hand', 30, 1700000000000, 1702592000000);
insert into confirmed_roles (guild, user_id, role, actor, at_ms) values (10, 9007199254740993, 20, 'user 30', 1700000000000);
insert into requests (request, actor, asked_at_ms) values ('{}', 'command mira', 1700000000000);
