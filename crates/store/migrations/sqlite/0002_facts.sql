-- What sources said about the accounts there, as JSON.

create table facts (
    account_id integer primary key references accounts (id) on delete cascade,
    facts text not null,
    read_at_ms integer not null,
    absent_since_ms integer,
    look_again_at_ms integer
) strict;

create index facts_by_look on facts (look_again_at_ms) where look_again_at_ms is not null;
