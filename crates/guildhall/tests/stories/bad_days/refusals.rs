//! What Discord refuses: told once, remembered by nobody as given, tried again with each sweep.

use std::time::Duration;

use sim::discord::{Fault, FaultRule};

use super::{CREW, SWEEP, harbor};
use crate::forum_person;

/// A little longer than the staff log is left alone.
const STAFF_LOG: Duration = Duration::from_secs(31);
const REFUSED: &str = "select count(*) from audit where act = 'refused'";
const GIVEN: &str = "select count(*) from given_roles";

stories! {
    async fn a_role_that_discord_refuses_counts_as_given_by_nobody_and_is_told_of_once(engine) {
        let harbor = harbor(&engine).await;
        let (discord, mira) = (harbor.world.discord_sim(), forum_person(&harbor.world, "mira"));
        for told in 1..=2 {
            mira.gets_level(1).unwrap();
            harbor.hall.passes(STAFF_LOG).await;
            assert_eq!(engine.count(GIVEN).await, 1, "Maker is left");
            discord.fault(FaultRule::next("PUT", "/roles/{role}", Fault::Status(403)).times(1_000));
            mira.gets_level(3).unwrap();
            for span in [STAFF_LOG, SWEEP, SWEEP, SWEEP] {
                discord.forget_calls();
                harbor.hall.passes(span).await;
                assert!(harbor.answered_with(403) >= 1, "it is tried again");
                assert_eq!((engine.count(GIVEN).await, engine.count(REFUSED).await), (1, told));
            }
            discord.clear_faults();
            harbor.hall.passes(SWEEP).await;
            assert_eq!(harbor.mira.roles(), ["Regular", "Maker"]);
            assert_eq!((engine.count(GIVEN).await, engine.count(REFUSED).await), (2, told));
        }
        harbor.world.transcript();
    }

    async fn what_was_never_sent_is_not_told_of_as_refused(engine) {
        let harbor = harbor(&engine).await;
        let discord = harbor.world.discord_sim();
        harbor.links_the_crew().await;
        discord.forget_calls();
        discord.fault(FaultRule::next("", "/roles/{role}", Fault::Status(403)).times(1_000));
        for name in CREW {
            forum_person(&harbor.world, name).gets_level(1).unwrap();
        }
        for span in [STAFF_LOG, SWEEP, SWEEP] {
            harbor.hall.passes(span).await;
        }
        let people = engine.count("select count(distinct user_id) from audit where act = 'refused'").await;
        let told = engine.count(REFUSED).await;
        let sent = i64::try_from(harbor.answered_with(403)).unwrap();
        assert!((1..=sent).contains(&told) && told == people, "{told} told of {people} people, {sent} sent");
        harbor.world.transcript();
    }
}
