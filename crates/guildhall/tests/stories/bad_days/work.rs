//! Work on a bad day: readings that take long, and a place that does not answer while another does.

use std::time::Duration;

use sim::forum::{Fault, FaultRule};

use super::{MINUTE, SWEEP, harbor, harbor_with};
use crate::role;

/// A little longer than a server is left alone when no source could be read.
const ALONE: Duration = Duration::from_secs(75 * 60 + 1);
/// More groups than can be read before the claim on the work that reads them would end.
const GROUPS: usize = 28;

stories! {
    async fn a_reading_that_takes_long_is_begun_once_and_ended(engine) {
        let names: Vec<String> = (0..GROUPS).map(|number| format!("gang{number}")).collect();
        let asked: Vec<String> = names.iter().map(|name| format!("\"{name}\" in forum.groups")).collect();
        let forum = |forum| names.iter().fold(forum, |forum: sim::world::ForumPlan, name| forum.group(name, &["mira"]));
        let mut harbor = harbor_with(&engine, forum, &[role("Regular", &asked.join(" || "))]).await;
        harbor.hall.is_set("calls_per_minute = 60", "calls_per_minute = 5");
        harbor.hall.passes(MINUTE).await;
        let before = harbor.forum().calls().len();
        harbor.hall.begin_again().await;
        harbor.endures(MINUTE).await;
        let calls: Vec<String> = harbor.forum().calls().into_iter().skip(before).map(|call| call.target).collect();
        for name in &names {
            let pages = calls.iter().filter(|target| target.starts_with(&format!("/groups/{name}/members")));
            assert_eq!(pages.count(), 1, "{name} in {calls:#?}");
        }
        assert_eq!(harbor.mira.roles(), ["Regular"]);
        assert_told!(harbor.world.transcript(), @"");
    }

    async fn while_the_forum_is_down_the_server_is_looked_at_all_the_same(engine) {
        let harbor = harbor(&engine).await;
        harbor.hall.passes(SWEEP).await;
        let discord = harbor.world.discord_sim();
        discord.forget_calls();
        harbor.forum().fault(FaultRule { times: 10_000, ..FaultRule::next("/", Fault::Status(502)) });
        harbor.endures(ALONE).await;
        let lists = discord.calls().into_iter().filter(|call| call.route == "/guilds/{guild}/members");
        assert_eq!(lists.count(), 1);
        assert_told!(harbor.world.transcript(), @"");
    }
}
