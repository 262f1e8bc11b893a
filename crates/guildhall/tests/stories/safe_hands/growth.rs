//! Nothing grows because somebody asks, or because time passes.

use sim::discord::{Fault, FaultRule};

use super::guarded::{TWO, crewed, everybody};
use crate::bad_days::SWEEP;
use crate::{Engine, forum_person, person};

/// A regular by trust level.
const REGULAR: &str = "[[guild.role]]\nrole = 'Regular'\nwhen = 'forum.trust_level >= 2'\n";
/// A second role for the same people.
const MAKER: &str = "[[guild.role]]\nrole = 'Maker'\nwhen = 'forum.trust_level >= 2'\n";
/// No rule is left for it.
const NO_RULE: &str = "[[guild.role]]\nrole = 'Music'\nwhen = 'forum.trust_level >= 4'\n";
/// How often somebody asks.
const ASKED: usize = 200;
/// How many sweeps pass: two days.
const SWEPT: usize = 48;

/// How many plans are stored.
async fn plans(engine: &Engine) -> i64 {
    engine.count("select count(*) from plans").await
}

stories! {
    async fn a_plan_that_waits_is_stored_once_however_often_it_is_looked_at(engine) {
        let harbor = crewed(&engine, &[TWO, REGULAR]).await;
        for name in everybody() {
            forum_person(&harbor.world, name).drifts_to_level(1).unwrap();
        }
        harbor.hall.passes(SWEEP).await;
        let first = harbor.plan().await.plan;
        let before = plans(&engine).await;
        for _ in 0..ASKED {
            assert_eq!(harbor.plan().await.plan, first);
        }
        person(&harbor.world, "owner").runs("/plan").await;
        assert_eq!(plans(&engine).await, before);
        for _ in 0..SWEPT {
            harbor.hall.passes(SWEEP).await;
        }
        assert_eq!((harbor.plan().await.plan, plans(&engine).await), (first, before));
        assert_eq!(harbor.owner_read().len(), 1);
        harbor.world.transcript();
    }

    async fn what_discord_refuses_to_write_is_numbered_once_however_many_sweeps_try_it(engine) {
        let mut harbor = crewed(&engine, &[NO_RULE]).await;
        let refused = FaultRule::next("PUT", "/roles/{role}", Fault::Status(403));
        harbor.world.discord_sim().fault(refused.times(1_000_000));
        harbor.hall.is_set(NO_RULE, REGULAR);
        harbor.hall.restart().await;
        harbor.hall.passes(SWEEP).await;
        let (first, before) = (harbor.plan().await.plan, plans(&engine).await);
        for _ in 0..ASKED {
            assert_eq!(harbor.plan().await.plan, first);
        }
        assert_eq!(plans(&engine).await, before);
        for _ in 0..SWEPT {
            harbor.hall.passes(SWEEP).await;
        }
        assert_eq!(plans(&engine).await, before);
        harbor.world.discord_sim().clear_faults();
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.holders("Regular").len(), 7);
        harbor.hall.passes(SWEEP).await;
        assert_eq!(engine.count("select count(*) from plans where state = 'running'").await, 0);
        harbor.world.transcript();
    }

    async fn what_is_needed_beside_what_is_refused_is_a_plan_of_its_own(engine) {
        let mut harbor = crewed(&engine, &[NO_RULE]).await;
        let refused = FaultRule::next("PUT", "/roles/{role}", Fault::Status(403));
        harbor.world.discord_sim().fault(refused.times(1_000_000));
        harbor.hall.is_set(NO_RULE, REGULAR);
        harbor.hall.restart().await;
        harbor.hall.is_set(REGULAR, Box::leak([REGULAR, MAKER].concat().into_boxed_str()));
        harbor.hall.restart().await;
        harbor.world.discord_sim().clear_faults();
        harbor.hall.passes(SWEEP).await;
        assert_eq!((harbor.holders("Regular").len(), harbor.holders("Maker").len()), (7, 7));
        let unnumbered = "select count(*) from written where plan_id not in (select id from plans)";
        assert_eq!(engine.count(unnumbered).await, 0);
        harbor.world.transcript();
    }
}
