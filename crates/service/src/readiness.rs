//! Whether the hall can do its work, and what is in the way, for whoever watches it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::ids::{GuildId, SourceName};
use domain::time::Timestamp;

use crate::hall::{Hall, SourceSeat};

/// A source is late when it has not answered for so many readings of its staff log …
const READINGS_MISSED_MAX: u32 = 4;
/// … and this long beside.
const LATE_AFTER: Duration = Duration::from_secs(120);

/// What the hall noticed while it ran. Gone with the process: whoever starts it sees everything anew.
#[derive(Debug, Default)]
pub(crate) struct Noticed {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// When each source answered last.
    answered: BTreeMap<SourceName, Timestamp>,
    /// When the staff log of each named somebody last.
    named: BTreeMap<SourceName, Timestamp>,
    /// What was told of each guild, and holds still.
    told: BTreeMap<GuildId, BTreeSet<String>>,
}

impl Noticed {
    /// A source answered.
    pub(crate) fn answered(&self, source: &SourceName, now: Timestamp) {
        self.state().answered.insert(source.clone(), now);
    }

    /// A source's staff log named somebody.
    pub(crate) fn named(&self, source: &SourceName, now: Timestamp) {
        self.state().named.insert(source.clone(), now);
    }

    /// When that was.
    pub(crate) fn last_named(&self, source: &SourceName) -> Option<Timestamp> {
        self.state().named.get(source).copied()
    }

    /// Those of the sentences about a guild that were not told when it was looked at last.
    pub(crate) fn news(
        &self,
        guild: GuildId,
        sentences: impl IntoIterator<Item = String>,
    ) -> BTreeSet<String> {
        let sentences: BTreeSet<String> = sentences.into_iter().collect();
        let before = self.state().told.insert(guild, sentences.clone()).unwrap_or_default();
        sentences.difference(&before).cloned().collect()
    }

    fn last_answer(&self, source: &SourceName) -> Option<Timestamp> {
        self.state().answered.get(source).copied()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hall {
    /// What keeps the hall from its work, a line for each thing; none when it is ready.
    ///
    /// A hall that does not lead has nobody to talk to: it is ready when it reaches the database.
    pub async fn readiness(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Err(error) = self.ready().await {
            tracing::warn!(%error, "not ready");
            lines.push("database: it does not answer; the log says why".to_owned());
        }
        if self.term.borrow().is_none() {
            return lines;
        }
        match self.discord.trouble() {
            Some(trouble) => lines.push(format!("Discord: {trouble}")),
            None => lines.extend(self.guild_ids().filter_map(|guild| self.unseen(guild))),
        }
        lines.extend(self.sources.iter().filter_map(|seat| self.late(seat)));
        lines
    }

    fn unseen(&self, guild: GuildId) -> Option<String> {
        self.discord.picture(guild).is_none().then(|| {
            format!(
                "the server {guild}: it cannot be seen; if that lasts, the bot is not in it: run `guildhall invite` \
                 and open the address it prints, or correct the id under [[guild]]"
            )
        })
    }

    fn late(&self, seat: &SourceSeat) -> Option<String> {
        let name = &seat.name;
        let Some(answered) = self.noticed.last_answer(name) else {
            return Some(format!("{name}: it has not answered yet; the log says why"));
        };
        let silent = self.clock.now().since(answered);
        let patience = seat.log_every.saturating_mul(READINGS_MISSED_MAX).saturating_add(LATE_AFTER);
        (silent > patience).then(|| {
            let minutes = silent.as_secs().div_ceil(60);
            format!("{name}: it has not answered for {minutes} minutes; the log says why")
        })
    }
}

/// What an owner can do about a server that the bot does not see.
pub(crate) fn not_in_server(guild: GuildId) -> String {
    format!(
        "the bot is not in the server {guild}: run `guildhall invite` and open the address it prints, or correct \
         the id under [[guild]]"
    )
}
