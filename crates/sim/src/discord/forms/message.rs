//! A message that is to be sent, or the changes to one.

use serde_json::Value;

use super::components::components;
use super::embeds::embeds;
use crate::discord::ids::Snowflake;
use crate::discord::model::flag;
use crate::discord::refusal::{Complaints, EMPTY_MESSAGE, Refusal};

/// The longest content, in characters.
const CONTENT_MOST: usize = 2_000;
/// Flags that a sender may set.
const SETTABLE: u64 =
    flag::SUPPRESS_EMBEDS | flag::EPHEMERAL | flag::SUPPRESS_NOTIFICATIONS | flag::COMPONENTS_V2;

/// A message that was checked; what is none was not named.
#[derive(Clone, Debug, Default)]
pub(in crate::discord) struct Draft {
    pub(in crate::discord) content: Option<String>,
    pub(in crate::discord) embeds: Option<Vec<Value>>,
    pub(in crate::discord) components: Option<Vec<Value>>,
    pub(in crate::discord) flags: u64,
    pub(in crate::discord) mentions: Mentions,
    /// The message it answers.
    pub(in crate::discord) replies_to: Option<Reference>,
    /// Files that came with it, and what was said of them.
    pub(in crate::discord) files: Option<Vec<Value>>,
}

/// Another message that is named.
#[derive(Clone, Copy, Debug)]
pub(in crate::discord) struct Reference {
    pub(in crate::discord) message: Snowflake,
    /// Whether it must be there.
    pub(in crate::discord) must_exist: bool,
}

/// Whom a message may really notify.
#[derive(Clone, Debug, Default)]
pub(in crate::discord) struct Mentions {
    pub(in crate::discord) users: bool,
    pub(in crate::discord) roles: bool,
    pub(in crate::discord) everyone: bool,
    pub(in crate::discord) only: Vec<Snowflake>,
}

impl Mentions {
    /// Whether anybody at all.
    pub(in crate::discord) fn anybody(&self) -> bool {
        self.users || self.roles || self.everyone || !self.only.is_empty()
    }
}

impl Draft {
    /// Refuses a message in which there would be nothing to see.
    pub(in crate::discord) fn not_empty(self) -> Result<Self, Refusal> {
        let text = self.content.as_deref().unwrap_or_default().trim();
        let some = |list: &Option<Vec<Value>>| list.as_ref().is_some_and(|list| !list.is_empty());
        let seen = !text.is_empty() || some(&self.embeds) || some(&self.components) || some(&self.files);
        if seen { Ok(self) } else { Err(EMPTY_MESSAGE) }
    }
}

/// Checks a message body. `at` is where it stands in the form, such as `data.`; `everyone` says whether
/// @everyone counts when the sender does not say, as in a bot's own messages.
pub(in crate::discord) fn draft(body: &Value, at: &str, everyone: bool) -> Result<Draft, Refusal> {
    let mut complaints = Complaints::default();
    let flags = body.get("flags").and_then(Value::as_u64).unwrap_or(0) & SETTABLE;
    let modern = flags & flag::COMPONENTS_V2 != 0;
    let content = content(body, at, &mut complaints);
    let embeds = list(body, "embeds").map(|list| embeds(list, &format!("{at}embeds"), &mut complaints));
    let components = list(body, "components")
        .map(|list| components(list, &format!("{at}components"), modern, &mut complaints));
    if modern && content.as_ref().is_some_and(|text| !text.is_empty()) {
        let text = "The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2";
        complaints.add(&format!("{at}content"), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", text);
    }
    if modern && embeds.as_ref().is_some_and(|list| !list.is_empty()) {
        let text = "The 'embeds' field cannot be used when using MessageFlags.IS_COMPONENTS_V2";
        complaints.add(&format!("{at}embeds"), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", text);
    }
    complaints.verdict()?;
    Ok(Draft {
        content,
        embeds,
        components,
        flags,
        mentions: mentions(body.get("allowed_mentions"), everyone),
        replies_to: body.get("message_reference").and_then(reference),
        files: list(body, "attachments").map(<[Value]>::to_vec),
    })
}

/// A reply; forwarding (type 1) is not played.
fn reference(named: &Value) -> Option<Reference> {
    let replies = named.get("type").and_then(Value::as_u64).unwrap_or(0) == 0;
    let message = named.get("message_id")?.as_str()?.parse().ok().filter(|_| replies)?;
    let must_exist = named.get("fail_if_not_exists").and_then(Value::as_bool).unwrap_or(true);
    Some(Reference { message, must_exist })
}

fn content(body: &Value, at: &str, complaints: &mut Complaints) -> Option<String> {
    let field = format!("{at}content");
    match body.get("content")? {
        Value::Null => Some(String::new()),
        Value::String(text) => {
            complaints.longest(&field, text, CONTENT_MOST);
            Some(text.trim().to_owned())
        }
        Value::Number(number) => Some(number.to_string()),
        _ => {
            complaints.add(&field, "STRING_TYPE_CONVERT", "Could not interpret value as string.");
            None
        }
    }
}

/// A list that is named; null empties it.
fn list<'a>(body: &'a Value, name: &str) -> Option<&'a [Value]> {
    body.get(name).map(|value| value.as_array().map(Vec::as_slice).unwrap_or_default())
}

fn mentions(allowed: Option<&Value>, everyone: bool) -> Mentions {
    let Some(allowed) = allowed.filter(|allowed| allowed.is_object()) else {
        return Mentions { users: true, roles: everyone, everyone, only: Vec::new() };
    };
    let kinds = allowed.get("parse").and_then(Value::as_array);
    let has = |kind: &str| kinds.is_some_and(|kinds| kinds.iter().any(|one| one.as_str() == Some(kind)));
    let named = ["users", "roles"].into_iter().filter_map(|key| allowed.get(key)?.as_array()).flatten();
    Mentions {
        users: has("users"),
        roles: has("roles"),
        everyone: has("everyone"),
        only: named.filter_map(|id| id.as_str()?.parse().ok()).collect(),
    }
}
