//! The four kinds of 429: whose budget it is, how it is said, and when it is over.

use sim::forum::{Fault, FaultRule, LimitKind, LimitSettings};

use crate::harbor::{Harbor, Seen, read};

const TEN_SECONDS_MS: i64 = 10_000;
const MINUTE_MS: i64 = 60_000;

fn limits(front_per_second: Option<u32>) -> LimitSettings {
    LimitSettings { enabled: true, factor: 1, front_per_second }
}

async fn limited(settings: LimitSettings) -> Harbor {
    Harbor::open(|forum| forum.limits = settings).await
}

/// Asks until the forum has had enough, and says how often it did not mind.
async fn until_too_many(harbor: &Harbor, path: &str, key: &str, most: usize) -> (usize, Seen) {
    for count in 0..=most {
        let seen = harbor.ask("GET", path, key).await;
        if seen.status == 429 {
            return (count, seen);
        }
    }
    panic_with(path)
}

#[expect(clippy::panic, reason = "a test that cannot go on has failed")]
fn panic_with(path: &str) -> ! {
    panic!("{path} was never too much")
}

#[tokio::test]
async fn all_keys_of_the_forum_share_sixty_calls_a_minute() {
    let harbor = limited(limits(None)).await;
    let (everything, reading) = (harbor.sim.api_key(), harbor.sim.read_key());
    for key in [&everything, &reading] {
        for _ in 0..30 {
            assert_eq!(harbor.ask("GET", "/site.json", key).await.status, 200);
        }
        // The address has a budget of its own, which is not what this is about.
        harbor.clock.advance_ms(TEN_SECONDS_MS);
    }
    let seen = harbor.ask("GET", "/site.json", &everything).await;
    assert_eq!(
        (seen.status, seen.header("Discourse-Rate-Limit-Error-Code")),
        (429, "admin_api_key_rate_limit")
    );
    let wait = seen.json()["extras"]["wait_seconds"].as_i64().unwrap();
    assert!((30..=40).contains(&wait), "{wait}");
    assert_eq!(
        (seen.header("Retry-After"), &seen.json()["error_type"]),
        (&*wait.to_string(), &"rate_limit".into())
    );
    assert_eq!(harbor.visit("/site.json").await.status, 200, "who has no key has no part in it");
    harbor.clock.advance_ms(wait * 1000);
    assert_eq!(harbor.ask("GET", "/site.json", &reading).await.status, 200);
}

#[tokio::test]
async fn an_address_has_fifty_in_ten_seconds_and_two_hundred_a_minute() {
    let harbor = limited(limits(None)).await;
    let (count, seen) = until_too_many(&harbor, "/srv/status", "", 60).await;
    assert_eq!((count, seen.header("Discourse-Rate-Limit-Error-Code")), (50, "ip_10_secs_limit"));
    assert!(seen.header("Content-Type").is_empty(), "plain text, and nothing says so");
    assert!(seen.text.starts_with("Slow down"), "{}", seen.text);
    let wait: i64 = seen.header("Retry-After").parse().unwrap();
    assert!((9..=10).contains(&wait), "{wait}");
    for _ in 0..3 {
        harbor.clock.advance_ms(TEN_SECONDS_MS);
        for _ in 0..49 {
            assert_eq!(harbor.visit("/srv/status").await.status, 200);
        }
    }
    harbor.clock.advance_ms(TEN_SECONDS_MS);
    let (count, seen) = until_too_many(&harbor, "/srv/status", "", 60).await;
    assert!(count < 50, "{count}");
    assert_eq!(seen.header("Discourse-Rate-Limit-Error-Code"), "ip_60_secs_limit");
    harbor.clock.advance_ms(MINUTE_MS);
    assert_eq!(harbor.visit("/srv/status").await.status, 200);
}

#[tokio::test]
async fn the_web_server_before_the_forum_says_too_many_in_html_and_not_for_how_long() {
    let harbor = limited(limits(Some(1))).await;
    let (_, seen) = until_too_many(&harbor, "/about.json", "", 60).await;
    assert_eq!((seen.header("Content-Type"), seen.header("Retry-After")), ("text/html", ""));
    assert!(seen.headers.get("X-Discourse-Route").is_none() && seen.text.contains("nginx"), "{}", seen.text);
    harbor.clock.advance_ms(1000);
    assert_eq!(harbor.visit("/about.json").await.status, 200);
}

#[tokio::test]
async fn sign_in_is_limited_in_data_and_on_its_page() {
    let harbor = limited(limits(None)).await;
    let csrf = harbor.visit("/session/csrf.json").await;
    let cookie = csrf.header("Set-Cookie").split(';').next().unwrap().to_owned();
    let token = csrf.json()["csrf"].as_str().unwrap().to_owned();
    let attempt = |path: &str| {
        let request = harbor.http.post(format!("{}{path}", harbor.sim.url()));
        let request = request.header("X-CSRF-Token", &token).header("Cookie", &cookie);
        read(request.form(&[("login", "mira"), ("password", "guessed")]))
    };
    for _ in 0..6 {
        assert_eq!(
            attempt("/session.json").await.unwrap().json()["error"],
            "Incorrect username, email or password"
        );
    }
    let seen = attempt("/session.json").await.unwrap();
    assert_eq!((seen.status, &seen.json()["error_type"]), (429, &"rate_limit".into()));
    assert_eq!(seen.header("Retry-After"), seen.json()["extras"]["wait_seconds"].to_string());
    let page = attempt("/login").await.unwrap();
    assert_eq!((page.status, page.header("Content-Type")), (429, "text/html; charset=utf-8"));
    assert!(page.text.contains("too many times"), "{}", page.text);
    harbor.clock.advance_ms(MINUTE_MS);
    assert_eq!(attempt("/session.json").await.unwrap().status, 200);
}

#[tokio::test]
async fn each_kind_can_be_asked_for_as_a_fault() {
    for (kind, code, wait, content_type) in [
        (LimitKind::AdminKey, "admin_api_key_rate_limit", "7", "application/json; charset=utf-8"),
        (LimitKind::Address, "ip_10_secs_limit", "7", ""),
        (LimitKind::FrontProxy, "", "", "text/html"),
        (LimitKind::SignIn, "", "7", "application/json; charset=utf-8"),
    ] {
        let harbor = Harbor::plain().await;
        harbor.sim.fault(FaultRule::next("/groups", Fault::TooMany(kind, 7)));
        let seen = harbor.get("/groups.json").await;
        let told = (seen.header("Discourse-Rate-Limit-Error-Code"), seen.header("Retry-After"));
        assert_eq!((seen.status, told), (429, (code, wait)), "{kind:?}");
        assert_eq!(seen.header("Content-Type"), content_type, "{kind:?}");
        assert_eq!(harbor.get("/groups.json").await.status, 200, "{kind:?}");
    }
}

#[tokio::test]
async fn budgets_are_widened_and_switched_off_while_the_forum_runs() {
    let harbor = limited(LimitSettings { factor: 2, ..limits(None) }).await;
    let (count, _) = until_too_many(&harbor, "/srv/status", "", 120).await;
    assert_eq!(count, 100);
    harbor.sim.set_limits(LimitSettings { enabled: false, ..limits(None) });
    for _ in 0..120 {
        assert_eq!(harbor.visit("/srv/status").await.status, 200);
    }
}
