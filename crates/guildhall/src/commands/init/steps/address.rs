//! The hall's address: where people link their accounts, and where the forum sends its webhooks.

use service::checkup::{Check, Verdict};

use super::{LISTEN, Session, Step};
use crate::commands::doctor::address::door;
use crate::commands::init::draft::Key;
use crate::commands::init::terminal::Left;

pub(super) const STEP: Step = Step {
    title: "The hall's address",
    state: |session| session.state(NAME, words(session)),
    run: |session| Box::pin(run(session)),
};

const NAME: &str = "address";

const ABOUT: &str = "People open this address to link their accounts, and the forum reports to it. It needs a name of its own \
                     that leads to\nthis machine, such as hall.your-community.org, and HTTPS.";

/// What an address looks like, for whoever typed something else.
const EXAMPLE: &str = "https://hall.your-community.org";

fn words(session: &Session) -> Option<String> {
    session.draft.text(Key::PUBLIC_ADDRESS).map(str::to_owned)
}

async fn run(session: &mut Session) -> Result<(), Left> {
    session.say(ABOUT)?;
    let mut answer = session.ask_again("The address, https:// included", Key::PUBLIC_ADDRESS, "").await?;
    while !answer.is_empty() && !session.keep_address(Key::PUBLIC_ADDRESS, &answer, EXAMPLE)? {
        answer = session.ask("The address (Enter leaves this step): ").await?;
    }
    if answer.is_empty() {
        return Ok(());
    }
    let listen = session
        .ask_again("Where the hall listens, behind the server that speaks HTTPS", LISTENS, LISTEN)
        .await?;
    if listen != LISTEN || session.draft.text(LISTENS).is_some() {
        session.keep(LISTENS, listen)?;
    }
    loop {
        let Some(checks) = checks(session).await else { return Ok(()) };
        if session.shows(NAME, &checks)? || !session.again().await? {
            return Ok(());
        }
    }
}

/// Tries once more what was answered on another day, without a word.
pub(super) async fn looks(session: &mut Session) {
    if let Some(checks) = checks(session).await {
        session.weighs(NAME, &checks);
    }
}

async fn checks(session: &Session) -> Option<Vec<Check>> {
    let (public, listen) = (session.draft.address(Key::PUBLIC_ADDRESS)?, session.listen()?);
    let (listener, reached) = door(&public, listen).await;
    // That no hall runs yet is no news.
    Some(listener.into_iter().filter(|check| check.verdict == Verdict::Broken).chain(reached).collect())
}

const LISTENS: Key = Key("hall", "listen");
