//! What a moderator decides by hand outweighs what was decided before, and lasts no longer than it is meant to.

use std::time::Duration;

use domain::ids::RoleId;
use sim::discord::{Fault, FaultRule, RoleSpec, Snowflake, permission};

use super::guarded::crewed;
use crate::bad_days::{Harbor, MINUTE, STAFF_LOG, SWEEP, harbor_with};
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
/// What is decided by hand stands for two hours.
const TWO_HOURS: &str = "overrides_last = '2h'\n";

/// The Discord account of somebody of the crew.
fn account(harbor: &Harbor, name: &str) -> Snowflake {
    person(&harbor.world, &format!("{name}_d")).person.user()
}

/// The owner takes a role by hand, and the hall sees it.
async fn is_taken(harbor: &Harbor, name: &str, role: Snowflake) {
    let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
    discord.take_role_by_hand(harbor.owner(), guild, account(harbor, name), role).unwrap();
    harbor.hall.settle().await;
}

/// The owner gives a role by hand, and the hall sees it.
async fn is_given(harbor: &Harbor, name: &str, role: Snowflake) {
    let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
    discord.give_role_by_hand(harbor.owner(), guild, account(harbor, name), role).unwrap();
    harbor.hall.settle().await;
}

/// Where the overrides of somebody come from, and whether they say that they have the role.
async fn decided(harbor: &Harbor, name: &str) -> Vec<(String, bool)> {
    let user = harbor.user(name);
    let known = harbor.hall.inside().overrides(harbor.guild()).await.unwrap();
    known.into_iter().filter(|known| known.user == user).map(|known| (known.origin, known.has)).collect()
}

/// Una held the role Band before its rule came.
async fn una_held_it_before(engine: &Engine) -> (Harbor, Snowflake) {
    let harbor = crewed(engine, &[BAND]).await;
    let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
    let band = discord.add_role(guild, &RoleSpec::named("Old band")).unwrap();
    discord.lay_roles(guild, account(&harbor, "una"), &[band]).unwrap();
    discord.rename_role(harbor.owner(), guild, band, "Band").unwrap();
    harbor.hall.passes(SWEEP).await;
    (harbor, band)
}

