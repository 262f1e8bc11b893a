//! Roles that exist already, roles whose rule is deleted, and rules that come back: who decides what becomes of them.

use super::guarded::crewed;
use crate::bad_days::{Harbor, SWEEP};
use crate::{Engine, person};

/// A regular by trust level.
const REGULAR: &str = "[[guild.role]]\nrole = 'Regular'\nwhen = 'forum.trust_level >= 2'\n";
/// Mira is to be in the band, and nobody else.
const BAND: &str = "[[guild.role]]\nrole = 'Band'\nwhen = 'forum.trust_level >= 3'\n";
/// Nobody is a regular any more.
const STRICTER: &str = "[[guild.role]]\nrole = 'Regular'\nwhen = 'forum.trust_level >= 4'\n";
/// No rule is left for it.
const NO_RULE: &str = "[[guild.role]]\nrole = 'Music'\nwhen = 'forum.trust_level >= 4'\n";

/// Una, who is linked, and Tove, who is not yet, hold a role of another name; then it gets the name of the rule.
async fn band(engine: &Engine) -> Harbor {
    let harbor = crewed(engine, &[REGULAR, BAND]).await;
    let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
    let role = discord.add_role(guild, &sim::discord::RoleSpec::named("Old band")).unwrap();
    for name in ["una_d", "tove_d"] {
        discord.lay_roles(guild, person(&harbor.world, name).person.user(), &[role]).unwrap();
    }
    discord.rename_role(harbor.owner(), guild, role, "Band").unwrap();
    harbor.hall.passes(SWEEP).await;
    harbor
}

fn has(harbor: &Harbor, name: &str, role: &str) -> bool {
    person(&harbor.world, name).roles().iter().any(|is| is == role)
}

