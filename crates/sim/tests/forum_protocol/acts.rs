//! Which act sends what, and which it writes into the staff log: the recordings' own table, act by act.

mod groups;
mod people;
mod writing;

use std::collections::BTreeSet;

use serde_json::json;
use sim::forum::{GroupId, PersonId, PersonSpec, Refused};

use crate::harbor::Harbor;
use crate::receiver::Receiver;

/// What the scene is: who is there, and what has happened before the act.
struct Scene {
    harbor: Harbor,
    captain: PersonId,
    mira: PersonId,
    makers: GroupId,
    topic: i64,
    /// The second post of the topic, mira's.
    post: i64,
}

const FAR_MS: i64 = 4_000_000_000_000;

/// An act, or what comes before it.
type Act = fn(&Scene) -> Result<(), Refused>;

/// Name in the recordings' table, what comes before, the act, its deliveries, its line in the log.
type Row = (&'static str, Act, Act, &'static [&'static str], Option<&'static str>);

const NOTHING: Act = |_| Ok(());

async fn scene() -> Scene {
    let harbor = Harbor::plain().await;
    let (captain, mira) = (harbor.sim.admin(), harbor.mira);
    let makers = harbor.sim.group_named("makers").unwrap().id;
    let topic = harbor.sim.begin_topic(mira, 1, "A topic of mira's own", "And its words", None).unwrap();
    let post = harbor.sim.reply(mira, topic, "And some more", None).unwrap();
    Scene { harbor, captain, mira, makers, topic, post }
}

async fn each_sends_what_the_recorded_forum_sent(rows: &[Row]) {
    for (name, before, act, events, logged) in rows {
        let scene = scene().await;
        before(&scene).unwrap();
        let mut receiver = Receiver::answering(&[]).await;
        scene.harbor.sim.add_webhook_for_all(&receiver.url, "");
        let lines = scene.harbor.sim.staff_log().len();
        act(&scene).unwrap();
        scene.harbor.sim.quiet().await;
        let sent: BTreeSet<String> = receiver.events().into_iter().collect();
        let expected: BTreeSet<String> = events.iter().map(|event| (*event).to_owned()).collect();
        assert_eq!(sent, expected, "{name}");
        let log = scene.harbor.sim.staff_log();
        let written: Vec<&str> = log.iter().take(log.len() - lines).map(|line| line.action).collect();
        assert_eq!(written, logged.iter().copied().collect::<Vec<_>>(), "{name}");
    }
}

#[tokio::test]
async fn what_is_done_to_people_sends_what_the_recorded_forum_sent() {
    each_sends_what_the_recorded_forum_sent(people::PEOPLE).await;
}

#[tokio::test]
async fn what_is_done_to_groups_sends_what_the_recorded_forum_sent() {
    each_sends_what_the_recorded_forum_sent(groups::GROUPS).await;
}

#[tokio::test]
async fn what_is_written_sends_what_the_recorded_forum_sent() {
    each_sends_what_the_recorded_forum_sent(writing::WRITING).await;
}

#[tokio::test]
async fn an_admin_is_made_only_when_a_letter_is_answered() {
    let scene = scene().await;
    let mut receiver = Receiver::answering(&[]).await;
    scene.harbor.sim.add_webhook_for_all(&receiver.url, "");
    let path = format!("/admin/users/{}/grant_admin.json", scene.mira.0);
    let asked = scene.harbor.ask("PUT", &path, &scene.harbor.sim.api_key()).await;
    assert_eq!(asked.json(), json!({"success": "OK", "email_confirmation_required": true}));
    scene.harbor.sim.quiet().await;
    assert!(receiver.events().is_empty());
    assert!(!scene.harbor.sim.user(scene.mira).unwrap().admin);
}

#[tokio::test]
async fn the_log_is_narrowed_by_each_of_its_questions() {
    let scene = scene().await;
    let sim = &scene.harbor.sim;
    sim.set_trust_level(scene.captain, scene.mira, 3).unwrap();
    sim.suspend(scene.captain, scene.mira, FAR_MS, "Loud").unwrap();
    for (question, expected) in [
        ("", &["suspend_user", "change_trust_level"][..]),
        ("action_name=suspend_user", &["suspend_user"]),
        ("action_name=nothing", &[]),
        ("target_user=mira", &["suspend_user", "change_trust_level"]),
        ("target_user=nobody", &[]),
        ("acting_user=captain", &["suspend_user", "change_trust_level"]),
        ("subject=x", &[]),
    ] {
        let page = scene.harbor.get(&format!("/admin/logs/staff_action_logs.json?{question}")).await.json();
        let lines = page["staff_action_logs"].as_array().unwrap();
        let told: Vec<&str> = lines.iter().map(|line| line["action_name"].as_str().unwrap()).collect();
        assert_eq!(told, expected, "{question}");
    }
}

#[tokio::test]
async fn groups_are_named_as_people_are() {
    let scene = scene().await;
    let sim = &scene.harbor.sim;
    let made = |name: &str| sim.create_group(scene.captain, sim::forum::GroupSpec::new(name)).is_ok();
    for (name, good) in
        [("crew-7.b_c", true), ("_quiet", true), ("x y z", false), ("-bad", false), ("a/b", false)]
    {
        assert_eq!(made(name), good, "{name}");
    }
}

#[tokio::test]
async fn the_log_names_people_except_where_they_are_gone() {
    let scene = scene().await;
    let sim = &scene.harbor.sim;
    let survivor = sim.create_user(PersonSpec::new("survivor")).unwrap();
    let gone = sim.create_user(PersonSpec::new("gone")).unwrap();
    sim.set_trust_level(scene.captain, gone, 3).unwrap();
    sim.suspend(scene.captain, scene.mira, FAR_MS, "Loud").unwrap();
    sim.merge(scene.captain, scene.mira, survivor).unwrap();
    sim.destroy(scene.captain, gone).unwrap();
    let page = scene.harbor.get("/admin/logs/staff_action_logs.json?limit=200").await.json();
    let told: Vec<(String, Option<i64>)> = page["staff_action_logs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (line["action_name"].as_str().unwrap().to_owned(), line["target_user"]["id"].as_i64()))
        .collect();
    let expected = [
        ("delete_user", None),
        ("merge_user", Some(survivor.0)),
        ("suspend_user", None),
        ("change_trust_level", None),
    ];
    assert_eq!(told, expected.map(|(name, id)| (name.to_owned(), id)), "newest first");
    let details = page["staff_action_logs"][0]["details"].as_str().unwrap();
    assert!(details.starts_with(&format!("id: {}\n", gone.0)), "{details}");
    let ids: Vec<i64> = page["staff_action_logs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["id"].as_i64().unwrap())
        .collect();
    assert!(ids.windows(2).all(|pair| pair[0] > pair[1]), "{ids:?}");
}

#[tokio::test]
async fn a_suspension_and_a_silence_end_by_themselves_and_nothing_says_so() {
    let scene = scene().await;
    let sim = &scene.harbor.sim;
    let till_ms = scene.harbor.clock.now_ms() + 60_000;
    sim.suspend(scene.captain, scene.mira, till_ms, "Loud").unwrap();
    sim.silence(scene.captain, scene.mira, Some(till_ms), "Loud").unwrap();
    let path = format!("/admin/users/{}.json", scene.mira.0);
    let before = scene.harbor.get(&path).await.json();
    assert!(before["suspended_till"].is_string() && before["silenced_till"].is_string(), "{before}");
    let mut receiver = Receiver::answering(&[]).await;
    sim.add_webhook_for_all(&receiver.url, "");
    let lines = sim.staff_log().len();
    scene.harbor.clock.advance_ms(61_000);
    let after = scene.harbor.get("/u/mira.json").await.json();
    assert_eq!(after["user"].get("suspended_till"), None);
    let listed = scene.harbor.get("/admin/users/list/suspended.json").await.json();
    assert_eq!(listed, json!([]));
    sim.quiet().await;
    assert_eq!((receiver.events().len(), sim.staff_log().len()), (0, lines));
}
