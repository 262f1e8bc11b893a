//! What the API key can read, by trying each kind of call the hall makes.

use std::future::Future;

use serde::Deserialize;
use serde::de::IgnoredAny;
use service::checkup::Check;
use service::ports::SourceError;

use super::{Inspect, remedy, sentence};
use crate::client::{Client, Question, Urgency};
use crate::read::groups::{groups, members_page};

const LOOKED_AT: &str = "API key";

/// The forum's own system account, which every Discourse has.
const SYSTEM: i64 = -1;

/// One kind of call.
struct Tried {
    /// What it reads.
    what: &'static str,
    /// What is lost without it.
    loses: &'static str,
    came: Result<(), SourceError>,
}

#[derive(Deserialize)]
struct WithId {
    id: i64,
}

impl Inspect {
    /// Tries each kind of call: one check when all are honoured or the key counts for nothing, else one for each
    /// kind that is not.
    pub async fn key(&self) -> Vec<Check> {
        let client = &self.client;
        let tried = [
            tried("one person", "nobody's standing can be followed", self.one_person()).await,
            tried(
                "the list of people",
                "sweeps read person by person, which takes hours",
                asks(client, "/admin/users/list/active.json?order=created&asc=true&page=1", "users/index"),
            )
            .await,
            tried("groups", "rules about groups give nothing", self.first_group()).await,
            tried(
                "the staff log",
                "demotions and suspensions are seen only by the hourly sweep",
                asks(client, "/admin/logs/staff_action_logs.json?limit=1&page=0", "staff_action_logs/index"),
            )
            .await,
            tried("profiles", "/profile shows nothing", asks(client, "/u/system.json", "users/show")).await,
        ];
        judged(&tried)
    }

    async fn one_person(&self) -> Result<(), SourceError> {
        let question = Question {
            path: format!("/admin/users/{SYSTEM}.json"),
            route: "users/show",
            urgency: Urgency::Now,
            with_key: true,
        };
        let found = self.client.ask::<WithId>(&question).await?;
        let found = found.or_missing(self.client.address(), "the system account")?;
        (found.id == SYSTEM).then_some(()).ok_or_else(|| self.client.nonsense("it showed another person"))
    }

    /// The list of groups, and a page of the members of one: each needs a right of its own.
    async fn first_group(&self) -> Result<(), SourceError> {
        let all = groups(&self.client, Urgency::Now).await?;
        let Some(group) = all.iter().find(|group| group.id.0 > 0) else { return Ok(()) };
        members_page(&self.client, &group.name, 0, 1, Urgency::Now).await.map(drop)
    }
}

async fn asks(client: &Client, path: &str, route: &'static str) -> Result<(), SourceError> {
    let question = Question { path: path.to_owned(), route, urgency: Urgency::Now, with_key: true };
    client.ask::<IgnoredAny>(&question).await?.or_missing(client.address(), path).map(drop)
}

async fn tried(
    what: &'static str,
    loses: &'static str,
    call: impl Future<Output = Result<(), SourceError>>,
) -> Tried {
    Tried { what, loses, came: call.await }
}

fn judged(tried: &[Tried]) -> Vec<Check> {
    let read: Vec<&str> = tried.iter().filter(|tried| tried.came.is_ok()).map(|tried| tried.what).collect();
    if read.is_empty() {
        let first = tried.iter().find_map(|tried| tried.came.as_ref().err());
        return first
            .map(|error| Check::broken(LOOKED_AT, sentence(error), remedy(error)))
            .into_iter()
            .collect();
    }
    let can = Check::ok(LOOKED_AT, format!("It can read {}.", read.join(", ")));
    let cannot = tried.iter().filter_map(|tried| {
        let error = tried.came.as_ref().err()?;
        let says = format!("It cannot read {}: {}. {}", tried.what, tried.loses, sentence(error));
        Some(Check::broken(LOOKED_AT, says, remedy(error)))
    });
    std::iter::once(can).chain(cannot).collect()
}
