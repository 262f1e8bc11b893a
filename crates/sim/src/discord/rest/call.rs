//! One call: who calls, with what; and its answer.

use std::str::FromStr;

use serde_json::Value;

use crate::discord::acts::Actor;
use crate::discord::ids::Snowflake;
use crate::discord::refusal::{Refusal, UNAUTHORIZED, invalid};
use crate::discord::state::State;

/// Whose token came with the call.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::discord) enum Caller {
    Nobody,
    Bot { application: Snowflake, bot: Snowflake },
    Person { user: Snowflake, application: Snowflake, scopes: Vec<String> },
}

/// A call whose route was found.
#[derive(Clone, Debug)]
pub(in crate::discord) struct Call {
    pub(in crate::discord) caller: Caller,
    /// Parameters of the path by name.
    pub(in crate::discord) named: Vec<(&'static str, String)>,
    pub(in crate::discord) query: Vec<(String, String)>,
    /// The body; null when there was none.
    pub(in crate::discord) body: Value,
    pub(in crate::discord) reason: Option<String>,
}

/// What a handler says.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::discord) enum Answer {
    /// A status with a body.
    Json(u16, Value),
    /// 204.
    Empty,
}

impl Answer {
    pub(in crate::discord) fn ok(body: Value) -> Self {
        Self::Json(200, body)
    }
}

impl Call {
    /// A parameter of the path as it is.
    pub(in crate::discord) fn text(&self, name: &str) -> &str {
        self.named.iter().find(|(known, _)| *known == name).map(|(_, text)| text.as_str()).unwrap_or_default()
    }

    /// A parameter of the path that must be an id.
    pub(in crate::discord) fn id(&self, name: &str) -> Result<Snowflake, Refusal> {
        let text = self.text(name);
        text.parse().map_err(|_| not_a_snowflake(&format!("{name}_id"), text))
    }

    pub(in crate::discord) fn has(&self, name: &str) -> bool {
        self.named.iter().any(|(known, _)| *known == name)
    }

    /// The bot that calls, as the one who acts.
    pub(in crate::discord) fn actor(&self) -> Result<Actor, Refusal> {
        Ok(Actor { user: self.bot()?, reason: self.reason.clone() })
    }

    pub(in crate::discord) fn bot(&self) -> Result<Snowflake, Refusal> {
        match self.caller {
            Caller::Bot { bot, .. } => Ok(bot),
            _ => Err(UNAUTHORIZED),
        }
    }

    /// The application whose token it is.
    pub(in crate::discord) fn application(&self) -> Option<Snowflake> {
        match self.caller {
            Caller::Bot { application, .. } | Caller::Person { application, .. } => Some(application),
            Caller::Nobody => None,
        }
    }

    /// The guild of the path, which the calling bot must be in.
    pub(in crate::discord) fn guild(&self, state: &State) -> Result<Snowflake, Refusal> {
        let guild = self.id("guild")?;
        state.guild_of(guild, self.bot()?).map(|guild| guild.id)
    }

    /// A parameter of the query; none when it is absent, refused when it does not parse.
    pub(in crate::discord) fn asked<T: FromStr>(&self, name: &str) -> Result<Option<T>, Refusal> {
        let Some((_, text)) = self.query.iter().find(|(known, _)| known == name) else { return Ok(None) };
        let message = format!("Value \"{text}\" is not of the right type.");
        text.parse().map(Some).map_err(|_| invalid(name, "NUMBER_TYPE_COERCE", &message))
    }

    /// How many: between `least` and `most`, or `default`.
    pub(in crate::discord) fn limit(
        &self,
        least: usize,
        default: usize,
        most: usize,
    ) -> Result<usize, Refusal> {
        let limit = self.asked::<usize>("limit")?.unwrap_or(default);
        if limit < least {
            let message = format!("int value should be greater than or equal to {least}.");
            return Err(invalid("limit", "NUMBER_TYPE_MIN", &message));
        }
        if limit > most {
            let message = format!("int value should be less than or equal to {most}.");
            return Err(invalid("limit", "NUMBER_TYPE_MAX", &message));
        }
        Ok(limit)
    }

    pub(in crate::discord) fn flag(&self, name: &str) -> bool {
        self.query
            .iter()
            .any(|(known, text)| known == name && matches!(text.to_lowercase().as_str(), "true" | "1"))
    }

    /// A field of the body: none when it is absent.
    pub(in crate::discord) fn field(&self, name: &str) -> Option<&Value> {
        self.body.get(name)
    }

    /// A field that must be a text or null; absent is none.
    pub(in crate::discord) fn text_field(&self, name: &str) -> Result<Option<Option<String>>, Refusal> {
        match self.field(name) {
            None => Ok(None),
            Some(Value::Null) => Ok(Some(None)),
            Some(Value::String(text)) => Ok(Some(Some(text.clone()))),
            Some(_) => Err(invalid(name, "STRING_TYPE_CONVERT", "Could not interpret value as string.")),
        }
    }

    /// The body must be an object, as every form is; none at all is an empty one.
    pub(in crate::discord) fn form(&self) -> Result<(), Refusal> {
        match &self.body {
            Value::Object(_) | Value::Null => Ok(()),
            _ => Err(invalid("", "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")),
        }
    }
}

/// 50035 for something that should be an id.
pub(in crate::discord) fn not_a_snowflake(field: &str, text: &str) -> Refusal {
    invalid(field, "NUMBER_TYPE_COERCE", &format!("Value \"{text}\" is not snowflake."))
}
