//! Acts on messages.

use serde_json::{Map, Value};

use super::Actor;
use crate::discord::forms::{Draft, Reference};
use crate::discord::gateway::{Audience, Event, intent};
use crate::discord::ids::Snowflake;
use crate::discord::model::{AuditAction, Channel, ChannelKind, Message, flag};
use crate::discord::permissions::bits;
use crate::discord::refusal::{
    DMS_CLOSED, MISSING_ACCESS, MISSING_PERMISSIONS, NOT_YOUR_MESSAGE, Refusal, UNKNOWN_MESSAGE, invalid,
};
use crate::discord::state::State;

impl State {
    /// Writes into a channel that the author may write in.
    pub(in crate::discord) fn post(
        &mut self,
        author: Snowflake,
        channel: Snowflake,
        draft: Draft,
    ) -> Result<Snowflake, Refusal> {
        let found = self.visible_channel(channel, author)?;
        if self.permissions_in(found, author) & bits::SEND_MESSAGES == 0 {
            return Err(MISSING_PERMISSIONS);
        }
        if let ChannelKind::Direct { bot, person } = found.kind
            && author == bot
            && !self.may_write_to(bot, person)
        {
            return Err(DMS_CLOSED);
        }
        let replies_to = self.replied_to(channel, draft.replies_to)?;
        let mut message = self.compose(author, channel, draft);
        message.flags &= !flag::EPHEMERAL;
        message.replies_to = replies_to;
        Ok(self.put(message))
    }

    fn replied_to(&self, channel: Snowflake, named: Option<Reference>) -> Result<Option<Snowflake>, Refusal> {
        let Some(named) = named else { return Ok(None) };
        match self.message_in(channel, named.message) {
            Ok(found) => Ok(Some(found.id)),
            Err(_) if named.must_exist => {
                Err(invalid("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message"))
            }
            Err(_) => Ok(None),
        }
    }

    /// The channel, when the user may see it.
    pub(in crate::discord) fn visible_channel(
        &self,
        id: Snowflake,
        user: Snowflake,
    ) -> Result<&Channel, Refusal> {
        let channel = self.channel(id)?;
        let guild_reached = channel.guild().is_none_or(|guild| self.guild_of(guild, user).is_ok());
        match guild_reached && self.permissions_in(channel, user) & bits::VIEW_CHANNEL != 0 {
            true => Ok(channel),
            false => Err(MISSING_ACCESS),
        }
    }

    /// A bot may write to those who share a guild with it and did not close their door.
    fn may_write_to(&self, bot: Snowflake, person: Snowflake) -> bool {
        let open = self.users.get(&person).is_some_and(|person| !person.dms_closed);
        open && self.guilds_of(bot).iter().any(|guild| guild.members.contains_key(&person))
    }

    /// A message of the draft that is not in any channel yet.
    pub(in crate::discord) fn compose(
        &mut self,
        author: Snowflake,
        channel: Snowflake,
        draft: Draft,
    ) -> Message {
        let id = self.new_id();
        let mut message = Message {
            id,
            channel,
            author,
            content: String::new(),
            embeds: Vec::new(),
            components: Vec::new(),
            flags: draft.flags,
            edited_at_ms: None,
            mentions: Vec::new(),
            mention_roles: Vec::new(),
            mention_everyone: false,
            may_notify: false,
            replies_to: None,
            attachments: Vec::new(),
            answers: None,
            application: None,
            more: Map::new(),
        };
        self.write_into(&mut message, draft);
        message
    }

    /// Puts what the draft names into a message.
    pub(in crate::discord) fn write_into(&self, message: &mut Message, draft: Draft) {
        if let Some(content) = draft.content {
            let named = ids_after(&content, "<@");
            let may = |id: &Snowflake, kind: bool| kind || draft.mentions.only.contains(id);
            let users = named.iter().filter(|id| self.users.contains_key(id));
            message.mentions = users.filter(|id| may(id, draft.mentions.users)).copied().collect();
            let roles = ids_after(&content, "<@&").into_iter();
            message.mention_roles = roles.filter(|id| may(id, draft.mentions.roles)).collect();
            let all = content.contains("@everyone") || content.contains("@here");
            message.mention_everyone = all && draft.mentions.everyone;
            message.content = content;
        }
        if let Some(files) = draft.files {
            message.attachments = files.into_iter().map(|file| self.attached(message, file)).collect();
        }
        message.may_notify |= draft.mentions.anybody();
        message.embeds = draft.embeds.unwrap_or_else(|| std::mem::take(&mut message.embeds));
        message.components = draft.components.unwrap_or_else(|| std::mem::take(&mut message.components));
        message.flags |= draft.flags & !flag::EPHEMERAL;
    }

    /// A file as it is shown; one that the message had before is named by its id and stays.
    fn attached(&self, message: &Message, mut file: Value) -> Value {
        let had = message.attachments.iter().find(|had| had.get("id") == file.get("id"));
        if let Some(had) = had {
            return had.clone();
        }
        let name = file.get("filename").and_then(Value::as_str).unwrap_or("file").to_owned();
        let address =
            format!("http://{}/cdn/attachments/{}/{}/{name}", self.address, message.channel, message.id);
        if let Some(fields) = file.as_object_mut() {
            fields.insert("id".into(), message.id.to_string().into());
            fields.insert("url".into(), address.clone().into());
            fields.insert("proxy_url".into(), address.into());
        }
        file
    }

