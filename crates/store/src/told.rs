//! What people were told already, so that they are told once.

use domain::ids::{GuildId, UserId};
use domain::time::Timestamp;

use crate::cells::values;
use crate::{Error, Tx};

statements! {
    TELL = [
        "insert into told (guild, user_id, about, told_at_ms)
        values ($1, $2, $3, $4)
        on conflict (guild, user_id, about) do nothing"
    ],
    WAS_TOLD = [
        "select count(*)
        from told
        where guild = $1 and user_id = $2 and about = $3"
    ],
}

impl Tx {
    /// Notes that somebody is told of something; says whether that is the first time.
    pub async fn tell_once(
        &mut self,
        guild: GuildId,
        user: UserId,
        about: &str,
        at: Timestamp,
    ) -> Result<bool, Error> {
        Ok(self.connection.run(&TELL, values![guild, user, about, at]).await? > 0)
    }

    /// Whether somebody was told of something before.
    pub async fn was_told(&mut self, guild: GuildId, user: UserId, about: &str) -> Result<bool, Error> {
        let (told,): (i64,) = self.connection.one(&WAS_TOLD, values![guild, user, about]).await?;
        Ok(told > 0)
    }
}
