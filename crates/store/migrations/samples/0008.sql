insert into deliveries (place_id, said_hash, event_id, event, repeats, received_at_ms, look_at_ms) values (2, 'd1', '1001', 'user_updated', 0, 1700000000000, 1700000000000);
