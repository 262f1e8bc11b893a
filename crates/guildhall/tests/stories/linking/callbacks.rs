//! Answers of Discord and the forum that were used, changed, made up, or came too late.

use std::time::Duration;

use aws_lc_rs::hmac;
use url::{Url, form_urlencoded};

use super::{harbor, rules};
use crate::people::opens;
use crate::{Hall, World, person};

stories! {
    async fn a_refreshed_callback_says_what_to_do(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        let browser = mira.browser();
        for path in ["/link/discord", "/link/forum/forum"] {
            browser.stops_before(Some(path));
            let mut page = mira.reaches_the_forum().await;
            if path == "/link/forum/forum" && page.0.status() != 0 {
                page = page.signs_in("mira").await;
            }
            let callback = page.0.address().clone();
            assert_eq!(callback.path(), path);
            browser.stops_before(None);
            opens(&browser, callback.as_str()).await;
            let again = opens(&browser, callback.as_str()).await;
            assert_eq!((again.0.status(), again.0.title()), (401, "This address is not open · Harbor"));
        }
        hall.settle().await;
        assert_eq!(engine.count("select count(*) from links").await, 0);
        world.transcript();
    }

    async fn a_changed_callback_of_the_forum_links_nobody(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        let browser = mira.browser();
        for change in [changed_payload, changed_signature, without_payload, reflected] {
            browser.stops_before(Some("/link/forum/forum"));
            let mut page = mira.reaches_the_forum().await;
            if page.0.status() != 0 {
                page = page.signs_in("mira").await;
            }
            let mut callback = page.0.address().clone();
            change(&mut callback, &world);
            browser.stops_before(None);
            let page = opens(&browser, callback.as_str()).await;
            assert_eq!(page.0.status(), 401, "{}", page.says());
        }
        hall.settle().await;
        assert_eq!(engine.count("select count(*) from links").await, 0);
        world.transcript();
    }

    async fn a_changed_callback_of_discord_links_nobody(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        let browser = mira.browser();
        for (key, value) in [("state", "somebody-elses"), ("state", ""), ("code", "made-up")] {
            browser.stops_before(Some("/link/discord"));
            let page = mira.reaches_the_forum().await;
            let callback = replaced(page.0.address(), key, value);
            browser.stops_before(None);
            let page = opens(&browser, callback.as_str()).await;
            assert_eq!(page.0.status(), 401, "{key}: {}", page.says());
        }
        hall.settle().await;
        assert_eq!(engine.count("select count(*) from links").await, 0);
        world.transcript();
    }

    async fn an_address_works_for_ten_minutes(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        let answer = mira.runs("/link").await;
        let confirm = mira.reaches_the_forum().await.signs_in("mira").await;
        hall.passes(Duration::from_secs(601)).await;
        // The cookie lasts as long as the attempt.
        let late = confirm.presses("Link my accounts").await;
        assert_eq!((late.0.status(), late.0.title()), (401, "Nothing was begun in this browser · Harbor"));
        let late = answer.opens_link().await;
        assert_eq!(late.0.status(), 401);
        assert_eq!(engine.count("select count(*) from links").await, 0);
        world.transcript();
    }

    async fn who_says_no_is_not_linked(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        let declined = mira.reaches_the_forum().await.signs_in("mira").await.presses("This is not me").await;
        assert_eq!((declined.0.status(), declined.0.title()), (200, "Nothing was linked · Harbor"));
        let consent = mira.runs("/link").await.opens_link().await;
        let declined = consent.presses("Cancel").await;
        assert_eq!((declined.0.status(), declined.0.title()), (200, "Nothing was linked · Harbor"));
        hall.settle().await;
        assert_eq!(engine.count("select count(*) from links").await, 0);
        world.transcript();
    }
}

/// The address with another value under a key.
fn replaced(address: &Url, key: &str, value: &str) -> Url {
    let pairs = address.query_pairs().into_owned();
    let pairs: Vec<(String, String)> = pairs
        .map(|(known, old)| if known == key { (known, value.to_owned()) } else { (known, old) })
        .collect();
    let mut address = address.clone();
    address.query_pairs_mut().clear().extend_pairs(pairs);
    address
}

fn value(address: &Url, key: &str) -> String {
    address.query_pairs().find(|(known, _)| known == key).unwrap().1.into_owned()
}

/// Says that somebody else is signed in, under the old signature.
fn changed_payload(callback: &mut Url, _: &World) {
    let payload = data_encoding::BASE64.decode(value(callback, "sso").as_bytes()).unwrap();
    let payload = String::from_utf8(payload).unwrap().replace("external_id=", "external_id=9");
    *callback = replaced(callback, "sso", &data_encoding::BASE64.encode(payload.as_bytes()));
}

fn changed_signature(callback: &mut Url, _: &World) {
    let signature = value(callback, "sig");
    let last = if signature.ends_with('0') { "1" } else { "0" };
    *callback = replaced(callback, "sig", &format!("{}{last}", &signature[..signature.len() - 1]));
}

fn without_payload(callback: &mut Url, _: &World) {
    callback.set_query(None);
}

/// Brings the hall's own request back as if it were the answer: rightly signed, and about nobody.
fn reflected(callback: &mut Url, world: &World) {
    let payload = data_encoding::BASE64.decode(value(callback, "sso").as_bytes()).unwrap();
    let answer: Vec<(String, String)> = form_urlencoded::parse(&payload).into_owned().collect();
    let mut request = form_urlencoded::Serializer::new(String::new());
    for (key, value) in answer.iter().filter(|(key, _)| key == "nonce" || key == "return_sso_url") {
        request.append_pair(key, value);
    }
    let request = data_encoding::BASE64.encode(request.finish().as_bytes());
    let key = hmac::Key::new(hmac::HMAC_SHA256, world.forums()[0].1.connect_secret().as_bytes());
    let signature = data_encoding::HEXLOWER.encode(hmac::sign(&key, request.as_bytes()).as_ref());
    *callback = replaced(&replaced(callback, "sso", &request), "sig", &signature);
}
