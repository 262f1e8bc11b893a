-- Plans and what was written under each; what people decided against the rules; what commands ask of the hall.

create table plans (
    id bigint generated always as identity primary key,
    guild bigint not null,
    revision bigint,
    cause text not null,
    actor text not null,
    state text not null,
    made_at_ms bigint not null,
    decided_by text,
    decided_at_ms bigint,
    reasons text not null,
    contents text not null,
    takes bigint not null,
    gives bigint not null,
    renames bigint not null
);

create index plans_by_guild on plans (guild, id);
create index plans_by_state on plans (guild, state, id);

create table written (
    id bigint generated always as identity primary key,
    plan_id bigint not null references plans (id) on delete cascade,
    guild bigint not null,
    user_id bigint not null,
    act text not null,
    role bigint,
    before text,
    after text,
    takes bigint not null,
    strips bigint not null,
    renames bigint not null,
    empowers bigint not null,
    counted bigint not null,
    done bigint not null,
    at_ms bigint not null,
    undone_by bigint
);

create index written_by_plan on written (plan_id, id);
create index written_by_user on written (user_id);
create index written_counted on written (guild, counted, at_ms);

create table overrides (
    guild bigint not null,
    user_id bigint not null,
    role bigint not null,
    has bigint not null,
    name text,
    origin text not null,
    by_user bigint,
    made_at_ms bigint not null,
    until_ms bigint,
    primary key (guild, user_id, role)
);

create table confirmed_roles (
    guild bigint not null,
    user_id bigint not null,
    role bigint not null,
    actor text not null,
    at_ms bigint not null,
    primary key (guild, user_id, role)
);

create table requests (
    id bigint generated always as identity primary key,
    request text not null,
    actor text not null,
    asked_at_ms bigint not null,
    answer text,
    answered_at_ms bigint
);

create index requests_by_time on requests (asked_at_ms);

alter table links add column second_factor bigint not null default 0;
alter table places add column shrunk_to bigint;

insert into turns (name, taken) values ('plans', 0);
