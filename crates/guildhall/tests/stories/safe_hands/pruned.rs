//! How long plans are remembered: until they are old and over, and not until they are old alone.

use std::time::Duration;

use domain::ids::PlanId;

use super::guarded::{TWO, crewed};
use crate::bad_days::{Harbor, STAFF_LOG, SWEEP};
use crate::{Engine, forum_person};

/// A regular by trust level.
const REGULAR: &str = "[[guild.role]]\nrole = 'Regular'\nwhen = 'forum.trust_level >= 2'\n";
/// What is taken back stands for longer than plans are kept.
const LONG: &str = "overrides_last = '400d'\n";
/// A day.
const DAY: Duration = Duration::from_secs(86_400);
/// Almost as long as plans are kept.
const ALMOST: Duration = Duration::from_secs(89 * 86_400);

/// How many rows a statement about one plan counts.
async fn about(engine: &Engine, table: &str, plan: PlanId) -> i64 {
    engine.count(&format!("{table} = {}", plan.0)).await
}

/// How many plans have this number, and how many things were written under it.
async fn kept(engine: &Engine, plan: PlanId) -> (i64, i64) {
    let plans = about(engine, "select count(*) from plans where id", plan).await;
    (plans, about(engine, "select count(*) from written where plan_id", plan).await)
}

/// Una loses her role by a hint; the plan under which she did.
async fn una_is_demoted(engine: &Engine, harbor: &Harbor) -> PlanId {
    forum_person(&harbor.world, "una").gets_level(1).unwrap();
    harbor.hall.passes(STAFF_LOG).await;
    assert!(!harbor.has("una", "Regular"));
    PlanId(engine.count("select max(plan_id) from written").await)
}

/// Four more drift below the rule, and wait.
async fn four_wait(harbor: &Harbor) -> PlanId {
    for name in ["ove", "pia", "rolf", "siv"] {
        forum_person(&harbor.world, name).drifts_to_level(1).unwrap();
    }
    harbor.hall.passes(SWEEP).await;
    let plan = harbor.plan().await;
    assert_eq!(plan.waiting(), 4);
    plan.plan.unwrap()
}

stories! {
    async fn what_is_over_is_forgotten_after_ninety_days_and_what_it_left_stands(engine) {
        let harbor = crewed(&engine, &[LONG, TWO, REGULAR]).await;
        let plan = una_is_demoted(&engine, &harbor).await;
        let undone = harbor.undoes(plan).await.unwrap();
        assert!(harbor.has("una", "Regular"));
        harbor.hall.passes(ALMOST).await;
        assert_eq!((kept(&engine, plan).await, kept(&engine, undone.by).await), ((1, 1), (1, 1)));
        assert!(harbor.undoes(plan).await.unwrap_err().contains("was taken back already"));
        harbor.hall.passes(DAY).await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!((kept(&engine, plan).await, kept(&engine, undone.by).await), ((0, 0), (0, 0)));
        let said = harbor.undoes(plan).await.unwrap_err();
        assert!(said.starts_with(&format!("There is no plan {plan} of this server.")), "{said}");
        assert!(harbor.has("una", "Regular"));
        assert_eq!(engine.count("select count(*) from overrides where origin = 'undo'").await, 1);
        harbor.world.transcript();
    }

    async fn the_owner_says_how_long_plans_are_kept(engine) {
        let mut harbor = crewed(&engine, &[LONG, TWO, REGULAR]).await;
        let plan = una_is_demoted(&engine, &harbor).await;
        harbor.hall.is_set("name = 'Harbor'\n", "name = 'Harbor'\nplans_keep = '2d'\n");
        harbor.hall.restart().await;
        harbor.hall.passes(DAY).await;
        assert_eq!(kept(&engine, plan).await, (1, 1));
        harbor.hall.passes(DAY).await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(kept(&engine, plan).await, (0, 0));
        harbor.world.transcript();
    }

    async fn what_waits_is_kept_however_old_it_is_and_can_be_taken_back_once_it_was_written(engine) {
        let harbor = crewed(&engine, &[TWO, REGULAR]).await;
        let plan = four_wait(&harbor).await;
        harbor.hall.passes(ALMOST).await;
        harbor.hall.passes(DAY * 2).await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.plan().await.plan, Some(plan));
        harbor.applies(Some(4)).await.unwrap();
        assert_eq!(harbor.holders("Regular").len(), 3);
        harbor.hall.passes(SWEEP).await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(kept(&engine, plan).await, (1, 4), "it was written just now");
        assert_eq!(harbor.undoes(plan).await.unwrap().changes, 4);
        assert_eq!(harbor.holders("Regular").len(), 7);
        harbor.hall.passes(ALMOST).await;
        harbor.hall.passes(DAY * 2).await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(kept(&engine, plan).await, (0, 0));
        harbor.world.transcript();
    }
}
