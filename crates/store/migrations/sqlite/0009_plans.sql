-- Plans and what was written under each; what people decided against the rules; what commands ask of the hall.

create table plans (
    id integer primary key autoincrement,
    guild integer not null,
    revision integer,
    cause text not null,
    actor text not null,
    state text not null,
    made_at_ms integer not null,
    decided_by text,
    decided_at_ms integer,
    reasons text not null,
    contents text not null,
    takes integer not null,
    gives integer not null,
    renames integer not null
) strict;

create index plans_by_guild on plans (guild, id);
create index plans_by_state on plans (guild, state, id);

create table written (
    id integer primary key autoincrement,
    plan_id integer not null references plans (id) on delete cascade,
    guild integer not null,
    user_id integer not null,
    act text not null,
    role integer,
    before text,
    after text,
    takes integer not null,
    strips integer not null,
    renames integer not null,
    empowers integer not null,
    counted integer not null,
    done integer not null,
    at_ms integer not null,
    undone_by integer
) strict;

create index written_by_plan on written (plan_id, id);
create index written_by_user on written (user_id);
create index written_counted on written (guild, counted, at_ms);

create table overrides (
    guild integer not null,
    user_id integer not null,
    role integer not null,
    has integer not null,
    name text,
    origin text not null,
    by_user integer,
    made_at_ms integer not null,
    until_ms integer,
    primary key (guild, user_id, role)
) strict;

create table confirmed_roles (
    guild integer not null,
    user_id integer not null,
    role integer not null,
    actor text not null,
    at_ms integer not null,
    primary key (guild, user_id, role)
) strict;

create table requests (
    id integer primary key autoincrement,
    request text not null,
    actor text not null,
    asked_at_ms integer not null,
    answer text,
    answered_at_ms integer
) strict;

create index requests_by_time on requests (asked_at_ms);

alter table links add column second_factor integer not null default 0;
alter table places add column shrunk_to integer;

insert into turns (name, taken) values ('plans', 0);
