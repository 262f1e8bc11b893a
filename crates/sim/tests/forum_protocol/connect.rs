//! DiscourseConnect beyond the recording: what newer versions know, second factors, who is not there.

use std::collections::BTreeMap;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sim::browser::{Browser, Page};
use sim::forum::{ForumSettings, PersonSpec};
use url::Url;

use crate::harbor::Harbor;

const SECRET: &str = "harbor-provider-secret";
const OLD: &str = "2.9.0.beta3";
const NEW: &str = "3.4.2";
const PASSWORD: &str = "correct horse battery 9";

fn signature(text: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    data_encoding::HEXLOWER.encode(hmac::sign(&key, text.as_bytes()).as_ref())
}

/// The address that asks who somebody is.
fn question(harbor: &Harbor, more: &[(&str, &str)]) -> String {
    let back = format!("{}/srv/status", harbor.sim.url());
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    pairs.append_pair("nonce", "n0nce").append_pair("return_sso_url", &back).extend_pairs(more);
    asked(harbor, &STANDARD.encode(pairs.finish()))
}

fn asked(harbor: &Harbor, payload: &str) -> String {
    let mut address = Url::parse(&format!("{}/session/sso_provider", harbor.sim.url())).unwrap();
    address.query_pairs_mut().append_pair("sso", payload).append_pair("sig", &signature(payload));
    address.into()
}

/// What the return address was told; none when the browser is somewhere else.
fn told(page: &Page) -> Option<BTreeMap<String, String>> {
    let query: BTreeMap<_, _> = page.address().query_pairs().into_owned().collect();
    let payload = query.get("sso").filter(|_| page.address().path() == "/srv/status")?;
    assert_eq!(query["sig"], signature(payload), "the forum signs");
    let text = STANDARD.decode(payload).unwrap();
    Some(url::form_urlencoded::parse(&text).into_owned().collect())
}

async fn of_version(version: &str) -> (Harbor, Browser) {
    let harbor = Harbor::open(|settings: &mut ForumSettings| settings.version = version.to_owned()).await;
    harbor.sim.create_user(PersonSpec { second_factor: true, ..PersonSpec::new("careful") }).unwrap();
    let browser = Browser::new(harbor.clock.clone()).unwrap();
    (harbor, browser)
}

async fn signs_in(harbor: &Harbor, browser: &Browser, name: &str) -> Page {
    let page = browser.opens(&format!("{}/login", harbor.sim.url())).await.unwrap();
    enters(page, name).await
}

async fn enters(page: Page, name: &str) -> Page {
    let page = page.fills("Username or email", name).unwrap().fills("Password", PASSWORD).unwrap();
    let page = page.fills("Authentication code, if you use one", "123456").unwrap();
    page.presses("Log in").await.unwrap()
}

#[tokio::test]
async fn without_a_prompt_newer_versions_answer_that_nobody_is_there_and_older_ones_ask() {
    let (harbor, browser) = of_version(NEW).await;
    let address = question(&harbor, &[("prompt", "none")]);
    let answer = told(&browser.opens(&address).await.unwrap()).unwrap();
    assert_eq!((answer["failed"].as_str(), answer["nonce"].as_str()), ("true", "n0nce"));
    assert!(!answer.contains_key("external_id"), "{answer:?}");
    let (harbor, browser) = of_version(OLD).await;
    let page = browser.opens(&question(&harbor, &[("prompt", "none")])).await.unwrap();
    assert_eq!((told(&page), page.address().path()), (None, "/login"));
}

#[tokio::test]
async fn a_question_whose_base64_is_wrapped_into_lines_is_taken_as_it_was_signed() {
    let (harbor, browser) = of_version(NEW).await;
    signs_in(&harbor, &browser, "mira").await;
    let payload = format!("nonce=n0nce&return_sso_url={}/srv/status", harbor.sim.url());
    let encoded = STANDARD.encode(payload);
    let lines: Vec<String> =
        encoded.as_bytes().chunks(60).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    for wrapped in [format!("{}\n", lines.join("\n")), lines.join("\r\n")] {
        let answer = told(&browser.opens(&asked(&harbor, &wrapped)).await.unwrap()).unwrap();
        assert_eq!(answer["username"], "mira", "{wrapped:?}");
    }
}