    /// Puts a message where it belongs and tells of it, unless only one person may see it.
    pub(in crate::discord) fn put(&mut self, message: Message) -> Snowflake {
        let (id, channel) = (message.id, message.channel);
        let hidden = message.is(flag::EPHEMERAL);
        self.messages.insert(id, message);
        if !hidden {
            if let Some(channel) = self.channels.get_mut(&channel) {
                channel.last_message = Some(id);
            }
            self.tell_message("MESSAGE_CREATE", id);
        }
        id
    }

    pub(in crate::discord) fn tell_message(&mut self, name: &'static str, id: Snowflake) {
        let Some(message) = self.messages.get(&id) else { return };
        let Some(channel) = self.channels.get(&message.channel) else { return };
        let mut data = self.message_json(message);
        let mut muted = None;
        if let (Some(guild), Some(fields)) = (channel.guild(), data.as_object_mut()) {
            fields.insert("guild_id".into(), guild.to_string().into());
            if let Ok(member) = self.member(guild, message.author) {
                fields.insert("member".into(), member.bare_json());
            }
            let by_bot = self.applications.contains_key(&message.author);
            let to_bot = message.mentions.iter().any(|id| self.applications.contains_key(id));
            muted = (!by_bot && !to_bot).then(|| without_content(fields));
        }
        let audience = audience(channel);
        self.emit(Event { name, audience, data, muted });
    }

    pub(in crate::discord) fn message_in(
        &self,
        channel: Snowflake,
        id: Snowflake,
    ) -> Result<&Message, Refusal> {
        let found = self.messages.get(&id);
        found
            .filter(|message| message.channel == channel && !message.is(flag::EPHEMERAL))
            .ok_or(UNKNOWN_MESSAGE)
    }

    pub(in crate::discord) fn edit_own(
        &mut self,
        author: Snowflake,
        channel: Snowflake,
        id: Snowflake,
        draft: Draft,
    ) -> Result<(), Refusal> {
        self.visible_channel(channel, author)?;
        if self.message_in(channel, id)?.author != author {
            return Err(NOT_YOUR_MESSAGE);
        }
        self.rewrite(id, draft);
        Ok(())
    }

    /// Changes a message, whoever asked.
    pub(in crate::discord) fn rewrite(&mut self, id: Snowflake, draft: Draft) {
        let now_ms = self.now_ms();
        let Some(mut message) = self.messages.get(&id).cloned() else { return };
        self.write_into(&mut message, draft);
        message.edited_at_ms = (!message.is(flag::LOADING)).then_some(now_ms);
        message.flags &= !flag::LOADING;
        let hidden = message.is(flag::EPHEMERAL);
        self.messages.insert(id, message);
        if !hidden {
            self.tell_message("MESSAGE_UPDATE", id);
        }
    }

    pub(in crate::discord) fn delete_message(
        &mut self,
        actor: &Actor,
        channel: Snowflake,
        id: Snowflake,
    ) -> Result<(), Refusal> {
        let found = self.visible_channel(channel, actor.user)?;
        let author = self.message_in(channel, id)?.author;
        if author != actor.user {
            if self.permissions_in(found, actor.user) & bits::MANAGE_MESSAGES == 0 || found.guild().is_none()
            {
                return Err(MISSING_PERMISSIONS);
            }
            if let Some(guild) = found.guild() {
                self.log(guild, actor, AuditAction::MessageDelete, author, Vec::new());
            }
        }
        self.drop_message(id);
        Ok(())
    }

    pub(in crate::discord) fn drop_message(&mut self, id: Snowflake) {
        let Some(gone) = self.messages.remove(&id) else { return };
        let Some(channel) = self.channels.get(&gone.channel) else { return };
        let mut data = serde_json::json!({ "id": id, "channel_id": gone.channel });
        if let (Some(guild), Some(fields)) = (channel.guild(), data.as_object_mut()) {
            fields.insert("guild_id".into(), guild.to_string().into());
        }
        let audience = audience(channel);
        if !gone.is(flag::EPHEMERAL) {
            self.emit(Event::new("MESSAGE_DELETE", audience, data));
        }
    }

    /// The direct line between a bot and a person, made when there is none.
    pub(in crate::discord) fn direct_line(
        &mut self,
        bot: Snowflake,
        person: Snowflake,
    ) -> Result<Snowflake, Refusal> {
        self.user(person)?;
        let kind = ChannelKind::Direct { bot, person };
        if let Some(channel) = self.channels.values().find(|channel| channel.kind == kind) {
            return Ok(channel.id);
        }
        let id = self.new_id();
        let channel = Channel {
            id,
            kind,
            name: String::new(),
            position: 0,
            topic: None,
            overwrites: Vec::new(),
            last_message: None,
        };
        self.channels.insert(id, channel);
        Ok(id)
    }
}

fn audience(channel: &Channel) -> Audience {
    match channel.kind {
        ChannelKind::Text { guild } => {
            Audience::Guild { guild, intents: intent::GUILD_MESSAGES, about: None, needs: bits::VIEW_CHANNEL }
        }
        ChannelKind::Direct { bot, .. } => Audience::Bot { bot, intents: intent::DIRECT_MESSAGES },
    }
}

fn without_content(fields: &Map<String, Value>) -> Value {
    let mut fields = fields.clone();
    fields.insert("content".into(), "".into());
    for name in ["embeds", "components", "attachments"] {
        fields.insert(name.into(), Value::Array(Vec::new()));
    }
    Value::Object(fields)
}

/// Ids in `<@1>`, `<@!1>` or `<@&1>`.
fn ids_after(content: &str, opening: &str) -> Vec<Snowflake> {
    let rest = content.split(opening).skip(1);
    rest.filter_map(|rest| rest.split_once('>')?.0.trim_start_matches('!').parse().ok()).collect()
}
