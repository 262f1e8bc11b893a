//! `guildhall remove ROLE`: a role is taken from those who hold it without a rule.

use std::io;

use clap::Args;
use serde_json::json;
use service::plans::TYPE_THE_NUMBER;
use service::requests::{Answered, Request};
use service::rules::SomebodyNamed;

use super::asking::{Asked, Asking, counted, typed, with_hall};
use super::people::all_named;
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
                let refused = format!("{refused}\nWho: {}.", all_named(&would_lose(asked, role).await?));
                let asks_again = !arguments.asking.json;
                let Some(count) = agreed(&refused, asks_again)? else {
                    return Err(Stopped::Told(format!(
                        "{refused}\nTo take it, type the command again with --count and that number."
                    )));
                };
                removed(asked, role, Some(count)).await?
            }
            (removed, _) => removed?,
        };
        let (who, alone) = (answered.answer, answered.alone);
        let members = counted(who.len(), "member");
        let words = match alone {
            _ if who.is_empty() => format!("Nobody has the role “{role}” from the hall: nothing was taken."),
            true => format!("The role “{role}” was taken from {members}: {}.", all_named(&who)),
            false => format!(
                "The role “{role}” is taken from {members}: {}. The hall that runs does it now.",
                all_named(&who)
            ),
        };
        asked.say(&json!({ "role": role, "members": who.len(), "who": who, "alone": alone }), &words)
    })
}

async fn would_lose(asked: &Asked<'_>, role: &str) -> Result<Vec<SomebodyNamed>, Stopped> {
    let request = Request::WouldLose { guild: asked.guild, role: role.to_owned() };
    let answered: Answered<Vec<SomebodyNamed>> = asked.ask("Reading who has it", request).await?;
    Ok(answered.answer)
}

async fn removed(
    asked: &Asked<'_>,
    role: &str,
    typed: Option<usize>,
) -> Result<Answered<Vec<SomebodyNamed>>, Stopped> {
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
