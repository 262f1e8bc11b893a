//! A person's word: what it is good for, how long, and a server that changes nothing without it.

use std::time::Duration;

use sim::discord::{Fault, FaultRule};

use super::guarded::{TWO, crewed, everybody};
use crate::bad_days::{NEXT_TRY, SWEEP};
use crate::forum_person;

/// A regular by trust level.
const REGULAR: &str = "[[guild.role]]\nrole = 'Regular'\nwhen = 'forum.trust_level >= 2'\n";
/// Nothing is written unless somebody applies it.
const WHEN_ASKED: &str = "changes = 'when asked'\n";
/// Longer than a person's word is good for.
const WORD: Duration = Duration::from_secs(3_700);

stories! {
    async fn a_word_of_which_nothing_came_within_an_hour_is_asked_for_again(engine) {
        let harbor = crewed(&engine, &[TWO, REGULAR]).await;
        for name in everybody() {
            forum_person(&harbor.world, name).drifts_to_level(1).unwrap();
        }
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.owner_read().len(), 1);
        let discord = harbor.world.discord_sim();
        discord.fault(FaultRule::next("", "/roles/{role}", Fault::Status(503)).times(100_000));
        let applied = tokio::time::timeout(Duration::from_secs(5), harbor.applies(Some(7))).await;
        assert!(applied.is_err() || applied.unwrap().is_ok());
        harbor.endures(WORD).await;
        discord.clear_faults();
        harbor.endures(NEXT_TRY).await;
        harbor.endures(SWEEP).await;
        assert_eq!(harbor.holders("Regular").len(), 7);
        assert_eq!(engine.count("select count(*) from plans where state = 'expired'").await, 1);
        assert_eq!(engine.count("select count(*) from plans where state = 'parked'").await, 1);
        assert_eq!(harbor.owner_read().len(), 2);
        harbor.world.transcript();
    }

    async fn a_server_that_wants_to_be_asked_is_written_to_by_nobody_until_somebody_says_so(engine) {
        let harbor = crewed(&engine, &[WHEN_ASKED, REGULAR]).await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.holders("Regular"), [""; 0]);
        let plan = harbor.plan().await;
        assert_eq!((plan.waiting(), plan.gives), (7, 7));
        assert_told!(plan.reasons.join("\n"), @"This server changes nothing unless asked; 7 changes wait.");
        harbor.applies(Some(7)).await.unwrap();
        assert_eq!(harbor.holders("Regular").len(), 7);
        forum_person(&harbor.world, "una").gets_level(1).unwrap();
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.holders("Regular").len(), 7);
        harbor.applies(Some(1)).await.unwrap();
        assert_eq!(harbor.holders("Regular").len(), 6);
        harbor.world.transcript();
    }
}
