//! What tests and the demo can see of the simulated Discord.

use serde::Serialize;
use serde_json::{Value, json};

use super::DiscordSim;
use super::client::{Seen, seen};
use super::gateway::Out;
use super::ids::Snowflake;
use super::model::{ChannelKind, Command, Message, Role, flag};
use super::permissions::in_guild;
use super::state::State;

/// A member as a client's list of members shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MemberView {
    /// The user.
    pub user: Snowflake,
    /// The user's name.
    pub username: String,
    /// The nickname, else the global name, else the username.
    pub shown: String,
    /// The nickname alone.
    pub nick: Option<String>,
    /// Names of the roles, highest first.
    pub roles: Vec<String>,
    /// Whether it is a bot.
    pub bot: bool,
    /// Whether membership screening is still to be passed.
    pub pending: bool,
    /// Until when the member is timed out, in milliseconds since 1970.
    pub timed_out_until_ms: Option<i64>,
}

/// A row of the audit log.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AuditView {
    /// The row's id.
    pub id: Snowflake,
    /// What was done: `Discord docs: Audit Log Events`.
    pub action: u64,
    /// Who did it.
    pub actor: Snowflake,
    /// To whom or what.
    pub target: Snowflake,
    /// What changed, as Discord writes it.
    pub changes: Vec<Value>,
    /// Why, in the actor's words.
    pub reason: Option<String>,
}

/// How far one gateway client has heard.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Delivery {
    /// The session.
    pub session: String,
    /// The application.
    pub application: Snowflake,
    /// The last sequence number sent.
    pub sent: u64,
    /// The last one that a heartbeat named.
    pub heard: u64,
    /// Whether there is a connection.
    pub connected: bool,
}

impl DiscordSim {
    /// The bot's token; none after it was revoked.
    pub fn bot_token(&self, application: Snowflake) -> Option<String> {
        self.shared.read(|state| state.applications.get(&application)?.token.clone())
    }

    /// The secret for OAuth2.
    pub fn client_secret(&self, application: Snowflake) -> Option<String> {
        self.shared
            .read(|state| state.applications.get(&application).map(|found| found.client_secret.clone()))
    }

    /// People (no bots) with username and shown name.
    pub fn people(&self) -> Vec<(Snowflake, String, String)> {
        self.shared.read(|state| {
            let people = state.users.values().filter(|user| !user.bot);
            people.map(|user| (user.id, user.username.clone(), user.shown_name().to_owned())).collect()
        })
    }

    /// The user of that username.
    pub fn user_named(&self, username: &str) -> Option<Snowflake> {
        self.shared
            .read(|state| state.users.values().find(|user| user.username == username).map(|user| user.id))
    }

    /// The first role of that name in a guild.
    pub fn role_named(&self, guild: Snowflake, name: &str) -> Option<Snowflake> {
        self.shared.read(|state| {
            state.guilds.get(&guild)?.roles.values().find(|role| role.name == name).map(|role| role.id)
        })
    }

    /// Names and ids of a guild's roles, highest first, @everyone last.
    pub fn roles(&self, guild: Snowflake) -> Vec<(String, Snowflake)> {
        self.shared.read(|state| {
            let mut roles: Vec<_> =
                state.guilds.get(&guild).into_iter().flat_map(|guild| guild.roles.values()).collect();
            roles.sort_by_key(|role| std::cmp::Reverse(super::permissions::rank_of_role(role)));
            roles.into_iter().map(|role| (role.name.clone(), role.id)).collect()
        })
    }

    /// The first channel of that name in a guild.
    pub fn channel_named(&self, guild: Snowflake, name: &str) -> Option<Snowflake> {
        self.shared.read(|state| {
            state
                .channels_of(guild)
                .into_iter()
                .find(|channel| channel.name == name)
                .map(|channel| channel.id)
        })
    }

