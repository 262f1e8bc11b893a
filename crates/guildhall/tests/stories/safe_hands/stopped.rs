//! Taking back what is still being written, what was decided otherwise since, and what gives power.

use domain::ids::{PlanId, RoleId};
use sim::discord::{Fault, FaultRule, RoleSpec, permission};
use sim::forum::PersonSpec;

use super::guarded::crewed;
use crate::bad_days::{Harbor, STAFF_LOG, SWEEP, harbor_with};
use crate::{Engine, forum_person, person};

/// A regular by trust level.
const REGULAR: &str = "[[guild.role]]\nrole = 'Regular'\nwhen = 'forum.trust_level >= 2'\n";
/// Mira is to be in the band, and nobody else.
const BAND: &str = "[[guild.role]]\nrole = 'Band'\nwhen = 'forum.trust_level >= 3'\n";
/// No rule is left for it.
const NO_RULE: &str = "[[guild.role]]\nrole = 'Music'\nwhen = 'forum.trust_level >= 4'\n";
/// Wardens may ban.
const WARDEN: &str =
    "[[guild.role]]\nrole = 'Warden'\nwhen = 'forum.trust_level >= 3'\npermits = ['ban_members']\n";
/// A tenth of the people of a source may be missing.
const A_TENTH: &str = "[guild.brake]\nshrink_least = 0\n";
/// What is taken back stands for two hours.
const TWO_HOURS: &str = "overrides_last = '2h'\n";

/// The first so many writes of a role go through, and no others.
fn only_so_many(harbor: &Harbor, method: &str, through: u32) {
    let forbidden = FaultRule::next(method, "/roles/{role}", Fault::Status(403)).times(1_000);
    harbor.world.discord_sim().fault(FaultRule { after: through, ..forbidden });
}

/// The plan under which something was written last.
async fn written_last(engine: &Engine) -> PlanId {
    PlanId(engine.count("select max(plan_id) from written").await)
}

/// The crew held the role Band before its rule came: those named, of whom Tove is not linked.
async fn held_before(harbor: &Harbor, names: &[&str]) {
    let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
    let role = discord.add_role(guild, &RoleSpec::named("Old band")).unwrap();
    for name in names {
        let who = person(&harbor.world, &format!("{name}_d")).person.user();
        discord.lay_roles(guild, who, &[role]).unwrap();
    }
    discord.rename_role(harbor.owner(), guild, role, "Band").unwrap();
    harbor.hall.passes(SWEEP).await;
}

/// Mira is a warden because the owner said yes.
async fn warden(engine: &Engine) -> Harbor {
    let harbor = harbor_with(engine, |forum| forum, &[WARDEN.to_owned()]).await;
    let spec = RoleSpec { permissions: permission::BAN_MEMBERS, ..RoleSpec::named("Warden") };
    let role = harbor.world.discord_sim().add_role(harbor.world.guild(), &spec).unwrap();
    harbor.hall.passes(SWEEP).await;
    let (hall, owner, role) = (harbor.hall.inside(), harbor.by_owner(), RoleId(role.get()));
    hall.confirm_role(harbor.guild(), harbor.user("mira"), role, &owner).await.unwrap();
    harbor.hall.settle().await;
    assert!(harbor.has("mira", "Warden"));
    harbor
}

