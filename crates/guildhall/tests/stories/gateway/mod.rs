//! The gateway: the line over which Discord tells what happens, and what must not be lost when it breaks.

mod events;
pub(crate) mod log;
mod outages;
mod refused;
mod resuming;

use std::time::Duration;

use sim::discord::{DiscordSim, Snowflake};

pub(crate) use log::told_with_its_log;

use crate::people::Someone;
use crate::{Engine, Hall, World, person, role};

/// A little longer than the sweep waits.
const SWEEP: Duration = Duration::from_secs(3_601);

/// A harbour in which Mira is linked, a regular and a maker, and everything is read.
struct Harbor {
    world: World,
    hall: Hall,
    mira: Someone,
}

fn rules() -> [String; 2] {
    [role("Regular", "forum.trust_level >= 2"), role("Maker", "\"makers\" in forum.groups")]
}

/// The world of the harbour, before there is a hall.
async fn world() -> World {
    let plan = World::plan()
        .forum("Harbor", |forum| {
            forum.user("mira", |mira| mira.trust_level = 3).user("tove", |_| {}).group("makers", &["mira"])
        })
        .guild("Harbor", |guild| {
            guild.role("Regular").role("Maker").role("Music").member("mira_d").member("tove_d")
        });
    plan.start().await.unwrap()
}

async fn harbor(engine: &Engine) -> Harbor {
    harbor_in(world().await, engine).await
}

async fn harbor_in(world: World, engine: &Engine) -> Harbor {
    let hall = Hall::start(&world, engine, &rules()).await;
    let mira = person(&world, "mira_d");
    mira.links_with("mira").await;
    hall.settle().await;
    assert_eq!(mira.roles(), ["Regular", "Maker"]);
    world.transcript();
    world.discord_sim().forget_calls();
    Harbor { world, hall, mira }
}

impl Harbor {
    fn discord(&self) -> &DiscordSim {
        self.world.discord_sim()
    }

    /// Mira loses a role, or gets one, and no log says who did that.
    fn hand(&self, role: &str, gives: bool) {
        let discord = self.discord();
        let guild = self.world.guild();
        let (mira, role) = (self.mira.person.user(), discord.role_named(guild, role).unwrap());
        match gives {
            true => discord.lay_roles(guild, mira, &[role]),
            false => discord.lift_roles(guild, mira, &[role]),
        }
        .unwrap();
    }

    /// The hall takes notice that a role is gone, gives it back, and says why.
    async fn gives_back_what_was_taken(&self) {
        self.hall.settle().await;
        assert_eq!(self.mira.roles(), ["Regular", "Maker"]);
        assert_told!(self.world.transcript(), @"the hall gives mira_d Maker: Harbor: in the group makers on forum");
    }

    /// How often the hall began a session, where a resumed one is not begun.
    fn sessions_begun(&self) -> usize {
        self.discord().identifies(self.world.application())
    }

    /// How many roles and nicknames were written, since calls were last forgotten.
    fn writes(&self) -> usize {
        let calls = self.discord().calls();
        calls.iter().filter(|call| call.writes() && call.route.contains("/members/")).count()
    }

    fn user(&self, username: &str) -> Snowflake {
        self.discord().user_named(username).unwrap()
    }
}
