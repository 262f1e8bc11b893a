//! What is said of a recorded forum: its webhooks, its key, its title.

use service::checkup::Verdict;
use url::Url;

use super::stand_in::{Forum, Reply, TestClock, recorded};
use crate::inspect::Inspect;

const HOOKS: &str = "/admin/api/web_hooks.json";

fn inspect(forum: &Forum) -> Inspect {
    Inspect::new(&forum.settings(), TestClock::new()).unwrap()
}

fn at(address: &str) -> Url {
    address.parse().unwrap()
}

#[tokio::test]
async fn a_recorded_webhook_that_fits_is_found_by_its_address() {
    let list = recorded("errors/read-only-key-webhook-list.json");
    let events = recorded("setup/webhook-events.json");
    let forum = Forum::with([(HOOKS, list), ("/admin/api/web_hook_events/2.json", events)]).await;
    let ours = at("http://127.0.0.1:8399/hooks/discourse");
    let checks = inspect(&forum).webhook_checks(&ours).await;
    let verdicts: Vec<Verdict> = checks.iter().map(|check| check.verdict).collect();
    assert_eq!(verdicts, [Verdict::Ok, Verdict::Ok], "{checks:?}");
    assert!(
        checks[1].says.contains("real event came"),
        "the ping above it proves nothing: {}",
        checks[1].says
    );
}

#[tokio::test]
async fn a_recorded_webhook_that_is_switched_off_is_told() {
    let forum = Forum::with([(HOOKS, recorded("errors/read-only-key-webhook-list.json"))]).await;
    let few = at("http://127.0.0.1:8399/hooks/few");
    let webhook = inspect(&forum).webhook(&few).await.unwrap().unwrap();
    assert!(webhook.check(&few).says.contains("switched off"));
    let absent = inspect(&forum).webhook_checks(&at("https://hall.harbor.social/hooks/forum")).await;
    assert_eq!(absent[0].verdict, Verdict::Broken);
    assert!(absent[0].remedy.as_ref().unwrap().contains("https://hall.harbor.social/hooks/forum"));
}

#[tokio::test]
async fn a_key_that_may_only_read_makes_no_webhook_and_that_is_right() {
    let list = recorded("errors/read-only-key-webhook-list.json");
    let refused = recorded("errors/read-only-key-webhook-create.json");
    let forum =
        Forum::answering(move |call| if call.method == "POST" { refused.clone() } else { list.clone() })
            .await;
    let check = inspect(&forum).make_webhook(&at("https://hall.harbor.social/hooks/forum")).await;
    assert_eq!(check.verdict, Verdict::NotTried);
    assert!(check.says.contains("may only read"), "{}", check.says);
}

#[tokio::test]
async fn a_webhook_is_made_where_the_key_may_write_and_put_right_where_it_is_there() {
    let list = recorded("errors/read-only-key-webhook-list.json");
    let made = recorded("setup/webhook-create.json");
    let forum =
        Forum::answering(move |call| if call.method == "GET" { list.clone() } else { made.clone() }).await;
    for (address, call) in [
        ("https://hall.harbor.social/hooks/forum", ("POST", HOOKS)),
        ("http://127.0.0.1:8399/hooks/few", ("PUT", "/admin/api/web_hooks/3.json")),
    ] {
        let check = inspect(&forum).make_webhook(&at(address)).await;
        assert_eq!(check.verdict, Verdict::Ok, "{check:?}");
        let last = forum.calls().pop().unwrap();
        assert_eq!((last.method.as_str(), last.target.as_str()), call);
        assert_eq!(last.key.as_deref(), Some("harbor-read-key"));
    }
}

#[tokio::test]
async fn a_wrong_key_is_one_finding_and_a_narrow_one_says_what_it_cannot_read() {
    let nothing = Forum::with([("/site/basic-info.json", recorded("read/site-basic-info.json"))]).await;
    let checks = inspect(&nothing).key().await;
    assert_eq!(checks.len(), 1, "{checks:?}");
    assert!(checks[0].remedy.as_ref().unwrap().contains("New API Key"));

    let system = serde_json::json!({ "id": -1 });
    let narrow = Forum::with([("/admin/users/-1.json", Reply::keyed("users/show", &system))]).await;
    let checks = inspect(&narrow).key().await;
    assert_eq!(checks[0].says, "It can read one person.");
    assert!(checks.iter().skip(1).all(|check| check.verdict == Verdict::Broken), "{checks:?}");
    assert_eq!(checks.len(), 5);
}

#[tokio::test]
async fn a_forum_is_known_by_its_title_and_a_page_in_its_place_is_not_a_forum() {
    let forum = Forum::with([("/site/basic-info.json", recorded("read/site-basic-info.json"))]).await;
    assert_eq!(inspect(&forum).reach().await.0.says, "Harbor answers.");
    let wall = Forum::answering(|_| Reply::new(200, &[("Content-Type", "text/html")], "<html>hello")).await;
    let (reached, apart) = inspect(&wall).reach().await;
    assert_eq!((reached.verdict, apart), (Verdict::Broken, None));
}
