//! Taking back what was written: what comes back, what is left alone, and how long that stands.

use std::time::Duration;

use domain::ids::PlanId;
use sim::discord::{Fault, FaultRule};

use super::guarded::{TWO, crewed, everybody};
use crate::bad_days::{Harbor, MINUTE, STAFF_LOG, SWEEP};
use crate::{Engine, forum_person, nickname, person};

/// A regular by trust level.
const REGULAR: &str = "[[guild.role]]\nrole = 'Regular'\nwhen = 'forum.trust_level >= 2'\n";
/// A maker by a higher one.
const MAKER: &str = "[[guild.role]]\nrole = 'Maker'\nwhen = 'forum.trust_level >= 3'\n";
/// What is taken back stands for two hours.
const TWO_HOURS: &str = "overrides_last = '2h'\n";

/// The plan under which something was written last.
async fn written_last(engine: &Engine) -> PlanId {
    PlanId(engine.count("select max(plan_id) from written").await)
}

/// Everybody drifts below the rule, and the plan that takes it from so many waits.
async fn all_wait(harbor: &Harbor, so_many: usize) -> PlanId {
    for name in everybody() {
        forum_person(&harbor.world, name).drifts_to_level(1).unwrap();
    }
    harbor.hall.passes(SWEEP).await;
    let plan = harbor.plan().await;
    assert_eq!(plan.waiting(), so_many);
    plan.plan.unwrap()
}

