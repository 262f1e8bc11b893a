//! A word that is given while nobody leads, or to a hall that dies over it; and numbers that are not the right ones.

use std::time::Duration;

use domain::ids::GuildId;
use domain::time::Timestamp;
use service::actor::Actor;
use store::Store;
use tokio_util::sync::CancellationToken;

use super::machine::{Harbor, harbor, rules, with_leaders};
use crate::Engine;

/// How long a hall that was killed seems to lead: less than a real one, so that the story is short.
const KILLED_LEADS: Duration = Duration::from_secs(12);
/// A little longer than a hall that runs leaves the lead to whoever had it.
const NEXT_LEADS: Duration = Duration::from_secs(6);
/// The rule that the hall was started with, and with the one that came since.
const REGULAR: &str = "when = 'forum.trust_level >= 2'\n";
const AND_LEADER: &str =
    "when = 'forum.trust_level >= 2'\n[[guild.role]]\nrole = 'Leader'\nwhen = 'forum.trust_level >= 3'\n";
/// The questions of commands that nobody answered yet.
const ASKED: &str = "select count(*) from requests where answer is null";

/// A hall that was killed leads still, as far as anybody can know, and another that runs waits for its turn.
async fn killed(engine: &Engine, harbor: &mut Harbor) {
    // Whoever leads next has the rules that hold.
    harbor.hall.is_set(REGULAR, AND_LEADER);
    harbor.hall.stop().await;
    let store = Store::open(engine.address()).await.unwrap();
    let mut tx = store.write().await.unwrap();
    let now = Timestamp(harbor.world.clock().now_ms());
    tx.acquire("discord", "a hall that was killed", now, KILLED_LEADS).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    store.close().await;
    harbor.hall.begin_again().await;
}

/// Waits until a command has asked.
async fn is_asked(engine: &Engine) {
    while engine.count(ASKED).await == 0 {
        tokio::task::yield_now().await;
    }
}

/// Waits until the hall that runs leads, and has done what was left to it.
async fn next_leads(harbor: &Harbor) {
    harbor.hall.time_passes(NEXT_LEADS);
    assert!(harbor.hall.inside().leading(&CancellationToken::new()).await.is_some());
    harbor.hall.settle().await;
}

impl Harbor {
    /// How often a role was taken since calls were last forgotten.
    fn takes(&self) -> usize {
        let calls = self.world.discord_sim().calls();
        let takes = calls.iter().filter(|call| call.route.contains("/roles/") && call.method == "DELETE");
        takes.filter(|call| (200..300).contains(&call.status)).count()
    }
}

stories! {
    async fn a_yes_that_a_hall_took_before_it_died_is_written_once_and_its_admin_learns_of_it(engine) {
        let mut harbor = harbor(&engine, &with_leaders()).await;
        let plan = harbor.number().await;
        killed(&engine, &mut harbor).await;
        harbor.world.discord_sim().forget_calls();
        let asks = harbor.program("apply", &["--plan", &plan, "--count", "1"]).output();
        let dies = async {
            is_asked(&engine).await;
            let (guild, by) = (GuildId(harbor.world.guild().get()), Actor::Command("olga".to_owned()));
            // What the hall that was killed did of it, last of all.
            let id = plan.parse().map(domain::ids::PlanId).unwrap();
            harbor.hall.inside().apply(guild, Some(id), Some(1), &by).await.unwrap();
        };
        let (output, ()) = tokio::join!(asks, dies);
        let (done, said) = harbor.heard(output.unwrap());
        assert!(!done, "{said}");
        assert!(said.contains("Plan 2 was agreed to already, and is being written."), "{said}");
        next_leads(&harbor).await;
        assert_eq!((harbor.tove.roles(), harbor.takes()), (Vec::new(), 1));
        let (done, said) = harbor.runs("apply", &["--plan", &plan, "--count", "1"]).await;
        assert!(!done && said.contains("Plan 2 was "), "{said}");
        let (_, said) = harbor.runs("audit", &[]).await;
        assert_eq!(said.matches("olga, on the machine, agreed to plan 2, 1 change").count(), 1, "{said}");
    }

    async fn a_yes_to_a_hall_that_died_before_it_took_it_is_taken_by_the_next(engine) {
        let mut harbor = harbor(&engine, &with_leaders()).await;
        let plan = harbor.number().await;
        killed(&engine, &mut harbor).await;
        harbor.world.discord_sim().forget_calls();
        let (done, said) = harbor.runs("apply", &["--plan", &plan, "--count", "1"]).await;
        assert!(done, "{said}");
        next_leads(&harbor).await;
        assert_eq!((harbor.tove.roles(), harbor.takes()), (Vec::new(), 1));
        let (_, said) = harbor.runs("audit", &[]).await;
        assert_eq!(said.matches("olga, on the machine, agreed to plan 2, 1 change").count(), 1, "{said}");
    }

    async fn beside_a_running_hall_a_wrong_number_writes_nothing_and_says_what_to_type(engine) {
        let harbor = harbor(&engine, &with_leaders()).await;
        harbor.world.discord_sim().forget_calls();
        for count in ["0", "2"] {
            let (done, said) = harbor.runs("apply", &["--count", count]).await;
            assert!(!done && said.contains(&format!("has 1 change, not {count}. Nothing was written.")), "{said}");
            assert!(said.contains("--count 1") || said.contains("count: 1"), "{said}");
        }
        harbor.hall.settle().await;
        assert_eq!((harbor.tove.roles(), harbor.takes()), (vec!["Leader".to_owned()], 0));
        let (_, said) = harbor.runs("audit", &[]).await;
        assert!(!said.contains("agreed to"), "{said}");
    }

    async fn a_number_where_nothing_waits_writes_nothing_and_says_so(engine) {
        let harbor = harbor(&engine, &rules()).await;
        let (done, said) = harbor.runs("apply", &["--count", "0"]).await;
        assert_told!(format!("{done} {said}"), @"true Everything is as the rules say: nothing to apply.");
    }
}
