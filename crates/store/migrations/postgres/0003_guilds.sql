-- What is bound in each guild, what the hall gave there, and what it still has to take back.

create table role_bindings (
    guild bigint not null,
    name text not null,
    role bigint not null,
    bound_at_ms bigint not null,
    primary key (guild, name)
);

create table group_bindings (
    place_id bigint not null references places (id),
    name text not null,
    group_id bigint not null,
    current_name text not null,
    bound_at_ms bigint not null,
    gone_at_ms bigint,
    hidden_at_ms bigint,
    primary key (place_id, name)
);

create table given_roles (
    guild bigint not null,
    user_id bigint not null,
    role bigint not null,
    given_at_ms bigint not null,
    primary key (guild, user_id, role)
);

create index given_roles_by_user on given_roles (user_id);

create table nicknames (
    guild bigint not null,
    user_id bigint not null,
    before text,
    asked text not null,
    asked_print bigint not null,
    became_print bigint not null,
    written_at_ms bigint not null,
    primary key (guild, user_id)
);

create index nicknames_by_user on nicknames (user_id);

create table departures (
    guild bigint not null,
    user_id bigint not null,
    departure text not null,
    created_at_ms bigint not null,
    primary key (guild, user_id)
);
