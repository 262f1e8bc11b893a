insert into places (kind, name, address, swept_at_ms) values ('chat', 'chat', 'https://chat.example', null), ('forum', 'forum', 'https://forum.example', 1700000000000);
insert into members (made_at_ms) values (1700000000000), (1700000000001);
insert into accounts (member_id, place_id, subject, username, name) values (1, 1, '9007199254740993', 'mira_d', 'Mira'), (1, 2, '42', 'mira', null), (2, 1, '9007199254740994', 'jon_d', null), (2, 2, '43', 'jon', 'Jón');
insert into links (member_id, account_id, other_account_id, proven_by, linked_at_ms) values (1, 2, 1, 'page', 1700000000000), (2, 4, 3, 'page', 1700000000001);
