//! Hints come in: stored as work before they are answered.

use domain::ids::SourceName;
use domain::plan::Importance;
use store::Tx;
use store::hooks::Received;

use crate::error::Error;
use crate::hall::Hall;
use crate::hint::Hint;
use crate::jobs::{self, reconcile_guild, refresh_group, refresh_member, refresh_source, settle_member};

impl Hall {
    /// Takes an event of a source's webhook. Returns once it is stored; the same event a second time is nothing.
    pub async fn receive_hook(
        &self,
        source: &SourceName,
        event_id: &str,
        event: &str,
        hints: &[Hint],
    ) -> Result<(), Error> {
        let seat = self.source(source)?;
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        if tx.receive(seat.place, event_id, event, now).await? == Received::New {
            for hint in hints {
                self.look_again(&mut tx, hint).await?;
            }
        }
        tx.commit().await?;
        self.wake.notify_one();
        Ok(())
    }

    /// Takes a hint that nobody waits to be told was stored (a gateway event).
    pub async fn hint(&self, hint: &Hint) -> Result<(), Error> {
        let mut tx = self.store.write().await?;
        self.look_again(&mut tx, hint).await?;
        tx.commit().await?;
        self.wake.notify_one();
        Ok(())
    }

    async fn look_again(&self, tx: &mut Tx, hint: &Hint) -> Result<(), store::Error> {
        let now = self.clock.now();
        let order = match hint {
            Hint::Person { source, subject } => refresh_member::order(source, subject, true, now),
            Hint::Group { source, group } => refresh_group::order(source, *group, now),
            Hint::Everybody { source } => refresh_source::order(source, now),
            Hint::Member { guild, user } => settle_member::order(*guild, *user, Importance::Take, now),
            Hint::Guild { guild } => reconcile_guild::order(*guild, now),
        };
        jobs::order(tx, order).await
    }
}
