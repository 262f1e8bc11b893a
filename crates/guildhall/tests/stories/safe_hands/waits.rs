//! What waits for a person waits until that person decides, whatever happens meanwhile.

use std::time::Duration;

use domain::ids::RoleId;
use sim::discord::{Fault, FaultRule, RoleSpec, permission};
use sim::forum::PersonSpec;

use super::guarded::{TWO, crewed, everybody};
use crate::bad_days::{MINUTE, NEXT_TRY, STAFF_LOG, SWEEP, harbor_with};
use crate::{forum_person, person};

/// A regular by trust level.
const REGULAR: &str = "[[guild.role]]\nrole = 'Regular'\nwhen = 'forum.trust_level >= 2'\n";
/// A second role for the same people.
const MAKER: &str = "[[guild.role]]\nrole = 'Maker'\nwhen = 'forum.trust_level >= 2'\n";
/// A role that may carry power.
const WARDEN: &str =
    "[[guild.role]]\nrole = 'Warden'\nwhen = 'forum.trust_level >= 2'\npermits = ['ban_members']\n";
/// Only one may lose the last of their roles.
const ONE_STRIPPED: &str = "[guild.brake]\nremovals_least = 100\nstripped_least = 1\n";
/// Everything waits.
const WHEN_ASKED: &str = "changes = 'when asked'\n";
/// The plans that wait.
const PARKED: &str = "select count(*) from plans where state = 'parked'";

