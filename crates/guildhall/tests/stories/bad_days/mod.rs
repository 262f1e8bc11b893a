//! Bad days: what the outside can do to a hall, and what must not come of it.

mod asking;
mod database;
mod departures;
mod forum;
mod guild;
mod hints;
mod names;
mod others;
mod ready;
mod refusals;
mod replays;
mod unlisted;
mod work;

use std::time::Duration;

use sim::discord::Snowflake;
use sim::world::ForumPlan;

use crate::people::Someone;
use crate::{Engine, Hall, World, person, role};

/// A little longer than the sweep waits.
pub(crate) const SWEEP: Duration = Duration::from_secs(3_601);
/// A little longer than the longest pause between two tries.
pub(crate) const NEXT_TRY: Duration = Duration::from_secs(601);
/// A little longer than the staff log is left alone.
pub(crate) const STAFF_LOG: Duration = Duration::from_secs(31);
/// A little longer than the forum counts calls.
pub(crate) const MINUTE: Duration = Duration::from_secs(61);
/// Who is there beside Mira and Tove, all of them regulars.
pub(crate) const CREW: [&str; 6] = ["una", "ove", "pia", "rolf", "siv", "yrsa"];
/// How much time passes at once while the hall waits for somebody who does not answer.
const STEP: Duration = Duration::from_secs(30);
/// How long, in real time, the hall is given before the next step.
const STEP_TAKES: Duration = Duration::from_millis(200);
/// How many steps it may take.
const STEPS_MAX: usize = 200;

/// A harbour in which Mira is linked, a regular and a maker, and everything is read.
pub(crate) struct Harbor {
    pub(crate) world: World,
    pub(crate) hall: Hall,
    pub(crate) mira: Someone,
}

fn rules() -> [String; 2] {
    [role("Regular", "forum.trust_level >= 2"), role("Maker", "\"makers\" in forum.groups")]
}

async fn harbor(engine: &Engine) -> Harbor {
    harbor_with(engine, |forum| forum, &rules()).await
}

pub(crate) async fn harbor_with(
    engine: &Engine,
    more: impl FnOnce(ForumPlan) -> ForumPlan,
    rules: &[String],
) -> Harbor {
    let plan = World::plan()
        .forum("Harbor", |forum| {
            let forum = forum.user("mira", |mira| mira.trust_level = 3).user("tove", |_| {});
            let crew = |forum: ForumPlan, name| forum.user(name, |one| one.trust_level = 2);
            more(CREW.into_iter().fold(forum, crew)).group("makers", &["mira"])
        })
        .guild("Harbor", |guild| {
            let guild = guild.role("Regular").role("Maker").role("Music").member("mira_d").member("tove_d");
            CREW.iter().fold(guild, |guild, name| guild.member(&format!("{name}_d")))
        });
    let world = plan.start().await.unwrap();
    let hall = Hall::start(&world, engine, rules).await;
    let mira = person(&world, "mira_d");
    mira.links_with("mira").await;
    hall.settle().await;
    world.transcript();
    Harbor { world, hall, mira }
}

impl Harbor {
    pub(crate) fn role(&self, name: &str) -> Snowflake {
        self.world.discord_sim().role_named(self.world.guild(), name).unwrap()
    }

    pub(crate) fn owner(&self) -> Snowflake {
        self.world.discord_sim().user_named("owner").unwrap()
    }

    pub(crate) fn forum(&self) -> &sim::forum::ForumSim {
        &self.world.forums()[0].1
    }

    /// Lets time pass as [`Hall::passes`] does, and goes on letting it pass for as long as the hall waits in the
    /// middle of its work for somebody who does not answer.
    pub(crate) async fn endures(&self, span: Duration) {
        let mut rested = tokio::time::timeout(STEP_TAKES, self.hall.passes(span)).await.is_ok();
        for _ in 0..STEPS_MAX {
            if rested {
                return;
            }
            rested = tokio::time::timeout(STEP_TAKES, self.hall.passes(STEP)).await.is_ok();
        }
        self.hall.settle().await;
    }

    /// Lets time pass for a hall that cannot come to rest, because it tries again and again.
    pub(crate) async fn struggles(&self, span: Duration) {
        let rested = tokio::time::timeout(STEP_TAKES, self.hall.passes(span)).await;
        assert!(rested.is_err(), "it came to rest");
    }

    /// The crew link too. Between two of them the forum is left in peace for as long as it counts calls.
    pub(crate) async fn links_the_crew(&self) {
        for name in CREW {
            self.hall.passes(MINUTE).await;
            person(&self.world, &format!("{name}_d")).links_with(name).await;
        }
        self.hall.passes(MINUTE).await;
        self.world.transcript();
    }

    /// How many calls to Discord were answered with a status, since they were last forgotten.
    fn answered_with(&self, status: u16) -> usize {
        self.world.discord_sim().calls().iter().filter(|call| call.status == status).count()
    }

    /// How many roles and nicknames were written, since calls were last forgotten.
    pub(crate) fn writes(&self) -> usize {
        let calls = self.world.discord_sim().calls();
        let members = calls.iter().filter(|call| call.route.contains("/members/"));
        members.filter(|call| call.writes() && (200..300).contains(&call.status)).count()
    }
}
