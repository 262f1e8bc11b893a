//! One forum as a source of facts.

use std::sync::Arc;

use async_trait::async_trait;
use domain::facts::SourceSchema;
use domain::ids::{GroupId, Subject};
use service::Metrics;
use service::ports::{
    Acts, ActsCursor, Clock, Person, Profile, ProfileViewer, Snapshot, Source, SourceError, SourceGroup,
    Wanted, WhoseProfile,
};

use crate::client::{Client, Urgency};
use crate::connect::Connect;
use crate::read::groups::{Reading, groups, members, standing_in};
use crate::read::{everybody, facts, one};
use crate::settings::Settings;
use crate::webhooks::Sender;
use crate::{profile, staff_log};

/// A forum that runs Discourse, from 2.9 (2022) to today, read with a key that may only read.
pub struct Discourse {
    client: Client,
    schema: SourceSchema,
    connect: Connect,
    sender: Sender,
}

impl Discourse {
    /// Makes no call; those it will make are counted by `metrics`. Refuses an address, a key or a user's name that
    /// cannot be sent.
    pub fn new(settings: &Settings, clock: Arc<dyn Clock>, metrics: Metrics) -> Result<Self, SourceError> {
        Ok(Self {
            client: Client::new(settings, clock, metrics)?,
            schema: facts::schema(settings.name.clone()),
            connect: Connect::new(settings),
            sender: Sender::new(settings),
        })
    }

    /// How people prove accounts of this forum.
    pub fn connect(&self) -> Connect {
        self.connect.clone()
    }

    /// This forum as a sender of webhooks, for [`crate::webhooks::routes`].
    pub fn sender(&self) -> Sender {
        self.sender.clone()
    }
}

#[async_trait]
impl Source for Discourse {
    fn schema(&self) -> &SourceSchema {
        &self.schema
    }

    fn address(&self) -> &str {
        self.client.address()
    }

    async fn one(&self, subject: &Subject) -> Result<Person, SourceError> {
        one::one(&self.client, subject, Urgency::Now).await
    }

    async fn one_asked(&self, subject: &Subject) -> Result<Person, SourceError> {
        one::one(&self.client, subject, Urgency::Asked).await
    }

    async fn everybody(
        &self,
        wanted: &Wanted,
        keep: &(dyn for<'s> Fn(&'s Subject) -> bool + Sync),
    ) -> Result<Snapshot, SourceError> {
        let keep = |id: i64| keep(&Subject(id.to_string()));
        everybody(&self.client, wanted, &keep).await
    }

    async fn groups(&self) -> Result<Vec<SourceGroup>, SourceError> {
        groups(&self.client, Urgency::Now).await
    }

    async fn members_of(&self, group: GroupId) -> Result<Vec<Subject>, SourceError> {
        let known = self.groups().await?.into_iter().find(|known| known.id == group);
        let known =
            known.ok_or_else(|| SourceError::Missing { what: format!("the group with the id {group}") })?;
        let read =
            |urgency| members(&self.client, &known.name, urgency, |row| Some(Subject(row.id.to_string())));
        // A large group does not fit into what is kept for the urgent.
        let reading = match read(Urgency::Now).await {
            Err(SourceError::Busy { .. }) => read(Urgency::CanWait).await?,
            settled => settled?,
        };
        match reading {
            Reading::Complete { picked, .. } => Ok(picked),
            Reading::Torn(why) => Err(self.client.nonsense(why)),
        }
    }

    fn standing_in(&self, group: GroupId) -> &'static [&'static str] {
        standing_in(group)
    }

    async fn acts_since(&self, cursor: Option<ActsCursor>) -> Result<Acts, SourceError> {
        staff_log::acts_since(&self.client, cursor).await
    }

    async fn profile(
        &self,
        whose: &WhoseProfile,
        viewer: ProfileViewer,
    ) -> Result<Option<Profile>, SourceError> {
        profile::profile(&self.client, whose, viewer).await
    }
}