stories! {
    async fn an_admins_yes_does_not_outlive_a_moderators_no(engine) {
        let rules: Vec<String> = [TWO_HOURS, WARDEN].map(str::to_owned).to_vec();
        let harbor = harbor_with(&engine, |forum| forum, &rules).await;
        let spec = RoleSpec { permissions: permission::BAN_MEMBERS, ..RoleSpec::named("Warden") };
        let warden = harbor.world.discord_sim().add_role(harbor.world.guild(), &spec).unwrap();
        harbor.hall.passes(SWEEP).await;
        let (hall, owner, role) = (harbor.hall.inside(), harbor.by_owner(), RoleId(warden.get()));
        hall.confirm_role(harbor.guild(), harbor.user("mira"), role, &owner).await.unwrap();
        harbor.hall.settle().await;
        assert!(harbor.has("mira", "Warden"));
        is_taken(&harbor, "mira", warden).await;
        assert!(!harbor.has("mira", "Warden"));
        for _ in 0..4 {
            harbor.hall.passes(SWEEP).await;
        }
        assert!(!harbor.has("mira", "Warden"), "nobody said yes again");
        assert_eq!(harbor.plan().await.waiting(), 0, "what a hand took of power does not end by itself");
        hall.end_override(harbor.guild(), harbor.user("mira"), Some(role), &owner).await.unwrap();
        harbor.hall.settle().await;
        assert!(!harbor.has("mira", "Warden"));
        assert_eq!(harbor.plan().await.waiting(), 1);
        harbor.world.transcript();
    }

    async fn what_was_taken_from_two_at_the_same_moment_stays_taken_from_both(engine) {
        let harbor = crewed(&engine, &[REGULAR]).await;
        let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
        discord.untold_audit(2);
        let slow = Fault::Slow(Duration::from_millis(300));
        discord.fault(FaultRule::next("GET", "/audit-logs", slow));
        for name in ["una", "ove"] {
            let who = account(&harbor, name);
            discord.take_role_by_hand(harbor.owner(), guild, who, harbor.role("Regular")).unwrap();
        }
        harbor.hall.settle().await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.holders("Regular"), ["mira", "pia", "rolf", "siv", "yrsa"]);
        harbor.world.transcript();
    }

    async fn who_keeps_a_role_keeps_it_after_a_moderator_took_it_and_gave_it_back(engine) {
        let (harbor, band) = una_held_it_before(&engine).await;
        harbor.hall.inside().keep_role(harbor.guild(), "Band", &harbor.by_owner()).await.unwrap();
        harbor.hall.settle().await;
        for level in [2, 3] {
            forum_person(&harbor.world, "una").gets_level(level).unwrap();
            harbor.hall.passes(STAFF_LOG).await;
            is_taken(&harbor, "una", band).await;
            assert!(!harbor.has("una", "Band"));
            assert_eq!(decided(&harbor, "una").await, [("hand".to_owned(), false)]);
            is_given(&harbor, "una", band).await;
            assert_eq!(decided(&harbor, "una").await, [("kept".to_owned(), true)], "at level {level}");
        }
        forum_person(&harbor.world, "una").gets_level(2).unwrap();
        harbor.hall.passes(STAFF_LOG).await;
        assert!(harbor.has("una", "Band"));
        harbor.world.transcript();
    }

    async fn a_moderator_who_takes_and_gives_back_decides_nothing_for_the_owner(engine) {
        let (harbor, band) = una_held_it_before(&engine).await;
        is_taken(&harbor, "una", band).await;
        harbor.hall.passes(SWEEP).await;
        assert!(!harbor.has("una", "Band"));
        assert!(harbor.plan().await.is_empty());
        is_given(&harbor, "una", band).await;
        assert_eq!(decided(&harbor, "una").await, [("before".to_owned(), true)]);
        assert_eq!(harbor.plan().await.waiting(), 1);
        harbor.world.transcript();
    }

    async fn what_the_owner_lets_somebody_keep_comes_back_when_the_moderators_no_is_ended(engine) {
        let (harbor, band) = una_held_it_before(&engine).await;
        let (hall, guild, owner) = (harbor.hall.inside(), harbor.guild(), harbor.by_owner());
        hall.keep_role(guild, "Band", &owner).await.unwrap();
        harbor.hall.settle().await;
        is_taken(&harbor, "una", band).await;
        hall.end_override(guild, harbor.user("una"), Some(RoleId(band.get())), &owner).await.unwrap();
        harbor.hall.settle().await;
        assert!(harbor.has("una", "Band"));
        assert_eq!(decided(&harbor, "una").await, [("kept".to_owned(), true)]);
        harbor.world.transcript();
    }

    async fn what_was_given_by_hand_is_over_when_the_member_leaves(engine) {
        let harbor = crewed(&engine, &[REGULAR, BAND]).await;
        let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
        let band = discord.add_role(guild, &RoleSpec::named("Band")).unwrap();
        harbor.hall.passes(SWEEP).await;
        harbor.hall.passes(MINUTE).await;
        is_given(&harbor, "una", band).await;
        is_taken(&harbor, "una", harbor.role("Regular")).await;
        assert_eq!(person(&harbor.world, "una_d").roles(), ["Band"]);
        discord.leave(guild, account(&harbor, "una")).unwrap();
        harbor.hall.settle().await;
        discord.join(guild, account(&harbor, "una")).unwrap();
        harbor.hall.passes(SWEEP).await;
        assert_eq!(person(&harbor.world, "una_d").roles(), [""; 0], "what was taken stays taken");
        assert_eq!(decided(&harbor, "una").await, [("hand".to_owned(), false)]);
        harbor.world.transcript();
    }

    async fn what_was_given_by_hand_before_its_own_rule_came_waits_for_the_owner(engine) {
        let mut harbor = crewed(&engine, &[REGULAR, NO_RULE]).await;
        let (discord, guild) = (harbor.world.discord_sim().clone(), harbor.world.guild());
        let band = discord.add_role(guild, &RoleSpec::named("Band")).unwrap();
        harbor.hall.passes(SWEEP).await;
        discord.untold_audit(1);
        is_given(&harbor, "una", band).await;
        harbor.hall.passes(MINUTE).await;
        harbor.hall.is_set(NO_RULE, BAND);
        harbor.hall.restart().await;
        harbor.hall.passes(SWEEP).await;
        // Whatever is read of the log now, what was done before the rule is not against it.
        is_taken(&harbor, "ove", harbor.role("Regular")).await;
        assert_eq!(decided(&harbor, "una").await, [("before".to_owned(), true)]);
        assert_eq!(harbor.plan().await.waiting(), 1);
        harbor.world.transcript();
    }
}
