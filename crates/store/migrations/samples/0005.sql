insert into tickets (hash, user_id, guild, place_id, display_name, created_at_ms, expires_at_ms) values ('t1', 9007199254740993, 10, 2, 'Mira', 1700000000000, 1700000600000);
insert into flows (hash, ticket_hash, stage, nonce, verifier, created_at_ms, expires_at_ms) values ('f1', 't1', 'chat', 'nonce', 'verifier', 1700000000000, 1700000600000);