    /// Members of a guild by id, bots too.
    pub fn members(&self, guild: Snowflake) -> Vec<MemberView> {
        self.shared.read(|state| {
            let ids: Vec<Snowflake> = state
                .guilds
                .get(&guild)
                .into_iter()
                .flat_map(|guild| guild.members.keys().copied())
                .collect();
            ids.into_iter().filter_map(|user| member_view(state, guild, user)).collect()
        })
    }

    /// One member; none who is not in the guild.
    pub fn member(&self, guild: Snowflake, user: Snowflake) -> Option<MemberView> {
        self.shared.read(|state| member_view(state, guild, user))
    }

    /// The nickname.
    pub fn nick_of(&self, guild: Snowflake, user: Snowflake) -> Option<String> {
        self.member(guild, user)?.nick
    }

    /// Names of the roles, highest first; none for who is no member.
    pub fn roles_of(&self, guild: Snowflake, user: Snowflake) -> Vec<String> {
        self.member(guild, user).map(|member| member.roles).unwrap_or_default()
    }

    /// Permission bits in the guild.
    pub fn permissions_of(&self, guild: Snowflake, user: Snowflake) -> u64 {
        self.shared
            .read(|state| state.guilds.get(&guild).map_or(0, |guild| in_guild(guild, user, state.now_ms())))
    }

    /// The audit log, oldest first.
    pub fn audit_log(&self, guild: Snowflake) -> Vec<AuditView> {
        self.shared.read(|state| {
            let rows = state.guilds.get(&guild).into_iter().flat_map(|guild| &guild.audit);
            rows.map(|row| AuditView {
                id: row.id,
                action: row.action.number(),
                actor: row.actor,
                target: row.target,
                changes: row.changes.clone(),
                reason: row.reason.clone(),
            })
            .collect()
        })
    }

    /// Messages in a channel that everybody there sees, oldest first.
    pub fn messages(&self, channel: Snowflake) -> Vec<Seen> {
        self.shared.read(|state| messages_where(state, |message| message.channel == channel))
    }

    /// Messages that somebody posted in a guild by themselves, not in answer to anybody, with the names of their
    /// channels, oldest first.
    pub fn posts(&self, guild: Snowflake, author: Snowflake) -> Vec<(String, Seen)> {
        self.shared.read(|state| {
            let own = state.messages.values().filter(|message| message.author == author);
            let posted = own.filter(|message| message.answers.is_none());
            let here = |message: &Message| {
                let channel = state.channels.get(&message.channel)?;
                (channel.guild() == Some(guild)).then(|| (channel.name.clone(), seen(message)))
            };
            posted.filter_map(here).collect()
        })
    }

    /// Direct messages between a person and all bots, oldest first.
    pub fn dms(&self, person: Snowflake) -> Vec<Seen> {
        self.shared.read(|state| {
            let theirs = |message: &Message| {
                let channel = state.channels.get(&message.channel).map(|channel| &channel.kind);
                matches!(channel, Some(ChannelKind::Direct { person: of, .. }) if *of == person)
            };
            messages_where(state, theirs)
        })
    }

    /// Every message of an author, seen by whomever: whether it was ever sent without `allowed_mentions` that rule
    /// out notifying anybody, and what it says.
    pub fn messages_by(&self, author: Snowflake) -> Vec<(bool, Seen)> {
        self.shared.read(|state| {
            let own = state.messages.values().filter(|message| message.author == author);
            own.map(|message| (message.may_notify, seen(message))).collect()
        })
    }

    /// Commands that an application registered, as JSON.
    pub fn commands(&self, application: Snowflake) -> Vec<Value> {
        self.shared.read(|state| {
            let commands = state.applications.get(&application).into_iter().flat_map(|found| &found.commands);
            commands.map(Command::json).collect()
        })
    }

    /// Id and token of the newest interaction, with which an application answers it.
    pub fn last_interaction(&self) -> Option<(Snowflake, String)> {
        self.shared.read(|state| {
            state.interactions.values().next_back().map(|found| (found.id, found.token.clone()))
        })
    }

