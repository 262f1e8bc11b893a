-- What people were told already, so that they are told once.

create table told (
    guild bigint not null,
    user_id bigint not null,
    about text not null,
    told_at_ms bigint not null,
    primary key (guild, user_id, about)
);

create index told_by_user on told (user_id);
