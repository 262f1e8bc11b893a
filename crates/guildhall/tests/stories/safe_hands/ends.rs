//! What ends a decision, and who may end it: nobody comes to power that way, and what is taken back is taken back whole.

use std::time::Duration;

use domain::ids::RoleId;
use sim::discord::{RoleSpec, permission};

use super::guarded::two_fewer;
use super::power::{WARDEN, links_with_a_second_factor, newer_forum};
use crate::bad_days::{Harbor, SWEEP, harbor_with};
use crate::{Engine, forum_person, person};

const REGULAR: &str = "[[guild.role]]\nrole = 'Regular'\nwhen = 'forum.trust_level >= 2'\n";
const CLUB: &str = "[[guild.role]]\nrole = 'Band'\nwhen = 'forum.trust_level >= 2'\n";
/// Longer than an override lasts.
const OVER_A_MONTH: Duration = Duration::from_secs(31 * 86_400);

/// Vera linked with a second factor and was a warden, until the owner took that from her by hand. She manages the
/// server, and so does Tove; their roles stand below Warden. Una's stands above it.
async fn without_vera(engine: &Engine) -> Harbor {
    let harbor = harbor_with(engine, newer_forum, &[WARDEN.to_owned()]).await;
    let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
    let role = |name: &str, permissions, position| {
        discord.add_role(guild, &RoleSpec { permissions, position, ..RoleSpec::named(name) }).unwrap()
    };
    let keeper = role("Keeper", permission::MANAGE_GUILD, 0);
    let warden = role("Warden", permission::BAN_MEMBERS, 3);
    let chief = role("Chief", permission::MANAGE_GUILD | permission::MANAGE_ROLES, 4);
    harbor.hall.passes(SWEEP).await;
    links_with_a_second_factor(&harbor, "vera").await;
    assert!(harbor.has("vera", "Warden"));
    for (name, role) in [("vera_d", keeper), ("tove_d", keeper), ("una_d", chief)] {
        discord.lay_roles(guild, person(&harbor.world, name).person.user(), &[role]).unwrap();
    }
    let vera = person(&harbor.world, "vera_d").person.user();
    discord.lay_roles(guild, vera, &[keeper, warden]).unwrap();
    discord.take_role_by_hand(harbor.owner(), guild, vera, warden).unwrap();
    harbor.hall.settle().await;
    assert!(!harbor.has("vera", "Warden"));
    harbor.world.transcript();
    harbor
}

