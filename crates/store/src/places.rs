//! Configured instances in which people have accounts, bound by their address.

use std::collections::BTreeMap;

use domain::ids::{GuildId, PlaceId};
use domain::time::Timestamp;

use crate::cells::{count, guild, limit, values};
use crate::{Error, Tx};

statements! {
    BY_ADDRESS = [
        "select id, name
        from places
        where kind = $1 and address = $2"
    ],
    BY_NAME = [
        "select id, address
        from places
        where kind = $1 and name = $2
        order by id desc
        limit 1"
    ],
    INSERT = [
        "insert into places (kind, name, address)
        values ($1, $2, $3)
        returning id"
    ],
    RENAME = [
        "update places
        set name = $2
        where id = $1"
    ],
    MOVE = [
        "update places
        set address = $2
        where id = $1"
    ],
    SWEPT_AT = [
        "select swept_at_ms
        from places
        where id = $1"
    ],
    POPULATION = [
        "select population, population_at_ms
        from places
        where id = $1 and population is not null and population_at_ms is not null"
    ],
    SET_POPULATION = [
        "update places
        set population = $2, population_at_ms = $3, shrunk_to = null
        where id = $1"
    ],
    SET_SHRUNK = [
        "update places
        set shrunk_to = $2
        where id = $1"
    ],
    SHRUNK = [
        "select coalesce(sizes_accepted.people, places.population), places.shrunk_to
        from places
        left join sizes_accepted on sizes_accepted.place_id = places.id and sizes_accepted.guild = $2
        where places.id = $1 and places.population is not null and places.shrunk_to is not null"
    ],
    ACCEPT = [
        "insert into sizes_accepted (guild, place_id, people)
        values ($1, $2, $3)
        on conflict (guild, place_id) do update
        set people = excluded.people"
    ],
    ACCEPT_WHAT_WAS_COUNTED = [
        "insert into sizes_accepted (guild, place_id, people)
        values ($1, $2, $3)
        on conflict (guild, place_id) do nothing"
    ],
    FORGET_ACCEPTED_OF = [
        "delete from sizes_accepted
        where place_id = $1 and guild = $2"
    ],
    RESTORE = [
        "update places
        set population = $2, shrunk_to = coalesce(shrunk_to, population)
        where id = $1"
    ],
    ACCEPTED = [
        "select guild, people
        from sizes_accepted
        where place_id = $1"
    ],
    FORGET_ACCEPTED = [
        "delete from sizes_accepted
        where place_id = $1"
    ],
}

/// A place as the store knows it, after the settings were compared with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceFound {
    /// It is what it was.
    Same(PlaceId),
    /// It was not known.
    New(PlaceId),
    /// The same address under a new name.
    Renamed {
        /// Which.
        id: PlaceId,
        /// Its name until now.
        was: String,
    },
    /// A known name with an address that is not known: nothing was changed. Either the place moved
    /// ([`Tx::move_place`]) or the settings are wrong; only the owner knows.
    AddressChanged {
        /// Which place had the name.
        id: PlaceId,
        /// Its address until now.
        was: String,
    },
}

impl PlaceFound {
    /// The place, unless its address must be settled first.
    pub fn id(&self) -> Option<PlaceId> {
        match self {
            Self::Same(id) | Self::New(id) | Self::Renamed { id, .. } => Some(*id),
            Self::AddressChanged { .. } => None,
        }
    }
}

/// How many people a source counted when it was last read completely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Population {
    /// How many.
    pub people: usize,
    /// When.
    pub at: Timestamp,
}

impl Tx {
    /// Finds a place of the settings by its kind and address, or makes it. A new name renames it.
    pub async fn place(&mut self, kind: &str, name: &str, address: &str) -> Result<PlaceFound, Error> {
        self.take_turn("places").await?;
        let known: Option<(i64, String)> =
            self.connection.optional(&BY_ADDRESS, values![kind, address]).await?;
        if let Some((id, was)) = known {
            let id = PlaceId(id);
            if was == name {
                return Ok(PlaceFound::Same(id));
            }
            self.connection.run(&RENAME, values![id, name]).await?;
            return Ok(PlaceFound::Renamed { id, was });
        }
        let moved: Option<(i64, String)> = self.connection.optional(&BY_NAME, values![kind, name]).await?;
        if let Some((id, was)) = moved {
            return Ok(PlaceFound::AddressChanged { id: PlaceId(id), was });
        }
        let (id,): (i64,) = self.connection.one(&INSERT, values![kind, name, address]).await?;
        Ok(PlaceFound::New(PlaceId(id)))
    }

