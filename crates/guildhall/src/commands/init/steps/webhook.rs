//! The forum's webhook: made by the hall where the key allows it, and done only when a real event arrived.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use discourse::inspect::{Arrived, Inspect, Webhook};
use discourse::webhooks::{HookReceiver, Sender, routes};
use domain::ids::SourceName;
use secrecy::{ExposeSecret, SecretString};
use service::checkup::{Check, Verdict};
use service::ports::Clock;
use service::{Delivery, Hint};
use tokio::sync::Notify;
use url::Url;

use super::{Session, Step, forum};
use crate::clock::MachineClock;
use crate::commands::doctor::address::StandIn;
use crate::commands::doctor::places::hook_address;
use crate::commands::init::draft::Key;
use crate::commands::init::terminal::Left;

pub(super) const STEP: Step = Step {
    title: "The forum's webhook",
    state: |session| session.state(NAME, session.draft.value(Key::WEBHOOK_SECRET).map(|_| String::new())),
    run: |session| Box::pin(run(session)),
};

const NAME: &str = "webhook";

/// How often the forum is asked whether something arrived, where a hall that runs takes the events itself.
const ASK_EVERY: Duration = Duration::from_secs(5);

const TRY_IT: &str = "\
A ping proves nothing; a real event does. Now, in the forum: click your picture, your name, Preferences, Profile, and
press Save Changes. This waits until the forum tells of it; Enter stops the waiting.";

async fn run(session: &mut Session) -> Result<(), Left> {
    let Some(public) = session.public_address()? else { return Ok(()) };
    let Some(secret) = session.shared_secret(Key::WEBHOOK_SECRET)? else { return Ok(()) };
    let (Some(inspect), Some(name)) = (forum::inspect(session)?, forum::name(session)) else { return Ok(()) };
    let address = hook_address(&public, name.as_str());
    let made = match inspect.webhook(&address).await {
        Ok(Some(webhook)) if webhook.check(&address).works() => webhook.check(&address),
        _ => inspect.make_webhook(&address).await,
    };
    let is_made = made.works();
    session.shows(NAME, &[made])?;
    if !is_made {
        session.say(&to_paste(&secret))?;
        session.ask("Enter when it is saved: ").await?;
    }
    let Some(webhook) = fits(session, &inspect, &address, &secret).await? else { return Ok(()) };
    if let Some(webhook) = &webhook
        && let Ok(Arrived::Yes) = inspect.arrived(webhook).await
    {
        return session.shows(NAME, &[Arrived::Yes.check()]).map(drop).map_err(Left::from);
    }
    session.say(&format!("\n{TRY_IT}"))?;
    match waits(session, &inspect, webhook.as_ref()).await? {
        Some(check) => session.shows(NAME, &[check]).map(drop)?,
        None => {
            session.notes(NAME, Verdict::Broken);
            session.say("No real event came yet. Choose this step again when you have time.")?;
        }
    }
    Ok(())
}

fn to_paste(secret: &SecretString) -> String {
    format!("  The secret to paste there:\n\n     {}\n", secret.expose_secret())
}

/// Looks until the webhook is as it should be; `Some(None)` where the key may not look.
async fn fits(
    session: &mut Session,
    inspect: &Inspect,
    address: &Url,
    secret: &SecretString,
) -> Result<Option<Option<Webhook>>, Left> {
    loop {
        let check = match inspect.webhook(address).await {
            Ok(Some(webhook)) => {
                let check = webhook.check(address);
                if session.shows(NAME, &[check])? {
                    return Ok(Some(Some(webhook)));
                }
                None
            }
            Ok(None) => Some(discourse::inspect::absent(address)),
            Err(check) if check.verdict == Verdict::NotTried => return Ok(Some(None)),
            Err(check) => Some(check),
        };
        session.shows(NAME, check.as_slice())?;
        session.say(&to_paste(secret))?;
        if !session.again().await? {
            return Ok(None);
        }
    }
}

/// Waits for an event: at the hall's own door, or, where a hall has it already, by what the forum says of its
/// deliveries. `None` when the owner does not want to wait.
async fn waits(
    session: &mut Session,
    inspect: &Inspect,
    webhook: Option<&Webhook>,
) -> Result<Option<Check>, Left> {
    let (Some(listen), Some(settings)) = (session.listen(), forum::settings(session)) else {
        return Ok(None);
    };
    let arrived = Arc::new(Arrival(Notify::new()));
    let receiver: Arc<dyn HookReceiver> = Arc::<Arrival>::clone(&arrived);
    let hooks = routes(receiver, [Sender::new(&settings)]);
    let _stand_in = match StandIn::at(listen, hooks).await {
        Ok(stand_in) => stand_in,
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            let Some(webhook) = webhook else {
                session.say("A hall listens there already, and the key may not see the forum's deliveries: look there.")?;
                return Ok(None);
            };
            return tokio::select! {
                check = told(inspect, webhook) => Ok(Some(check)),
                entered = session.terminal.enter() => entered.map(|()| None),
            };
        }
        Err(error) => {
            session.say(&format!("could not listen on {listen}: {error}"))?;
            return Ok(None);
        }
    };
    tokio::select! {
        () = arrived.0.notified() => Ok(Some(Arrived::Yes.check())),
        entered = session.terminal.enter() => entered.map(|()| None),
    }
}

/// Asks the forum until a delivery was taken.
async fn told(inspect: &Inspect, webhook: &Webhook) -> Check {
    loop {
        if let Ok(Arrived::Yes) = inspect.arrived(webhook).await {
            return Arrived::Yes.check();
        }
        MachineClock.sleep_until(MachineClock.now().after(ASK_EVERY)).await;
    }
}

/// Notes that an event came whose signature holds.
struct Arrival(Notify);

#[async_trait]
impl HookReceiver for Arrival {
    async fn receive(
        &self,
        _source: &SourceName,
        _delivery: Delivery,
        _hints: Vec<Hint>,
    ) -> Result<(), service::Error> {
        self.0.notify_one();
        Ok(())
    }
}
