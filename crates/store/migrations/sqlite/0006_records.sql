-- Places in other people's logs, numbered rules, history, and single values.

create table cursors (
    place_id integer not null references places (id),
    name text not null,
    value text not null,
    at_ms integer not null,
    primary key (place_id, name)
) strict;

create table revisions (
    id integer primary key autoincrement,
    guild integer not null,
    rules text not null,
    made_at_ms integer not null
) strict;

create index revisions_by_guild on revisions (guild, id);

create table audit (
    id integer primary key autoincrement,
    at_ms integer not null,
    actor text not null,
    act text not null,
    guild integer,
    user_id integer,
    place_id integer,
    subject text,
    details text not null
) strict;

create index audit_by_user on audit (user_id, id);
create index audit_by_guild on audit (guild, id);
create index audit_by_time on audit (at_ms);

create table meta (
    name text primary key,
    value text not null
) strict;
