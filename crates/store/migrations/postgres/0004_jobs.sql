-- Durable work, who may do what nobody else does at the same time, and which events came already.

create table jobs (
    id bigint generated always as identity primary key,
    kind text not null,
    key text not null,
    payload text not null,
    priority bigint not null,
    run_at_ms bigint not null,
    attempts bigint not null,
    claims bigint not null,
    holder text,
    leased_until_ms bigint,
    again_at_ms bigint,
    dead_at_ms bigint,
    last_error text,
    unique (kind, key)
);

create index jobs_by_turn on jobs (priority, run_at_ms) where dead_at_ms is null;
create index jobs_by_time on jobs (run_at_ms) where dead_at_ms is null;
create index jobs_dead on jobs (dead_at_ms) where dead_at_ms is not null;

create table leases (
    name text primary key,
    holder text not null,
    fence bigint not null,
    until_ms bigint not null
);

create table received (
    place_id bigint not null references places (id),
    event_id text not null,
    event text not null,
    received_at_ms bigint not null,
    primary key (place_id, event_id)
);

create index received_by_time on received (received_at_ms);
