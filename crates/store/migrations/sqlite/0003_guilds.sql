-- What is bound in each guild, what the hall gave there, and what it still has to take back.

create table role_bindings (
    guild integer not null,
    name text not null,
    role integer not null,
    bound_at_ms integer not null,
    primary key (guild, name)
) strict;

create table group_bindings (
    place_id integer not null references places (id),
    name text not null,
    group_id integer not null,
    current_name text not null,
    bound_at_ms integer not null,
    gone_at_ms integer,
    hidden_at_ms integer,
    primary key (place_id, name)
) strict;

create table given_roles (
    guild integer not null,
    user_id integer not null,
    role integer not null,
    given_at_ms integer not null,
    primary key (guild, user_id, role)
) strict;

create index given_roles_by_user on given_roles (user_id);

create table nicknames (
    guild integer not null,
    user_id integer not null,
    before text,
    asked text not null,
    asked_print integer not null,
    became_print integer not null,
    written_at_ms integer not null,
    primary key (guild, user_id)
) strict;

create index nicknames_by_user on nicknames (user_id);

create table departures (
    guild integer not null,
    user_id integer not null,
    departure text not null,
    created_at_ms integer not null,
    primary key (guild, user_id)
) strict;
