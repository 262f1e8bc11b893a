//! `guildhall keep ROLE`: those who hold a role keep it.

use clap::Args;
use serde_json::json;
use service::requests::{Answered, Request};
use service::rules::SomebodyNamed;

use super::asking::{Asking, counted, with_hall};
use super::people::all_named;
use super::stopped::Stopped;
use crate::cli::Ending;

/// Which role, and how to say it.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The role: its name or its id
    role: String,

    #[command(flatten)]
    asking: Asking,
}

pub(super) fn run(arguments: &Arguments) -> Result<Ending, Stopped> {
    with_hall(&arguments.asking, async |asked| {
        let role = arguments.role.clone();
        let request = Request::Keep { guild: asked.guild, role: role.clone() };
        let answered: Answered<Vec<SomebodyNamed>> = asked.ask("Deciding", request).await?;
        let who = answered.answer;
        let members = counted(who.len(), "member");
        let words = match who.len() {
            0 => format!("Nobody has the role “{role}” any more: there was nothing to keep."),
            1 => format!("{members} keeps the role “{role}”: {}. Nothing was taken.", all_named(&who)),
            _ => format!("{members} keep the role “{role}”: {}. Nothing was taken.", all_named(&who)),
        };
        asked.say(&json!({ "role": role, "members": who.len(), "who": who }), &words)
    })
}
