//! The journal of a world: lines in the order in which a story came across them, until they are read.

use std::collections::BTreeSet;

use crate::discord::{DiscordSim, Snowflake};
use crate::transcript::{self, Names};

/// What was seen and not read yet, and how far Discord was looked through.
#[derive(Debug, Default)]
pub(super) struct Journal {
    unread: Vec<String>,
    /// Rows of audit logs and messages that were seen.
    seen: BTreeSet<Snowflake>,
}

impl Journal {
    /// Notes lines.
    pub(super) fn note(&mut self, lines: impl IntoIterator<Item = String>) {
        self.unread.extend(lines);
    }

    /// Everything not read yet.
    pub(super) fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.unread)
    }

    /// What stands in Discord already is not news.
    pub(super) fn begin(&mut self, discord: &DiscordSim, guilds: &[Snowflake]) {
        self.seen.extend(guilds.iter().flat_map(|guild| discord.audit_log(*guild)).map(|row| row.id));
    }

    /// Notes what the bot did in guilds, posted there and told people since the last look: by guild, then by whom
    /// it concerns, then in the order in which it happened. People are worked on side by side; only the order for each counts.
    pub(super) fn look(&mut self, discord: &DiscordSim, guilds: &[Snowflake], bot: Snowflake, names: &Names) {
        for guild in guilds {
            let mut rows = discord.audit_log(*guild);
            rows.retain(|row| row.actor == bot && self.seen.insert(row.id));
            rows.sort_by_key(|row| names.get(&row.target.get()).cloned());
            self.unread.extend(rows.iter().flat_map(|row| transcript::audit(row, names)));
            for (channel, message) in discord.posts(*guild, bot) {
                if self.seen.insert(message.id) {
                    self.unread.push(format!("the hall writes in {channel}"));
                    self.unread.extend(transcript::seen(&message, names));
                }
            }
        }
        let mut people = discord.people();
        people.sort_by(|(_, one, _), (_, other, _)| one.cmp(other));
        for (person, username, _) in people {
            for message in discord.dms(person) {
                if self.seen.insert(message.id) {
                    self.unread.push(format!("the hall writes to {username}"));
                    self.unread.extend(transcript::seen(&message, names));
                }
            }
        }
    }
}
