//! What commands ask of the hall that leads. A command stores its question; whoever leads carries it out and stores
//! the answer. When nobody leads, the command leads for as long as it needs.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use domain::ids::{GuildId, PlanId, RoleId, UserId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::actor::Actor;
use crate::error::{Error, Failed};
use crate::hall::Hall;

/// How often whoever leads looks for questions, and whoever asked for the answer.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How long a question is worth an answer.
const ASKED_AT_MOST: Duration = Duration::from_secs(120);

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "ask")]
pub enum Request {
    /// What would change now ([`crate::plans::PlanView`]).
    Plan {
        /// Where.
        guild: GuildId,
    },
    /// That what a plan shows be written ([`crate::plans::Applied`]).
    Apply {
        /// Where.
        guild: GuildId,
        /// Which; without one that which waits.
        plan: Option<PlanId>,
        /// The number of its changes, as a person read it.
        typed: Option<usize>,
    },
    /// That what was written under a plan be taken back ([`crate::plans::Undone`]).
    Undo {
        /// Where.
        guild: GuildId,
        /// Which.
        plan: PlanId,
    },
    /// Why somebody has, or does not have, each role ([`crate::explain::WhyView`]).
    Why {
        /// Where.
        guild: GuildId,
        /// Who: a Discord id, or a name in the forum.
        member: String,
    },
    /// The overrides that stand (a list of [`crate::overrides::ShownOverride`]).
    Overrides {
        /// Where.
        guild: GuildId,
    },
    /// That an override end.
    EndOverride {
        /// Where.
        guild: GuildId,
        /// For whom.
        user: UserId,
        /// Which role; without one the nickname.
        role: Option<RoleId>,
    },
    /// That those who hold a role keep it (a list of [`crate::rules::SomebodyNamed`]).
    Keep {
        /// Where.
        guild: GuildId,
        /// Its name or number.
        role: String,
    },
    /// From whom it would be taken (a list of [`crate::rules::SomebodyNamed`]).
    WouldLose {
        /// Where.
        guild: GuildId,
        /// Its name or number.
        role: String,
    },
    /// That it be taken from them (a list of [`crate::rules::SomebodyNamed`]).
    Remove {
        /// Where.
        guild: GuildId,
        /// Its name or number.
        role: String,
        /// How many that are, as a person read it.
        typed: Option<usize>,
    },
}

impl Request {
    /// Where.
    pub fn guild(&self) -> GuildId {
        match self {
            Self::Plan { guild }
            | Self::Apply { guild, .. }
            | Self::Undo { guild, .. }
            | Self::Why { guild, .. }
            | Self::Overrides { guild }
            | Self::EndOverride { guild, .. }
            | Self::Keep { guild, .. }
            | Self::WouldLose { guild, .. }
            | Self::Remove { guild, .. } => *guild,
        }
    }

    /// Whether something is written because of it.
    pub fn writes(&self) -> bool {
        !matches!(
            self,
            Self::Plan { .. } | Self::Why { .. } | Self::Overrides { .. } | Self::WouldLose { .. }
        )
    }
}

/// An answer, as it is stored.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Done(Value),
    Refused(String),
    Failed(String),
}

/// What a question came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered<T> {
    /// What [`Request`] says.
    pub answer: T,
    /// Whether no hall runs, so that this one did what was asked itself, and all that followed from it.
    pub alone: bool,
}

impl Hall {
    /// Asks, whoever leads: the hall that runs, or this one alone. What is asked alone is also written before this
    /// returns; a hall that runs writes on its own.
    pub async fn ask<T: DeserializeOwned>(
        self: &Arc<Self>,
        request: &Request,
        by: &Actor,
    ) -> Result<Answered<T>, Error> {
        let since = self.clock.now();
        while self.clock.now().since(since) < ASKED_AT_MOST {
            if let Some(answer) = self.ask_who_leads(request, by).await? {
                return Ok(Answered { answer: read(answer)?, alone: false });
            }
            if let Some(answer) = self.answer_alone(request, by).await? {
                return Ok(Answered { answer: read(answer)?, alone: true });
            }
            // Somebody else was quicker, or the rules here are not those to lead by.
            let notes = self.notes();
            if !notes.is_empty() && !self.somebody_leads().await? {
                return Err(Error::refused(notes.join("\n")));
            }
            self.clock.sleep_until(self.clock.now().after(LOOK_EVERY)).await;
        }
        Err(Error::refused(
            "Another hall or command was at work for two minutes. Run this command again when it is done.",
        ))
    }

    /// How many changes were written under a plan.
    pub async fn written_under(&self, plan: PlanId) -> Result<usize, Error> {
        Ok(self.store.read().await?.written_count(plan).await?)
    }