stories! {
    async fn of_what_is_being_written_nothing_more_comes_once_it_is_taken_back(engine) {
        let mut harbor = crewed(&engine, &[NO_RULE]).await;
        only_so_many(&harbor, "PUT", 2);
        harbor.hall.is_set(NO_RULE, REGULAR);
        harbor.hall.restart().await;
        let came = harbor.holders("Regular");
        assert_eq!(came.len(), 2);
        let plan = PlanId(engine.count("select max(id) from plans where state = 'running'").await);
        let undone = harbor.undoes(plan).await.unwrap();
        assert_told!(undone.left.join("\n"), @"5 were not written yet, and are not written now.");
        harbor.world.discord_sim().clear_faults();
        harbor.hall.passes(SWEEP).await;
        let left = came.len() - undone.changes;
        assert_eq!(harbor.holders("Regular").len(), left);
        harbor.world.transcript();
    }

    async fn who_held_a_role_before_its_rule_is_asked_about_again_when_a_removal_is_taken_back(engine) {
        let harbor = crewed(&engine, &[TWO_HOURS, BAND]).await;
        held_before(&harbor, &["una", "ove", "pia"]).await;
        let plan = harbor.plan().await.plan.unwrap();
        only_so_many(&harbor, "DELETE", 1);
        harbor.applies(Some(3)).await.unwrap();
        assert_eq!(harbor.holders("Band").len(), 3);
        harbor.world.discord_sim().clear_faults();
        let undone = harbor.undoes(plan).await.unwrap();
        assert_eq!(undone.changes, 1);
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.holders("Band"), ["mira", "una", "ove", "pia"]);
        assert_eq!(harbor.plan().await.waiting(), 2, "of the third the undo says for two hours what they have");
        for _ in 0..3 {
            harbor.hall.passes(SWEEP).await;
        }
        assert_eq!(harbor.holders("Band"), ["mira", "una", "ove", "pia"]);
        assert_eq!(harbor.plan().await.waiting(), 3);
        harbor.world.transcript();
    }

    async fn a_decision_to_remove_is_taken_back_for_those_who_are_not_linked_too(engine) {
        let harbor = crewed(&engine, &[BAND]).await;
        held_before(&harbor, &["una", "ove", "tove"]).await;
        only_so_many(&harbor, "DELETE", 1);
        let hall = harbor.hall.inside();
        hall.remove_role(harbor.guild(), "Band", Some(2), &harbor.by_owner()).await.unwrap();
        harbor.hall.settle().await;
        harbor.world.discord_sim().clear_faults();
        assert_eq!(harbor.holders("Band").len(), 2);
        harbor.undoes(written_last(&engine).await).await.unwrap();
        person(&harbor.world, "tove_d").links_with("tove").await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.holders("Band"), ["mira", "una", "ove"]);
        assert!(harbor.has("tove", "Band"));
        assert_eq!(harbor.plan().await.waiting(), 2);
        harbor.world.transcript();
    }

    async fn what_waited_for_a_smaller_source_is_not_written_once_it_is_taken_back(engine) {
        let harbor = crewed(&engine, &[A_TENTH, REGULAR]).await;
        for name in ["ebb", "flow"] {
            harbor.forum().create_user(PersonSpec::new(name)).unwrap();
        }
        harbor.hall.passes(SWEEP).await;
        for name in ["ebb", "flow"] {
            forum_person(&harbor.world, name).is_deleted().unwrap();
        }
        for name in ["una", "ove"] {
            forum_person(&harbor.world, name).drifts_to_level(1).unwrap();
        }
        harbor.hall.passes(SWEEP).await;
        let shown = harbor.plan().await;
        assert_eq!(shown.waiting(), 2);
        only_so_many(&harbor, "DELETE", 1);
        harbor.applies(Some(2)).await.unwrap();
        assert_eq!(harbor.holders("Regular").len(), 6);
        harbor.world.discord_sim().clear_faults();
        harbor.undoes(shown.plan.unwrap()).await.unwrap();
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.holders("Regular").len(), 7);
        harbor.world.transcript();
    }

    async fn an_undo_that_is_taken_back_while_it_is_written_goes_no_further(engine) {
        let harbor = crewed(&engine, &[REGULAR]).await;
        for name in ["una", "ove", "pia"] {
            forum_person(&harbor.world, name).drifts_to_level(1).unwrap();
        }
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.holders("Regular").len(), 4);
        only_so_many(&harbor, "PUT", 1);
        let undone = harbor.undoes(written_last(&engine).await).await.unwrap();
        assert_eq!((undone.changes, harbor.holders("Regular").len()), (3, 5));
        harbor.undoes(undone.by).await.unwrap();
        harbor.world.discord_sim().clear_faults();
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.holders("Regular").len(), 4);
        harbor.world.transcript();
    }

    async fn what_a_moderator_did_since_stays_when_a_run_is_taken_back(engine) {
        let harbor = crewed(&engine, &[REGULAR]).await;
        let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
        forum_person(&harbor.world, "una").gets_level(1).unwrap();
        harbor.hall.passes(STAFF_LOG).await;
        let plan = written_last(&engine).await;
        forum_person(&harbor.world, "una").gets_level(2).unwrap();
        harbor.hall.passes(STAFF_LOG).await;
        assert!(harbor.has("una", "Regular"));
        let una = person(&harbor.world, "una_d").person.user();
        discord.take_role_by_hand(harbor.owner(), guild, una, harbor.role("Regular")).unwrap();
        harbor.hall.settle().await;
        let said = harbor.undoes(plan).await.unwrap_err();
        assert!(said.ends_with("is left to take back. 1 was decided otherwise since; that stays."), "{said}");
        assert!(!harbor.has("una", "Regular"));
        harbor.world.transcript();
    }

    async fn a_role_with_power_is_not_given_back_and_the_rule_goes_on(engine) {
        let harbor = warden(&engine).await;
        forum_person(&harbor.world, "mira").gets_level(1).unwrap();
        harbor.hall.passes(STAFF_LOG).await;
        assert!(!harbor.has("mira", "Warden"));
        let said = harbor.undoes(written_last(&engine).await).await.unwrap_err();
        let why = "1 would give a role with power, which taking back never does. Give it by hand in Discord, or let the \
                   rule decide.";
        assert!(said.ends_with(why), "{said}");
        forum_person(&harbor.world, "mira").gets_level(3).unwrap();
        harbor.hall.passes(SWEEP).await;
        assert!(!harbor.has("mira", "Warden"));
        assert_eq!(harbor.plan().await.waiting(), 1, "an admin is asked again");
        harbor.world.transcript();
    }

    async fn a_role_with_power_that_was_given_is_taken_back_and_needs_another_yes(engine) {
        let harbor = warden(&engine).await;
        let undone = harbor.undoes(written_last(&engine).await).await.unwrap();
        assert_eq!((undone.changes, undone.left.len()), (1, 0));
        assert!(!harbor.has("mira", "Warden"));
        harbor.hall.passes(SWEEP).await;
        assert!(!harbor.has("mira", "Warden"));
        assert_eq!(engine.count("select count(*) from confirmed_roles").await, 0);
        harbor.world.transcript();
    }
}
