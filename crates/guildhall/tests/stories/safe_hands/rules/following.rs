//! What the hall does with rules that changed.

use std::fs;

use sim::forum::{Fault, FaultRule};

use super::{harbor, regular, staff};
use crate::{nickname, role};

stories! {
    async fn a_rule_that_is_added_is_followed_at_once_even_by_facts_nobody_asked_for_before(engine) {
        let mut harbor = harbor(&engine).await;
        let before = harbor.revision();
        harbor.says(&[regular(), staff()]).await;
        assert_eq!(harbor.mira.roles(), ["Regular", "Staff"]);
        assert!(harbor.revision() > before);
        let plan = harbor.hall.inside().plan(harbor.guild()).await.unwrap();
        assert_eq!(plan.changes, []);
        harbor.world.transcript();
    }

    async fn a_rule_that_asks_for_more_takes_its_role_back(engine) {
        let mut harbor = harbor(&engine).await;
        harbor.says(&[role("Regular", "forum.trust_level >= 3")]).await;
        assert!(harbor.mira.roles().is_empty());
        harbor.world.transcript();
    }

    async fn whoever_holds_the_role_of_a_rule_that_is_deleted_keeps_it_until_they_unlink(engine) {
        let mut harbor = harbor(&engine).await;
        harbor.says(&[staff()]).await;
        assert_eq!(harbor.mira.roles(), ["Regular", "Staff"]);
        let released = "select count(*) from audit where act = 'release_role' and details like '%Regular%'";
        assert_eq!(engine.count(released).await, 1);
        harbor.mira.runs("/unlink").await.presses("Unlink").await;
        harbor.hall.settle().await;
        assert!(harbor.mira.roles().is_empty());
        harbor.world.transcript();
    }

    async fn nicknames_begin_to_follow_a_template_that_is_added(engine) {
        let mut harbor = harbor(&engine).await;
        harbor.says(&[nickname("{forum.username} of Harbor"), regular()]).await;
        assert_eq!(harbor.mira.nickname().as_deref(), Some("mira of Harbor"));
        harbor.world.transcript();
    }

    async fn rules_that_change_while_everybody_is_read_get_all_they_ask_for(engine) {
        let mut harbor = harbor(&engine).await;
        let (_, forum) = harbor.world.forums().first().unwrap();
        forum.fault(FaultRule::next("/", Fault::Late(300)));
        harbor.hall.inside().read_everybody_now().await.unwrap();
        harbor.says(&[regular(), staff()]).await;
        assert_eq!(harbor.mira.roles(), ["Regular", "Staff"]);
        harbor.world.transcript();
    }

    async fn rules_that_changed_while_the_hall_was_closed_hold_from_its_start(engine) {
        let mut harbor = harbor(&engine).await;
        let before = harbor.revision();
        harbor.hall.is_set("forum.trust_level >= 2", "forum.trust_level >= 3");
        harbor.hall.restart().await;
        assert!(harbor.revision() > before);
        assert!(harbor.mira.roles().is_empty());
        let told = harbor.hall.inside().revisions(harbor.guild(), 1).await.unwrap();
        assert_eq!(told[0].difference, ["~ Regular: was forum.trust_level >= 2, is forum.trust_level >= 3"]);
        harbor.world.transcript();
    }

    async fn a_role_that_was_renamed_with_its_rule_is_not_left_behind(engine) {
        let mut harbor = harbor(&engine).await;
        let (discord, guild) = (harbor.world.discord_sim().clone(), harbor.world.guild());
        let regular = discord.role_named(guild, "Regular").unwrap();
        discord.rename_role(discord.user_named("owner").unwrap(), guild, regular, "Steady").unwrap();
        harbor.hall.settle().await;
        harbor.says(&[role("Steady", "forum.trust_level >= 2")]).await;
        assert_eq!(harbor.mira.roles(), ["Steady"]);
        assert_eq!(harbor.hall.inside().released_roles(harbor.guild()).await.unwrap(), []);
        harbor.world.transcript();
    }

    async fn a_file_that_changed_is_read_once_it_stays_as_it_is(engine) {
        let mut harbor = harbor(&engine).await;
        let before = harbor.revision();
        harbor.file.write(&harbor.hall, &[regular(), staff()]);
        harbor.file.is_looked_at(&harbor.hall, 1).await;
        assert_eq!(harbor.revision(), before, "somebody may still be writing");
        harbor.file.write(&harbor.hall, &[regular(), staff(), role("Leader", "forum.trust_level >= 1")]);
        harbor.file.is_looked_at(&harbor.hall, 1).await;
        assert_eq!(harbor.revision(), before, "somebody was still writing");
        harbor.file.is_looked_at(&harbor.hall, 1).await;
        assert!(harbor.revision() > before);
        assert_eq!(harbor.mira.roles(), ["Regular", "Staff", "Leader"]);
        harbor.world.transcript();
    }

    async fn the_same_rules_again_are_no_new_revision_whatever_their_order(engine) {
        let mut harbor = harbor(&engine).await;
        harbor.says(&[regular(), staff()]).await;
        let before = harbor.revision();
        harbor.says(&[regular(), staff()]).await;
        harbor.says(&[staff(), regular()]).await;
        let saved_again = fs::read(harbor.file.path()).unwrap();
        harbor.file.holds(&saved_again);
        harbor.file.is_looked_at(&harbor.hall, 3).await;
        assert_eq!(harbor.revision(), before);
        assert_eq!(engine.count("select count(*) from revisions").await, 2);
        assert_eq!(engine.count("select count(*) from audit where act = 'rules'").await, 2);
        assert!(harbor.notes().is_empty());
        harbor.world.transcript();
    }

    async fn every_revision_says_when_why_by_whose_file_and_what_changed(engine) {
        let mut harbor = harbor(&engine).await;
        harbor.says(&[staff(), role("Leader", "forum.trust_level == 4")]).await;
        let told = harbor.hall.inside().revisions(harbor.guild(), 9).await.unwrap();
        let numbers: Vec<_> = told.iter().map(|one| one.revision.0).collect();
        assert_eq!(numbers, [2, 1]);
        let causes: Vec<_> = told.iter().map(|one| one.cause.as_deref().unwrap()).collect();
        assert_eq!(causes, ["SIGHUP", "start"]);
        let expected = [
            "+ Leader when forum.trust_level == 4",
            "- Regular when forum.trust_level >= 2",
            "+ Staff when forum.admin || forum.moderator",
        ];
        assert_eq!(told[0].difference, expected);
        assert_eq!(told[1].difference, [""; 0]);
        let released = harbor.hall.inside().released_roles(harbor.guild()).await.unwrap();
        assert_eq!(released.iter().map(|role| role.name.as_str()).collect::<Vec<_>>(), ["Regular"]);
        let mut program = harbor.hall.program("revisions");
        let output = program.arg("--settings").arg(harbor.file.path()).output().await.unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains("revision 2, ") && said.contains(" UTC, SIGHUP, the file is "), "{said}");
        assert!(said.contains("\n    - Regular when forum.trust_level >= 2\n"), "{said}");
        assert!(said.ends_with("whoever holds one keeps it: Regular\n"), "{said}");
        harbor.world.transcript();
    }

    async fn a_rule_that_comes_back_has_a_number_of_its_own(engine) {
        let mut harbor = harbor(&engine).await;
        let first = harbor.revision();
        harbor.says(&[staff()]).await;
        harbor.says(&[regular()]).await;
        assert!(harbor.revision().0 > first.0 + 1);
        assert_eq!(harbor.mira.roles(), ["Regular", "Staff"]);
        harbor.world.transcript();
    }
}
