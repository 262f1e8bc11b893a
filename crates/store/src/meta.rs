//! Single values about the hall itself, by name.

use crate::cells::values;
use crate::{Error, Tx};

statements! {
    GET = [
        "select value
        from meta
        where name = $1"
    ],
    PUT = [
        "insert into meta (name, value)
        values ($1, $2)
        on conflict (name) do update
        set value = excluded.value"
    ],
    PUT_FIRST = [
        "insert into meta (name, value)
        values ($1, $2)
        on conflict (name) do nothing"
    ],
}

impl Tx {
    /// A value.
    pub async fn meta(&mut self, name: &str) -> Result<Option<String>, Error> {
        let row: Option<(String,)> = self.connection.optional(&GET, values![name]).await?;
        Ok(row.map(|(value,)| value))
    }

    /// Writes a value in place of the one before.
    pub async fn put_meta(&mut self, name: &str, value: &str) -> Result<(), Error> {
        self.connection.run(&PUT, values![name, value]).await.map(drop)
    }

    /// Writes a value unless there is one, and gives the one that stands.
    pub async fn meta_or_first(&mut self, name: &str, value: &str) -> Result<String, Error> {
        self.connection.run(&PUT_FIRST, values![name, value]).await?;
        let (value,): (String,) = self.connection.one(&GET, values![name]).await?;
        Ok(value)
    }
}
