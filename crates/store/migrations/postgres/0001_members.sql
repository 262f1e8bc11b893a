-- Who is known, where they have accounts, and which accounts were proven to belong together.

create table places (
    id bigint generated always as identity primary key,
    kind text not null,
    name text not null,
    address text not null,
    swept_at_ms bigint,
    population bigint,
    population_at_ms bigint,
    unique (kind, address)
);

create table members (
    id bigint generated always as identity primary key,
    made_at_ms bigint not null
);

create table accounts (
    id bigint generated always as identity primary key,
    member_id bigint not null references members (id),
    place_id bigint not null references places (id),
    subject text not null,
    username text not null,
    name text,
    vanished_at_ms bigint,
    unique (place_id, subject),
    unique (member_id, place_id)
);

create table links (
    id bigint generated always as identity primary key,
    member_id bigint not null references members (id),
    account_id bigint not null unique references accounts (id) on delete cascade,
    other_account_id bigint not null references accounts (id) on delete cascade,
    proven_by text not null,
    linked_at_ms bigint not null
);

create index links_by_other_account on links (other_account_id);
create index links_by_member on links (member_id);

-- Work that must go one by one takes its row first.
create table turns (
    name text primary key,
    taken bigint not null
);

insert into turns (name, taken) values ('links', 0), ('places', 0), ('revisions', 0);
