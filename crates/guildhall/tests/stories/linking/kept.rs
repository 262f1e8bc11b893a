//! What is kept of somebody who is linked.

use std::time::Duration;

use super::{harbor, rules};
use crate::{Hall, person};

/// A little longer than the sweep waits.
const SWEEP: Duration = Duration::from_secs(3_601);

stories! {
    async fn only_what_the_rules_ask_is_kept(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        person(&world, "mira_d").links_with("mira").await;
        for kept in ["while linking", "after the sweep"] {
            hall.settle().await;
            assert_eq!(engine.count("select count(*) from facts").await, 1);
            for (fact, named) in [
                ("trust_level", 1),
                ("admin", 1),
                ("moderator", 1),
                ("title", 1),
                ("name", 1),
                ("username", 1),
                ("silenced", 0),
                ("suspended", 0),
                ("groups", 0),
                ("staged", 0),
                ("active", 0),
                ("joined_at", 0),
            ] {
                let like = format!("select count(*) from facts where facts like '%\"{fact}\"%'");
                assert_eq!(engine.count(&like).await, named, "{fact} {kept}");
            }
            hall.passes(SWEEP).await;
        }
        world.transcript();
    }
}
