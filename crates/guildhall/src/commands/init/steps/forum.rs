//! The forum: its address, the key to read it, and the secret by which people prove their accounts.

use discourse::Patience;
use discourse::inspect::Inspect;
use domain::ids::SourceName;
use secrecy::{ExposeSecret, SecretString};
use service::checkup::Check;
use service::linking::forum_return;

use super::{FORUM, SYSTEM, Session, Step, clock};
use crate::commands::init::draft::Key;
use crate::commands::init::terminal::Left;

pub(super) const ADDRESS: Step = Step {
    title: "The forum",
    state: |session| session.state(REACHED, session.draft.text(Key::FORUM_ADDRESS).map(str::to_owned)),
    run: |session| Box::pin(address(session)),
};

pub(super) const KEY: Step = Step {
    title: "The forum's API key",
    state: |session| session.state(READS, session.draft.value(Key::API_KEY).map(|_| String::new())),
    run: |session| Box::pin(key(session)),
};

pub(super) const CONNECT: Step = Step {
    title: "Proving forum accounts",
    state: |session| session.state(PROVES, session.draft.value(Key::CONNECT_SECRET).map(|_| String::new())),
    run: |session| Box::pin(connect(session)),
};

const REACHED: &str = "forum";
const READS: &str = "key";
const PROVES: &str = "connect";

/// What an address looks like, for whoever typed something else.
const EXAMPLE: &str = "https://forum.your-community.org";

/// The calls a minute that trying the settings may cost; a forum gives 60 to all its keys together.
const CALLS_PER_MINUTE: u32 = 30;

const ABOUT_KEY: &str = "\
In the forum, as an admin: Admin, API, New API Key.
  Description: Guildhall. User Level: All Users. Scope: Read-only.
Save, and copy the key: it is shown once.
(A key of the scope Global lets the hall make its webhook by itself in step 8; you may exchange it afterwards.)";

async fn address(session: &mut Session) -> Result<(), Left> {
    let mut answer =
        session.ask_again("The forum's address, as in your browser", Key::FORUM_ADDRESS, "").await?;
    loop {
        if answer.is_empty() {
            return Ok(());
        }
        if session.draft.text(Key::SOURCE_NAME).is_none() && !session.keep(Key::SOURCE_NAME, FORUM)? {
            return Ok(());
        }
        if session.keep_address(Key::FORUM_ADDRESS, &answer, EXAMPLE)?
            && let Some(inspect) = inspect(session)?
        {
            let (reached, apart) = inspect.reach().await;
            let checks: Vec<_> = std::iter::once(reached).chain(apart).collect();
            if session.shows(REACHED, &checks)? {
                return Ok(());
            }
        }
        answer = session.ask("The address (Enter leaves this step): ").await?;
    }
}

async fn key(session: &mut Session) -> Result<(), Left> {
    if session.draft.address(Key::FORUM_ADDRESS).is_none() {
        session.say(FIRST_ADDRESS)?;
        return Ok(());
    }
    session.say(ABOUT_KEY)?;
    loop {
        if session.ask_secret("The API key", Key::API_KEY).await?.is_none() {
            return Ok(());
        }
        let Some(inspect) = inspect(session)? else { return Ok(()) };
        let checks = inspect.key().await;
        session.settles(Key::API_KEY, checks.first().is_some_and(Check::works))?;
        if session.shows(READS, &checks)? {
            return Ok(());
        }
    }
}

async fn connect(session: &mut Session) -> Result<(), Left> {
    let Some(public) = session.public_address()? else { return Ok(()) };
    if session.draft.address(Key::FORUM_ADDRESS).is_none() {
        session.say(FIRST_ADDRESS)?;
        return Ok(());
    }
    let Some(secret) = session.shared_secret(Key::CONNECT_SECRET)? else { return Ok(()) };
    let host = public.host_str().unwrap_or_default();
    session.say(&format!(
        "In the forum: Admin, Settings.\n  \
         1. Search for `enable discourse connect provider`, and switch it on.\n  \
         2. Search for `discourse connect provider secrets`, and add these two:\n\n     \
         domain   {host}\n     secret   {}\n\n     \
         (as one line, where the forum asks for one: {host}|{})\n",
        secret.expose_secret(),
        secret.expose_secret(),
    ))?;
    session.ask("Enter when both are saved: ").await?;
    loop {
        let (Some(inspect), Some(name)) = (inspect(session)?, name(session)) else { return Ok(()) };
        let check = inspect.connect(&forum_return(&public, &name)).await;
        if session.shows(PROVES, &[check])? || !session.again().await? {
            return Ok(());
        }
    }
}

/// Tries once more what was answered on another day, without a word.
pub(super) async fn looks(session: &mut Session) -> Result<(), Left> {
    if session.draft.address(Key::FORUM_ADDRESS).is_none() {
        return Ok(());
    }
    let (Some(inspect), Some(name)) = (inspect(session)?, name(session)) else { return Ok(()) };
    let (reached, apart) = inspect.reach().await;
    let is_reached = reached.works();
    let checks: Vec<_> = std::iter::once(reached).chain(apart).collect();
    session.weighs(REACHED, &checks);
    if is_reached && session.draft.secret(Key::API_KEY).is_some() {
        let checks = inspect.key().await;
        session.weighs(READS, &checks);
    }
    if let (true, Some(public), Some(_)) =
        (is_reached, session.draft.address(Key::PUBLIC_ADDRESS), session.draft.secret(Key::CONNECT_SECRET))
    {
        let check = inspect.connect(&forum_return(&public, &name)).await;
        session.weighs(PROVES, &[check]);
    }
    Ok(())
}

const FIRST_ADDRESS: &str = "The forum's address has to be known first: step 5.";

/// The forum as it was answered so far; says why not.
pub(super) fn inspect(session: &Session) -> Result<Option<Inspect>, Left> {
    let Some(settings) = settings(session) else {
        session.say(FIRST_ADDRESS)?;
        return Ok(None);
    };
    match Inspect::new(&settings, clock()) {
        Ok(inspect) => Ok(Some(inspect)),
        Err(error) => {
            session.say(&error.to_string())?;
            Ok(None)
        }
    }
}

/// The forum's settings so far; a secret that was not answered is empty.
pub(super) fn settings(session: &Session) -> Option<discourse::Settings> {
    let draft = &session.draft;
    Some(discourse::Settings {
        name: name(session)?,
        address: draft.address(Key::FORUM_ADDRESS)?,
        api_key: draft.secret(Key::API_KEY).unwrap_or_default(),
        api_username: SecretString::from(draft.text(Key::API_USERNAME).unwrap_or(SYSTEM)),
        connect_secret: draft.secret(Key::CONNECT_SECRET).unwrap_or_default(),
        webhook_secret: draft.secret(Key::WEBHOOK_SECRET).unwrap_or_default(),
        calls_per_minute: CALLS_PER_MINUTE,
        patience: Patience::default(),
    })
}

/// What rules call the forum.
pub(super) fn name(session: &Session) -> Option<SourceName> {
    SourceName::new(session.draft.text(Key::SOURCE_NAME).unwrap_or(FORUM))
}
