//! How long a person's word is good for, and what ends with it.

use std::time::Duration;

use sim::discord::{Fault, FaultRule, RoleSpec, permission};

use super::guarded::{TWO, crewed, everybody, two_fewer};
use crate::bad_days::{Harbor, NEXT_TRY, SWEEP, harbor_with};
use crate::{Engine, forum_person, person};

/// A regular by trust level.
const REGULAR: &str = "[[guild.role]]\nrole = 'Regular'\nwhen = 'forum.trust_level >= 2'\n";
/// Nobody is to be in the band.
const BAND: &str = "[[guild.role]]\nrole = 'Band'\nwhen = 'forum.trust_level >= 4'\n";
/// Wardens may ban.
const WARDEN: &str =
    "[[guild.role]]\nrole = 'Warden'\nwhen = 'forum.trust_level >= 3'\npermits = ['ban_members']\n";
/// How many words nobody used in time.
const EXPIRED: &str = "select count(*) from plans where state = 'expired'";
/// Somebody said yes to these.
const RELEASED: &str = "select count(*) from plans where state = 'released'";
/// How long a story waits for what cannot be written: real time, since nothing comes to rest.
const PATIENCE: Duration = Duration::from_secs(5);

/// Nobody's roles can be written.
fn is_down(harbor: &Harbor) {
    harbor.world.discord_sim().fault(FaultRule::next("", "/roles/{role}", Fault::Status(503)).times(100_000));
}

/// The owner says yes while nothing can be written, and the word ends.
async fn agrees_in_vain(engine: &Engine, harbor: &Harbor, changes: usize) {
    is_down(harbor);
    let said = tokio::time::timeout(PATIENCE, harbor.applies(Some(changes))).await;
    assert!(said.is_err() || said.unwrap().is_ok());
    assert_eq!(engine.count(RELEASED).await, 1);
    harbor.endures(SWEEP).await;
    harbor.endures(SWEEP).await;
    assert_eq!(engine.count(EXPIRED).await, 1);
}

/// Una held the role Band before its rule came.
async fn una_plays(harbor: &Harbor) {
    let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
    let role = discord.add_role(guild, &RoleSpec::named("Old band")).unwrap();
    let una = person(&harbor.world, "una_d").person.user();
    let mut roles = vec![role];
    if harbor.has("una", "Regular") {
        roles.push(harbor.role("Regular"));
    }
    discord.lay_roles(guild, una, &roles).unwrap();
    discord.rename_role(harbor.owner(), guild, role, "Band").unwrap();
    harbor.hall.passes(SWEEP).await;
}

