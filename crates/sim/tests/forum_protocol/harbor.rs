//! A small forum, and a client of it that follows nothing and waits for nobody.

use std::time::Duration;

use serde_json::Value;
use sim::clock::Clock;
use sim::forum::{ForumSettings, ForumSim, GroupSpec, LimitSettings, PersonId, PersonSpec};

/// How long the client waits: longer than any answer takes that comes at all.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Harbor {
    pub(crate) sim: ForumSim,
    pub(crate) clock: Clock,
    pub(crate) http: reqwest::Client,
    pub(crate) mira: PersonId,
}

/// An answer, read to its end.
pub(crate) struct Seen {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The data; null when there is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }
}

impl Harbor {
    /// Captain the admin, mira, and the group makers; no limits.
    pub(crate) async fn open(change: impl FnOnce(&mut ForumSettings)) -> Harbor {
        let limits = LimitSettings { enabled: false, ..LimitSettings::default() };
        let mut settings = ForumSettings { limits, ..ForumSettings::default() };
        change(&mut settings);
        let clock = Clock::default();
        let sim = ForumSim::start(settings, clock.clone()).await.unwrap();
        let mira = sim.create_user(PersonSpec { trust_level: 2, ..PersonSpec::new("mira") }).unwrap();
        let makers = GroupSpec { members: vec![mira], ..GroupSpec::new("makers") };
        sim.create_group(sim.admin(), makers).unwrap();
        Harbor { sim, clock, http: client(), mira }
    }

    pub(crate) async fn plain() -> Harbor {
        Harbor::open(|_| {}).await
    }

    /// Asks with a key in captain's name; an empty key asks as a visitor.
    pub(crate) async fn ask(&self, method: &str, path: &str, key: &str) -> Seen {
        self.try_ask(method, path, key).await.unwrap()
    }

    pub(crate) async fn try_ask(&self, method: &str, path: &str, key: &str) -> reqwest::Result<Seen> {
        let mut request = self.http.request(method.parse().unwrap(), format!("{}{path}", self.sim.url()));
        if !key.is_empty() {
            request = request.header("Api-Key", key).header("Api-Username", "captain");
        }
        read(request).await
    }

    /// Asks with the key that may do everything.
    pub(crate) async fn get(&self, path: &str) -> Seen {
        self.ask("GET", path, &self.sim.api_key()).await
    }

    pub(crate) async fn visit(&self, path: &str) -> Seen {
        self.ask("GET", path, "").await
    }
}

pub(crate) async fn read(request: reqwest::RequestBuilder) -> reqwest::Result<Seen> {
    let answer = request.send().await?;
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    Ok(Seen { status, headers, text: answer.text().await? })
}

fn client() -> reqwest::Client {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    client.timeout(PATIENCE).build().unwrap()
}
