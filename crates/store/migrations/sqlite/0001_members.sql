-- Who is known, where they have accounts, and which accounts were proven to belong together.

create table places (
    id integer primary key autoincrement,
    kind text not null,
    name text not null,
    address text not null,
    swept_at_ms integer,
    population integer,
    population_at_ms integer,
    unique (kind, address)
) strict;

create table members (
    id integer primary key autoincrement,
    made_at_ms integer not null
) strict;

create table accounts (
    id integer primary key autoincrement,
    member_id integer not null references members (id),
    place_id integer not null references places (id),
    subject text not null,
    username text not null,
    name text,
    vanished_at_ms integer,
    unique (place_id, subject),
    unique (member_id, place_id)
) strict;

create table links (
    id integer primary key autoincrement,
    member_id integer not null references members (id),
    account_id integer not null unique references accounts (id) on delete cascade,
    other_account_id integer not null references accounts (id) on delete cascade,
    proven_by text not null,
    linked_at_ms integer not null
) strict;

create index links_by_other_account on links (other_account_id);
create index links_by_member on links (member_id);

-- Work that must go one by one takes its row first.
create table turns (
    name text primary key,
    taken integer not null
) strict;

insert into turns (name, taken) values ('links', 0), ('places', 0), ('revisions', 0);