stories! {
    async fn a_yes_to_power_that_was_not_used_is_over_with_its_hour(engine) {
        let harbor = harbor_with(&engine, |forum| forum, &[WARDEN.to_owned()]).await;
        let warden = RoleSpec { permissions: permission::BAN_MEMBERS, ..RoleSpec::named("Warden") };
        harbor.world.discord_sim().add_role(harbor.world.guild(), &warden).unwrap();
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.plan().await.waiting(), 1);
        agrees_in_vain(&engine, &harbor, 1).await;
        forum_person(&harbor.world, "mira").drifts_to_level(1).unwrap();
        harbor.endures(SWEEP).await;
        harbor.world.discord_sim().clear_faults();
        harbor.hall.passes(SWEEP).await;
        forum_person(&harbor.world, "mira").drifts_to_level(3).unwrap();
        harbor.hall.passes(SWEEP).await;
        assert!(!harbor.has("mira", "Warden"));
        assert_eq!(harbor.plan().await.waiting(), 1);
        harbor.world.transcript();
    }

    async fn a_yes_to_power_is_over_once_the_rule_wants_it_no_more(engine) {
        let harbor = harbor_with(&engine, |forum| forum, &[WARDEN.to_owned()]).await;
        let warden = RoleSpec { permissions: permission::BAN_MEMBERS, ..RoleSpec::named("Warden") };
        harbor.world.discord_sim().add_role(harbor.world.guild(), &warden).unwrap();
        harbor.hall.passes(SWEEP).await;
        is_down(&harbor);
        let said = tokio::time::timeout(PATIENCE, harbor.applies(Some(1))).await;
        assert!(said.is_err() || said.unwrap().is_ok());
        forum_person(&harbor.world, "mira").gets_level(1).unwrap();
        harbor.endures(NEXT_TRY).await;
        harbor.endures(SWEEP).await;
        harbor.world.discord_sim().clear_faults();
        harbor.hall.passes(SWEEP).await;
        forum_person(&harbor.world, "mira").gets_level(3).unwrap();
        harbor.hall.passes(SWEEP).await;
        assert!(!harbor.has("mira", "Warden"));
        harbor.world.transcript();
    }

    async fn who_held_a_role_before_its_rule_is_asked_about_again_when_the_word_ended(engine) {
        let harbor = crewed(&engine, &[BAND]).await;
        una_plays(&harbor).await;
        assert_eq!(harbor.plan().await.waiting(), 1);
        agrees_in_vain(&engine, &harbor, 1).await;
        harbor.world.discord_sim().clear_faults();
        harbor.hall.passes(SWEEP).await;
        harbor.hall.passes(SWEEP).await;
        assert!(harbor.has("una", "Band"));
        let reasons = harbor.plan().await.reasons;
        assert_told!(
            reasons.join("\n"),
            @"1 held the role “Band” before its rule came, and the rule would take it from them."
        );
        harbor.world.transcript();
    }

    async fn that_a_forum_may_be_smaller_is_over_with_the_word_for_it(engine) {
        let harbor = two_fewer(&engine, REGULAR).await;
        forum_person(&harbor.world, "una").drifts_to_level(1).unwrap();
        harbor.hall.passes(SWEEP).await;
        let before = harbor.plan().await;
        assert_eq!(before.waiting(), 1);
        agrees_in_vain(&engine, &harbor, 1).await;
        harbor.world.discord_sim().clear_faults();
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.holders("Regular").len(), 7);
        assert_eq!(harbor.plan().await.reasons, before.reasons);
        harbor.world.transcript();
    }

    async fn a_word_that_ended_is_not_begun_again_by_what_needs_none(engine) {
        let harbor = crewed(&engine, &[TWO, REGULAR, BAND]).await;
        una_plays(&harbor).await;
        for name in everybody() {
            forum_person(&harbor.world, name).drifts_to_level(1).unwrap();
        }
        harbor.hall.passes(SWEEP).await;
        let held = harbor.holders("Regular").len();
        let plan = harbor.plan().await;
        assert!(held >= 5 && plan.waiting() == held + 1, "{plan:?}");
        agrees_in_vain(&engine, &harbor, held + 1).await;
        harbor.world.discord_sim().clear_faults();
        harbor.endures(NEXT_TRY).await;
        harbor.hall.passes(SWEEP).await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.holders("Regular").len(), held);
        assert_eq!(engine.count(RELEASED).await, 0);
        harbor.world.transcript();
    }

    async fn what_waits_again_within_a_day_is_no_news_and_a_day_later_it_is(engine) {
        let harbor = crewed(&engine, &[TWO, REGULAR]).await;
        let all_drift_to = async |level| {
            for name in everybody() {
                forum_person(&harbor.world, name).drifts_to_level(level).unwrap();
            }
            harbor.hall.passes(SWEEP).await;
        };
        all_drift_to(1).await;
        assert_eq!(harbor.owner_read().len(), 1);
        for _ in 0..2 {
            all_drift_to(2).await;
            assert_eq!(harbor.plan().await.waiting(), 0);
            all_drift_to(1).await;
            assert_eq!(harbor.plan().await.waiting(), 7);
        }
        assert_eq!(harbor.owner_read().len(), 1);
        all_drift_to(2).await;
        for _ in 0..24 {
            harbor.hall.passes(SWEEP).await;
        }
        all_drift_to(1).await;
        assert_eq!(harbor.owner_read().len(), 2);
        harbor.world.transcript();
    }
    async fn a_plan_that_was_shown_is_agreed_to_within_an_hour_or_not_at_all(engine) {
        let mut harbor = crewed(&engine, &[REGULAR]).await;
        is_down(&harbor);
        forum_person(&harbor.world, "una").drifts_to_level(1).unwrap();
        harbor.endures(SWEEP).await;
        let shown = harbor.plan().await;
        assert_eq!((shown.waiting(), shown.takes), (0, 1));
        harbor.endures(SWEEP).await;
        let hall = harbor.hall.inside();
        let said = hall.apply(harbor.guild(), shown.plan, None, &harbor.by_owner()).await.unwrap_err().to_string();
        assert!(said.contains("was shown more than an hour ago. /plan shows what would change now."), "{said}");
        let said = hall.apply(harbor.guild(), None, None, &harbor.by_owner()).await.unwrap_err().to_string();
        assert_told!(said, @"No plan waits. /plan shows what would change now.");
        assert_ne!(harbor.plan().await.plan, shown.plan, "it is another plan from now on");
        harbor.hall.stop().await;
        harbor.world.transcript();
    }
}
