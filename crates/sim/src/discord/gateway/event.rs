//! Events and who hears them.

use serde_json::Value;

use crate::discord::ids::Snowflake;
use crate::discord::permissions::in_guild;
use crate::discord::state::State;

use super::Session;

/// Bits of intents: `Discord docs: Gateway Intents`.
pub(in crate::discord) mod intent {
    pub(in crate::discord) const GUILDS: u64 = 1 << 0;
    pub(in crate::discord) const GUILD_MEMBERS: u64 = 1 << 1;
    pub(in crate::discord) const GUILD_MODERATION: u64 = 1 << 2;
    pub(in crate::discord) const GUILD_PRESENCES: u64 = 1 << 8;
    pub(in crate::discord) const GUILD_MESSAGES: u64 = 1 << 9;
    pub(in crate::discord) const DIRECT_MESSAGES: u64 = 1 << 12;
    pub(in crate::discord) const MESSAGE_CONTENT: u64 = 1 << 15;
    /// Those that must be switched on for the application.
    pub(in crate::discord) const PRIVILEGED: u64 = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT;
    /// Those that exist: 0 to 16, 20, 21, 24 and 25.
    pub(in crate::discord) const KNOWN: u64 = 0x1_FFFF | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25;
}

/// Who hears an event.
#[derive(Clone, Debug)]
pub(in crate::discord) enum Audience {
    /// Bots in a guild that asked for it.
    Guild {
        guild: Snowflake,
        /// Any of these intents is enough.
        intents: u64,
        /// The user it is about: a bot hears about itself without the intent.
        about: Option<Snowflake>,
        /// Permissions the bot must have.
        needs: u64,
    },
    /// One bot, if it has any of these intents.
    Bot { bot: Snowflake, intents: u64 },
    /// One bot, about one guild, whatever its intents.
    BotInGuild { bot: Snowflake, guild: Snowflake },
}

/// Something that happened.
#[derive(Clone, Debug)]
pub(in crate::discord) struct Event {
    pub(in crate::discord) name: &'static str,
    pub(in crate::discord) audience: Audience,
    pub(in crate::discord) data: Value,
    /// What those hear who may not read messages, where that differs.
    pub(in crate::discord) muted: Option<Value>,
}

impl Event {
    pub(in crate::discord) fn new(name: &'static str, audience: Audience, data: Value) -> Self {
        Self { name, audience, data, muted: None }
    }

    /// Heard by bots of a guild with any of the intents.
    pub(in crate::discord) fn in_guild(
        name: &'static str,
        guild: Snowflake,
        intents: u64,
        data: Value,
    ) -> Self {
        Self::new(name, Audience::Guild { guild, intents, about: None, needs: 0 }, data)
    }

    /// The same about one member.
    pub(in crate::discord) fn of_member(
        name: &'static str,
        guild: Snowflake,
        user: Snowflake,
        data: Value,
    ) -> Self {
        let intents = intent::GUILD_MEMBERS;
        Self::new(name, Audience::Guild { guild, intents, about: Some(user), needs: 0 }, data)
    }
}

impl State {
    /// Tells every session that may hear it, unless the gateway is in a mood.
    pub(in crate::discord) fn emit(&mut self, event: Event) {
        for event in self.faults.told(event) {
            let twice = self.faults.repeated_events > 0;
            self.faults.repeated_events = self.faults.repeated_events.saturating_sub(1);
            self.tell(&event, twice);
        }
    }

    fn tell(&mut self, event: &Event, twice: bool) {
        let now_ms = self.now_ms();
        let hearing: Vec<String> = self
            .sessions
            .all()
            .filter(|session| self.hears(session, &event.audience, now_ms))
            .map(|session| session.id.clone())
            .collect();
        let whole = event.data.to_string();
        let muted = event.muted.as_ref().map(Value::to_string);
        for id in hearing {
            if let Some(session) = self.sessions.get_mut(&id) {
                let reads = session.intents & intent::MESSAGE_CONTENT != 0;
                let data = if reads { &whole } else { muted.as_ref().unwrap_or(&whole) };
                session.dispatch(event.name, data);
                if twice {
                    session.repeat();
                }
            }
        }
    }

    fn hears(&self, session: &Session, audience: &Audience, now_ms: i64) -> bool {
        match audience {
            Audience::Bot { bot, intents } => {
                session.bot == *bot
                    && session.shard.0 == 0
                    && (*intents == 0 || session.intents & intents != 0)
            }
            Audience::BotInGuild { bot, guild } => session.bot == *bot && session.serves(*guild),
            Audience::Guild { guild: id, intents, about, needs } => {
                let Some(guild) = self.guilds.get(id) else { return false };
                session.serves(*id)
                    && !guild.unavailable
                    && (session.intents & intents != 0 || *about == Some(session.bot))
                    && guild.members.contains_key(&session.bot)
                    && in_guild(guild, session.bot, now_ms) & needs == *needs
            }
        }
    }
}