    /// Notes that a place is the same people at a new address, as its owner says.
    pub async fn move_place(&mut self, place: PlaceId, address: &str) -> Result<(), Error> {
        self.connection.run(&MOVE, values![place, address]).await.map(drop)
    }

    /// When the last complete reading of a place began; `None` before the first.
    pub async fn swept_at(&mut self, place: PlaceId) -> Result<Option<Timestamp>, Error> {
        let row: Option<(Option<i64>,)> = self.connection.optional(&SWEPT_AT, values![place]).await?;
        Ok(row.and_then(|(at,)| at).map(Timestamp))
    }

    /// How many people the source counted when it was last read completely.
    pub async fn population(&mut self, place: PlaceId) -> Result<Option<Population>, Error> {
        let row: Option<(i64, i64)> = self.connection.optional(&POPULATION, values![place]).await?;
        Ok(row.map(|(people, at)| Population { people: count(people), at: Timestamp(at) }))
    }

    /// Notes how many people the source counted, which nobody has to look at.
    pub async fn put_population(&mut self, place: PlaceId, population: Population) -> Result<(), Error> {
        let people = limit(population.people);
        self.connection.run(&SET_POPULATION, values![place, people, population.at]).await?;
        self.connection.run(&FORGET_ACCEPTED, values![place]).await.map(drop)
    }

    /// Notes that a source counted far fewer people than before: the number of before stays until it recovers, or
    /// somebody of each guild says that the new one is right.
    pub async fn put_shrunk(&mut self, place: PlaceId, people: usize) -> Result<(), Error> {
        self.connection.run(&SET_SHRUNK, values![place, limit(people)]).await.map(drop)
    }

    /// How many people a source that shrank had, as far as a guild is concerned, and has.
    pub async fn shrunk(&mut self, place: PlaceId, guild: GuildId) -> Result<Option<(usize, usize)>, Error> {
        let row: Option<(i64, i64)> = self.connection.optional(&SHRUNK, values![place, guild]).await?;
        Ok(row.map(|(was, now)| (count(was), count(now))))
    }

    /// Notes that for a guild a source may have so many people.
    pub async fn accept_size(&mut self, place: PlaceId, guild: GuildId, people: usize) -> Result<(), Error> {
        self.connection.run(&ACCEPT, values![guild, place, limit(people)]).await.map(drop)
    }

    /// Takes back that for a guild a source may have fewer people than it `was`: the guild is asked again. For others it
    /// stays as large as it counts for them.
    pub async fn restore_size(
        &mut self,
        place: PlaceId,
        guild: GuildId,
        was: usize,
        others: &[GuildId],
    ) -> Result<(), Error> {
        self.connection.run(&FORGET_ACCEPTED_OF, values![place, guild]).await?;
        let Some(counted) = self.population(place).await?.filter(|counted| counted.people < was) else {
            return Ok(());
        };
        for other in others.iter().filter(|other| **other != guild) {
            let values = values![*other, place, limit(counted.people)];
            self.connection.run(&ACCEPT_WHAT_WAS_COUNTED, values).await?;
        }
        self.connection.run(&RESTORE, values![place, limit(was)]).await.map(drop)
    }

    /// What the staff of each guild said so of, since the source was as large as before.
    pub async fn accepted_sizes(&mut self, place: PlaceId) -> Result<BTreeMap<GuildId, usize>, Error> {
        let rows: Vec<(i64, i64)> = self.connection.all(&ACCEPTED, values![place]).await?;
        Ok(rows.into_iter().map(|(id, people)| (guild(id), count(people))).collect())
    }
}
