-- What places told us, known by what was said and not by the number it came under: numbers are not signed.
-- Takes over from `received`, which no version from here on reads or writes.

create table deliveries (
    place_id integer not null references places (id),
    said_hash text not null,
    event_id text not null,
    event text not null,
    repeats integer not null,
    received_at_ms integer not null,
    look_at_ms integer not null,
    primary key (place_id, said_hash)
) strict;

create index deliveries_by_time on deliveries (received_at_ms);