stories! {
    async fn what_is_taken_back_stays_until_the_override_ends(engine) {
        let harbor = crewed(&engine, &[TWO_HOURS, REGULAR]).await;
        forum_person(&harbor.world, "una").gets_level(1).unwrap();
        harbor.hall.passes(STAFF_LOG).await;
        assert_eq!(harbor.holders("Regular").len(), 6);
        let undone = harbor.undoes(written_last(&engine).await).await.unwrap();
        assert_eq!((undone.changes, undone.left.len()), (1, 0));
        assert_eq!(harbor.holders("Regular").len(), 7);
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.holders("Regular").len(), 7);
        assert!(harbor.undoes(undone.plan).await.unwrap_err().contains("was taken back already"));
        harbor.hall.passes(SWEEP).await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.holders("Regular").len(), 6);
        harbor.world.transcript();
    }

    async fn who_left_and_roles_that_are_gone_are_left_alone_and_counted(engine) {
        let harbor = crewed(&engine, &[REGULAR, MAKER]).await;
        let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
        forum_person(&harbor.world, "mira").drifts_to_level(2).unwrap();
        for name in ["una", "ove"] {
            forum_person(&harbor.world, name).drifts_to_level(1).unwrap();
        }
        harbor.hall.passes(SWEEP).await;
        assert_eq!((harbor.holders("Regular").len(), harbor.holders("Maker").len()), (5, 0));
        discord.leave(guild, person(&harbor.world, "una_d").person.user()).unwrap();
        discord.delete_role(harbor.owner(), guild, harbor.role("Maker")).unwrap();
        harbor.hall.settle().await;
        let undone = harbor.undoes(written_last(&engine).await).await.unwrap();
        assert_eq!(undone.changes, 1);
        assert_told!(undone.left.join("\n"), @r"
        1 left the server, and has nothing to take back.
        1 is about a role that is gone.
        ");
        harbor.hall.passes(SWEEP).await;
        assert!(harbor.holders("Regular").contains(&"ove"));
        harbor.world.transcript();
    }

    async fn a_run_of_which_nothing_is_left_to_take_back_is_not_taken_back_and_says_why(engine) {
        let harbor = crewed(&engine, &[TWO, REGULAR]).await;
        let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
        let (owner, una) = (person(&harbor.world, "owner"), person(&harbor.world, "una_d").person.user());
        forum_person(&harbor.world, "una").gets_level(1).unwrap();
        harbor.hall.passes(STAFF_LOG).await;
        let plan = written_last(&engine).await;
        discord.leave(guild, una).unwrap();
        harbor.hall.settle().await;
        harbor.world.transcript();
        let undo = format!("/undo plan:{plan}");
        owner.runs(&undo).await;
        discord.join(guild, una).unwrap();
        harbor.hall.settle().await;
        assert!(harbor.undoes(plan).await.is_ok(), "once there is something it can be taken back");
        assert!(harbor.has("una", "Regular"));
        owner.runs(&undo).await;
        let said = harbor.world.transcript().replace(&format!("plan:{plan}"), "plan:N");
        assert_told!(said.replace(&format!("lan {plan} "), "lan N "), @r"
        owner runs /undo plan:N
          Nothing of plan N is left to take back. 1 left the server, and has nothing to take back.
        the hall gives una_d Regular: Harbor: what the rule did was taken back
        owner runs /undo plan:N
          Plan N was taken back already, as plan 9.
        ");
        let waits = all_wait(&harbor, 6).await;
        let said = harbor.undoes(waits).await.unwrap_err();
        assert_eq!(said, format!("Nothing was written under plan {waits}, so there is nothing to undo."));
        harbor.world.transcript();
    }

    async fn a_nickname_that_was_changed_by_hand_since_stays(engine) {
        let harbor = crewed(&engine, &[&nickname("{forum.name}")]).await;
        let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
        let (una, pia) = (person(&harbor.world, "una_d"), person(&harbor.world, "pia_d"));
        forum_person(&harbor.world, "una").calls_themselves("Una of the Quay").unwrap();
        harbor.hall.settle().await;
        let of_una = written_last(&engine).await;
        forum_person(&harbor.world, "pia").calls_themselves("Pia of the Pier").unwrap();
        harbor.hall.settle().await;
        let of_pia = written_last(&engine).await;
        assert_eq!(una.nickname().as_deref(), Some("Una of the Quay"));
        // Else the hall would have written it again before anybody could take it back.
        discord.fault(FaultRule::next("PATCH", "/members/", Fault::Status(403)).times(3));
        discord.set_nick(harbor.owner(), guild, pia.person.user(), Some("P")).unwrap();
        harbor.hall.settle().await;
        let said = harbor.undoes(of_pia).await.unwrap_err();
        assert!(said.ends_with("is left to take back. 1 is a nickname that was changed since; it stays."), "{said}");
        discord.clear_faults();
        let undone = harbor.undoes(of_una).await.unwrap();
        assert_eq!(undone.changes, 1);
        assert_ne!(una.nickname().as_deref(), Some("Una of the Quay"));
        harbor.hall.passes(SWEEP).await;
        assert_ne!(una.nickname().as_deref(), Some("Una of the Quay"));
        harbor.world.transcript();
    }

    async fn of_two_who_agree_and_take_back_at_the_same_moment_all_or_nothing_comes(engine) {
        let harbor = crewed(&engine, &[TWO, REGULAR]).await;
        let plan = all_wait(&harbor, 7).await;
        let (agreed, undone) = tokio::join!(harbor.applies(Some(7)), harbor.undoes(plan));
        assert!(agreed.is_ok(), "{agreed:?}");
        harbor.hall.passes(MINUTE).await;
        let left = harbor.holders("Regular").len();
        assert_eq!(left, if undone.is_ok() { 7 } else { 0 }, "{undone:?}");
        harbor.world.transcript();
    }

    async fn of_two_who_agree_at_the_same_moment_one_is_told_that_it_is_written_already(engine) {
        let harbor = crewed(&engine, &[TWO, REGULAR]).await;
        all_wait(&harbor, 7).await;
        harbor.world.discord_sim().forget_calls();
        let (first, second) = tokio::join!(harbor.applies(Some(7)), harbor.applies(Some(7)));
        let refused = [&first, &second].into_iter().filter_map(|said| said.as_ref().err()).count();
        assert_eq!(refused, 1, "{first:?} {second:?}");
        assert_eq!(harbor.holders("Regular"), [""; 0]);
        assert_eq!(harbor.writes(), 7);
        harbor.world.transcript();
    }

    async fn of_two_who_take_back_at_the_same_moment_one_is_told_that_it_is_taken_back_already(engine) {
        let harbor = crewed(&engine, &[TWO, REGULAR]).await;
        let plan = all_wait(&harbor, 7).await;
        harbor.applies(Some(7)).await.unwrap();
        assert_eq!(harbor.holders("Regular"), [""; 0]);
        let (first, second) = tokio::join!(harbor.undoes(plan), harbor.undoes(plan));
        let refused: Vec<&String> = [&first, &second].into_iter().filter_map(|said| said.as_ref().err()).collect();
        assert_eq!(refused.len(), 1, "{first:?} {second:?}");
        assert!(refused[0].contains("was taken back already"), "{refused:?}");
        assert_eq!(harbor.holders("Regular").len(), 7);
        harbor.world.transcript();
    }

    async fn what_is_taken_back_in_the_middle_of_writing_is_written_no_further(engine) {
        let harbor = crewed(&engine, &[TWO, REGULAR]).await;
        let plan = all_wait(&harbor, 7).await;
        let limited = Fault::Limited { scope: "user", retry_after_ms: 10_000 };
        harbor.world.discord_sim().fault(FaultRule::next("DELETE", "/roles/{role}", limited));
        let cut = tokio::time::timeout(Duration::from_secs(2), harbor.applies(Some(7))).await;
        assert!(cut.is_err() || cut.unwrap().is_ok());
        let said = harbor.hall.inside().undo(harbor.guild(), plan, &harbor.by_owner()).await;
        assert!(said.is_ok(), "{said:?}");
        harbor.endures(MINUTE).await;
        assert_eq!(harbor.holders("Regular").len(), 7);
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.holders("Regular").len(), 7);
        harbor.world.transcript();
    }

    async fn a_write_whose_answer_was_lost_can_be_taken_back(engine) {
        let harbor = crewed(&engine, &[TWO, REGULAR]).await;
        let discord = harbor.world.discord_sim();
        discord.fault(FaultRule::next("DELETE", "/roles/{role}", Fault::Reset).carried_out());
        forum_person(&harbor.world, "ove").gets_level(1).unwrap();
        harbor.hall.passes(STAFF_LOG).await;
        harbor.endures(MINUTE).await;
        assert_eq!(harbor.holders("Regular").len(), 6);
        let undone = harbor.undoes(written_last(&engine).await).await.unwrap();
        assert_eq!((undone.changes, harbor.holders("Regular").len()), (1, 7));
        harbor.world.transcript();
    }

    async fn after_the_owner_left_the_new_one_is_told(engine) {
        let harbor = crewed(&engine, &[TWO, REGULAR]).await;
        let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
        let siv = person(&harbor.world, "siv_d").person.user();
        let before = discord.dms(siv).len();
        discord.set_owner(guild, siv).unwrap();
        harbor.hall.settle().await;
        all_wait(&harbor, 7).await;
        assert!(harbor.owner_read().is_empty());
        assert_eq!(discord.dms(siv).len(), before + 1);
        harbor.world.transcript();
    }
}
