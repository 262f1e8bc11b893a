//! Nicknames that were not written yet when their run is taken back.

use domain::ids::PlanId;
use sim::discord::{Fault, FaultRule};

use super::guarded::{crewed, everybody};
use crate::bad_days::{Harbor, SWEEP};
use crate::{Engine, nickname, person};

/// A rule about no nickname.
const NO_RULE: &str = "[[guild.role]]\nrole = 'Music'\nwhen = 'forum.trust_level >= 4'\n";
/// Everybody may be renamed at once.
const ANY: &str = "[guild.brake]\nnicknames_least = 100\n";

/// A template comes, and only the first so many renames go through; the plan under which they did.
async fn begins_to_name(engine: &Engine, harbor: &mut Harbor, through: u32) -> PlanId {
    let forbidden = FaultRule::next("PATCH", "/members/{user}", Fault::Status(403)).times(1_000);
    harbor.world.discord_sim().fault(FaultRule { after: through, ..forbidden });
    let template: &'static str = [NO_RULE, &nickname("~ {forum.username} ~")].concat().leak();
    harbor.hall.is_set(NO_RULE, template);
    harbor.hall.restart().await;
    PlanId(engine.count("select max(id) from plans where state = 'running'").await)
}

/// Who is called as the template says.
fn named(harbor: &Harbor) -> Vec<&'static str> {
    let is_named = |name: &&str| {
        let nickname = person(&harbor.world, &format!("{name}_d")).nickname();
        nickname.is_some_and(|nickname| nickname.starts_with('~'))
    };
    everybody().filter(is_named).collect()
}

stories! {
    async fn names_that_were_not_written_yet_are_not_written_once_their_plan_is_taken_back(engine) {
        let mut harbor = crewed(&engine, &[ANY, NO_RULE]).await;
        let plan = begins_to_name(&engine, &mut harbor, 2).await;
        assert_eq!(named(&harbor).len(), 2);
        let undone = harbor.undoes(plan).await.unwrap();
        assert_told!(undone.left.join("\n"), @"5 were not written yet, and are not written now.");
        harbor.world.discord_sim().clear_faults();
        harbor.hall.passes(SWEEP).await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(named(&harbor), [""; 0]);
        harbor.world.transcript();
    }

    async fn of_whoever_has_a_name_of_their_own_it_is_said_that_the_rules_may_write_theirs_still(engine) {
        let mut harbor = crewed(&engine, &[ANY, NO_RULE]).await;
        let (discord, guild) = (harbor.world.discord_sim().clone(), harbor.world.guild());
        let una = person(&harbor.world, "una_d");
        discord.set_nick(harbor.owner(), guild, una.person.user(), Some("Una the Tall")).unwrap();
        harbor.hall.settle().await;
        let plan = begins_to_name(&engine, &mut harbor, 0).await;
        let undone = harbor.undoes(plan).await.unwrap();
        assert_told!(undone.left.join("\n"), @r"
        6 were not written yet, and are not written now.
        1 is a nickname that was not written yet; the rules may still write it.
        ");
        discord.clear_faults();
        harbor.hall.passes(SWEEP).await;
        // Of a name that the hall did not write it knows only that there is one, and cannot say what to keep.
        assert_eq!(named(&harbor), ["una"]);
        harbor.world.transcript();
    }
}