    /// Stores the question and waits for the answer; `None` when nobody leads who could give one.
    async fn ask_who_leads(&self, request: &Request, by: &Actor) -> Result<Option<Value>, Error> {
        if !self.somebody_leads().await? {
            return Ok(None);
        }
        let asked = self.clock.now();
        let text = serde_json::to_string(request).map_err(|error| Failed::Broken(error.to_string()))?;
        let mut tx = self.store.write().await?;
        let id = tx.ask(&text, &by.to_string(), asked).await?;
        tx.commit().await?;
        while self.clock.now().since(asked) < ASKED_AT_MOST {
            self.clock.sleep_until(self.clock.now().after(LOOK_EVERY)).await;
            if let Some(answer) = self.store.read().await?.answered(id).await? {
                self.withdraw(id).await?;
                return given(&answer).map(Some);
            }
            // Whoever led was another command, or a hall that ended.
            if !self.somebody_leads().await? {
                return self.withdraw(id).await?.map(|answer| given(&answer)).transpose();
            }
        }
        match self.withdraw(id).await? {
            Some(answer) => given(&answer).map(Some),
            None => Err(Error::refused(
                "The hall that runs did not answer within two minutes. Its log says what it does; try again then.",
            )),
        }
    }

    /// Takes a question back, with the answer that it got meanwhile.
    async fn withdraw(&self, id: i64) -> Result<Option<String>, Error> {
        let mut tx = self.store.write().await?;
        let answer = tx.answered(id).await?;
        tx.forget_request(id).await?;
        tx.commit().await?;
        Ok(answer)
    }

    /// Leads for as long as the question takes. When something is to be written, also until that is written. `None`
    /// when this hall may not lead.
    async fn answer_alone(self: &Arc<Self>, request: &Request, by: &Actor) -> Result<Option<Value>, Error> {
        let hall = Arc::clone(self);
        let work: Pin<Box<dyn Future<Output = Result<Value, Error>> + Send + '_>> = Box::pin(async move {
            hall.read_guild(request.guild()).await?;
            let answer = hall.answer(request, by).await?;
            // Not before: what is due already would be written under no plan that anybody was shown.
            if request.writes() {
                hall.work_off().await?;
            }
            Ok(answer)
        });
        self.lead_while(work).await
    }

    /// Carries a question out.
    async fn answer(&self, request: &Request, by: &Actor) -> Result<Value, Error> {
        let value = match request {
            Request::Plan { guild } => value(&self.show_plan(*guild, by).await?),
            Request::Apply { guild, plan, typed } => value(&self.apply(*guild, *plan, *typed, by).await?),
            Request::Undo { guild, plan } => value(&self.undo(*guild, *plan, by).await?),
            Request::Why { guild, member } => value(&self.why(*guild, member).await?),
            Request::Overrides { guild } => value(&self.overrides(*guild).await?),
            Request::EndOverride { guild, user, role } => {
                self.end_override(*guild, *user, *role, by).await?;
                Ok(Value::Null)
            }
            Request::Keep { guild, role } => value(&self.keep_role(*guild, role, by).await?),
            Request::WouldLose { guild, role } => value(&self.would_lose(*guild, role).await?),
            Request::Remove { guild, role, typed } => {
                value(&self.remove_role(*guild, role, *typed, by).await?)
            }
        };
        Ok(value.map_err(|error| Failed::Broken(error.to_string()))?)
    }

    /// Answers what is asked, as long as this hall leads.
    pub(crate) async fn answer_requests(self: Arc<Self>, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.answer_open().await {
                tracing::error!(%error, "could not answer what a command asked");
            }
            tokio::select! {
                () = self.clock.sleep_until(self.clock.now().after(LOOK_EVERY)) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    async fn answer_open(&self) -> Result<(), Error> {
        let after = self.clock.now().before(ASKED_AT_MOST);
        let open = self.store.read().await?.open_requests(after).await?;
        for asked in open {
            let by = asked.actor.strip_prefix("command ").unwrap_or(&asked.actor).to_owned();
            let answer = match serde_json::from_str::<Request>(&asked.request) {
                Ok(request) => self.answer(&request, &Actor::Command(by)).await,
                Err(_) => Err(Error::refused(
                    "The hall that runs does not know this question: it is of another version. Restart it.",
                )),
            };
            let answer = match answer {
                Ok(value) => Answer::Done(value),
                Err(Error::Refused(words)) => Answer::Refused(words.to_string()),
                Err(Error::Failed(failed)) => Answer::Failed(failed.to_string()),
            };
            let text = serde_json::to_string(&answer).map_err(|error| Failed::Broken(error.to_string()))?;
            let mut tx = self.store.write().await?;
            tx.answer(asked.id, &text, self.clock.now()).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

fn read<T: DeserializeOwned>(answer: Value) -> Result<T, Error> {
    let read = serde_json::from_value(answer);
    Ok(read.map_err(|error| Failed::Broken(format!("could not read an answer: {error}")))?)
}

fn value<T: Serialize>(answer: &T) -> Result<Value, serde_json::Error> {
    serde_json::to_value(answer)
}

fn given(answer: &str) -> Result<Value, Error> {
    match serde_json::from_str(answer) {
        Ok(Answer::Done(value)) => Ok(value),
        Ok(Answer::Refused(words)) => Err(Error::refused(words)),
        Ok(Answer::Failed(why)) => Err(Failed::Broken(why).into()),
        Err(error) => Err(Failed::Broken(format!("could not read an answer: {error}")).into()),
    }
}
