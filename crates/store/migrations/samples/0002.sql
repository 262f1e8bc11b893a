insert into facts (account_id, facts, read_at_ms, look_again_at_ms) values (2, '{"trust_level":3}', 1700000000002, null), (4, '{"trust_level":1}', 1700000000002, 1700000600000);
