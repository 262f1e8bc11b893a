insert into told (guild, user_id, about, told_at_ms) values (10, 9007199254740993, 'nickname', 1700000000000);
