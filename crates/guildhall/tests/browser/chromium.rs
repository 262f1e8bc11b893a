//! A browser with a profile of its own, and what a person does in it.

use std::time::{Duration, Instant};

use axum::http::Method;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::{ParseError, Url};

use crate::PASSWORD;
use crate::driver::Driver;
use crate::network::Visit;

/// Nothing but what a story needs: no screen, no services in the background, no name outside this machine.
const FLAGS: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE *.localhost, EXCLUDE localhost, EXCLUDE 127.0.0.1",
];

/// Whether another page than before stands there, loaded whole.
const FOLLOWED: &str = "return !window.isBefore && document.readyState === 'complete'";
/// How long a page may take to follow a click.
const FOLLOWS_WITHIN: Duration = Duration::from_secs(30);

/// A browser.
pub(crate) struct Chromium {
    client: Client,
    _profile: TempDir,
}

/// A command that WebDriver itself does not have.
#[derive(Debug)]
struct Vendor {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Vendor {
    fn endpoint(&self, base_url: &Url, session_id: Option<&str>) -> Result<Url, ParseError> {
        base_url.join(&format!("session/{}/{}", session_id.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _request_url: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

/// What a person does.
impl Chromium {
    /// Opens a browser that knows nobody and nothing.
    pub(crate) async fn fresh(driver: &Driver) -> Self {
        let profile = TempDir::new().unwrap();
        let mut arguments: Vec<String> = FLAGS.iter().map(|&flag| flag.to_owned()).collect();
        arguments.push(format!("--user-data-dir={}", profile.path().display()));
        let wishes = json!({
            "goog:chromeOptions": {"binary": driver.chromium(), "args": arguments},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        });
        let wishes: Capabilities = serde_json::from_value(wishes).unwrap();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = builder.capabilities(wishes).connect(&driver.address()).await.unwrap();
        let chromium = Self { client, _profile: profile };
        // Whatever start page this Chromium was built with is gone and forgotten.
        chromium.opens("about:blank").await;
        chromium.visit().await;
        chromium
    }

    /// Types an address.
    pub(crate) async fn opens(&self, address: &str) {
        self.client.goto(address).await.unwrap();
    }

    /// Clicks a button or a link by its words, and waits for the page that follows.
    pub(crate) async fn clicks(&self, words: &str) {
        self.runs("window.isBefore = true").await;
        let found = format!("(//button | //a)[contains(normalize-space(), '{words}')]");
        let found = self.client.wait().for_element(Locator::XPath(&found)).await;
        found.unwrap_or_else(|error| panic!("no `{words}` to click: {error}")).click().await.unwrap();
        let begun = Instant::now();
        while self.client.execute(FOLLOWED, Vec::new()).await.is_ok_and(|followed| followed != true) {
            assert!(begun.elapsed() < FOLLOWS_WITHIN, "nothing follows `{words}`");
        }
    }

    /// Types into a field by its label.
    pub(crate) async fn fills(&self, label: &str, text: &str) {
        let field = format!("//label[contains(normalize-space(), '{label}')]//input");
        let field = self.client.wait().for_element(Locator::XPath(&field)).await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Opens the address from `/link` and allows the hall to know who they are on Discord.
    pub(crate) async fn proves_discord(&self, address: &str, username: &str) {
        self.opens(address).await;
        self.clicks(&format!("@{username}")).await;
        self.clicks("Authorise").await;
    }

    /// The same, and signs in to the forum.
    pub(crate) async fn proves_both(&self, address: &str, username: &str, forum_name: &str) {
        self.proves_discord(address, username).await;
        self.fills("Username or email", forum_name).await;
        self.fills("Password", PASSWORD).await;
        self.clicks("Log in").await;
    }
}

/// What a person sees, and what they do not.
impl Chromium {
    /// Where they are.
    pub(crate) async fn address(&self) -> Url {
        self.client.current_url().await.unwrap()
    }

    /// What stands in the tab.
    pub(crate) async fn title(&self) -> String {
        self.client.title().await.unwrap()
    }

    /// What they read.
    pub(crate) async fn text(&self) -> String {
        let text = self.runs("return document.body.innerText").await;
        text.as_str().unwrap().to_owned()
    }

    /// What a script in the page answers.
    pub(crate) async fn runs(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// What a promise in the page comes to.
    pub(crate) async fn awaits(&self, promise: &str) -> Value {
        let script = format!("const done = arguments[arguments.length - 1]; ({promise}).then(done, done);");
        self.client.execute_async(&script, Vec::new()).await.unwrap()
    }

    /// Gives an order to the browser itself (Chrome DevTools Protocol).
    pub(crate) async fn orders(&self, order: &str, parameters: Value) -> Value {
        let body = json!({"cmd": order, "params": parameters});
        self.client.issue_cmd(Vendor { path: "goog/cdp/execute", body }).await.unwrap()
    }

    /// What went over the wire and what was complained about since this was asked last.
    pub(crate) async fn visit(&self) -> Visit {
        Visit::new(&self.log("performance").await, &self.log("browser").await)
    }

    async fn log(&self, kind: &str) -> Value {
        self.client.issue_cmd(Vendor { path: "se/log", body: json!({"type": kind}) }).await.unwrap()
    }
}
