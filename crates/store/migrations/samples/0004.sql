insert into jobs (kind, key, payload, priority, run_at_ms, attempts, claims) values ('look', 'forum/42', '{}', 1, 1700000000000, 0, 0);
insert into leases (name, holder, fence, until_ms) values ('bot', 'hall-1', 7, 1700000000000);
insert into received (place_id, event_id, event, received_at_ms) values (2, '1001', 'user_updated', 1700000000000);
