//! Answers that come late, or never.

use std::time::Duration;

use domain::ids::RoleId;
use sim::discord::{Fault, FaultRule, RoleSpec, permission};

use super::power::WARDEN;
use crate::bad_days::{NEXT_TRY, SWEEP, harbor_with};
use crate::forum_person;

const TWO_DAYS: Duration = Duration::from_secs(2 * 86_400);
const TELLS: &str = "[guild.tell]\nremovals = true\n";

stories! {
    async fn power_that_was_taken_while_the_answer_was_lost_needs_another_yes_and_is_told_of(engine) {
        let harbor = harbor_with(&engine, |forum| forum, &[TELLS.to_owned(), WARDEN.to_owned()]).await;
        let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
        let warden = RoleSpec { permissions: permission::BAN_MEMBERS, ..RoleSpec::named("Warden") };
        let role = discord.add_role(guild, &warden).unwrap();
        harbor.hall.passes(SWEEP).await;
        let (hall, role) = (harbor.hall.inside(), RoleId(role.get()));
        hall.confirm_role(harbor.guild(), harbor.user("mira"), role, &harbor.by_owner()).await.unwrap();
        harbor.hall.settle().await;
        assert!(harbor.has("mira", "Warden"));
        discord.fault(FaultRule::next("DELETE", "/roles/{role}", Fault::Reset).carried_out());
        forum_person(&harbor.world, "mira").gets_level(1).unwrap();
        harbor.hall.settle().await;
        harbor.endures(NEXT_TRY).await;
        harbor.endures(SWEEP).await;
        assert!(!harbor.has("mira", "Warden"));
        assert_eq!(engine.count("select count(*) from audit where act = 'take_role'").await, 1);
        assert_eq!(engine.count("select count(*) from written where done = 0").await, 0);
        let read: Vec<String> = discord.dms(harbor.mira.person.user()).into_iter().map(|dm| dm.content).collect();
        assert_eq!(read.iter().filter(|text| text.contains("you do not have the role Warden any more")).count(), 1, "{read:?}");
        harbor.hall.passes(TWO_DAYS).await;
        forum_person(&harbor.world, "mira").gets_level(3).unwrap();
        harbor.hall.settle().await;
        harbor.hall.passes(SWEEP).await;
        assert!(!harbor.has("mira", "Warden"), "given again without another yes");
        assert_eq!(harbor.plan().await.waiting(), 1);
        harbor.world.transcript();
    }

    async fn a_role_whose_answer_was_lost_is_in_the_log_once(engine) {
        let rule = "[[guild.role]]\nrole = 'Regular'\nwhen = 'forum.trust_level >= 2'\n";
        let harbor = harbor_with(&engine, |forum| forum, &[rule.to_owned()]).await;
        let discord = harbor.world.discord_sim();
        let entries = "select count(*) from audit where act in ('give_role', 'take_role')";
        let before = engine.count(entries).await;
        for (level, method, left) in [(1, "DELETE", 0), (3, "PUT", 1)] {
            discord.fault(FaultRule::next(method, "/roles/{role}", Fault::Reset).carried_out());
            forum_person(&harbor.world, "mira").gets_level(level).unwrap();
            harbor.hall.settle().await;
            harbor.endures(NEXT_TRY).await;
            harbor.endures(SWEEP).await;
            harbor.endures(SWEEP).await;
            assert_eq!(harbor.mira.roles().len(), left);
        }
        assert_eq!(engine.count(entries).await - before, 2);
        harbor.world.transcript();
    }
}
