//! DiscourseConnect, step by step as recorded, with the cookies of this run.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use sim::forum::PersonId;

use crate::compare::headers;
use crate::known::Ledger;
use crate::recording::{Answered, Recording, answered, asked};
use crate::world::World;

/// Headers of the recorded requests that belong to the recorded session.
const OF_THAT_SESSION: [&str; 2] = ["Cookie", "X-CSRF-Token"];

pub(crate) async fn replay(recording: &Recording, client: &reqwest::Client, ledger: &mut Ledger) {
    let world = World::for_recording(&recording.name, client).await;
    let mut jar = BTreeMap::new();
    let mut csrf = String::new();
    let limited = recording.name.contains("sign-in-limited");
    for step in recording.whole["steps"].as_array().unwrap() {
        let name = format!("{} ({})", recording.name, step["what"].as_str().unwrap_or("again"));
        let mut request = asked(&step["request"]);
        if name.contains("after a suspension") {
            let till_ms = sim::clock::Clock::default().now_ms() + 1_000_000;
            world.sim.suspend(world.sim.admin(), PersonId(6), till_ms, "now").unwrap();
        }
        request.headers.retain(|(name, _)| !OF_THAT_SESSION.contains(&name.as_str()));
        if request.method == "POST" && limited {
            use_up_sign_ins(&world, &jar, &csrf).await;
        }
        request.headers.push(("X-CSRF-Token".to_owned(), csrf.clone()));
        let cookies: Vec<String> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        request.headers.push(("Cookie".to_owned(), cookies.join("; ")));
        let ours = world.ask(&request).await;
        let recorded = answered(&step["response"]);
        ledger.note(&name, recorded.status != ours.status, || {
            format!("status is {} and not {}", ours.status, recorded.status)
        });
        for difference in headers(&recorded, &ours) {
            ledger.differs(&name, &difference);
        }
        let (theirs, mine) = (told(&recorded), told(&ours));
        ledger.note(&name, theirs != mine, || format!("told {mine:?} and not {theirs:?}"));
        let (theirs, mine) = (cookie_names(&recorded), cookie_names(&ours));
        ledger.note(&name, theirs != mine, || format!("cookies are {mine:?} and not {theirs:?}"));
        keep(&mut jar, &ours);
        if let Some(token) = ours.json.as_ref().and_then(|json| json["csrf"].as_str()) {
            token.clone_into(&mut csrf);
        }
    }
}

async fn use_up_sign_ins(world: &World, jar: &BTreeMap<String, String>, csrf: &str) {
    let cookies: Vec<String> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
    for _ in 0..6 {
        let request = world.client.post(format!("{}/session.json", world.sim.url()));
        let request = request.header("X-CSRF-Token", csrf).header("Cookie", cookies.join("; "));
        request.body("login=nobody&password=x").send().await.unwrap();
    }
}

/// What the redirect says: the address without its query, and the fields of the payload.
fn told(answer: &Answered) -> Option<(String, Vec<(String, String)>)> {
    let location = answer.header("Location")?;
    let url = url::Url::parse(location).unwrap();
    let payload = url.query_pairs().find(|(name, _)| name == "sso").map(|(_, value)| value.into_owned());
    let decoded = payload.map(|it| base64::engine::general_purpose::STANDARD.decode(it).unwrap());
    let mut fields: Vec<(String, String)> =
        decoded.map(|it| url::form_urlencoded::parse(&it).into_owned().collect()).unwrap_or_default();
    for (name, value) in &mut fields {
        // Names of this many letters are made up here, and pictures are numbered otherwise.
        if name == "avatar_url" || name == "name" {
            value.clear();
        }
        // Mira joined the crew on deck while the recording was made.
        *value = value.replace(",crew-deck", "");
    }
    fields.retain(|(name, _)| name != "avatar_url");
    let place = if url.path() == "/login" {
        "/login".to_owned()
    } else {
        format!("{:?}{}", url.host_str(), url.path())
    };
    Some((place, fields))
}

/// Cookies that are set; the anonymous session's comes more often in the recording, and says nothing.
fn cookie_names(answer: &Answered) -> BTreeSet<String> {
    let set = answer.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    let names = set.map(|(_, value)| value.split('=').next().unwrap().to_owned());
    names.filter(|name| name != "_forum_session").collect()
}

fn keep(jar: &mut BTreeMap<String, String>, answer: &Answered) {
    for (_, cookie) in answer.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")) {
        let (name, rest) = cookie.split_once('=').unwrap();
        let value = rest.split(';').next().unwrap();
        if value.is_empty() {
            jar.remove(name);
        } else {
            jar.insert(name.to_owned(), value.to_owned());
        }
    }
}
