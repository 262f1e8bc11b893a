//! `guildhall overrides`: what people decided against the rules, and ending it.

use std::collections::BTreeMap;
use std::fmt;

use clap::Args;
use serde::Serialize;
use serde_json::{Value, json};
use service::overrides::ShownOverride;
use service::requests::{Answered, Request};

use super::asking::{Asked, Asking, counted, day, with_hall_or_its_rules};
use super::people::named;
use super::stopped::Stopped;
use crate::cli::Ending;

/// All of them, or which one ends.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    asking: Asking,

    /// End one: the member's Discord id or name in the forum, and the role's name or id (`nickname` for the nickname)
    #[arg(long, num_args = 2, value_names = ["USER", "ROLE"])]
    end: Option<Vec<String>>,
}

pub(super) fn run(arguments: &Arguments) -> Result<Ending, Stopped> {
    with_hall_or_its_rules(&arguments.asking, async |asked| match arguments.end.as_deref() {
        Some([user, role]) => ended(asked, user, role).await,
        _ => {
            let (before, overrides): (Vec<ShownOverride>, Vec<ShownOverride>) =
                standing(asked).await?.into_iter().partition(|known| known.origin == "before");
            let waiting = held_before(&before);
            let next = asked.next("overrides --end USER ROLE");
            let listed = Listed { overrides: &overrides, held_before: &waiting, next };
            asked.say(&json!({ "overrides": overrides, "held_before": waiting }), &listed)
        }
    })
}

async fn standing(asked: &Asked<'_>) -> Result<Vec<ShownOverride>, Stopped> {
    let request = Request::Overrides { guild: asked.guild };
    let answered: Answered<Vec<ShownOverride>> = asked.ask("Reading the server", request).await?;
    Ok(answered.answer)
}

async fn ended(asked: &Asked<'_>, user: &str, role: &str) -> Result<(), Stopped> {
    let who = user.trim_start_matches('@');
    let is_meant = |known: &&ShownOverride| {
        let name = known.name.as_deref();
        known.user.to_string() == who || name.is_some_and(|name| name.eq_ignore_ascii_case(who))
    };
    let called = |known: &&ShownOverride| match (&known.role, &known.role_name) {
        (Some(id), name) => id.to_string() == role || name.as_deref() == Some(role),
        (None, _) => role == "nickname",
    };
    let standing = standing(asked).await?;
    let Some(known) = standing.iter().filter(is_meant).find(called) else {
        return Err(Stopped::Told(format!(
            "No override of “{role}” stands for {who}. See those that do: {}",
            asked.next("overrides")
        )));
    };
    let user = known.user;
    let request = Request::EndOverride { guild: asked.guild, user, role: known.role };
    let answered: Answered<Value> = asked.ask("Ending", request).await?;
    let words = format!(
        "The override of {} for {} ended: the rules say again what they have{}.",
        what(known),
        named(user, known.name.as_deref()),
        if answered.alone { "" } else { ", and the hall that runs sees to it now" }
    );
    asked.say(&json!({ "user": user, "role": known.role, "ended": true }), &words)
}

fn what(known: &ShownOverride) -> String {
    known.role_name.as_ref().map_or_else(|| "the nickname".to_owned(), |role| format!("the role “{role}”"))
}

/// A role that people held before its rule came, while nobody decided whether they keep it.
#[derive(Serialize)]
struct Held {
    role: String,
    members: usize,
}

fn held_before(before: &[ShownOverride]) -> Vec<Held> {
    let mut members: BTreeMap<&str, usize> = BTreeMap::new();
    for known in before {
        *members.entry(known.role_name.as_deref().unwrap_or_default()).or_insert(0) += 1;
    }
    members.into_iter().map(|(role, members)| Held { role: role.to_owned(), members }).collect()
}

/// The overrides, as a person reads them.
struct Listed<'a> {
    overrides: &'a [ShownOverride],
    held_before: &'a [Held],
    next: String,
}

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Held { role, members } in self.held_before {
            writeln!(
                f,
                "{} held the role “{role}” before its rule came. Nobody decided yet whether they keep it where the rule \
                 would take it: `guildhall keep` or `guildhall remove`.",
                counted(*members, "member")
            )?;
        }
        if self.overrides.is_empty() && !self.held_before.is_empty() {
            return write!(f, "No other override stands.");
        }
        if self.overrides.is_empty() {
            return write!(f, "No override stands: everybody has what the rules say.");
        }
        for known in self.overrides {
            let has = match (known.role.is_some(), known.has) {
                (false, _) => "keeps the nickname as it is",
                (true, true) => "has it whatever the rule says",
                (true, false) => "does not get it whatever the rule says",
            };
            let until = known
                .until
                .map_or_else(|| "until somebody ends it".to_owned(), |at| format!("until {}", day(at)));
            writeln!(
                f,
                "{}, {}: {has}, {until}; {}, {}",
                named(known.user, known.name.as_deref()),
                what(known),
                origin(known),
                day(known.made_at)
            )?;
        }
        write!(f, "\nTo end one: {}", self.next)
    }
}

fn origin(known: &ShownOverride) -> String {
    match (known.origin.as_str(), known.by) {
        ("kept", _) => "held before the rule came, and kept by decision".to_owned(),
        ("hand", Some(who)) => format!("done by hand by {}", named(who, known.by_name.as_deref())),
        ("hand", None) => "done by hand".to_owned(),
        ("undo", _) => {
            let again = match (known.role.is_some(), known.has) {
                (true, true) => "take it",
                (true, false) => "give it",
                (false, _) => "change it",
            };
            format!("left by an undo, so that the rules do not {again} again")
        }
        (other, _) => other.to_owned(),
    }
}
