//! Several halls on one database, whose settings files need not say the same.

use std::time::Duration;

use service::rules::Cause;

use tokio_util::sync::CancellationToken;

use super::{SettingsFile, harbor, regular, staff};
use crate::Hall;

/// A little longer than a hall that waits lets pass between two looks.
const A_LOOK: Duration = Duration::from_secs(6);

/// Lets time pass until a hall leads.
async fn leads_at_last(hall: &Hall) {
    let never = CancellationToken::new();
    let leading = hall.inside().leading(&never);
    tokio::pin!(leading);
    loop {
        tokio::select! {
            biased;
            _ = &mut leading => break,
            () = tokio::task::yield_now() => hall.time_passes(A_LOOK),
        }
    }
    hall.settle().await;
}

stories! {
    async fn a_hall_with_older_rules_says_so_and_leaves_the_lead_to_the_one_with_newer(engine) {
        let mut harbor = harbor(&engine).await;
        let mut second = Hall::begin(&harbor.world, &engine, &[regular()], "http").await;
        let mut its_file = SettingsFile::of(&second, &[regular()]);
        harbor.hall.passes(Duration::from_secs(1)).await;
        its_file.write(&second, &[regular(), staff()]);
        its_file.watch.read(second.inside(), Cause::Asked).await;
        let never = CancellationToken::new();
        let term = harbor.hall.inside().leading(&never).await.unwrap();
        harbor.hall.listens(false);
        second.time_passes(A_LOOK);
        term.cancelled().await;
        leads_at_last(&second).await;
        assert_eq!(harbor.mira.roles(), ["Regular", "Staff"]);
        assert!(harbor.notes().join("").contains("older than those"), "{:?}", harbor.notes());
        assert!(second.inside().notes().is_empty());
        harbor.file.write(&harbor.hall, &[regular(), staff()]);
        harbor.file.watch.read(harbor.hall.inside(), Cause::Asked).await;
        assert!(harbor.notes().is_empty());
        assert_eq!(engine.count("select count(*) from revisions").await, 2);
        second.stop().await;
        harbor.hall.listens(true);
        leads_at_last(&harbor.hall).await;
        assert_eq!(harbor.mira.roles(), ["Regular", "Staff"]);
        harbor.world.transcript();
    }

    async fn a_hall_that_is_started_with_other_rules_waits_and_its_rules_hold_once_it_leads(engine) {
        let mut harbor = harbor(&engine).await;
        let second = Hall::begin(&harbor.world, &engine, &[regular(), staff()], "http").await;
        harbor.hall.passes(A_LOOK).await;
        assert_eq!(harbor.mira.roles(), ["Regular"]);
        let guild = harbor.guild();
        assert_eq!(second.inside().revision(guild), None);
        harbor.hall.stop().await;
        leads_at_last(&second).await;
        assert_eq!(harbor.mira.roles(), ["Regular", "Staff"]);
        assert!(second.inside().revision(guild).is_some());
        harbor.world.transcript();
    }
}