#[tokio::test]
async fn without_a_prompt_whoever_is_signed_in_is_named_by_every_version() {
    for version in [OLD, NEW] {
        let (harbor, browser) = of_version(version).await;
        signs_in(&harbor, &browser, "mira").await;
        let page = browser.opens(&question(&harbor, &[("prompt", "none")])).await.unwrap();
        let answer = told(&page).unwrap();
        assert_eq!((answer["username"].as_str(), answer.get("failed")), ("mira", None), "{version}");
    }
}

#[tokio::test]
async fn a_required_second_factor_is_asked_for_again_and_confirmed_by_newer_versions_alone() {
    let (harbor, browser) = of_version(NEW).await;
    signs_in(&harbor, &browser, "careful").await;
    let page = browser.opens(&question(&harbor, &[("require_2fa", "true")])).await.unwrap();
    assert_eq!((told(&page), page.address().path()), (None, "/session/2fa"));
    let page = page.fills("Authentication code", "000000").unwrap().presses("Confirm").await.unwrap();
    assert_eq!((told(&page), page.address().path()), (None, "/session/2fa"), "a wrong code");
    let page = page.fills("Authentication code", "123456").unwrap().presses("Confirm").await.unwrap();
    let answer = told(&page).unwrap();
    assert_eq!((answer["username"].as_str(), answer["confirmed_2fa"].as_str()), ("careful", "true"));

    let (harbor, browser) = of_version(OLD).await;
    signs_in(&harbor, &browser, "careful").await;
    let page = browser.opens(&question(&harbor, &[("require_2fa", "true")])).await.unwrap();
    let answer = told(&page).unwrap();
    assert_eq!((answer["username"].as_str(), answer.get("confirmed_2fa")), ("careful", None));
}

#[tokio::test]
async fn a_required_second_factor_of_somebody_who_has_none_is_said_to_be_missing() {
    let (harbor, browser) = of_version(NEW).await;
    signs_in(&harbor, &browser, "mira").await;
    let page = browser.opens(&question(&harbor, &[("require_2fa", "true")])).await.unwrap();
    let answer = told(&page).unwrap();
    assert_eq!((answer["no_2fa_methods"].as_str(), answer.get("confirmed_2fa")), ("true", None));
}

#[tokio::test]
async fn a_code_given_at_the_sign_in_counts() {
    let (harbor, browser) = of_version(NEW).await;
    let page = browser.opens(&question(&harbor, &[("require_2fa", "true")])).await.unwrap();
    assert_eq!(page.address().path(), "/login");
    let answer = told(&enters(page, "careful").await).unwrap();
    assert_eq!((answer["username"].as_str(), answer["confirmed_2fa"].as_str()), ("careful", "true"));
}

#[tokio::test]
async fn whichever_way_somebody_signs_in_the_question_is_answered_after_it() {
    let (harbor, browser) = of_version(OLD).await;
    let page = browser.opens(&question(&harbor, &[])).await.unwrap();
    assert_eq!(told(&enters(page, "mira").await).unwrap()["username"], "mira", "a password");
    browser.forgets();
    let page = browser.opens(&question(&harbor, &[])).await.unwrap();
    let page = page.presses("Sign in with Example ID").await.unwrap().clicks("mira").await.unwrap();
    assert_eq!(told(&page).unwrap()["username"], "mira", "an identity from elsewhere");
    browser.forgets();
    harbor.sim.set(|settings| settings.login_required = true);
    let page = browser.opens(&question(&harbor, &[])).await.unwrap();
    assert_eq!(told(&enters(page, "mira").await).unwrap()["username"], "mira", "behind a login");
}

#[tokio::test]
async fn hidden_groups_and_fields_of_the_caller_come_back() {
    let (harbor, browser) = of_version(OLD).await;
    let hidden = sim::forum::GroupSpec {
        visibility: sim::forum::Audience::Owners,
        members: vec![harbor.mira],
        ..sim::forum::GroupSpec::new("crew-secret")
    };
    harbor.sim.create_group(harbor.sim.admin(), hidden).unwrap();
    signs_in(&harbor, &browser, "mira").await;
    let page = browser.opens(&question(&harbor, &[("custom.colour", "blue")])).await.unwrap();
    let answer = told(&page).unwrap();
    assert_eq!(answer["custom.colour"], "blue");
    assert!(answer["groups"].split(',').any(|group| group == "crew-secret"), "{answer:?}");
    assert!(!answer.contains_key("name") && !answer.contains_key("avatar_url"), "{answer:?}");
}
