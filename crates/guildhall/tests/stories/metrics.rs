//! Metrics: what happened in a story can be read as numbers, by their table, on a listener of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use service::metrics::{Kind, METRICS};
use sim::world::ForumPlan;

use sim::discord::{Fault as DiscordFault, FaultRule as DiscordFaultRule};
use sim::forum::{Fault, FaultRule};

use crate::people::{Someone, opens};
use crate::{Engine, Hall, World, forum_person, person, role};

/// A little longer than numbers are fresh.
const NEXT_READING: Duration = Duration::from_millis(1_001);
/// How long, in seconds, the forum is away.
const AWAY: Duration = Duration::from_secs(601);
/// A little longer than the longest pause between two tries.
const NEXT_TRY: Duration = Duration::from_secs(601);
/// What Prometheus asks for.
const PROMETHEUS: &str =
    "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1";

/// A harbour whose metrics are told, in which nobody is linked.
struct Watched {
    world: World,
    hall: Hall,
    mira: Someone,
}

/// What was read: each sample by its name and labels as they stand.
struct Numbers {
    content_type: String,
    text: String,
    samples: BTreeMap<String, f64>,
}

async fn watched(engine: &Engine) -> Watched {
    let plan = World::plan()
        .forum("Harbor", |forum: ForumPlan| forum.user("mira", |mira| mira.trust_level = 3))
        .guild("Harbor", |guild| {
            guild.role_above_bot("Crown").role("Regular").role("Leader").member("mira_d")
        });
    let world = plan.start().await.unwrap();
    let rules = [
        role("Regular", "forum.trust_level >= 2"),
        role("Leader", "forum.trust_level == 4"),
        role("Crown", "forum.admin"),
        role("Pilot", "forum.moderator"),
    ];
    let mut hall = Hall::start(&world, engine, &rules).await;
    hall.is_set("name = 'Harbor'\npublic", "name = 'Harbor'\nmetrics = '127.0.0.1:0'\npublic");
    hall.restart().await;
    let mira = person(&world, "mira_d");
    Watched { world, hall, mira }
}

impl Watched {
    /// Everything that is told now.
    async fn numbers(&self) -> Numbers {
        self.hall.passes(NEXT_READING).await;
        self.numbers_for(PROMETHEUS).await
    }

    async fn numbers_for(&self, accept: &str) -> Numbers {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = client.get(self.hall.metrics_address()).header("accept", accept);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let content_type = answer.headers()["content-type"].to_str().unwrap().to_owned();
        let text = answer.text().await.unwrap();
        let samples = text.lines().filter(|line| !line.starts_with('#')).map(|line| {
            let (sample, value) = line.rsplit_once(' ').unwrap();
            (sample.to_owned(), value.parse().unwrap())
        });
        Numbers { content_type, samples: samples.collect(), text }
    }

    fn guild(&self) -> String {
        self.world.guild().to_string()
    }
}

impl Numbers {
    /// One sample, such as `changes_total{kind="nickname"}`; fails where it is not told.
    fn of(&self, sample: &str) -> f64 {
        let named = self.samples.get(&format!("guildhall_{sample}"));
        *named.unwrap_or_else(|| panic!("{sample} is not told in\n{}", self.text))
    }

    /// The names of all families that are told, as the table has them.
    fn names(&self) -> BTreeSet<&str> {
        let kinds = self.text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
        kinds.map(|line| line.split_once(' ').unwrap().0).collect()
    }
}

