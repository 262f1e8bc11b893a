-- Durable work, who may do what nobody else does at the same time, and which events came already.

create table jobs (
    id integer primary key autoincrement,
    kind text not null,
    key text not null,
    payload text not null,
    priority integer not null,
    run_at_ms integer not null,
    attempts integer not null,
    claims integer not null,
    holder text,
    leased_until_ms integer,
    again_at_ms integer,
    dead_at_ms integer,
    last_error text,
    unique (kind, key)
) strict;

create index jobs_by_turn on jobs (priority, run_at_ms) where dead_at_ms is null;
create index jobs_by_time on jobs (run_at_ms) where dead_at_ms is null;
create index jobs_dead on jobs (dead_at_ms) where dead_at_ms is not null;

create table leases (
    name text primary key,
    holder text not null,
    fence integer not null,
    until_ms integer not null
) strict;

create table received (
    place_id integer not null references places (id),
    event_id text not null,
    event text not null,
    received_at_ms integer not null,
    primary key (place_id, event_id)
) strict;

create index received_by_time on received (received_at_ms);
