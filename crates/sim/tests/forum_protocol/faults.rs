//! What goes wrong on purpose: each fault, whom it befalls, and that the forum goes on afterwards.

use std::sync::Arc;

use sim::forum::{Fault, FaultRule, GroupId, PersonSpec};

use crate::harbor::Harbor;

const PAGE: &str = "/admin/users/list/active.json";

async fn after(fault: Fault) -> (Harbor, crate::harbor::Seen) {
    let harbor = Harbor::plain().await;
    harbor.sim.fault(FaultRule::next(PAGE, fault));
    let seen = harbor.get(PAGE).await;
    (harbor, seen)
}

#[tokio::test]
async fn answers_that_are_none_come_once_and_then_the_right_one() {
    for (case, fault, status, kind, words) in [
        ("bad gateway", Fault::Status(502), 502, "text/html", "Oops"),
        ("maintenance", Fault::Status(503), 503, "text/html", "Oops"),
        ("HTML with 200", Fault::HtmlOk, 200, "text/html", "We are on it"),
        ("an empty list with 200", Fault::EmptyList, 200, "application/json", "[]"),
    ] {
        let (harbor, seen) = after(fault).await;
        assert_eq!(seen.status, status, "{case}");
        assert!(seen.header("Content-Type").starts_with(kind), "{case}: {}", seen.header("Content-Type"));
        assert!(seen.text.contains(words), "{case}: {}", seen.text);
        assert!(seen.headers.get("X-Discourse-Route").is_none(), "{case}: not the forum itself answered");
        let again = harbor.get(PAGE).await;
        assert_eq!((again.status, again.header("X-Discourse-Route")), (200, "users/index"), "{case}");
    }
}

#[tokio::test]
async fn a_truncated_answer_says_that_it_is_whole() {
    let (_harbor, seen) = after(Fault::Truncated(40)).await;
    assert_eq!((seen.status, seen.text.len(), seen.header("Content-Length")), (200, 40, "40"));
    assert_eq!(seen.header("X-Discourse-Route"), "users/index");
    assert!(seen.json().is_null(), "{}", seen.text);
}

#[tokio::test]
async fn connections_break_before_and_within_an_answer() {
    for (case, fault) in [("reset", Fault::Reset), ("broken after", Fault::BrokenAfter(40))] {
        let harbor = Harbor::plain().await;
        harbor.sim.fault(FaultRule::next(PAGE, fault));
        let broken = harbor.try_ask("GET", PAGE, &harbor.sim.api_key()).await;
        assert!(broken.is_err(), "{case}");
        assert_eq!(harbor.get(PAGE).await.status, 200, "{case}");
    }
}

#[tokio::test]
async fn an_answer_that_never_comes_keeps_its_caller_and_nobody_else() {
    let harbor = Harbor::plain().await;
    harbor.sim.fault(FaultRule::next(PAGE, Fault::Hang));
    let waiting = tokio::spawn(harbor.http.get(format!("{}{PAGE}", harbor.sim.url())).send());
    while harbor.sim.calls().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(harbor.get(PAGE).await.status, 200);
    assert!(!waiting.is_finished(), "it still waits");
    waiting.abort();
}

#[tokio::test]
async fn late_and_slow_answers_are_the_right_ones() {
    const PAGE_OF_NO_AGE: &str = "/groups/makers/members.json";
    for fault in [Fault::Late(30), Fault::Slow(1)] {
        let case = format!("{fault:?}");
        let harbor = Harbor::plain().await;
        harbor.sim.fault(FaultRule::next(PAGE_OF_NO_AGE, fault));
        let (seen, right) = (harbor.get(PAGE_OF_NO_AGE).await, harbor.get(PAGE_OF_NO_AGE).await);
        assert_eq!((seen.status, &seen.text), (200, &right.text), "{case}");
    }
}

#[tokio::test]
async fn a_fault_befalls_the_calls_it_counts_and_no_others() {
    let harbor = Harbor::plain().await;
    let rule = FaultRule {
        method: "GET".to_owned(),
        path: "/groups".to_owned(),
        after: 1,
        times: 2,
        fault: Fault::Status(500),
    };
    harbor.sim.fault(rule);
    let mut seen = Vec::new();
    for path in ["/groups.json", "/about.json", "/groups.json", "/groups/makers.json", "/groups.json"] {
        seen.push(harbor.get(path).await.status);
    }
    assert_eq!(seen, [200, 200, 500, 500, 200]);
    harbor.sim.fault(FaultRule { times: 9, ..FaultRule::next("", Fault::Status(500)) });
    harbor.sim.clear_faults();
    assert_eq!(harbor.get("/groups.json").await.status, 200);
}

#[tokio::test]
async fn a_key_is_revoked_in_the_middle_of_a_run() {
    let harbor = Harbor::plain().await;
    harbor.sim.fault(FaultRule { after: 1, ..FaultRule::next("/admin/users", Fault::KeyRevoked) });
    let statuses =
        [harbor.get(PAGE).await.status, harbor.get(PAGE).await.status, harbor.get(PAGE).await.status];
    assert_eq!(statuses, [200, 404, 404], "and it stays revoked");
    assert_eq!(harbor.ask("GET", PAGE, &harbor.sim.read_key()).await.status, 200, "another key goes on");
}

#[tokio::test]
async fn a_group_changes_between_two_pages() {
    let harbor = Harbor::plain().await;
    let joins = |sim: &sim::forum::ForumSim| {
        let newcomer = sim.create_user(PersonSpec::new("newcomer")).unwrap();
        sim.add_to_group(sim.admin(), GroupId(41), newcomer).unwrap();
    };
    let path = "/groups/makers/members.json";
    harbor.sim.fault(FaultRule { after: 1, ..FaultRule::next(path, Fault::First(Arc::new(joins))) });
    let mut totals = Vec::new();
    for offset in [0, 1] {
        let page = harbor.get(&format!("{path}?limit=1&offset={offset}")).await.json();
        totals.push(page["meta"]["total"].as_i64().unwrap());
    }
    assert_eq!(totals, [1, 2]);
}