stories! {
    async fn what_happens_can_be_read_as_numbers(engine) {
        let watched = watched(&engine).await;
        let before = watched.numbers().await;
        let (give, take) = (
            format!("changes_total{{kind=\"give_role\",guild=\"{}\"}}", watched.guild()),
            format!("changes_total{{kind=\"take_role\",guild=\"{}\"}}", watched.guild()),
        );
        assert_eq!((before.of(&give), before.of(&take)), (0.0, 0.0));
        assert_eq!(before.of("linked_members{source=\"forum\"}"), 0.0);
        assert_eq!(before.of("hint_to_write_seconds_count"), 0.0);

        watched.mira.links_with("mira").await;
        watched.hall.settle().await;
        forum_person(&watched.world, "mira").gets_level(4).unwrap();
        watched.hall.settle().await;
        let after = watched.numbers().await;
        assert_eq!((after.of(&give), after.of(&take)), (2.0, 0.0));
        assert_eq!(after.of("linked_members{source=\"forum\"}"), 1.0);
        assert_eq!(after.of("hint_to_write_seconds_count"), 2.0);
        assert_eq!(after.of("jobs{kind=\"settle_member\",state=\"due\"}"), 0.0);
        assert_eq!(after.of("jobs{kind=\"refresh_source\",state=\"waiting\"}"), 1.0);
        assert!(after.of("job_runs_total{kind=\"settle_member\",outcome=\"done\"}") >= 2.0);
        assert!(after.of("hints_total{origin=\"webhook\"}") >= 1.0);
        assert!(after.of("discord_requests_total{family=\"roles\",answer=\"2xx\"}") >= 2.0);
        assert!(after.of("discord_requests_total{family=\"sign_in\",answer=\"2xx\"}") >= 2.0);
        assert!(after.of("source_requests_total{source=\"forum\",answer=\"2xx\"}") >= 2.0);
        for sample in ["leading", "gateway_connected", "database_up"] {
            assert_eq!(after.of(sample), 1.0, "{sample}");
        }
        for kind in ["role_too_high", "role_missing"] {
            let finding = format!("findings{{kind=\"{kind}\",guild=\"{}\"}}", watched.guild());
            assert_eq!(after.of(&finding), 1.0);
        }
        watched.world.transcript();
    }

    async fn every_metric_of_the_table_is_told_and_no_other(engine) {
        let watched = watched(&engine).await;
        watched.mira.links_with("mira").await;
        watched.hall.settle().await;
        let numbers = watched.numbers().await;
        assert_eq!(numbers.content_type, "application/openmetrics-text; version=1.0.0; charset=utf-8");
        assert!(numbers.text.ends_with("# EOF\n"));
        // OpenMetrics names a counter's family without its ending.
        let stem = |name: &'static str| name.trim_end_matches("_total");
        let table: BTreeSet<&str> = METRICS.iter().map(|metric| stem(metric.name)).collect();
        assert_eq!(numbers.names(), table);
        for metric in METRICS {
            let of_it = |sample: &&String| {
                let name = sample.split('{').next().unwrap();
                let parts = ["_bucket", "_sum", "_count"].map(|part| format!("{}{part}", metric.name));
                name == metric.name || metric.kind == Kind::Histogram && parts.contains(&name.to_owned())
            };
            assert!(numbers.samples.keys().any(|sample| of_it(&sample)), "{} has no sample", metric.name);
            for sample in numbers.samples.keys().filter(of_it) {
                let labels = sample.split('{').nth(1).unwrap_or_default().trim_end_matches('}');
                let names = labels.split(',').filter_map(|label| label.split_once('=')).map(|(name, _)| name);
                let expected: Vec<&str> = metric.labels.iter().map(|label| label.name).collect();
                assert_eq!(names.filter(|name| *name != "le").collect::<Vec<_>>(), expected, "{sample}");
            }
        }

        let plain = watched.numbers_for("*/*").await;
        assert_eq!(plain.content_type, "text/plain; version=0.0.4; charset=utf-8");
        assert_eq!(plain.names(), METRICS.iter().map(|metric| metric.name).collect());
        watched.world.transcript();
    }

    async fn whoever_asks_twice_within_a_second_is_told_the_same(engine) {
        let watched = watched(&engine).await;
        let first = watched.numbers().await;
        watched.mira.links_with("mira").await;
        let second = watched.numbers_for(PROMETHEUS).await;
        assert_eq!(first.text, second.text);
        assert_ne!(watched.numbers().await.text, second.text);
        watched.world.transcript();
    }

    async fn a_hint_counts_from_its_moment_however_often_the_hall_has_to_try(engine) {
        let watched = watched(&engine).await;
        watched.mira.links_with("mira").await;
        watched.hall.settle().await;
        let forum = watched.world.forums()[0].1.clone();
        forum.fault(FaultRule { times: u32::MAX, ..FaultRule::next("/", Fault::Status(502)) });
        forum_person(&watched.world, "mira").gets_level(4).unwrap();
        watched.hall.settle().await;
        watched.hall.passes(AWAY).await;
        let before = watched.numbers().await;
        forum.clear_faults();
        watched.hall.passes(NEXT_TRY).await;
        let numbers = watched.numbers().await;
        assert_eq!(watched.mira.roles(), ["Regular", "Leader"]);
        let more = |of: &str| numbers.of(of) - before.of(of);
        assert_eq!(more("hint_to_write_seconds_count"), 1.0);
        let waited = more("hint_to_write_seconds_sum");
        assert!(waited >= AWAY.as_secs_f64(), "{waited}");
        assert!(numbers.of("source_requests_total{source=\"forum\",answer=\"5xx\"}") >= 1.0);
        watched.world.transcript();
    }

    async fn limits_are_counted_by_whose_they_were_and_refusals_by_what_was_refused(engine) {
        let watched = watched(&engine).await;
        let discord = watched.world.discord_sim();
        let limited = DiscordFault::Limited { scope: "shared", retry_after_ms: 100 };
        discord.fault(DiscordFaultRule::next("PUT", "/roles/", limited));
        watched.mira.links_with("mira").await;
        watched.hall.settle().await;
        discord.fault(DiscordFaultRule::next("PUT", "/roles/", DiscordFault::Status(403)));
        forum_person(&watched.world, "mira").gets_level(4).unwrap();
        watched.hall.settle().await;
        let numbers = watched.numbers().await;
        assert_eq!(numbers.of("discord_limited_total{scope=\"shared\"}"), 1.0);
        assert_eq!(numbers.of("discord_limited_total{scope=\"user\"}"), 0.0);
        // Shared limits do not count towards a ban; what was forbidden does.
        assert_eq!(numbers.of("discord_invalid_requests_total"), 1.0);
        let refused = format!("changes_refused_total{{kind=\"give_role\",guild=\"{}\"}}", watched.guild());
        assert_eq!(numbers.of(&refused), 1.0);
        watched.world.transcript();
    }

    async fn the_pages_do_not_tell_metrics(engine) {
        let watched = watched(&engine).await;
        let page = opens(&watched.mira.browser(), &watched.hall.address("/metrics")).await;
        assert_eq!(page.0.status(), 404);
    }
}
