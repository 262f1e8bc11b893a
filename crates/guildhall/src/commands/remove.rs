//! `guildhall remove ROLE`: a role is taken from those who hold it without a rule.

use std::io;

use clap::Args;
use serde_json::json;
use service::plans::TYPE_THE_NUMBER;
use service::requests::{Answered, Request};

use super::asking::{Asked, Asking, counted, typed, with_hall};
use super::say;
use super::stopped::Stopped;
use crate::cli::Ending;

/// Which role, and the word for it.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The role: its name or its id
    role: String,

    #[command(flatten)]
    asking: Asking,

    /// From how many it is taken, instead of typing it when asked
    #[arg(long, value_name = "NUMBER")]
    count: Option<usize>,
}

pub(super) fn run(arguments: &Arguments) -> Result<Ending, Stopped> {
    with_hall(&arguments.asking, async |asked| {
        let role = &arguments.role;
        let answered = match (removed(asked, role, arguments.count).await, arguments.count) {
            (Err(Stopped::Told(refused)), None) if refused.contains(TYPE_THE_NUMBER) => {
                let asks_again = !arguments.asking.json;
                let Some(count) = agreed(&refused, asks_again)? else {
                    return Err(Stopped::Told(format!("{refused}\nHere that is --count with it.")));
                };
                removed(asked, role, Some(count)).await?
            }
            (removed, _) => removed?,
        };
        let members = counted(answered.answer, "member");
        let words = match answered.alone {
            _ if answered.answer == 0 => {
                format!("Nobody has the role “{role}” from the hall: nothing was taken.")
            }
            true => format!("The role “{role}” was taken from {members}."),
            false => format!("The role “{role}” is taken from {members}: the hall that runs does it now."),
        };
        asked.say(&json!({ "role": role, "members": answered.answer, "alone": answered.alone }), &words)
    })
}

async fn removed(asked: &Asked<'_>, role: &str, typed: Option<usize>) -> Result<Answered<usize>, Stopped> {
    asked.ask("Removing", Request::Remove { guild: asked.guild, role: role.to_owned(), typed }).await
}

/// The number that a person types who reads what it means; `None` where nobody can be asked.
fn agreed(refused: &str, asks: bool) -> io::Result<Option<usize>> {
    if !asks || !io::IsTerminal::is_terminal(&io::stdin()) {
        return Ok(None);
    }
    say::answer(&refused)?;
    typed("The number:")
}
