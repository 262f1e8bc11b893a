//! Following: what changes in the forum changes in Discord, by the way that brings the news.

mod facts;
mod guild;

use std::time::Duration;

use sim::discord::Snowflake;
use sim::world::ForumPlan;

use crate::people::Someone;
use crate::{Engine, Hall, World, nickname, person, role};

/// A little longer than the staff log waits to be read again.
const STAFF_LOG: Duration = Duration::from_secs(31);
/// A little longer than the sweep waits.
const SWEEP: Duration = Duration::from_secs(3_601);

fn rules() -> Vec<String> {
    vec![
        role("Leader", "forum.trust_level == 4"),
        role("Regular", "forum.trust_level >= 2 && !forum.suspended"),
        role("Staff", "forum.admin || forum.moderator"),
        role("Maker", "\"makers\" in forum.groups"),
        nickname("{forum.title} {forum.name}"),
    ]
}

/// A harbour in which mira is linked, and everything read.
struct Linked {
    world: World,
    hall: Hall,
    mira: Someone,
}

async fn linked(engine: &Engine) -> Linked {
    linked_in(engine, |forum| forum, &rules()).await
}

async fn linked_in(engine: &Engine, more: impl FnOnce(ForumPlan) -> ForumPlan, rules: &[String]) -> Linked {
    let plan = World::plan()
        .forum("Harbor", |forum| {
            more(forum.user("mira", |mira| mira.name = Some("Mira".to_owned())).user("tove", |_| {}))
                .group("makers", &["tove"])
        })
        .guild("Harbor", |guild| {
            guild
                .role_above_bot("Crown")
                .role("Leader")
                .role("Regular")
                .role("Staff")
                .role("Maker")
                .role("Music")
                .member("mira_d")
                .member("tove_d")
        });
    let world = plan.start().await.unwrap();
    let hall = Hall::start(&world, engine, rules).await;
    let mira = person(&world, "mira_d");
    mira.links_with("mira").await;
    hall.settle().await;
    world.transcript();
    Linked { world, hall, mira }
}

impl Linked {
    fn role(&self, name: &str) -> Snowflake {
        self.world.discord_sim().role_named(self.world.guild(), name).unwrap()
    }

    fn owner(&self) -> Snowflake {
        self.world.discord_sim().user_named("owner").unwrap()
    }
}
