//! From a question to its answer: permission, the three seconds, words for what went wrong.

use std::sync::Arc;
use std::time::Duration;

use service::{Error, Hall};
use twilight_model::channel::message::MessageFlags;
use twilight_model::http::interaction::{
    InteractionResponse, InteractionResponseData, InteractionResponseType,
};

use super::{Call, Command, Costs, Desk, Reply};
use crate::discord::Discord;
use crate::question::{Interaction, Wanted};
use crate::rest::{Ask, Problem};
use crate::view::{self, Form};

/// Discord takes an answer for three seconds; later than this the asker is told that it takes longer.
const DEFER_AFTER: Duration = Duration::from_millis(1_800);

/// How the answer is to appear.
struct Manner {
    ask: Ask,
    /// What the log calls it.
    name: &'static str,
    incident: String,
    /// Whether an answer that takes longer is for the asker alone.
    private: bool,
    /// Whether it takes the place of the message with the button.
    replaces: bool,
}

/// Answers a question. Always answers something, within Discord's three seconds.
pub(crate) async fn dispatch(discord: &Discord, hall: &Arc<Hall>, interaction: Interaction) {
    // Without the member intent, what questions carry is what keeps the roster fresh.
    if let Some((guild, member)) = interaction.member().filter(|_| !discord.inner.world.knows_all_members()) {
        discord.inner.world.put_member(guild, member.user.id(), Some(member));
    }
    let (ask, incident) = (interaction.ask(), interaction.incident());
    let manner = |name, private, replaces| Manner { ask, name, incident, private, replaces };
    let seen = interaction.member().and_then(|(guild, _)| discord.inner.world.picture(guild));
    match interaction.wanted(seen) {
        Wanted::Command(command, call) => {
            let manner = manner(command.name, !call.share, false);
            answer(discord, manner, run(discord, command, hall, call)).await;
        }
        Wanted::Button(press, pressing) => {
            let manner = manner("button", true, pressing.alone);
            let permitted = press.permit(&pressing.powers, discord.inner.clock.now());
            match (permitted, press.form().filter(|_| pressing.typed.is_none())) {
                (Ok(()), Some(form)) => show(discord, &manner, &form).await,
                (Ok(()), None) => answer(discord, manner, press.run(desk(discord, hall), pressing)).await,
                (Err(refused), _) => answer(discord, manner, async { Err(refused) }).await,
            }
        }
        Wanted::Nothing(words) => {
            let refused = async { Err(Error::refused(words)) };
            answer(discord, manner("nothing", true, false), refused).await;
        }
    }
}

fn desk<'a>(discord: &'a Discord, hall: &'a Hall) -> Desk<'a> {
    Desk { hall, shown: &discord.inner.shown }
}

async fn run(discord: &Discord, command: &Command, hall: &Hall, call: Call) -> Result<Reply, Error> {
    permitted(command, &call)?;
    if command.costs == Costs::Calls {
        discord.inner.pace.count(call.asker.user, discord.inner.clock.now())?;
    }
    (command.run)(desk(discord, hall), call).await
}

/// What the asker may do to whom it is about.
pub(super) fn permitted(command: &Command, call: &Call) -> Result<(), Error> {
    call.powers.permit(command.allowed, call.person())
}

async fn answer(discord: &Discord, manner: Manner, work: impl Future<Output = Result<Reply, Error>>) {
    let clock = &discord.inner.clock;
    let began = clock.now();
    let mut work = std::pin::pin!(work);
    let quick = tokio::select! {
        biased;
        done = &mut work => Some(done),
        () = clock.sleep_until(began.after(DEFER_AFTER)) => None,
    };
    let sent = match quick {
        Some(done) => {
            // What could not be done must not wipe away the message whose button was pressed.
            let replaces = manner.replaces && done.is_ok();
            let response = response(&in_words(done, &manner), replaces);
            discord.inner.rest.answer(&manner.ask, &response).await
        }
        None => late(discord, &manner, work).await,
    };
    log(&manner, clock.now().since(began), sent);
}

/// Says that it takes longer, and answers when it is done: beside the message with the button, for nobody knows yet
/// whether the answer is a refusal, which must not wipe it away.
async fn late(
    discord: &Discord,
    manner: &Manner,
    work: impl Future<Output = Result<Reply, Error>>,
) -> Result<(), Problem> {
    let rest = &discord.inner.rest;
    let deferred = rest.answer(&manner.ask, &deferral(manner.private)).await;
    let reply = in_words(work.await, manner);
    deferred?;
    rest.edit_answer(&manner.ask, &reply.message.body()).await
}

/// Shows a form.
async fn show(discord: &Discord, manner: &Manner, form: &Form) {
    let began = discord.inner.clock.now();
    let sent = discord.inner.rest.answer(&manner.ask, &form.response()).await;
    log(manner, discord.inner.clock.now().since(began), sent);
}

fn log(manner: &Manner, took: Duration, sent: Result<(), Problem>) {
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    match sent {
        Ok(()) => tracing::info!(command = manner.name, milliseconds, "answered"),
        Err(problem) => {
            tracing::warn!(command = manner.name, milliseconds, ?problem, "could not send an answer");
        }
    }
}

/// A refusal as it stands; what broke as an incident, logged once, here.
fn in_words(done: Result<Reply, Error>, manner: &Manner) -> Reply {
    match done {
        Ok(reply) => reply,
        Err(Error::Refused(words)) => Reply::private(view::refused(&words)),
        Err(Error::Failed(failed)) => {
            tracing::error!(command = manner.name, incident = manner.incident, error = %failed, "a command failed");
            Reply::private(view::failed(&failed, &manner.incident))
        }
    }
}

fn response(reply: &Reply, replaces: bool) -> InteractionResponse {
    let kind = if replaces {
        InteractionResponseType::UpdateMessage
    } else {
        InteractionResponseType::ChannelMessageWithSource
    };
    let flags = reply.private.then_some(MessageFlags::EPHEMERAL);
    InteractionResponse { kind, data: Some(InteractionResponseData { flags, ..reply.message.data() }) }
}

fn deferral(private: bool) -> InteractionResponse {
    let flags = private.then_some(MessageFlags::EPHEMERAL);
    let data = InteractionResponseData { flags, ..InteractionResponseData::default() };
    InteractionResponse { kind: InteractionResponseType::DeferredChannelMessageWithSource, data: Some(data) }
}

#[cfg(test)]
mod tests;
