-- Places in other people's logs, numbered rules, history, and single values.

create table cursors (
    place_id bigint not null references places (id),
    name text not null,
    value text not null,
    at_ms bigint not null,
    primary key (place_id, name)
);

create table revisions (
    id bigint generated always as identity primary key,
    guild bigint not null,
    rules text not null,
    made_at_ms bigint not null
);

create index revisions_by_guild on revisions (guild, id);

create table audit (
    id bigint generated always as identity primary key,
    at_ms bigint not null,
    actor text not null,
    act text not null,
    guild bigint,
    user_id bigint,
    place_id bigint,
    subject text,
    details text not null
);

create index audit_by_user on audit (user_id, id);
create index audit_by_guild on audit (guild, id);
create index audit_by_time on audit (at_ms);

create table meta (
    name text primary key,
    value text not null
);
