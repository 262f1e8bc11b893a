-- The size of a source that the staff of a guild said is right: a word for one guild is none for another.

create table sizes_accepted (
    guild integer not null,
    place_id integer not null references places (id) on delete cascade,
    people integer not null,
    primary key (guild, place_id)
) strict;
