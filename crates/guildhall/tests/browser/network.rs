//! What a browser asked for and what it complained about, from its own logs.

use std::collections::BTreeMap;

use serde_json::Value;
use url::Url;

/// What happened between two looks at the logs.
#[derive(Debug, Default)]
pub(crate) struct Visit {
    /// By the browser's own number; a redirect keeps it.
    asked: BTreeMap<String, Vec<Asked>>,
    complaints: Vec<String>,
}

/// A request and its answer.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// The page it was asked for.
    page: String,
    pub(crate) address: String,
    /// Zero as long as nothing came.
    pub(crate) status: u64,
    /// As the answer says, without parameters.
    pub(crate) kind: String,
    /// With its headers, as it came over the wire.
    bytes: f64,
}

impl Visit {
    /// Reads the two logs, as WebDriver has them.
    pub(crate) fn new(performance: &Value, console: &Value) -> Self {
        let mut visit = Self::default();
        for entry in performance.as_array().unwrap() {
            let entry: Value = serde_json::from_str(entry["message"].as_str().unwrap()).unwrap();
            let message = &entry["message"];
            visit.hears(message["method"].as_str().unwrap(), &message["params"]);
        }
        let severe = console.as_array().unwrap().iter().filter(|entry| entry["level"] == "SEVERE");
        visit.complaints = severe.map(|entry| entry["message"].as_str().unwrap().to_owned()).collect();
        visit
    }

    fn hears(&mut self, event: &str, what: &Value) {
        let Some(number) = what["requestId"].as_str() else { return };
        let asked = self.asked.entry(number.to_owned()).or_default();
        match (event, asked.last_mut()) {
            ("Network.requestWillBeSent", last) => {
                let before = &what["redirectResponse"];
                if let Some(last) = last {
                    last.status = before["status"].as_u64().unwrap_or_default();
                    last.bytes = before["encodedDataLength"].as_f64().unwrap_or_default();
                }
                asked.push(Asked {
                    page: what["documentURL"].as_str().unwrap().to_owned(),
                    address: what["request"]["url"].as_str().unwrap().to_owned(),
                    status: 0,
                    kind: String::new(),
                    bytes: 0.0,
                });
            }
            ("Network.responseReceived", Some(last)) => {
                let answer = &what["response"];
                last.status = answer["status"].as_u64().unwrap();
                answer["mimeType"].as_str().unwrap().clone_into(&mut last.kind);
            }
            ("Network.loadingFinished", Some(last)) => {
                last.bytes = what["encodedDataLength"].as_f64().unwrap();
            }
            _ => {}
        }
    }

    /// Every request, redirects too.
    pub(crate) fn asked(&self) -> impl Iterator<Item = &Asked> {
        self.asked.values().flatten()
    }

    /// The first request to a path.
    pub(crate) fn to_path(&self, path: &str) -> Option<&Asked> {
        self.asked().find(|asked| Url::parse(&asked.address).is_ok_and(|address| address.path() == path))
    }

    /// The status of a page, and everything it weighs over the wire, in bytes.
    pub(crate) fn status_and_bytes(&self, page: &Url) -> (u64, f64) {
        let its_own = || self.asked().filter(|asked| asked.page == page.as_str());
        let status = its_own().find(|asked| asked.address == page.as_str()).map(|asked| asked.status);
        (status.unwrap_or_default(), its_own().map(|asked| asked.bytes).sum())
    }

    /// Addresses that a page asked for and that do not belong to its own host and port.
    pub(crate) fn strangers(&self, page: &Url) -> Vec<String> {
        let its_own = self.asked().filter(|asked| asked.page == page.as_str());
        addresses(its_own, |address| address.origin() != page.origin())
    }

    /// Addresses outside this machine, whoever asked for them.
    pub(crate) fn outside(&self) -> Vec<String> {
        addresses(self.asked(), |address| {
            let host = address.host_str().unwrap_or_default();
            !["127.0.0.1", "localhost"].contains(&host) && !host.ends_with(".localhost")
        })
    }

    /// Errors in the console about a page, without the one that only repeats its status.
    pub(crate) fn complaints(&self, page: &Url) -> Vec<&str> {
        let about = self.complaints.iter().map(String::as_str);
        let origin = page.origin().ascii_serialization();
        let repeats = format!("{page} - Failed to load resource: the server responded with a status of ");
        about.filter(|line| line.contains(&origin) && !line.starts_with(&repeats)).collect()
    }
}

/// The addresses that leave the browser and are such.
fn addresses<'a>(asked: impl Iterator<Item = &'a Asked>, such: impl Fn(&Url) -> bool) -> Vec<String> {
    let parsed = asked.map(|asked| Url::parse(&asked.address).unwrap());
    let leaving = parsed.filter(|address| !["data", "about", "chrome"].contains(&address.scheme()));
    leaving.filter(such).map(String::from).collect()
}
