//! Interactions: somebody asks, the application answers within three seconds, and may go on for fifteen
//! minutes.

use serde_json::{Map, Value, json};

use crate::discord::forms::{Draft, choices, draft, modal};
use crate::discord::gateway::{Audience, Event};
use crate::discord::ids::Snowflake;
use crate::discord::model::{Asked, First, Interaction, Message, User, flag};
use crate::discord::permissions::in_guild;
use crate::discord::refusal::{
    ALREADY_ACKNOWLEDGED, INVALID_WEBHOOK_TOKEN, Refusal, UNKNOWN_INTERACTION, UNKNOWN_MESSAGE,
    UNKNOWN_WEBHOOK, invalid,
};
use crate::discord::state::State;

/// The first answer must come within so many milliseconds.
pub(in crate::discord) const FIRST_ANSWER_MS: i64 = 3_000;
/// The token is good for so many milliseconds.
const TOKEN_MS: i64 = 900_000;

/// An interaction that is to begin.
#[derive(Clone, Debug)]
pub(in crate::discord) struct Use {
    pub(in crate::discord) asked: Asked,
    pub(in crate::discord) application: Snowflake,
    pub(in crate::discord) channel: Snowflake,
    pub(in crate::discord) user: Snowflake,
    /// `data` of the interaction.
    pub(in crate::discord) data: Value,
    /// The message whose component or whose form it is.
    pub(in crate::discord) source: Option<Snowflake>,
}

impl State {
    /// Begins an interaction and tells the application of it.
    pub(in crate::discord) fn begin(&mut self, what: &Use) -> Result<Snowflake, Refusal> {
        let guild = self.channel(what.channel)?.guild();
        let (id, token, asked_at_ms) = (self.new_id(), self.secrets.text(), self.now_ms());
        let bot = self.application(what.application)?.bot;
        let interaction = Interaction {
            id,
            token,
            asked: what.asked,
            application: what.application,
            guild,
            channel: what.channel,
            user: what.user,
            asked_at_ms,
            first: None,
            waiting: false,
            deferred: false,
            original: None,
            source: what.source,
            follow_ups: Vec::new(),
        };
        let data = self.interaction_json(&interaction, &what.data)?;
        self.interactions.insert(id, interaction);
        let audience = match guild {
            Some(guild) => Audience::BotInGuild { bot, guild },
            None => Audience::Bot { bot, intents: 0 },
        };
        self.emit(Event::new("INTERACTION_CREATE", audience, data));
        Ok(id)
    }

    fn interaction_json(&self, interaction: &Interaction, data: &Value) -> Result<Value, Refusal> {
        let user = self.user(interaction.user)?;
        let bot = self.application(interaction.application)?.bot;
        let channel = self.channel(interaction.channel)?;
        let mut shown = json!({
            "id": interaction.id,
            "application_id": interaction.application,
            "type": interaction.asked.number(),
            "data": data,
            "channel_id": interaction.channel,
            "token": interaction.token,
            "version": 1,
            "locale": "en-US",
            "entitlements": [],
            "entitlement_sku_ids": [],
            "attachment_size_limit": 10_485_760,
        });
        let Some(fields) = shown.as_object_mut() else { return Ok(shown) };
        match interaction.guild {
            Some(id) => {
                let guild = self.guild(id)?;
                let mut member = self.member_json(id, interaction.user)?;
                let allowed = in_guild(guild, interaction.user, self.now_ms());
                if let Some(member) = member.as_object_mut() {
                    member.insert("permissions".into(), allowed.to_string().into());
                }
                let mut channel_shown = channel.guild_json(id);
                if let Some(fields) = channel_shown.as_object_mut() {
                    let own = self.permissions_in(channel, interaction.user);
                    fields.insert("permissions".into(), own.to_string().into());
                }
                let known = json!({ "id": id, "locale": "en-US", "features": ["COMMUNITY"] });
                fields.insert("guild_id".into(), id.to_string().into());
                fields.insert("guild".into(), known);
                fields.insert("guild_locale".into(), "en-US".into());
                fields.insert("member".into(), member);
                fields.insert("channel".into(), channel_shown);
                fields.insert("app_permissions".into(), self.permissions_in(channel, bot).to_string().into());
                fields.insert("context".into(), 0.into());
                fields.insert("authorizing_integration_owners".into(), json!({ "0": id }));
            }
            None => {
                fields.insert("user".into(), user.json());
                fields.insert("channel".into(), channel.direct_json(user));
                fields.insert("app_permissions".into(), "562949953601536".into());
                fields.insert("context".into(), 1.into());
                fields.insert("authorizing_integration_owners".into(), json!({ "0": "0" }));
            }
        }
        if let Some(source) = interaction.source.and_then(|id| self.messages.get(&id)) {
            fields.insert("message".into(), self.message_json(source));
        }
        Ok(shown)
    }

