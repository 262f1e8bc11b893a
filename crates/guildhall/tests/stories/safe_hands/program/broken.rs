//! Commands beside a hall whose settings file holds rules that are not in order.

use crate::role;
use crate::safe_hands::machine::{Harbor, harbor, rules, with_leaders};

/// Rules that are wrong, and rules that are no TOML.
const BROKEN: [&str; 2] = ["forum.trust_lvl >= 2", "'\nwhen = ["];

impl Harbor {
    /// The settings file says from now on rules that cannot be followed.
    fn breaks(&self, when: &str) {
        self.says(&[role("Regular", when)]);
    }
}

stories! {
    async fn while_the_rules_in_the_file_are_broken_what_needs_none_of_them_is_answered(engine) {
        let harbor = harbor(&engine, &with_leaders()).await;
        let plan = harbor.number().await;
        let (done, said) = harbor.runs("apply", &["--plan", &plan, "--count", "1"]).await;
        assert!(done, "{said}");
        harbor.hall.settle().await;
        let told = "FILE is not followed as it is now: `guildhall check --settings FILE` says where it is wrong.\n";
        for broken in BROKEN {
            harbor.breaks(broken);
            let (done, said) = harbor.runs("overrides", &[]).await;
            assert!(done && said.ends_with(told) && said.contains("No override stands"), "{said}");
            let log = harbor.answers("audit", &["--json", "--last", "1"]).await;
            assert_eq!(log["entries"][0]["act"], "take_role", "{log}");
            let revisions = harbor.answers("revisions", &["--json"]).await["servers"][0].clone();
            assert_eq!(revisions["revisions"].as_array().map(Vec::len), Some(2), "{revisions}");
            assert_eq!(revisions["released"].as_array().map(Vec::len), Some(0), "{revisions}");
            let (done, said) = harbor.runs("audit", &[]).await;
            assert!(done && said.contains("agreed to plan") && said.ends_with(told), "{said}");
        }
        let (done, said) = harbor.runs("undo", &[&plan]).await;
        assert!(done && said.contains("the hall that runs writes 1 change now") && said.ends_with(told), "{said}");
        harbor.hall.settle().await;
        assert_eq!(harbor.tove.roles(), ["Leader"]);
        let (done, said) = harbor.runs("overrides", &["--end", "tove", "Leader"]).await;
        assert!(done && said.contains("the rules say again what they have"), "{said}");
        harbor.hall.settle().await;
        assert_eq!(harbor.tove.roles(), Vec::<String>::new());
    }

    async fn what_rests_on_broken_rules_is_refused_with_the_rules_that_the_hall_follows_meanwhile(engine) {
        let mut harbor = harbor(&engine, &with_leaders()).await;
        harbor.breaks(BROKEN[0]);
        for (command, more) in [("plan", &[][..]), ("apply", &["--count", "1"]), ("why", &["tove"]), ("keep", &["Leader"])] {
            let (done, said) = harbor.runs(command, more).await;
            assert!(!done && said.contains("has no fact `trust_lvl`"), "{command}: {said}");
            let told = "\n\nThe hall that runs still follows revision 2 of the rules of the server HARBOR.\n";
            assert!(said.ends_with(told), "{command}: {said}");
        }
        let answer = harbor.answers("plan", &["--json"]).await;
        assert!(answer["problem"].as_str().unwrap().contains("still follows revision 2"), "{answer}");
        assert_eq!(answer["report"]["problems"][0]["key"], "guild[0].role[0].when", "{answer}");
        harbor.hall.stop().await;
        let (done, said) = harbor.runs("plan", &[]).await;
        assert!(!done && !said.contains("follows revision"), "{said}");
    }

    async fn broken_rules_are_nothing_to_lead_by_where_no_hall_runs(engine) {
        let mut harbor = harbor(&engine, &with_leaders()).await;
        let plan = harbor.number().await;
        let (done, said) = harbor.runs("apply", &["--plan", &plan, "--count", "1"]).await;
        assert!(done, "{said}");
        harbor.hall.settle().await;
        harbor.hall.stop().await;
        harbor.breaks(BROKEN[0]);
        for (command, more) in [("undo", &[plan.as_str()][..]), ("overrides", &[])] {
            let (done, said) = harbor.runs(command, more).await;
            assert!(!done && said.contains("No hall runs that could be asked"), "{command}: {said}");
        }
        let (done, said) = harbor.runs("revisions", &[]).await;
        assert!(done && said.contains("revision 2") && !said.contains("revision 3"), "{said}");
        harbor.says(&rules());
        assert_eq!(harbor.tove.roles(), Vec::<String>::new());
        assert_eq!(engine.count("select count(*) from audit where act = 'rules'").await, 2);
    }

    async fn a_file_in_which_more_than_rules_is_wrong_is_not_guessed_at(engine) {
        let harbor = harbor(&engine, &rules()).await;
        let broken = harbor.hall.settings_with(&role("Regular", BROKEN[0])).replace("listen = '127", "listen = 'x127");
        std::fs::write(harbor.file.path(), broken).unwrap();
        for command in ["audit", "revisions", "overrides"] {
            let (done, said) = harbor.runs(command, &[]).await;
            assert!(!done && said.contains("hall.listen") && said.contains("has no fact `trust_lvl`"), "{command}: {said}");
        }
    }
}
