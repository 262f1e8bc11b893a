-- What people were told already, so that they are told once.

create table told (
    guild integer not null,
    user_id integer not null,
    about text not null,
    told_at_ms integer not null,
    primary key (guild, user_id, about)
) strict;

create index told_by_user on told (user_id);
