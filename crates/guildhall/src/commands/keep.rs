//! `guildhall keep ROLE`: those who hold a role keep it.

use clap::Args;
use serde_json::json;
use service::requests::{Answered, Request};

use super::asking::{Asking, counted, with_hall};
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
        let answered: Answered<usize> = asked.ask("Deciding", request).await?;
        let members = answered.answer;
        let keep = if members == 1 { "keeps" } else { "keep" };
        let words = format!("{} {keep} the role “{role}”. Nothing was taken.", counted(members, "member"));
        asked.say(&json!({ "role": role, "members": members }), &words)
    })
}
