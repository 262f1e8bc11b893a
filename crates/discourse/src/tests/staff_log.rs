//! The staff action log: whom to look at again, and when that is everybody.

use domain::ids::Subject;
use serde_json::{Value, json};
use service::ports::{Acts, ActsCursor, Source};

use super::stand_in::{Forum, Reply, recorded, recordings_here};

const FIRST: &str = "/admin/logs/staff_action_logs.json?limit=200&page=0";

fn page(lines: &[Value]) -> Reply {
    Reply::keyed("staff_action_logs/index", &json!({"staff_action_logs": lines}))
}

fn line(id: i64, act: &str, target: Option<i64>, details: &str) -> Value {
    json!({"id": id, "action_name": act, "details": details, "target_user": target.map(|id| json!({"id": id}))})
}

async fn acts(lines: &[Value], cursor: i64) -> Acts {
    let forum = Forum::with([(FIRST, page(lines))]).await;
    forum.source().acts_since(Some(ActsCursor(cursor))).await.unwrap()
}

fn people(acts: &Acts) -> Vec<&str> {
    acts.people.iter().map(|Subject(id)| id.as_str()).collect()
}

#[tokio::test]
async fn the_recorded_log_names_everybody_whom_staff_touched() {
    if !recordings_here() {
        return;
    }
    for file in ["read/staff-action-logs.json", "errors/read-only-key-staff-log.json"] {
        let forum = Forum::with([(FIRST, recorded(file))]).await;
        let acts = forum.source().acts_since(Some(ActsCursor(0))).await.unwrap();
        assert!(acts.cursor.is_some_and(|cursor| cursor.0 > 0), "{file}");
        assert!(!acts.people.is_empty(), "{file}");
    }
    let forum = Forum::with([(FIRST, recorded("read/staff-action-logs.json"))]).await;
    let acts = forum.source().acts_since(Some(ActsCursor(27))).await.unwrap();
    assert_eq!(people(&acts), ["6", "20", "18", "17", "16", "21", "3", "5", "10", "9"]);
    assert_eq!(acts.cursor, Some(ActsCursor(43)));
    assert!(acts.everybody, "a merge does not say whom it took in");
}

#[tokio::test]
async fn each_line_says_whom_to_look_at() {
    let cases: Vec<(&str, Value, Vec<&str>, bool)> = vec![
        ("demotion", line(8, "change_trust_level", Some(4), ""), vec!["4"], false),
        ("deletion", line(8, "delete_user", None, "id: 18\nusername: x\nname: id: 4"), vec!["18"], false),
        ("deletion of no one", line(8, "delete_user", None, "username: id: 4"), vec![], true),
        ("merge", line(8, "merge_user", Some(20), ""), vec!["20"], true),
        ("older line of a deleted person", line(8, "suspend_user", None, "Loud"), vec![], false),
        ("setting", line(8, "change_site_setting", None, ""), vec![], false),
        ("look at an address", line(8, "check_email", Some(4), ""), vec![], false),
        ("known line", line(7, "suspend_user", Some(4), ""), vec![], false),
        ("system account", line(8, "change_name", Some(-1), ""), vec![], false),
    ];
    for (case, row, expected, everybody) in cases {
        let acts = acts(&[row, line(7, "custom", None, "")], 7).await;
        assert_eq!((people(&acts), acts.everybody), (expected, everybody), "{case}");
    }
}

#[tokio::test]
async fn without_a_cursor_only_the_place_is_read() {
    let newest = "/admin/logs/staff_action_logs.json?limit=1&page=0";
    for (lines, cursor) in [(vec![line(43, "suspend_user", Some(4), "")], 43), (vec![], 0)] {
        let forum = Forum::with([(newest, page(&lines))]).await;
        let acts = forum.source().acts_since(None).await.unwrap();
        assert_eq!(acts, Acts { cursor: Some(ActsCursor(cursor)), people: Vec::new(), everybody: false });
    }
}

#[tokio::test]
async fn a_log_that_went_back_or_on_for_too_long_means_everybody() {
    let back = acts(&[line(3, "suspend_user", Some(4), "")], 40).await;
    assert_eq!((back.cursor, back.everybody), (Some(ActsCursor(3)), true));
    let forum = Forum::answering(|call| {
        let number: i64 = call.target.rsplit('=').next().unwrap().parse().unwrap();
        let top = 100_000 - number * 200;
        page(&(0..200).map(|down| line(top - down, "suspend_user", Some(4), "")).collect::<Vec<_>>())
    })
    .await;
    let acts = forum.source().acts_since(Some(ActsCursor(7))).await.unwrap();
    assert_eq!((acts.cursor, acts.everybody), (Some(ActsCursor(100_000)), true));
    assert_eq!(forum.calls().len(), 5);
}
