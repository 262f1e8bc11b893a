insert into overrides (guild, user_id, role, has, origin, by_user, made_at_ms, until_ms, beneath) values (10, 9007199254740993, 21, 0, 'hand', 30, 1700000000000, 1702592000000, 'kept');
