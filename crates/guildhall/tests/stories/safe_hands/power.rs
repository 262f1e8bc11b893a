//! Roles with power over the community: given only by rules that name it, and to whom a second factor or an admin
//! vouches for.

use sim::discord::{RoleSpec, permission};
use sim::forum::PersonSpec;
use sim::world::ForumPlan;

use crate::bad_days::{Harbor, SWEEP, harbor_with};
use crate::people::Window;
use crate::{Engine, person};

/// Wardens may ban.
pub(super) const WARDEN: &str =
    "[[guild.role]]\nrole = 'Warden'\nwhen = 'forum.trust_level >= 3'\npermits = ['ban_members']\n";
/// Nobody said that they may.
const UNNAMED: &str = "[[guild.role]]\nrole = 'Warden'\nwhen = 'forum.trust_level >= 3'\n";
/// One a day is given power without a word.
const ONE: &str = "[guild.brake]\ndangerous_most = 1\n";

/// Mira, who is linked without a second factor, is to be a warden.
async fn wardens(engine: &Engine, rules: &[&str]) -> Harbor {
    let rules: Vec<String> = rules.iter().map(|&rule| rule.to_owned()).collect();
    let harbor = harbor_with(engine, newer_forum, &rules).await;
    let warden = RoleSpec { permissions: permission::BAN_MEMBERS, ..RoleSpec::named("Warden") };
    harbor.world.discord_sim().add_role(harbor.world.guild(), &warden).unwrap();
    harbor.hall.passes(SWEEP).await;
    harbor
}

/// A forum whose answers say whether a second factor was shown.
pub(super) fn newer_forum(forum: ForumPlan) -> ForumPlan {
    forum.set(|settings| settings.version = "2026.1.0".to_owned())
}

/// Somebody new, who shows the forum a second factor when they link.
pub(super) async fn links_with_a_second_factor(harbor: &Harbor, name: &str) {
    let spec = PersonSpec { trust_level: 3, second_factor: true, ..PersonSpec::new(name) };
    harbor.forum().create_user(spec).unwrap();
    let discord = harbor.world.discord_sim();
    let user = discord.create_user(&format!("{name}_d"), None);
    discord.join(harbor.world.guild(), user).unwrap();
    harbor.hall.passes(SWEEP).await;
    let login = person(&harbor.world, &format!("{name}_d")).reaches_the_forum().await;
    let asked = login.fills("Authentication code, if you use one", "123456").signs_in(name).await;
    confirms(asked).await.presses("Link my accounts").await;
    harbor.hall.settle().await;
}

async fn confirms(window: Window) -> Window {
    match window.says().contains("Link my accounts") {
        true => window,
        false => window.fills("Authentication code", "123456").presses("Confirm").await,
    }
}

fn wardens_are(harbor: &Harbor) -> Vec<String> {
    let members = harbor.world.discord_sim().members(harbor.world.guild()).into_iter();
    let wardens = members.filter(|member| member.roles.iter().any(|role| role == "Warden"));
    wardens.map(|member| member.username).collect()
}

stories! {
    async fn a_role_with_power_that_the_rule_does_not_name_is_given_to_nobody(engine) {
        let harbor = wardens(&engine, &[UNNAMED]).await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(wardens_are(&harbor), [""; 0]);
        let plan = harbor.plan().await;
        assert!(plan.is_empty());
        assert_eq!(plan.findings.len(), 1, "{:?}", plan.findings);
        assert!(plan.findings[0].remedy.contains("permits"), "{:?}", plan.findings);
        assert_eq!(engine.count("select count(*) from role_bindings").await, 0);
        harbor.world.transcript();
    }

    async fn without_a_second_factor_power_waits_for_an_admins_word(engine) {
        let harbor = wardens(&engine, &[WARDEN]).await;
        assert_eq!(wardens_are(&harbor), [""; 0]);
        let read = harbor.owner_read();
        assert_eq!(read.len(), 1, "{read:?}");
        assert!(read[0].contains("and did not show a second factor when they linked"), "{read:?}");
        let (mira, role) = (harbor.user("mira"), domain::ids::RoleId(harbor.role("Warden").get()));
        let hall = harbor.hall.inside();
        hall.confirm_role(harbor.guild(), mira, role, &harbor.by_owner()).await.unwrap();
        harbor.hall.settle().await;
        assert_eq!(wardens_are(&harbor), ["mira_d"]);
        assert!(hall.confirm_role(harbor.guild(), mira, role, &harbor.by_owner()).await.is_err());
        assert_eq!(engine.count("select count(*) from plans where state = 'parked'").await, 0);
        harbor.world.transcript();
    }

    async fn whoever_shows_a_second_factor_is_given_power_at_once_and_too_many_wait(engine) {
        let harbor = wardens(&engine, &[ONE, WARDEN]).await;
        links_with_a_second_factor(&harbor, "vera").await;
        assert_eq!(wardens_are(&harbor), ["vera_d"]);
        links_with_a_second_factor(&harbor, "wilma").await;
        assert_eq!(wardens_are(&harbor), ["vera_d"]);
        let plan = harbor.plan().await;
        assert!(plan.reasons.join("\n").contains("1 would be given power over the community"), "{:?}", plan.reasons);
        harbor.applies(Some(2)).await.unwrap();
        assert_eq!(wardens_are(&harbor).len(), 3);
        harbor.world.transcript();
    }

    async fn a_role_that_becomes_administrator_between_plan_and_word_is_given_to_nobody(engine) {
        let harbor = wardens(&engine, &[WARDEN]).await;
        let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
        assert_eq!(harbor.plan().await.waiting(), 1);
        let all = permission::BAN_MEMBERS | permission::ADMINISTRATOR;
        discord.set_permissions(harbor.owner(), guild, harbor.role("Warden"), all).unwrap();
        harbor.hall.settle().await;
        let said = harbor.applies(Some(1)).await;
        assert_eq!(wardens_are(&harbor), [""; 0], "{said:?}");
        harbor.hall.passes(SWEEP).await;
        assert_eq!(wardens_are(&harbor), [""; 0]);
        assert_eq!(harbor.plan().await.findings.len(), 1);
        harbor.world.transcript();
    }
}
