//! What waits, and what was told, stays so while the hall begins anew and has not read the server's members yet.

use sim::discord::{Fault, FaultRule, permission};

use super::guarded::{TWO, crewed, everybody};
use crate::bad_days::{Harbor, MINUTE, NEXT_TRY, STAFF_LOG, SWEEP};
use crate::{Engine, forum_person, person};

/// A regular by trust level.
const REGULAR: &str = "[[guild.role]]\nrole = 'Regular'\nwhen = 'forum.trust_level >= 2'\n";
/// How many plans wait.
const PARKED: &str = "select count(*) from plans where state = 'parked'";
/// Which plan waits.
const WAITING: &str = "select max(id) from plans where state = 'parked'";
/// How often the hall begins anew in a row.
const RESTARTS: usize = 6;
/// How often somebody asks while the members cannot be read.
const ASKED: usize = 3;

/// All of the crew are to lose the role, which waits.
async fn seven_wait(engine: &Engine) -> Harbor {
    let harbor = crewed(engine, &[TWO, REGULAR]).await;
    all_are_demoted(&harbor).await;
    harbor
}

async fn all_are_demoted(harbor: &Harbor) {
    for name in everybody() {
        forum_person(&harbor.world, name).drifts_to_level(1).unwrap();
    }
    harbor.hall.passes(SWEEP).await;
    assert_eq!(harbor.holders("Regular").len(), 7);
}

/// From here on the hall may not read the member list.
async fn without_the_member_intent(harbor: &mut Harbor) {
    harbor.hall.stop().await;
    harbor.world.discord_sim().set_intents(harbor.world.application(), false, false, false).unwrap();
    harbor.hall.restart().await;
    harbor.hall.passes(SWEEP).await;
}

/// The plan that waits, and how often the owner was written to.
async fn waits(engine: &Engine, harbor: &Harbor) -> (i64, usize) {
    (engine.count(WAITING).await, harbor.owner_read().len())
}

stories! {
    async fn what_waits_is_the_same_plan_after_every_restart_and_told_once(engine) {
        let mut harbor = seven_wait(&engine).await;
        let before = waits(&engine, &harbor).await;
        for _ in 0..RESTARTS {
            harbor.hall.restart().await;
            harbor.hall.passes(SWEEP).await;
            assert_eq!(waits(&engine, &harbor).await, before);
        }
        harbor.world.transcript();
    }

    async fn without_the_member_intent_what_waits_waits_over_a_restart(engine) {
        let mut harbor = crewed(&engine, &[TWO, REGULAR]).await;
        without_the_member_intent(&mut harbor).await;
        all_are_demoted(&harbor).await;
        assert_eq!(engine.count(PARKED).await, 1);
        let before = waits(&engine, &harbor).await;
        harbor.hall.restart().await;
        harbor.hall.passes(MINUTE).await;
        assert_eq!(harbor.holders("Regular").len(), 7);
        assert_eq!(waits(&engine, &harbor).await, before);
        assert_eq!(harbor.plan().await.waiting(), 7, "all were read again");
        harbor.world.transcript();
    }

    async fn without_the_member_intent_nothing_waits_for_who_left_meanwhile(engine) {
        let mut harbor = crewed(&engine, &[TWO, REGULAR]).await;
        without_the_member_intent(&mut harbor).await;
        all_are_demoted(&harbor).await;
        harbor.hall.stop().await;
        let (discord, guild) = (harbor.world.discord_sim().clone(), harbor.world.guild());
        for name in everybody() {
            let user = person(&harbor.world, &format!("{name}_d")).person.user();
            discord.leave(guild, user).unwrap();
        }
        harbor.hall.restart().await;
        harbor.hall.passes(SWEEP).await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(engine.count(PARKED).await, 0);
        harbor.world.transcript();
    }

    async fn who_asks_while_members_are_read_ends_nothing_that_waits(engine) {
        let mut harbor = crewed(&engine, &[TWO, REGULAR]).await;
        for name in ["una", "ove", "pia", "rolf"] {
            forum_person(&harbor.world, name).gets_level(1).unwrap();
        }
        harbor.hall.passes(STAFF_LOG).await;
        // A day later nothing of the limit is used up any more: what waits is held only because it waited.
        for _ in 0..25 {
            harbor.hall.passes(SWEEP).await;
        }
        assert_eq!((harbor.holders("Regular").len(), engine.count(PARKED).await), (5, 1));
        let discord = harbor.world.discord_sim().clone();
        harbor.hall.stop().await;
        discord.fault(FaultRule::next("GET", "/guilds/{guild}/members", Fault::Status(503)).times(100_000));
        harbor.hall.begin_again().await;
        for _ in 0..ASKED {
            harbor.struggles(MINUTE).await;
            let said = harbor.hall.inside().show_plan(harbor.guild(), &harbor.by_owner()).await;
            assert_told!(said.unwrap_err().to_string(), @"The server cannot be read yet, so what would change is not known. Try again in a minute.");
        }
        discord.clear_faults();
        harbor.endures(NEXT_TRY).await;
        harbor.endures(SWEEP).await;
        assert_eq!((harbor.holders("Regular").len(), engine.count(PARKED).await), (5, 1));
        harbor.world.transcript();
    }

    async fn that_a_rule_stopped_is_told_once_however_often_the_hall_begins_anew(engine) {
        let mut harbor = crewed(&engine, &[REGULAR]).await;
        let (discord, guild) = (harbor.world.discord_sim().clone(), harbor.world.guild());
        let (owner, role) = (harbor.owner(), harbor.role("Regular"));
        let told = harbor.owner_read().len();
        discord.set_permissions(owner, guild, role, permission::BAN_MEMBERS).unwrap();
        harbor.hall.settle().await;
        for _ in 0..RESTARTS {
            harbor.hall.restart().await;
            harbor.hall.passes(SWEEP).await;
        }
        assert_eq!(harbor.owner_read().len(), told + 1);
        harbor.world.transcript();
    }
}
