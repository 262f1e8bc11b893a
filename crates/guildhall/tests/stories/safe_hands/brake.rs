//! A day on which the forum says that nobody is what they were: what is taken is little, and the rest asks.

use sim::discord::{Fault, FaultRule};

use super::guarded::{TWO, crewed, everybody};
use crate::bad_days::{STAFF_LOG, SWEEP};
use crate::forum_person;

/// Who is suspended is no regular.
const UNSUSPENDED: &str =
    "[[guild.role]]\nrole = 'Regular'\nwhen = 'forum.trust_level >= 2 && !forum.suspended'\n";
/// A regular by trust level.
const REGULAR: &str = "[[guild.role]]\nrole = 'Regular'\nwhen = 'forum.trust_level >= 2'\n";
/// A maker by group.
const MAKER: &str = "[[guild.role]]\nrole = 'Maker'\nwhen = '\"makers\" in forum.groups'\n";
/// A day, in milliseconds.
const DAY_MS: i64 = 86_400_000;

stories! {
    async fn when_everybody_is_suspended_two_lose_their_role_and_the_owner_is_asked_once(engine) {
        let harbor = crewed(&engine, &[TWO, UNSUSPENDED]).await;
        let tomorrow = harbor.world.clock().now_ms() + DAY_MS;
        for name in everybody() {
            forum_person(&harbor.world, name).is_suspended_until(tomorrow).unwrap();
        }
        harbor.hall.passes(STAFF_LOG).await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.holders("Regular").len(), 5);
        let read = harbor.owner_read();
        assert_eq!(read.len(), 1, "{read:#?}");
        assert!(read[0].contains("would lose the role “Regular”"), "{read:?}");
        assert!(read[0].contains("without your word at most 2 may in 24 hours"), "{read:?}");
        assert!(read[0].contains("To agree, type /apply plan"), "{read:?}");
        assert!(harbor.applies(Some(4)).await.unwrap_err().contains("has 5 changes, not 4"));
        assert!(harbor.applies(None).await.unwrap_err().contains("type the number of its changes: 5"));
        assert_eq!(harbor.holders("Regular").len(), 5);
        assert_eq!(harbor.applies(Some(5)).await.unwrap().changes, 5);
        assert_eq!(harbor.holders("Regular"), [""; 0]);
        harbor.world.transcript();
    }

    async fn when_a_reading_says_that_everybody_is_new_nobody_loses_anything(engine) {
        let harbor = crewed(&engine, &[TWO, REGULAR]).await;
        for name in everybody() {
            forum_person(&harbor.world, name).drifts_to_level(0).unwrap();
        }
        harbor.hall.passes(SWEEP).await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.holders("Regular").len(), 7);
        assert_told!(harbor.owner_read().join("\n"), @r"
        Harbor\: plan 8 waits for your word. It has 7 changes.
        • 7 would lose the role “Regular”; without your word at most 2 may in 24 hours.
        Nothing of it happens by itself. In the server, /plan shows who and why. To agree, type /apply plan\:8 count\:7 there.
        ");
        harbor.world.transcript();
    }

    async fn a_group_that_is_emptied_and_filled_again_needs_nobodys_word(engine) {
        let harbor = crewed(&engine, &[TWO, MAKER]).await;
        for name in everybody().skip(1) {
            forum_person(&harbor.world, name).joins("makers").unwrap();
        }
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.holders("Maker").len(), 7);
        for name in everybody() {
            forum_person(&harbor.world, name).leaves("makers").unwrap();
        }
        harbor.hall.passes(STAFF_LOG).await;
        assert_eq!(harbor.holders("Maker").len(), 5);
        assert_eq!(engine.count("select count(*) from plans where state = 'parked'").await, 1);
        for name in everybody() {
            forum_person(&harbor.world, name).joins("makers").unwrap();
        }
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.holders("Maker").len(), 7);
        assert_eq!(engine.count("select count(*) from plans where state = 'parked'").await, 0);
        assert!(harbor.plan().await.is_empty());
        // Once that it waits, and once how far it grew if the first word was sent while it did.
        let read = harbor.owner_read();
        assert!((1..=2).contains(&read.len()), "{read:#?}");
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.owner_read(), read, "of what nobody needs any more the owner hears nothing");
        harbor.world.transcript();
    }

    async fn a_removal_whose_request_broke_does_not_count_against_its_own_second_attempt(engine) {
        let harbor = crewed(&engine, &[TWO, REGULAR]).await;
        let discord = harbor.world.discord_sim();
        discord.fault(FaultRule::next("DELETE", "/roles/{role}", Fault::Status(503)).times(10_000));
        for name in everybody().take(2) {
            forum_person(&harbor.world, name).drifts_to_level(1).unwrap();
        }
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.holders("Regular").len(), 7);
        assert_eq!(engine.count("select count(*) from written where done = 0").await, 2);
        discord.clear_faults();
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.holders("Regular").len(), 5);
        assert_eq!(engine.count("select count(*) from plans where state = 'parked'").await, 0);
        assert_eq!(harbor.owner_read(), [""; 0]);
        harbor.world.transcript();
    }

    async fn what_comes_one_by_one_within_minutes_waits_in_one_plan_with_one_notice(engine) {
        let harbor = crewed(&engine, &[TWO, REGULAR]).await;
        for name in everybody() {
            forum_person(&harbor.world, name).gets_level(1).unwrap();
            harbor.hall.passes(STAFF_LOG).await;
        }
        assert_eq!(harbor.holders("Regular").len(), 5);
        assert_eq!(engine.count("select count(*) from plans where state = 'parked'").await, 1);
        assert_eq!(harbor.plan().await.waiting(), 5);
        let read = harbor.owner_read();
        assert_eq!(read.len(), 1, "{read:#?}");
        harbor.hall.passes(SWEEP).await;
        let read = harbor.owner_read();
        assert_eq!((read.len(), harbor.holders("Regular").len()), (2, 5), "{read:#?}");
        assert!(read[1].contains("It has 5 changes"), "once it has grown, the owner hears how far: {read:?}");
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.owner_read().len(), 2);
        harbor.world.transcript();
    }

    async fn a_plan_of_which_less_is_needed_by_now_is_agreed_to_by_what_is_left(engine) {
        let harbor = crewed(&engine, &[TWO, REGULAR]).await;
        for name in everybody() {
            forum_person(&harbor.world, name).drifts_to_level(1).unwrap();
        }
        harbor.hall.passes(SWEEP).await;
        let before = harbor.plan().await;
        forum_person(&harbor.world, "una").drifts_to_level(2).unwrap();
        harbor.hall.passes(SWEEP).await;
        let plan = harbor.plan().await;
        assert_eq!((before.waiting(), plan.waiting()), (7, 6));
        assert_eq!(harbor.applies(Some(plan.waiting())).await.unwrap().changes, 6);
        assert_eq!(harbor.holders("Regular"), ["una"]);
        assert_eq!(harbor.owner_read().len(), 1);
        harbor.world.transcript();
    }

    async fn one_demotion_among_a_few_waits_for_nobody(engine) {
        let harbor = crewed(&engine, &[REGULAR]).await;
        forum_person(&harbor.world, "una").gets_level(1).unwrap();
        harbor.hall.passes(STAFF_LOG).await;
        assert_eq!(harbor.holders("Regular").len(), 6);
        assert!(harbor.owner_read().is_empty());
        harbor.world.transcript();
    }
}
