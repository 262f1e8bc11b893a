//! What is left to take back from somebody who unlinked, kept until it is taken back.

use domain::ids::{GuildId, UserId};
use domain::plan::{self, Remainder};
use domain::situation::Departure;
use domain::time::Timestamp;
use store::Tx;
use store::given::{GivenRole, WrittenNickname};

use crate::error::{Error, Failed};
use crate::hall::Hall;

/// A departure as the store has it.
pub(crate) fn encode(departure: &Departure) -> Result<String, Error> {
    Ok(serde_json::to_string(departure).map_err(|error| Failed::Broken(error.to_string()))?)
}

/// A departure from the store.
pub(crate) fn decode(text: &str) -> Result<Departure, Error> {
    let read = serde_json::from_str(text);
    Ok(read.map_err(|error| Failed::Broken(format!("could not read a departure: {error}")))?)
}

/// Notes what is to be taken back, beside what is left to be from the last time.
pub(crate) async fn note(
    tx: &mut Tx,
    guild: GuildId,
    departure: Departure,
    now: Timestamp,
) -> Result<(), Error> {
    let user = departure.user;
    let both = match tx.departure(guild, user).await? {
        Some(before) => decode(&before.departure)?.and(departure),
        None => departure,
    };
    Ok(tx.put_departure(guild, user, &encode(&both)?, now).await?)
}

/// Brings what is noted of somebody's departure in step with the guild.
///
/// What is gone from them needs no taking back. What they have again because they linked again is remembered as
/// if it had been given and written now: otherwise the hall's own nickname would count as theirs. `absent` says
/// that Discord was asked for them and does not have them in the guild.
pub(super) async fn reckon(hall: &Hall, guild: GuildId, user: UserId, absent: bool) -> Result<(), Error> {
    let Some(noted) = hall.store.read().await?.departure(guild, user).await? else { return Ok(()) };
    let departure = decode(&noted.departure)?;
    let remainder =
        if absent { Some(Remainder::NOTHING) } else { remainder(hall, guild, &departure).await? };
    let Some(Remainder { left, resumed }) = remainder else { return Ok(()) };
    if left.as_ref() == Some(&departure) && resumed.is_none() {
        return Ok(());
    }
    let left = left.as_ref().map(encode).transpose()?;
    let mut tx = hall.store.write().await?;
    if tx.cut_departure(guild, user, &noted.departure, left.as_deref()).await? {
        if let Some(resumed) = resumed {
            resume(&mut tx, guild, resumed, hall.clock.now()).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

async fn remainder(hall: &Hall, guild: GuildId, departure: &Departure) -> Result<Option<Remainder>, Error> {
    let ground = hall.ground(guild, Some(departure.user)).await?;
    let members = hall.members_to_plan(guild, Some(departure.user)).await?;
    Ok(plan::remainder(&ground.situation(hall, members, Vec::new()), departure))
}

async fn resume(tx: &mut Tx, guild: GuildId, resumed: Departure, now: Timestamp) -> Result<(), store::Error> {
    let user = resumed.user;
    for role in resumed.roles {
        tx.put_given_role(GivenRole { guild, user, role }, now).await?;
    }
    let Some(back) = resumed.nickname else { return Ok(()) };
    if tx.nickname(guild, user).await?.is_some() {
        return Ok(());
    }
    // What was asked for is not known any more: the next plan asks anew where the name is another.
    let (asked, asked_print) = (String::new(), 0);
    let row = WrittenNickname {
        guild,
        user,
        before: back.before,
        asked,
        asked_print,
        became_print: back.became,
        written_at: now,
    };
    tx.put_nickname(&row).await
}
