//! A hall that Discord shows no list of members: who held a role before its rule is known only once they link.

use sim::discord::permission;

use crate::bad_days::{Harbor, STAFF_LOG, SWEEP, harbor_with};
use crate::{Engine, forum_person, person, role};

/// A harbour without the member intent, in which the hall sees only who is linked: Mira, a maker. Tove holds Maker
/// since before its rule came, and is not linked.
async fn unlisted(engine: &Engine) -> Harbor {
    let rules = [role("Regular", "forum.trust_level >= 2")];
    let mut harbor = harbor_with(engine, |forum| forum, &rules).await;
    harbor.hall.stop().await;
    let (discord, guild) = (harbor.world.discord_sim().clone(), harbor.world.guild());
    discord.set_intents(harbor.world.application(), false, false, false).unwrap();
    let tove = discord.user_named("tove_d").unwrap();
    discord.lay_roles(guild, tove, &[harbor.role("Maker")]).unwrap();
    harbor.hall.is_set(
        "[[guild.role]]",
        "[[guild.role]]\nrole = 'Maker'\nwhen = '\"makers\" in forum.groups'\n[[guild.role]]",
    );
    harbor.hall.restart().await;
    harbor.hall.passes(SWEEP).await;
    assert_eq!(harbor.mira.roles(), ["Regular", "Maker"]);
    harbor.world.transcript();
    harbor
}

stories! {
    async fn who_held_a_role_before_its_rule_and_links_later_is_asked_about_without_the_member_intent(engine) {
        let harbor = unlisted(&engine).await;
        let tove = person(&harbor.world, "tove_d");
        tove.links_with("tove").await;
        harbor.hall.settle().await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(tove.roles(), ["Maker"]);
        let read = harbor.owner_read();
        assert_eq!(read.len(), 1, "{read:?}");
        assert!(read[0].contains("1 held the role “Maker” before its rule came"), "{read:?}");
        assert_eq!(harbor.applies(Some(1)).await.unwrap().changes, 1);
        assert_eq!(tove.roles(), [""; 0]);
        harbor.world.transcript();
    }

    async fn who_unlinks_again_without_the_member_intent_has_the_role_they_held_before(engine) {
        let harbor = unlisted(&engine).await;
        let tove = person(&harbor.world, "tove_d");
        tove.links_with("tove").await;
        harbor.hall.settle().await;
        tove.runs("/unlink").await.presses("Unlink").await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(tove.roles(), ["Maker"]);
        harbor.world.transcript();
    }

    async fn what_the_hall_gave_it_takes_without_a_word_although_it_sees_only_who_is_linked(engine) {
        let harbor = unlisted(&engine).await;
        let una = person(&harbor.world, "una_d");
        harbor.hall.passes(crate::bad_days::MINUTE).await;
        una.links_with("una").await;
        harbor.hall.settle().await;
        assert_eq!(una.roles(), ["Regular"]);
        forum_person(&harbor.world, "una").gets_level(1).unwrap();
        harbor.hall.passes(STAFF_LOG).await;
        assert_eq!(una.roles(), [""; 0]);
        assert!(harbor.owner_read().is_empty());
        harbor.world.transcript();
    }

    async fn a_rule_that_comes_while_nobody_is_seen_asks_about_the_linked_who_hold_its_role(engine) {
        let mut harbor = unlisted(&engine).await;
        let (discord, guild) = (harbor.world.discord_sim().clone(), harbor.world.guild());
        discord.lay_roles(guild, harbor.mira.person.user(), &[harbor.role("Music")]).unwrap();
        harbor.hall.is_set("[[guild.role]]\nrole = 'Maker'", "[[guild.role]]\nrole = 'Music'\nwhen = 'forum.trust_level >= 4'\n[[guild.role]]\nrole = 'Maker'");
        harbor.hall.restart().await;
        harbor.hall.passes(SWEEP).await;
        assert!(harbor.mira.roles().contains(&"Music".to_owned()));
        assert_eq!(harbor.plan().await.waiting(), 1);
        harbor.world.transcript();
    }

    async fn without_the_audit_log_either_a_role_held_before_is_asked_about(engine) {
        let harbor = unlisted(&engine).await;
        let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
        let hall = harbor.role("Guildhall");
        let may = permission::MANAGE_ROLES | permission::MANAGE_NICKNAMES;
        discord.set_permissions(harbor.owner(), guild, hall, may).unwrap();
        let tove = person(&harbor.world, "tove_d");
        tove.links_with("tove").await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(tove.roles(), ["Maker"]);
        assert_eq!(harbor.plan().await.waiting(), 1);
        harbor.world.transcript();
    }
}
