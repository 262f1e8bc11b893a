//! What a bot is told when it arrives: itself, its guilds, and each guild in full.

use serde_json::{Value, json};

use crate::discord::ids::Snowflake;
use crate::discord::model::{Application, Guild};
use crate::discord::state::State;
use crate::discord::time::iso;

use super::{Session, intent};

/// Above so many members no guild sends its members by itself.
const MEMBERS_MOST: usize = 75_000;

impl State {
    /// READY, then every guild.
    pub(in crate::discord) fn welcome(&mut self, session_id: &str) {
        let Some(session) = self.sessions.get(session_id) else { return };
        let guilds: Vec<Snowflake> = self.guilds_of(session.bot).iter().map(|guild| guild.id).collect();
        let guilds: Vec<Snowflake> = guilds.into_iter().filter(|guild| session.serves(*guild)).collect();
        let ready = self.ready(session, &guilds).to_string();
        let full: Vec<String> = guilds
            .iter()
            .filter(|_| session.intents & intent::GUILDS != 0)
            .filter_map(|guild| self.guilds.get(guild))
            .filter(|guild| !guild.unavailable)
            .map(|guild| self.guild_create(session, guild).to_string())
            .collect();
        if let Some(session) = self.sessions.get_mut(session_id) {
            session.dispatch("READY", &ready);
            for guild in full {
                session.dispatch("GUILD_CREATE", &guild);
            }
        }
    }

    fn ready(&self, session: &Session, guilds: &[Snowflake]) -> Value {
        let user = self.users.get(&session.bot).map(|user| user.own_json(true)).unwrap_or_default();
        let stubs: Vec<Value> = guilds.iter().map(|id| json!({ "id": id, "unavailable": true })).collect();
        let flags = self.applications.get(&session.application).map_or(0, Application::flags);
        json!({
            "v": 10,
            "user_settings": {},
            "user": user,
            "session_type": "normal",
            "session_id": session.id,
            "resume_gateway_url": self.gateway_url(),
            "relationships": [],
            "private_channels": [],
            "presences": [],
            "guilds": stubs,
            "guild_join_requests": [],
            "geo_ordered_rtc_regions": ["us-west"],
            "game_relationships": [],
            "auth": {},
            "application": { "id": session.application, "flags": flags },
            "shard": [session.shard.0, session.shard.1],
            "_trace": ["[\"simulated\"]"],
        })
    }

    /// The guild with channels and the members that this session is told of unasked: all of a small
    /// one for those who hear of presences, else the bot alone.
    pub(in crate::discord) fn guild_create(&self, session: &Session, guild: &Guild) -> Value {
        let count = guild.members.len();
        let all = session.intents & intent::GUILD_PRESENCES != 0
            && count <= session.large_threshold
            && count < MEMBERS_MOST;
        let told = guild.members.iter().filter(|(id, _)| all || **id == session.bot);
        let members: Vec<Value> =
            told.filter_map(|(id, member)| Some(member.json(self.users.get(id)?))).collect();
        let channels: Vec<Value> =
            self.channels_of(guild.id).iter().map(|channel| channel.guild_json(guild.id)).collect();
        let joined_at_ms = guild.members.get(&session.bot).map_or(0, |member| member.joined_at_ms);
        let more = json!({
            "joined_at": iso(joined_at_ms),
            "large": count > session.large_threshold,
            "unavailable": false,
            "member_count": count,
            "members": members,
            "channels": channels,
            "threads": [],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
            "embedded_activities": [],
            "activity_instances": [],
            "application_command_counts": {},
        });
        let mut whole = guild.json();
        if let (Some(fields), Value::Object(more)) = (whole.as_object_mut(), more) {
            fields.extend(more);
        }
        whole
    }

    pub(in crate::discord) fn gateway_url(&self) -> String {
        format!("ws://{}/gateway", self.address)
    }

    /// Tells the sessions of a bot that it is in a guild now, or that the guild is back.
    pub(in crate::discord) fn show_guild(&mut self, bot: Snowflake, guild: Snowflake) {
        let Some(shown) = self.guilds.get(&guild) else { return };
        let told: Vec<(String, String)> = self
            .sessions
            .all()
            .filter(|session| session.bot == bot && session.serves(guild))
            .filter(|session| session.intents & intent::GUILDS != 0)
            .map(|session| (session.id.clone(), self.guild_create(session, shown).to_string()))
            .collect();
        for (id, data) in told {
            if let Some(session) = self.sessions.get_mut(&id) {
                session.dispatch("GUILD_CREATE", &data);
            }
        }
    }
}
