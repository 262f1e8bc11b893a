//! `guildhall init`: an owner's first evening, asked step by step. Each answer is tried at once and kept.
//!
//! | module | holds |
//! | --- | --- |
//! | `terminal` | one line asked, one line answered; secrets unseen |
//! | `draft` | the answers so far: the settings file, and a file for each secret |
//! | `steps` | one file a subject, one line a step in `STEPS` |
//! | `typed` | a command as the owner types it |

mod draft;
mod steps;
mod terminal;
mod typed;

use std::io;

use clap::Args;

use self::draft::Draft;
use self::steps::{STEPS, Session, finish};
use self::terminal::{Left, Terminal};
use self::typed::typed;
use super::stopped::Stopped;
use crate::cli::{Ending, SettingsFile};

/// Where the answers are kept.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    file: SettingsFile,
}

pub(super) fn run(arguments: &Arguments) -> Result<Ending, Stopped> {
    let draft = Draft::open(&arguments.file.settings).map_err(Stopped::Told)?;
    let session = Session::new(draft, Terminal::start());
    Ok(super::runtime()?.block_on(goes_through(session))?)
}

/// The menu, until the owner leaves or is done.
async fn goes_through(mut session: Session) -> io::Result<Ending> {
    session.say(&format!(
        "This sets up a hall, step by step. Each answer is tried at once and kept in\n{}.\nYou may leave at any time \
         and come back.",
        session.draft.file().display()
    ))?;
    match session.looks().await {
        Ok(()) => {}
        Err(Left::Ended) => return Ok(Ending::Done),
        Err(Left::Broken(error)) => return Err(error),
    }
    let mut last = None;
    loop {
        session.say(&menu(&session))?;
        let question = "\nA step's number, Enter for the next one, f to finish, q to leave: ";
        let answer = match session.ask(question).await {
            Ok(answer) => answer,
            Err(Left::Ended) => break,
            Err(Left::Broken(error)) => return Err(error),
        };
        let chosen = match answer.as_str() {
            "q" => break,
            "f" => match finish::run(&mut session).await {
                Ok(true) => return Ok(Ending::Done),
                Ok(false) => continue,
                Err(Left::Ended) => break,
                Err(Left::Broken(error)) => return Err(error),
            },
            "" => next_after(last, &session),
            number => number.parse::<usize>().ok().and_then(|number| number.checked_sub(1)),
        };
        last = chosen.or(last);
        let Some(step) = chosen.and_then(|chosen| STEPS.get(chosen)) else {
            let words =
                if answer.is_empty() { "Every step is done: f finishes." } else { "There is no such step." };
            session.say(words)?;
            continue;
        };
        session.say(&format!("\n{}\n", step.title))?;
        match (step.run)(&mut session).await {
            Ok(()) => {}
            Err(Left::Ended) => break,
            Err(Left::Broken(error)) => return Err(error),
        }
    }
    let file = session.draft.file();
    if !file.exists() {
        session.say("\nNothing was answered, and nothing is kept.")?;
        return Ok(Ending::Done);
    }
    let file = file.display();
    session.say(&format!(
        "\nWhat you answered is kept in {file}. Go on with `{}`.",
        typed(&format!("init --settings {file}"))
    ))?;
    Ok(Ending::Done)
}

/// The next step that is not done, behind the one that was chosen last; from the beginning again when there is none.
fn next_after(last: Option<usize>, session: &Session) -> Option<usize> {
    let is_open = |number: &usize| STEPS.get(*number).is_some_and(|step| !(step.state)(session).is_done());
    let behind = last.map_or(0, |last| last + 1);
    (behind..STEPS.len()).find(is_open).or_else(|| (0..behind).find(is_open))
}

fn menu(session: &Session) -> String {
    let mut lines = Vec::new();
    for (number, step) in STEPS.iter().enumerate() {
        let state = (step.state)(session);
        lines.push(format!("\n{:>3}  {:<8}  {}", number + 1, state.word(), step.title));
        if let Some(words) = state.words() {
            lines.push(format!(": {words}"));
        }
    }
    lines.concat()
}