stories! {
    async fn nobody_gives_power_by_ending_an_override_who_could_not_give_it_by_hand(engine) {
        let harbor = without_vera(&engine).await;
        for name in ["vera_d", "tove_d"] {
            person(&harbor.world, name).runs("/overrides").await.presses("End 1").await;
            harbor.hall.settle().await;
            assert!(!harbor.has("vera", "Warden"), "{name} gave back what the owner had taken");
        }
        person(&harbor.world, "una_d").runs("/overrides").await.presses("End 1").await;
        harbor.hall.settle().await;
        assert!(harbor.has("vera", "Warden"));
        assert_told!(harbor.world.transcript(), @r"
        vera_d runs /overrides
          1 decision against the rules
          1\. <@vera_d> does not have **Warden**: <@owner> took it by hand, until somebody ends it.
          [End 1]
        vera_d presses [End 1]
          You would be given “Warden”, which has power over the community, and nobody vouches for themselves. Somebody else whose role stands above it has to agree, or the owner of the server.
        tove_d runs /overrides
          1 decision against the rules
          1\. <@vera_d> does not have **Warden**: <@owner> took it by hand, until somebody ends it.
          [End 1]
        tove_d presses [End 1]
          They could be given “Warden” again, which has power over the community. To end this, you need the permission Manage Roles and a role of your own above it. The owner of the server may always end it.
        una_d runs /overrides
          1 decision against the rules
          1\. <@vera_d> does not have **Warden**: <@owner> took it by hand, until somebody ends it.
          [End 1]
        una_d presses [End 1]
          The override of <@vera_d> for <@&Warden> has ended. The rules say again whether they have it.
        the hall gives vera_d Warden: Harbor: trust level 3 on forum
        ");
    }

    async fn nobody_ends_what_keeps_power_from_themselves(engine) {
        let harbor = without_vera(&engine).await;
        let vera = person(&harbor.world, "vera_d");
        let chief = harbor.role("Chief");
        harbor.world.discord_sim().lay_roles(harbor.world.guild(), vera.person.user(), &[chief]).unwrap();
        vera.runs("/overrides").await.presses("End 1").await;
        harbor.hall.settle().await;
        assert!(!harbor.has("vera", "Warden"));
        let told = harbor.world.transcript();
        assert!(told.contains("nobody vouches for themselves"), "{told}");
    }

    async fn power_that_was_taken_by_hand_does_not_come_back_because_time_went_by(engine) {
        let harbor = without_vera(&engine).await;
        harbor.hall.passes(OVER_A_MONTH).await;
        harbor.hall.passes(SWEEP).await;
        assert!(!harbor.has("vera", "Warden"));
        assert_eq!(harbor.hall.inside().overrides(harbor.guild()).await.unwrap().len(), 1);
        // Also where the rule says no just then: another day it says yes again.
        let user = person(&harbor.world, "vera_d").person.user();
        let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
        discord.give_role_by_hand(harbor.owner(), guild, user, harbor.role("Warden")).unwrap();
        harbor.hall.settle().await;
        assert_eq!(harbor.hall.inside().overrides(harbor.guild()).await.unwrap().len(), 0);
        forum_person(&harbor.world, "vera").drifts_to_level(1).unwrap();
        discord.take_role_by_hand(harbor.owner(), guild, user, harbor.role("Warden")).unwrap();
        harbor.hall.passes(SWEEP).await;
        forum_person(&harbor.world, "vera").drifts_to_level(3).unwrap();
        harbor.hall.passes(SWEEP).await;
        assert!(!harbor.has("vera", "Warden"));
        harbor.world.transcript();
    }

    async fn undoing_a_plan_takes_back_that_a_forum_may_be_smaller(engine) {
        let harbor = two_fewer(&engine, REGULAR).await;
        harbor.hall.passes(SWEEP).await;
        let plan = harbor.plan().await;
        assert_eq!(plan.waiting(), 0);
        let owner = person(&harbor.world, "owner");
        harbor.world.transcript();
        let heard = owner.runs(&format!("/apply plan:{} count:0", plan.plan.unwrap())).await;
        harbor.hall.settle().await;
        // The forum is counted anew, at its new size.
        harbor.hall.passes(SWEEP).await;
        heard.presses("Undo").await;
        harbor.hall.settle().await;
        let told = harbor.world.transcript();
        assert!(told.contains("is being taken back, as plan"), "{told}");
        forum_person(&harbor.world, "una").drifts_to_level(1).unwrap();
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.holders("Regular").len(), 7, "the owner took back that the size is right");
        let waits = harbor.plan().await;
        assert!(waits.reasons.join("\n").contains("forum had 11 people and has 9 now"), "{:?}", waits.reasons);
        assert_eq!(waits.waiting(), 1);
        assert!(harbor.undoes(plan.plan.unwrap()).await.is_err());
        harbor.applies(Some(1)).await.unwrap();
        assert_eq!(harbor.holders("Regular").len(), 6);
        harbor.world.transcript();
    }

    async fn a_decision_about_who_held_a_role_is_none_about_a_forum_that_shrank(engine) {
        let harbor = two_fewer(&engine, CLUB).await;
        let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
        let band = discord.add_role(guild, &RoleSpec::named("Old band")).unwrap();
        let tove = person(&harbor.world, "tove_d");
        tove.links_with("tove").await;
        harbor.hall.settle().await;
        discord.lay_roles(guild, tove.person.user(), &[band]).unwrap();
        discord.rename_role(harbor.owner(), guild, band, "Band").unwrap();
        harbor.hall.passes(SWEEP).await;
        forum_person(&harbor.world, "una").drifts_to_level(1).unwrap();
        harbor.hall.passes(SWEEP).await;
        let plan = harbor.plan().await;
        assert_eq!((harbor.holders("Band").len(), plan.waiting()), (7, 2), "{plan:?}");
        let role = RoleId(band.get()).to_string();
        let hall = harbor.hall.inside();
        for typed in [1, 2] {
            let said = hall.remove_role(harbor.guild(), &role, Some(typed), &harbor.by_owner()).await;
            harbor.hall.settle().await;
            assert!(harbor.holders("Band").len() == 7 && harbor.has("tove", "Band"), "{typed} {said:?}");
        }
        harbor.world.transcript();
    }
}
