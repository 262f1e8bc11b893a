-- Linking in progress: an address that was given to one person, and the attempts to use it.

create table tickets (
    hash text primary key,
    user_id integer not null,
    guild integer,
    place_id integer not null references places (id),
    display_name text not null,
    created_at_ms integer not null,
    expires_at_ms integer not null,
    used_at_ms integer
) strict;

create index tickets_by_user on tickets (user_id);
create index tickets_by_expiry on tickets (expires_at_ms);

create table flows (
    hash text primary key,
    ticket_hash text not null references tickets (hash) on delete cascade,
    stage text not null,
    nonce text not null,
    verifier text not null,
    user_identity text,
    other_identity text,
    created_at_ms integer not null,
    expires_at_ms integer not null
) strict;

create index flows_by_ticket on flows (ticket_hash);
create index flows_by_expiry on flows (expires_at_ms);
