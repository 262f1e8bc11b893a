//! What the owner does on the machine: plan, apply, undo, why and the log, beside a hall that runs and without one.

mod broken;
mod logged;

use std::time::Duration;

use domain::ids::{GuildId, UserId};
use domain::time::Timestamp;
use serde_json::json;
use store::audit::AuditEntry;

use super::machine::{dateless, harbor, rules, with_leaders};
use crate::role;

stories! {
    async fn where_everything_is_in_step_a_plan_beside_a_running_hall_says_so(engine) {
        let harbor = harbor(&engine, &rules()).await;
        let (done, said) = harbor.runs("plan", &[]).await;
        assert!(done, "{said}");
        assert_told!(said, @r"
        The server Harbor (HARBOR), by revision 1 of its rules

        Everything is as the rules say: nothing would change.

        Nothing was written to Discord.
        ");
    }

    async fn without_a_hall_a_plan_shows_what_would_change_and_apply_writes_it(engine) {
        let mut harbor = harbor(&engine, &rules()).await;
        harbor.hall.stop().await;
        harbor.says(&[role("Regular", "forum.trust_level >= 1")]);
        let (done, said) = harbor.runs("plan", &[]).await;
        assert!(done, "{said}");
        assert_told!(said, @r"
        The server Harbor (HARBOR), plan 2, by revision 2 of its rules

        Regular: given to 1 member
          + tove (TOVE): trust level 1 on forum

        Together: 1 role given.

        Nothing was written to Discord, and no hall runs. To have it written now:
          guildhall apply --plan 2 --settings FILE
        ");
        assert_eq!(harbor.tove.roles(), Vec::<String>::new());
        let (done, said) = harbor.runs("apply", &["--count", "1", "--json"]).await;
        assert!(done, "{said}");
        assert_eq!(said, "{\"plan\":2,\"changes\":1,\"written\":1}\n");
        assert_eq!(harbor.tove.roles(), ["Regular"]);
    }

    async fn what_waits_is_written_once_somebody_says_the_number_that_was_shown(engine) {
        let harbor = harbor(&engine, &with_leaders()).await;
        let (done, said) = harbor.runs("plan", &[]).await;
        assert!(done, "{said}");
        assert_told!(said, @r"
        The server Harbor (HARBOR), plan 2, by revision 2 of its rules

        Waits for your word:
          1 held the role “Leader” before its rule came, and the rule would take it from them.

        Leader: taken from 1 member
          - tove (TOVE): trust level 1 on forum

        Together: 1 role taken.

        Nothing was written to Discord. To agree to the 1 that waits:
          guildhall apply --plan 2 --settings FILE --count 1
        ");
        let (done, said) = harbor.runs("apply", &[]).await;
        assert!(!done && said.contains("Nothing was written. To agree to plan"), "{said}");
        let (done, said) = harbor.runs("apply", &["--count", "2"]).await;
        assert!(!done && said.contains("has 1 change, not 2. Nothing was written."), "{said}");
        assert_eq!(harbor.tove.roles(), ["Leader"]);
        let (done, said) = harbor.runs("apply", &["--count", "1"]).await;
        assert!(done && said.contains("The hall that runs writes it now"), "{said}");
        harbor.hall.settle().await;
        assert_eq!(harbor.tove.roles(), Vec::<String>::new());
        let (_, said) = harbor.runs("audit", &["--last", "2"]).await;
        assert_told!(dateless(&said), @r"
        DAY TIME UTC  the hall took the role “Leader” from tove (TOVE) under plan 2, because of the rule forum.trust_level >= 3
        DAY TIME UTC  olga, on the machine, agreed to plan 2, 1 change
        ");
        let (_, said) = harbor.runs("audit", &["--member", "mira"]).await;
        assert!(said.contains("mira (MIRA) linked account") && !said.contains("tove"), "{said}");
        let log = harbor.answers("audit", &["--json", "--last", "1"]).await;
        assert_eq!(log["entries"][0]["role"], "Leader");
    }

    async fn an_undo_takes_a_plan_back_and_leaves_overrides_that_can_end(engine) {
        let harbor = harbor(&engine, &with_leaders()).await;
        let plan = harbor.number().await;
        let (done, said) = harbor.runs("apply", &["--plan", &plan, "--count", "1"]).await;
        assert!(done, "{said}");
        harbor.hall.settle().await;
        let (done, said) = harbor.runs("undo", &[&plan]).await;
        assert!(done, "{said} {:?}", harbor.runs("audit", &[]).await);
        assert_told!(said, @r"
        Plan 2 is taken back as plan 4: the hall that runs writes 1 change now.
        So that the rules do not bring it again, each is an override now: guildhall overrides --settings FILE
        ");
        harbor.hall.settle().await;
        assert_eq!(harbor.tove.roles(), ["Leader"]);
        let (done, said) = harbor.runs("apply", &["--plan", "4", "--count", "1"]).await;
        assert!(!done && said.contains("Plan 4 takes another plan back, and needs no word more."), "{said}");
        let (_, said) = harbor.runs("why", &["tove"]).await;
        assert_told!(dateless(&said), @r"
        The member TOVE, linked with tove at forum, as read at DAY TIME UTC

        Regular: does not have it
          because trust level 1 on forum

        Leader: has it
          because trust level 1 on forum
          override: what the rule did was taken back; until DAY TIME UTC
        ");
        let (_, said) = harbor.runs("overrides", &[]).await;
        assert!(said.contains("tove (TOVE), the role “Leader”: has it whatever the rule says, until"), "{said}");
        assert!(said.contains("left by an undo, so that the rules do not take it again"), "{said}");
        let known = harbor.answers("overrides", &["--json"]).await["overrides"][0].clone();
        let tove = harbor.tove.person.user().to_string();
        assert_eq!((&known["user"], &known["name"]), (&json!(tove), &json!("tove")));
        assert!(known["role"].is_string(), "many programs keep 53 bits of a number: {known}");
        let log = harbor.answers("audit", &["--json", "--last", "9"]).await;
        let given = log["entries"].as_array().unwrap().iter().find(|entry| entry["details"]["plan"] == 4 && entry["act"] == "give_role").unwrap();
        assert_eq!((&given["user"], &given["details"]["role"]), (&json!(tove), &known["role"]));
        assert_eq!(harbor.answers("why", &["tove", "--json"]).await["user"], json!(tove));
        let (done, said) = harbor.runs("undo", &[&plan]).await;
        assert!(!done && said.contains("was taken back already"), "{said}");
        let (done, said) = harbor.runs("overrides", &["--end", "Tove", "Leader"]).await;
        assert!(done && said.contains("the rules say again what they have"), "{said}");
        harbor.hall.settle().await;
        assert_eq!(harbor.tove.roles(), Vec::<String>::new());
        let (done, said) = harbor.runs("overrides", &["--end", &tove, "Leader"]).await;
        assert!(!done && said.contains("No override of “Leader” stands for TOVE"), "{said}");
    }

    async fn an_owner_says_who_keeps_a_role_and_from_whom_it_is_taken(engine) {
        let mut harbor = harbor(&engine, &with_leaders()).await;
        let (done, said) = harbor.runs("keep", &["Regular"]).await;
        assert!(!done && said.contains("There is nothing to decide about the role “Regular”."), "{said}");
        let (done, said) = harbor.runs("remove", &["Regular"]).await;
        assert!(!done && said.contains("There is nothing to decide") && !said.contains("--count"), "{said}");
        let (done, said) = harbor.runs("remove", &["Leader"]).await;
        assert!(!done && said.contains("\nWho: tove (TOVE).\n") && said.contains("--count"), "{said}");
        harbor.hall.stop().await;
        let (done, said) = harbor.runs("keep", &["Leader"]).await;
        assert!(done, "{said}");
        assert_eq!(said, "1 member keeps the role “Leader”: tove (TOVE). Nothing was taken.\n");
        let (_, said) = harbor.runs("audit", &["--last", "1"]).await;
        assert!(said.contains("let 1 member keep the role “Leader”"), "{said}");
        assert_eq!(harbor.tove.roles(), ["Leader"]);
    }

    async fn of_two_commands_at_once_one_wins_and_the_other_is_told(engine) {
        let mut harbor = harbor(&engine, &with_leaders()).await;
        let plan = harbor.number().await;
        harbor.hall.stop().await;
        let apply = ["--plan", plan.as_str(), "--count", "1"];
        let both = tokio::join!(harbor.runs("apply", &apply), harbor.runs("apply", &apply));
        assert!(both.0.0 ^ both.1.0, "{both:?}");
        assert_eq!(harbor.tove.roles(), Vec::<String>::new());
        let undo = [plan.as_str()];
        let both = tokio::join!(harbor.runs("undo", &undo), harbor.runs("undo", &undo));
        assert!(both.0.0 ^ both.1.0, "{both:?} {:?}", harbor.runs("audit", &[]).await);
        let told = if both.0.0 { &both.1.1 } else { &both.0.1 };
        assert!(told.contains("was taken back already"), "{told}");
        assert_eq!(harbor.tove.roles(), ["Leader"]);
    }

    async fn on_a_terminal_apply_asks_for_the_number_and_refuses_another(engine) {
        let harbor = harbor(&engine, &with_leaders()).await;
        let (done, said) = harbor.types("apply", "2").await;
        assert!(!done && said.contains("Type 1 to agree:"), "{said}");
        assert!(said.contains("has 1 change, not 2. Nothing was written."), "{said}");
        for answer in ["", "yes"] {
            let (done, said) = harbor.types("apply", answer).await;
            assert!(!done && said.contains("Nothing was written. To agree to plan"), "{answer}: {said}");
        }
        assert_eq!(harbor.tove.roles(), ["Leader"]);
        let (done, said) = harbor.types("apply", "1").await;
        assert!(done && said.contains("The hall that runs writes it now"), "{said}");
        harbor.hall.settle().await;
        assert_eq!(harbor.tove.roles(), Vec::<String>::new());
    }

    async fn the_log_of_one_server_says_nothing_of_another(engine) {
        let harbor = harbor(&engine, &rules()).await;
        let (ours, tove) = (GuildId(harbor.world.guild().0), UserId(harbor.tove.person.user().0));
        let store = store::Store::open(engine.address()).await.unwrap();
        let mut tx = store.write().await.unwrap();
        for (guild, act) in [(ours, "override_give"), (GuildId(7), "override_take")] {
            tx.append_audit(&entry(guild, tove, act)).await.unwrap();
        }
        tx.commit().await.unwrap();
        store.close().await;
        for more in [&[][..], &["--member", "tove"]] {
            for (guild, own, other) in [(ours, "gave", "took"), (GuildId(7), "took", "gave")] {
                let guild = guild.to_string();
                let asks = [&["--guild", guild.as_str()], more].concat();
                let (done, said) = harbor.runs("audit", &asks).await;
                let by_hand = |did: &str| said.contains(&format!("{did} the role 1 "));
                assert!(done && by_hand(own) && !by_hand(other), "{asks:?}: {said}");
                let log = harbor.answers("audit", &[&asks[..], &["--json"]].concat()).await;
                let entries = log["entries"].as_array().unwrap().iter();
                assert!(entries.clone().all(|entry| entry["guild"] == json!(guild)), "{log}");
            }
        }
    }

    async fn a_command_that_waits_for_one_that_was_killed_says_so_with_the_seconds_left(engine) {
        let mut harbor = harbor(&engine, &rules()).await;
        harbor.hall.stop().await;
        let store = store::Store::open(engine.address()).await.unwrap();
        let mut tx = store.write().await.unwrap();
        let now = Timestamp(harbor.world.clock().now_ms());
        tx.acquire("discord", "a command that was killed", now, KILLED_LEADS).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        store.close().await;
        let (done, said) = harbor.runs("plan", &[]).await;
        assert!(done && said.contains("Everything is as the rules say"), "{said}");
        let (_, told) = said.split_once("goes on by itself in at most ").unwrap_or_else(|| panic!("{said}"));
        let seconds: u64 = told.split(' ').next().unwrap().parse().unwrap();
        assert!((1..KILLED_LEADS.as_secs()).contains(&seconds), "{said}");
        let (_, said) = harbor.runs("plan", &[]).await;
        assert!(!said.contains("does not answer"), "who was done has nobody wait: {said}");
    }

    async fn what_cannot_be_asked_is_told_with_what_to_do(engine) {
        let harbor = harbor(&engine, &rules()).await;
        let (done, said) = harbor.runs("plan", &["--guild", "7"]).await;
        assert!(!done && said.contains("The settings have no server 7. They have: HARBOR."), "{said}");
        let (done, said) = harbor.runs("why", &["nobody"]).await;
        assert!(!done && said.contains("Nobody who is linked is called “nobody” in the forum."), "{said}");
        let (done, said) = harbor.runs("undo", &["99"]).await;
        assert!(!done && said.contains("There is no plan 99 of this server. `guildhall audit`, on"), "{said}");
        assert!(harbor.answers("undo", &["99", "--json"]).await["problem"].is_string());
        for (command, more, told) in [
            ("plan", ["--guild", "abc"], "a server's id is 17 to 20 digits"),
            ("audit", ["--guild", "abc"], "a server's id is 17 to 20 digits"),
            ("audit", ["--guild", "5"], "The settings have no server 5, and the log says nothing of one."),
            ("audit", ["--last", "0"], "write a number from 1 to 10000"),
            ("audit", ["--last", "20000"], "write a number from 1 to 10000"),
            ("revisions", ["--last", "0"], "write a number from 1 to 100"),
            ("apply", ["--plan", "x"], "a plan's number is digits alone"),
        ] {
            let (done, said) = harbor.runs(command, &more).await;
            assert!(!done && said.contains(told), "{command} {more:?}: {said}");
        }
    }
}

/// How long a command that was killed seems to lead: less than a real one, so that the story is short.
const KILLED_LEADS: Duration = Duration::from_secs(12);

/// An entry of the log about something done by hand with a role.
fn entry(guild: GuildId, user: UserId, act: &str) -> AuditEntry {
    AuditEntry {
        at: Timestamp(1),
        actor: "user 9".to_owned(),
        act: act.to_owned(),
        guild: Some(guild),
        user: Some(user),
        place: None,
        subject: None,
        details: json!({ "role": "1" }).to_string(),
    }
}
