//! Signing in, in a browser and by script: passwords, codes, an identity from elsewhere, and who stays outside.

use serde_json::{Value, json};
use sim::browser::{Browser, Page};
use sim::forum::PersonSpec;

use crate::harbor::{Harbor, read};

const PASSWORD: &str = "correct horse battery 9";
const CODE: &str = "123456";

async fn sign_in_page(harbor: &Harbor) -> Page {
    let browser = Browser::new(harbor.clock.clone()).unwrap();
    browser.opens(&format!("{}/login", harbor.sim.url())).await.unwrap()
}

async fn with_password(harbor: &Harbor, name: &str, password: &str) -> Page {
    let page = sign_in_page(harbor).await;
    let page = page.fills("Username or email", name).unwrap().fills("Password", password).unwrap();
    page.presses("Log in").await.unwrap()
}

/// Who the forum takes the browser for.
async fn signed_in_as(page: &Page) -> Option<String> {
    let home = page.address().join("/session/current.json").unwrap();
    let answer = page.browser().opens(home.as_str()).await.unwrap();
    let body: Value = serde_json::from_slice(answer.body()).unwrap();
    body["current_user"]["username"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn a_password_opens_a_session_by_name_in_any_case_and_by_address() {
    for name in ["mira", "MIRA", "mira@people.test"] {
        let harbor = Harbor::plain().await;
        harbor.sim.edit_user(harbor.mira, |mira| mira.email = "mira@people.test".to_owned()).unwrap();
        let page = with_password(&harbor, name, PASSWORD).await;
        assert_eq!(signed_in_as(&page).await.as_deref(), Some("mira"), "{name}");
    }
}

#[tokio::test]
async fn whoever_may_not_come_in_is_told_why_and_stays_outside() {
    let harbor = Harbor::plain().await;
    let sim = &harbor.sim;
    sim.create_user(PersonSpec { active: false, ..PersonSpec::new("sleeper") }).unwrap();
    let sunk = sim.create_user(PersonSpec::new("sunk")).unwrap();
    sim.suspend(sim.admin(), sunk, i64::MAX / 4, "Too loud").unwrap();
    for (name, password, words) in [
        ("mira", "guessed", "Incorrect username, email or password"),
        ("nobody", PASSWORD, "Incorrect username, email or password"),
        ("sleeper", PASSWORD, "You can't log in yet"),
        ("sunk", PASSWORD, "Account suspended: Too loud"),
        ("system", PASSWORD, "Incorrect username, email or password"),
    ] {
        let page = with_password(&harbor, name, password).await;
        assert!(page.text().contains(words), "{name}: {}", page.text());
        assert_eq!(signed_in_as(&page).await, None, "{name}");
    }
}

#[tokio::test]
async fn a_second_factor_wants_its_code_beside_the_password() {
    let harbor = Harbor::plain().await;
    harbor.sim.create_user(PersonSpec { second_factor: true, ..PersonSpec::new("careful") }).unwrap();
    let page = with_password(&harbor, "careful", PASSWORD).await;
    assert!(page.text().contains("Invalid authentication code"), "{}", page.text());
    for (code, expected) in [("000000", None), (CODE, Some("careful"))] {
        let page = sign_in_page(&harbor).await;
        let page = page.fills("Username or email", "careful").unwrap().fills("Password", PASSWORD).unwrap();
        let page = page.fills("Authentication code, if you use one", code).unwrap();
        let page = page.presses("Log in").await.unwrap();
        assert_eq!(signed_in_as(&page).await.as_deref(), expected, "{code}");
    }
}

#[tokio::test]
async fn scripts_are_told_which_factor_is_missing() {
    let harbor = Harbor::plain().await;
    harbor.sim.create_user(PersonSpec { second_factor: true, ..PersonSpec::new("careful") }).unwrap();
    let csrf = harbor.visit("/session/csrf.json").await;
    let cookie = csrf.header("Set-Cookie").split(';').next().unwrap().to_owned();
    let token = csrf.json()["csrf"].as_str().unwrap().to_owned();
    let sign_in = |code: &'static str| {
        let request = harbor.http.post(format!("{}/session.json", harbor.sim.url()));
        let request = request.header("X-CSRF-Token", &token).header("Cookie", &cookie);
        let form = [("login", "careful"), ("password", PASSWORD), ("second_factor_token", code)];
        read(request.form(&form).query(&[("second_factor_method", "1")]))
    };
    let refused = sign_in("").await.unwrap();
    let told = refused.json();
    assert_eq!(
        (refused.status, &told["reason"], &told["totp_enabled"]),
        (200, &json!("invalid_second_factor"), &json!(true))
    );
    assert!(refused.headers.get("Set-Cookie").is_none(), "no session");
    let let_in = sign_in(CODE).await.unwrap();
    assert_eq!((let_in.status, &let_in.json()["user"]["username"]), (200, &json!("careful")));
    let cookies: Vec<_> =
        let_in.headers.get_all("Set-Cookie").iter().map(|it| it.to_str().unwrap()).collect();
    assert!(
        cookies.iter().any(|cookie| cookie.starts_with("_t=") && cookie.contains("HttpOnly")),
        "{cookies:?}"
    );
}

#[tokio::test]
async fn a_form_without_its_token_is_refused() {
    let harbor = Harbor::plain().await;
    let request = harbor.http.post(format!("{}/session.json", harbor.sim.url()));
    let seen = read(request.form(&[("login", "mira"), ("password", PASSWORD)])).await.unwrap();
    assert_eq!((seen.status, seen.text.as_str()), (403, r#"["BAD CSRF"]"#));
}

#[tokio::test]
async fn an_identity_from_elsewhere_leads_out_and_back_in() {
    let harbor = Harbor::plain().await;
    let page = sign_in_page(&harbor).await.presses("Sign in with Example ID").await.unwrap();
    assert!(page.address().path().starts_with("/auth/example/authorize"), "{}", page.address());
    let page = page.clicks("mira").await.unwrap();
    assert_eq!(signed_in_as(&page).await.as_deref(), Some("mira"));
}

#[tokio::test]
async fn an_identity_from_elsewhere_helps_nobody_who_may_not_come_in() {
    let harbor = Harbor::plain().await;
    harbor.sim.suspend(harbor.sim.admin(), harbor.mira, i64::MAX / 4, "Too loud").unwrap();
    let page = sign_in_page(&harbor).await.presses("Sign in with Example ID").await.unwrap();
    let page = page.clicks("mira").await.unwrap();
    assert!(page.text().contains("Account suspended"), "{}", page.text());
    assert_eq!(signed_in_as(&page).await, None);
}

#[tokio::test]
async fn an_identity_that_comes_back_in_another_browser_counts_for_nothing() {
    let harbor = Harbor::plain().await;
    let elsewhere = sign_in_page(&harbor).await.presses("Sign in with Example ID").await.unwrap();
    elsewhere.browser().stops_before(Some("/auth/example/callback"));
    let stopped = elsewhere.clicks("mira").await.unwrap();
    let other = Browser::new(harbor.clock.clone()).unwrap();
    let page = other.opens(stopped.address().as_str()).await.unwrap();
    assert!(page.text().contains("error authorizing"), "{}", page.text());
    assert_eq!(signed_in_as(&page).await, None);
}

#[tokio::test]
async fn a_forum_without_a_provider_of_identities_offers_none() {
    let harbor = Harbor::open(|settings| settings.identity_provider = None).await;
    let page = sign_in_page(&harbor).await;
    assert!(!page.text().contains("Sign in with"), "{}", page.text());
    assert_eq!(harbor.visit("/auth/example/authorize?state=x").await.status, 404);
}

/// What ends a session.
type End = fn(&Harbor);

#[tokio::test]
async fn sessions_end_by_time_by_staff_and_by_suspension() {
    const DAY_MS: i64 = 24 * 60 * 60 * 1000;
    let ends: [(&str, End); 3] = [
        ("sixty days", |harbor| harbor.clock.advance_ms(60 * DAY_MS)),
        ("by staff", |harbor| harbor.sim.log_out(harbor.sim.admin(), harbor.mira).unwrap()),
        ("suspended", |harbor| {
            harbor.sim.suspend(harbor.sim.admin(), harbor.mira, i64::MAX / 4, "Loud").unwrap();
        }),
    ];
    for (case, end) in ends {
        let harbor = Harbor::plain().await;
        let page = with_password(&harbor, "mira", PASSWORD).await;
        assert_eq!(signed_in_as(&page).await.as_deref(), Some("mira"), "{case}");
        end(&harbor);
        assert_eq!(signed_in_as(&page).await, None, "{case}");
    }
}