    /// The first answer: `Discord docs: Create Interaction Response`.
    pub(in crate::discord) fn answer(
        &mut self,
        id: Snowflake,
        token: &str,
        body: &Value,
    ) -> Result<(), Refusal> {
        let now_ms = self.now_ms();
        let found = self.interactions.get(&id).filter(|found| found.token == token);
        let mut interaction = found.cloned().ok_or(UNKNOWN_INTERACTION)?;
        if interaction.first.is_some() {
            return Err(ALREADY_ACKNOWLEDGED);
        }
        if now_ms - interaction.asked_at_ms > FIRST_ANSWER_MS {
            return Err(UNKNOWN_INTERACTION);
        }
        let kind = body.get("type").and_then(Value::as_u64).unwrap_or(0);
        let data = body.get("data").cloned().unwrap_or_default();
        let component = interaction.source.is_some();
        let first = match (kind, interaction.asked) {
            (4 | 5, asked) if asked != Asked::Autocomplete => {
                self.answer_with_message(&mut interaction, &data, kind == 5)?;
                First::Message
            }
            (6, asked) if asked != Asked::Autocomplete && component => {
                interaction.original = interaction.source;
                First::Update
            }
            (7, asked) if asked != Asked::Autocomplete && component => {
                let draft = draft(&data, "data.", false)?;
                interaction.original = interaction.source;
                interaction.source.into_iter().for_each(|source| self.rewrite(source, draft.clone()));
                First::Update
            }
            (8, Asked::Autocomplete) => First::Choices(choices(&data)?),
            (9, Asked::Command | Asked::Component) => First::Modal(modal(&data)?),
            _ => return Err(invalid("type", "BASE_TYPE_CHOICES", "This interaction cannot be answered so.")),
        };
        interaction.first = Some((first, now_ms));
        self.interactions.insert(id, interaction);
        Ok(())
    }

    fn answer_with_message(
        &mut self,
        interaction: &mut Interaction,
        data: &Value,
        later: bool,
    ) -> Result<(), Refusal> {
        let draft = if later { only_flags(data) } else { draft(data, "data.", false)?.not_empty()? };
        let mut message = self.compose_answer(interaction, draft);
        if later {
            message.flags |= flag::LOADING;
        }
        interaction.waiting = later;
        interaction.deferred = later;
        interaction.original = Some(self.put(message));
        Ok(())
    }

    fn compose_answer(&mut self, interaction: &Interaction, draft: Draft) -> Message {
        let bot = self
            .applications
            .get(&interaction.application)
            .map_or(interaction.application, |found| found.bot);
        let mut message = self.compose(bot, interaction.channel, draft);
        message.answers = Some(interaction.id);
        message.application = Some(interaction.application);
        message.more = self.answer_fields(interaction);
        message
    }

    fn answer_fields(&self, interaction: &Interaction) -> Map<String, Value> {
        let user = self.users.get(&interaction.user).map(User::json);
        let owners = match interaction.guild {
            Some(guild) => json!({ "0": guild }),
            None => json!({ "0": "0" }),
        };
        let mut metadata = json!({
            "id": interaction.id,
            "type": interaction.asked.number(),
            "user": user,
            "authorizing_integration_owners": owners,
        });
        if let (Some(fields), Some(source)) = (metadata.as_object_mut(), interaction.source) {
            fields.insert("interacted_message_id".into(), source.to_string().into());
        }
        let more = json!({ "interaction_metadata": metadata });
        more.as_object().cloned().unwrap_or_default()
    }

    /// The interaction behind a webhook's token, while the token is good and there was a first answer.
    pub(in crate::discord) fn by_webhook(
        &self,
        application: Snowflake,
        token: &str,
    ) -> Result<&Interaction, Refusal> {
        let mut all = self.interactions.values().rev();
        let found = all.find(|found| found.application == application && found.token == token);
        let interaction = found.ok_or(INVALID_WEBHOOK_TOKEN)?;
        if self.now_ms() - interaction.asked_at_ms > TOKEN_MS {
            return Err(INVALID_WEBHOOK_TOKEN);
        }
        if interaction.first.is_none() { Err(UNKNOWN_WEBHOOK) } else { Ok(interaction) }
    }

    /// One more message. While the first answer is still "thinking", it becomes the first answer.
    pub(in crate::discord) fn follow_up(
        &mut self,
        id: Snowflake,
        draft: Draft,
    ) -> Result<Snowflake, Refusal> {
        let interaction = self.interactions.get(&id).cloned().ok_or(UNKNOWN_WEBHOOK)?;
        let draft = draft.not_empty()?;
        if let (true, Some(original)) = (interaction.waiting, interaction.original) {
            self.edit_answer(id, original, draft)?;
            return Ok(original);
        }
        let message = self.compose_answer(&interaction, draft);
        let message = self.put(message);
        if let Some(interaction) = self.interactions.get_mut(&id) {
            interaction.follow_ups.push(message);
        }
        Ok(message)
    }

    /// A message of the interaction: `@original` or one of the follow-ups by id.
    pub(in crate::discord) fn answer_named(
        &self,
        interaction: &Interaction,
        name: &str,
    ) -> Result<Snowflake, Refusal> {
        let named = name.parse().ok();
        let id = match name {
            "@original" => interaction.original,
            _ => interaction
                .follow_ups
                .iter()
                .copied()
                .chain(interaction.original)
                .find(|id| Some(*id) == named),
        };
        id.filter(|id| self.messages.contains_key(id)).ok_or(UNKNOWN_MESSAGE)
    }

    pub(in crate::discord) fn edit_answer(
        &mut self,
        interaction: Snowflake,
        message: Snowflake,
        draft: Draft,
    ) -> Result<(), Refusal> {
        self.rewrite(message, draft);
        if let Some(interaction) = self.interactions.get_mut(&interaction)
            && interaction.original == Some(message)
        {
            interaction.waiting = false;
        }
        Ok(())
    }
}

/// A deferred answer may say only whether it will be seen by one person.
fn only_flags(data: &Value) -> Draft {
    let flags = data.get("flags").and_then(Value::as_u64).unwrap_or(0) & flag::EPHEMERAL;
    Draft { flags, ..Draft::default() }
}