    /// How far each gateway session has heard.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.shared.read(deliveries)
    }

    /// Waits until every connected gateway client has confirmed all that was sent to it so far. It asks
    /// each for a heartbeat, which names the last event it has read. False when one does not answer
    /// within `patience_ms` milliseconds of the simulated clock.
    pub async fn gateway_settled(&self, patience_ms: i64) -> bool {
        let ask = Out::Text(r#"{"t":null,"s":null,"op":1,"d":null}"#.into());
        let until: Vec<Delivery> = self.shared.act(|state| {
            state.sessions.all_mut().for_each(|session| session.send(ask.clone()));
            deliveries(state).into_iter().filter(|one| one.connected).collect()
        });
        let heard = |state: &State| {
            let now = deliveries(state);
            let has = |old: &Delivery| {
                now.iter().find(|one| one.session == old.session).is_none_or(|one| one.heard >= old.sent)
            };
            until.iter().all(has).then_some(())
        };
        self.shared.wait(self.clock.now_ms() + patience_ms, heard).await.is_some()
    }

    /// Waits until `found` finds something by looking through the handle; none when so many milliseconds
    /// of the simulated clock pass first.
    pub async fn eventually<T>(&self, patience_ms: i64, found: impl Fn(&Self) -> Option<T>) -> Option<T> {
        let until_ms = self.clock.now_ms() + patience_ms;
        let mut changes = self.changes();
        loop {
            if let Some(thing) = found(self) {
                return Some(thing);
            }
            if self.clock.now_ms() >= until_ms {
                return None;
            }
            // Woken or not, the answer is to look again.
            drop(tokio::time::timeout(super::shared::LOOK_EVERY, changes.changed()).await);
        }
    }
}

fn deliveries(state: &State) -> Vec<Delivery> {
    let sessions = state.sessions.all().map(|session| Delivery {
        session: session.id.clone(),
        application: session.application,
        sent: session.sequence,
        heard: session.heard,
        connected: session.line.is_some(),
    });
    sessions.collect()
}

pub(super) fn member_view(state: &State, guild: Snowflake, user: Snowflake) -> Option<MemberView> {
    let (known, account) = (state.guilds.get(&guild)?, state.users.get(&user)?);
    let member = known.members.get(&user)?;
    let mut roles: Vec<_> = member.roles.iter().filter_map(|id| known.roles.get(id)).collect();
    roles.sort_by_key(|role| std::cmp::Reverse(super::permissions::rank_of_role(role)));
    Some(MemberView {
        user,
        username: account.username.clone(),
        shown: member.nick.clone().unwrap_or_else(|| account.shown_name().to_owned()),
        nick: member.nick.clone(),
        roles: roles.into_iter().map(|role| role.name.clone()).collect(),
        bot: account.bot,
        pending: member.pending,
        timed_out_until_ms: member.timed_out_until_ms,
    })
}

fn messages_where(state: &State, fits: impl Fn(&Message) -> bool) -> Vec<Seen> {
    let visible = state.messages.values().filter(|message| !message.is(flag::EPHEMERAL) && fits(message));
    visible.map(seen).collect()
}

/// The whole guild as one JSON value, for pages.
pub(super) fn guild_view(state: &State, guild: Snowflake) -> Value {
    let Some(known) = state.guilds.get(&guild) else { return Value::Null };
    let members: Vec<MemberView> =
        known.members.keys().filter_map(|user| member_view(state, guild, *user)).collect();
    let mut roles: Vec<_> = known.roles.values().collect();
    roles.sort_by_key(|role| std::cmp::Reverse(super::permissions::rank_of_role(role)));
    let roles: Vec<Value> = roles.into_iter().map(Role::json).collect();
    json!({ "id": guild, "name": known.name, "owner": known.owner, "roles": roles, "members": members })
}