stories! {
    async fn what_waits_is_not_written_because_a_day_went_by(engine) {
        let harbor = crewed(&engine, &[TWO, REGULAR]).await;
        for name in ["una", "ove", "pia", "rolf"] {
            forum_person(&harbor.world, name).gets_level(1).unwrap();
        }
        harbor.hall.passes(STAFF_LOG).await;
        assert_eq!((harbor.holders("Regular").len(), engine.count(PARKED).await), (5, 1));
        assert_eq!(harbor.owner_read().len(), 1, "told at once, not by the next sweep");
        for _ in 0..25 {
            harbor.hall.passes(SWEEP).await;
        }
        assert_eq!((harbor.holders("Regular").len(), engine.count(PARKED).await), (5, 1));
        assert_eq!(
            harbor.plan().await.reasons,
            ["2 would lose the role “Regular”, which waited for your word before and still does."]
        );
        harbor.applies(Some(2)).await.unwrap();
        assert_eq!((harbor.holders("Regular").len(), engine.count(PARKED).await), (3, 0));
        harbor.world.transcript();
    }

    async fn of_many_who_lose_all_their_roles_at_once_no_more_than_the_limit_do(engine) {
        let harbor = crewed(&engine, &[ONE_STRIPPED, REGULAR, MAKER]).await;
        assert_eq!((harbor.holders("Regular").len(), harbor.holders("Maker").len()), (7, 7));
        for name in everybody() {
            forum_person(&harbor.world, name).gets_level(1).unwrap();
        }
        harbor.hall.passes(STAFF_LOG).await;
        harbor.hall.passes(SWEEP).await;
        let bare = |name: &&str| person(&harbor.world, &format!("{name}_d")).roles().is_empty();
        assert!(everybody().filter(bare).count() <= 1);
        assert_eq!(engine.count(PARKED).await, 1);
        harbor.world.transcript();
    }

    async fn a_yes_to_a_role_is_no_yes_to_the_power_that_it_gained_since(engine) {
        let harbor = harbor_with(&engine, |forum| forum, &[WHEN_ASKED, WARDEN].map(str::to_owned)).await;
        let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
        discord.add_role(guild, &RoleSpec::named("Warden")).unwrap();
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.plan().await.reasons, ["This server changes nothing unless asked; 1 change waits."]);
        discord.fault(FaultRule::next("PUT", "/roles/{role}", Fault::Status(503)).times(100_000));
        // It cannot be written while Discord refuses, so nothing settles.
        let _ = tokio::time::timeout(Duration::from_secs(5), harbor.applies(Some(1))).await;
        let role = harbor.role("Warden");
        discord.set_permissions(harbor.owner(), guild, role, permission::BAN_MEMBERS).unwrap();
        harbor.endures(MINUTE).await;
        discord.clear_faults();
        harbor.endures(NEXT_TRY).await;
        harbor.endures(SWEEP).await;
        assert_eq!(harbor.mira.roles(), [""; 0]);
        let reasons = harbor.plan().await.reasons;
        assert!(reasons.iter().any(|why| why.contains("did not show a second factor")), "{reasons:?}");
        harbor.world.transcript();
    }

    async fn whom_an_admin_said_yes_to_gets_the_role_however_many_did_before(engine) {
        let one = "[guild.brake]\ndangerous_most = 1\n";
        let harbor = harbor_with(&engine, |forum| forum, &[one, WARDEN].map(str::to_owned)).await;
        let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
        let warden = RoleSpec { permissions: permission::BAN_MEMBERS, ..RoleSpec::named("Warden") };
        discord.add_role(guild, &warden).unwrap();
        harbor.links_the_crew().await;
        harbor.hall.passes(SWEEP).await;
        let (hall, role) = (harbor.hall.inside(), RoleId(harbor.role("Warden").get()));
        for (number, name) in ["mira", "una", "ove"].into_iter().enumerate() {
            hall.confirm_role(harbor.guild(), harbor.user(name), role, &harbor.by_owner()).await.unwrap();
            harbor.hall.settle().await;
            assert_eq!(harbor.holders("Warden").len(), number + 1);
        }
        harbor.world.transcript();
    }

    async fn by_other_rules_what_waits_is_another_plan(engine) {
        let mut harbor = crewed(&engine, &[TWO, REGULAR]).await;
        for name in everybody() {
            forum_person(&harbor.world, name).drifts_to_level(1).unwrap();
        }
        harbor.hall.passes(SWEEP).await;
        let before = harbor.plan().await;
        harbor.hall.is_set("trust_level >= 2", "trust_level >= 4");
        harbor.hall.restart().await;
        let after = harbor.plan().await;
        assert_ne!((before.plan, before.revision), (after.plan, after.revision));
        let stale = harbor.hall.inside();
        let stale = stale.apply(harbor.guild(), before.plan, Some(7), &harbor.by_owner()).await;
        assert!(stale.unwrap_err().to_string().contains("was replaced by a newer one"));
        harbor.world.transcript();
    }

    async fn nobody_agrees_to_a_smaller_forum_than_they_read_of(engine) {
        let harbor = crewed(&engine, &["[guild.brake]\nshrink_least = 0\n", REGULAR]).await;
        let extra = ["ebb", "flow", "tide", "surf", "reef", "quay"];
        for name in extra {
            harbor.forum().create_user(PersonSpec::new(name)).unwrap();
        }
        harbor.hall.passes(SWEEP).await;
        for name in extra.iter().take(2) {
            forum_person(&harbor.world, name).is_deleted().unwrap();
        }
        forum_person(&harbor.world, "una").drifts_to_level(1).unwrap();
        harbor.hall.passes(SWEEP).await;
        let shown = harbor.plan().await;
        assert!(shown.reasons.iter().any(|why| why.contains("had 15 people and has 13")), "{shown:?}");
        for name in extra.iter().skip(2) {
            forum_person(&harbor.world, name).is_deleted().unwrap();
        }
        harbor.hall.passes(SWEEP).await;
        let hall = harbor.hall.inside();
        let said = hall.apply(harbor.guild(), shown.plan, Some(1), &harbor.by_owner()).await;
        assert!(said.unwrap_err().to_string().contains("was replaced by a newer one"));
        assert_eq!(harbor.holders("Regular").len(), 7);
        harbor.applies(Some(1)).await.unwrap();
        assert_eq!(harbor.holders("Regular").len(), 6);
        harbor.world.transcript();
    }
}
