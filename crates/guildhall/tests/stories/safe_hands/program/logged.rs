//! What stands in the log, and in the audit log, of what people decide.

use crate::gateway::log::told_with_its_log;
use crate::safe_hands::machine::{harbor, with_leaders};

#[test]
fn a_link_a_run_an_undo_and_an_unlinking_are_one_line_of_the_log_each_and_name_nobody() {
    told_with_its_log(|engine, log| async move {
        let harbor = harbor(&engine, &with_leaders()).await;
        assert_eq!(log.times("an account was linked user="), 2);
        let plan = harbor.number().await;
        let (done, said) = harbor.runs("apply", &["--plan", &plan, "--count", "1"]).await;
        assert!(done, "{said}");
        harbor.hall.settle().await;
        assert_eq!(log.times("changes are being written guild="), 1);
        assert_eq!(log.times(&format!(" plan={plan} cause=\"apply\" takes=1 gives=0 renames=0")), 1);
        let (done, said) = harbor.runs("undo", &[&plan]).await;
        assert!(done, "{said}");
        harbor.hall.settle().await;
        assert_eq!(log.times("a plan is taken back guild="), 1);
        assert_eq!(log.times(&format!(" undone={plan} changes=1")), 1);
        harbor.mira.runs("/unlink").await.presses("Unlink").await;
        harbor.hall.settle().await;
        assert_eq!(log.times("an account was unlinked user="), 1);
        for name in ["mira", "tove", "olga", "Leader"] {
            let lines = log.lines();
            let naming: Vec<&String> =
                lines.iter().filter(|line| line.contains(" service::plans") && line.contains(name)).collect();
            assert!(naming.is_empty(), "{naming:?}");
        }
    });
}

stories! {
    async fn the_audit_log_says_of_what_was_taken_back_which_plan_it_was_and_who_had_it_so(engine) {
        let harbor = harbor(&engine, &with_leaders()).await;
        let plan = harbor.number().await;
        harbor.runs("apply", &["--plan", &plan, "--count", "1"]).await;
        harbor.hall.settle().await;
        harbor.runs("undo", &[&plan]).await;
        harbor.hall.settle().await;
        let (_, said) = harbor.runs("audit", &["--last", "1"]).await;
        assert!(said.contains("gave the role “Leader” to tove (TOVE) under plan"), "{said}");
        assert!(said.contains(&format!(", because olga, on the machine, took plan {plan} back\n")), "{said}");
    }

    async fn who_loses_a_role_by_decision_is_named(engine) {
        let harbor = harbor(&engine, &with_leaders()).await;
        let (done, said) = harbor.runs("remove", &["Leader", "--count", "1"]).await;
        assert!(done && said.contains("The role “Leader” is taken from 1 member: tove (TOVE)."), "{said}");
        harbor.hall.settle().await;
        assert_eq!(harbor.tove.roles(), Vec::<String>::new());
    }
}