stories! {
    async fn who_held_a_role_before_its_rule_keeps_it_when_the_owner_says_keep(engine) {
        let harbor = band(&engine).await;
        assert_eq!(harbor.holders("Band"), ["mira", "una"]);
        let read = harbor.owner_read();
        assert_eq!(read.len(), 1, "{read:?}");
        assert!(read[0].contains("1 held the role “Band” before its rule came"), "{read:?}");
        assert!(read[0].contains("/keep"), "{read:?}");
        let hall = harbor.hall.inside();
        assert!(hall.keep_role(harbor.guild(), "Music", &harbor.by_owner()).await.is_err());
        assert_eq!(hall.keep_role(harbor.guild(), "Band", &harbor.by_owner()).await.unwrap().len(), 2);
        harbor.hall.passes(SWEEP).await;
        assert!(harbor.plan().await.is_empty());
        let una = harbor.user("una");
        let kept = hall.overrides(harbor.guild()).await.unwrap();
        let kept: Vec<_> = kept.into_iter().filter(|known| known.user == una).collect();
        assert_eq!((kept.len(), kept[0].origin.as_str(), kept[0].until), (1, "kept", None));
        person(&harbor.world, "tove_d").links_with("tove").await;
        harbor.hall.passes(SWEEP).await;
        assert!(has(&harbor, "tove_d", "Band"));
        person(&harbor.world, "una_d").runs("/unlink").await.presses("Unlink").await;
        harbor.hall.settle().await;
        assert_eq!(person(&harbor.world, "una_d").roles(), ["Band"]);
        assert_eq!(harbor.owner_read().len(), 1);
        harbor.world.transcript();
    }

    async fn who_held_a_role_before_its_rule_loses_it_when_the_owner_says_remove(engine) {
        let harbor = band(&engine).await;
        let (hall, guild, owner) = (harbor.hall.inside(), harbor.guild(), harbor.by_owner());
        assert!(hall.remove_role(guild, "Band", Some(2), &owner).await.is_err());
        assert_eq!(harbor.holders("Band"), ["mira", "una"]);
        assert_eq!(hall.remove_role(guild, "Band", Some(1), &owner).await.unwrap().len(), 1);
        harbor.hall.settle().await;
        assert_eq!(harbor.holders("Band"), ["mira"]);
        person(&harbor.world, "tove_d").links_with("tove").await;
        harbor.hall.passes(SWEEP).await;
        assert!(!has(&harbor, "tove_d", "Band"));
        assert_eq!(harbor.owner_read().len(), 1);
        harbor.world.transcript();
    }

    async fn who_held_a_role_before_its_rule_and_links_later_is_asked_about_too(engine) {
        let harbor = band(&engine).await;
        person(&harbor.world, "tove_d").links_with("tove").await;
        harbor.hall.passes(SWEEP).await;
        assert!(has(&harbor, "tove_d", "Band"));
        assert_eq!(harbor.plan().await.waiting(), 2);
        person(&harbor.world, "tove_d").runs("/unlink").await.presses("Unlink").await;
        harbor.hall.settle().await;
        assert!(has(&harbor, "tove_d", "Band"));
        harbor.world.transcript();
    }

    async fn a_role_whose_rule_is_deleted_stays_and_unlinking_takes_it_back(engine) {
        let mut harbor = crewed(&engine, &[REGULAR]).await;
        harbor.hall.is_set(REGULAR, NO_RULE);
        harbor.hall.restart().await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.holders("Regular").len(), 7);
        person(&harbor.world, "una_d").runs("/unlink").await.presses("Unlink").await;
        harbor.hall.settle().await;
        assert_eq!(harbor.holders("Regular").len(), 6);
        let (hall, guild, owner) = (harbor.hall.inside(), harbor.guild(), harbor.by_owner());
        assert_eq!(hall.keep_role(guild, "Regular", &owner).await.unwrap().len(), 6);
        person(&harbor.world, "ove_d").runs("/unlink").await.presses("Unlink").await;
        harbor.hall.settle().await;
        assert_eq!(harbor.holders("Regular").len(), 6);
        harbor.world.transcript();
    }

    async fn a_role_whose_rule_is_deleted_is_taken_from_those_who_were_given_it_when_the_owner_says_remove(engine) {
        let mut harbor = crewed(&engine, &[REGULAR]).await;
        let (discord, guild) = (harbor.world.discord_sim().clone(), harbor.world.guild());
        let tove = person(&harbor.world, "tove_d").person.user();
        discord.lay_roles(guild, tove, &[harbor.role("Regular")]).unwrap();
        harbor.hall.is_set(REGULAR, NO_RULE);
        harbor.hall.restart().await;
        let (hall, guild, owner) = (harbor.hall.inside(), harbor.guild(), harbor.by_owner());
        assert!(hall.remove_role(guild, "Regular", Some(8), &owner).await.is_err());
        assert_eq!(hall.remove_role(guild, "Regular", Some(7), &owner).await.unwrap().len(), 7);
        harbor.hall.settle().await;
        assert_eq!(harbor.holders("Regular"), [""; 0]);
        assert!(has(&harbor, "tove_d", "Regular"), "the hall never gave it to them");
        harbor.world.transcript();
    }

    async fn a_rule_that_comes_back_asks_about_holders_who_do_not_qualify(engine) {
        let mut harbor = crewed(&engine, &[REGULAR]).await;
        harbor.hall.is_set(REGULAR, NO_RULE);
        harbor.hall.restart().await;
        harbor.hall.is_set(NO_RULE, STRICTER);
        harbor.hall.restart().await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.holders("Regular").len(), 7);
        let read = harbor.owner_read();
        assert_eq!(read.len(), 1, "{read:?}");
        assert!(read[0].contains("7 held the role “Regular” before its rule came"), "{read:?}");
        person(&harbor.world, "una_d").runs("/unlink").await.presses("Unlink").await;
        harbor.hall.settle().await;
        assert_eq!(harbor.holders("Regular").len(), 6, "what the hall gave it takes back");
        harbor.world.transcript();
    }
}
