insert into role_bindings (guild, name, role, bound_at_ms) values (10, 'Leader', 20, 1700000000000);
insert into group_bindings (place_id, name, group_id, current_name, bound_at_ms, hidden_at_ms) values (2, 'makers', 41, 'crew', 1700000000000, 1700000000000);
insert into given_roles (guild, user_id, role, given_at_ms) values (10, 9007199254740993, 20, 1700000000000);
insert into nicknames (guild, user_id, before, asked, asked_print, became_print, written_at_ms) values (10, 9007199254740993, null, 'Mira', -5, -5, 1700000000000);
insert into departures (guild, user_id, departure, created_at_ms) values (10, 30, '{"user":30,"roles":[20],"nickname":null}', 1700000000000);
