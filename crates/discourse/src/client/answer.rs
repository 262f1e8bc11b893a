//! What an answer proves. A forum, a proxy and a sign-in wall all answer; only some answers count.

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use service::ports::SourceError;

/// How long to leave a forum alone that did not say for how long.
const WAIT_UNSAID: Duration = Duration::from_secs(30);
const WAIT_READ_ONLY: Duration = Duration::from_secs(60);

/// The longest wait we believe; a longer one is asked about again.
const WAIT_MAX: Duration = Duration::from_secs(3600);

/// How much of a page of HTML is looked at to say what it is, in bytes.
const PAGE_LOOK_BYTES: usize = 4096;

/// As whom a call is made, and thus what its answer must show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Identity<'a> {
    /// As the key's user: the answer must name them.
    Key(&'a str),
    /// As a visitor who is not signed in.
    Visitor,
}

/// A received answer before it is judged.
pub(crate) struct Received {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// What an answer is.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// Data from the page that was asked, read by whoever it should be read by.
    Data,
    /// The page itself says that there is no such thing, and the key was honoured.
    NotThere,
    /// Says that there is no such thing, but not who says so: proves nothing by itself.
    NotThereUnproven,
    /// Counts for nothing.
    Worthless(SourceError),
}

/// Judges an answer to a call of `route` (`controller/action`, as Discourse names it in `X-Discourse-Route`).
pub(crate) fn judge(address: &str, received: &Received, identity: Identity<'_>, route: &str) -> Verdict {
    let judge = Judge { address, received, identity, route };
    let status = received.status;
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Verdict::Worthless(judge.busy(WAIT_UNSAID));
    }
    if status.is_server_error() {
        return Verdict::Worthless(judge.broken());
    }
    if status.is_redirection() {
        return Verdict::Worthless(judge.redirected());
    }
    if !judge.is_json() {
        return Verdict::Worthless(judge.not_json());
    }
    match status {
        StatusCode::OK => judge.data(),
        StatusCode::NOT_FOUND | StatusCode::GONE if judge.is_proven() => Verdict::NotThere,
        StatusCode::NOT_FOUND | StatusCode::GONE => Verdict::NotThereUnproven,
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Verdict::Worthless(judge.forbidden()),
        _ => Verdict::Worthless(judge.nonsense(format!(
            "it answered {status} to an ordinary question; is a plugin or a proxy in the way?"
        ))),
    }
}

/// Discourse's own words for a refusal. `error_type` stays the same in every language.
#[derive(Default, Deserialize)]
struct Complaint {
    #[serde(default)]
    error_type: Option<String>,
    #[serde(default)]
    extras: Option<Extras>,
}

#[derive(Deserialize)]
struct Extras {
    #[serde(default)]
    wait_seconds: Option<f64>,
}

struct Judge<'a> {
    address: &'a str,
    received: &'a Received,
    identity: Identity<'a>,
    route: &'a str,
}

impl Judge<'_> {
    fn header(&self, name: &str) -> Option<String> {
        let value = self.received.headers.get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    }

    fn complaint(&self) -> Complaint {
        serde_json::from_slice(&self.received.body).unwrap_or_default()
    }

    fn is_json(&self) -> bool {
        let kind = self.header("content-type").unwrap_or_default().to_ascii_lowercase();
        kind.starts_with("application/json")
    }

    fn names_key_user(&self) -> bool {
        let Identity::Key(username) = self.identity else { return true };
        self.header("x-discourse-username").is_some_and(|named| same_name(&named, username))
    }

    fn names_route(&self) -> bool {
        self.header("x-discourse-route").is_some_and(|named| named == self.route)
    }

    fn is_proven(&self) -> bool {
        self.names_key_user() && self.names_route()
    }

    fn data(&self) -> Verdict {
        if self.is_proven() {
            return Verdict::Data;
        }
        if self.names_route() {
            return Verdict::Worthless(self.key_not_honoured(
                "the answer does not name the key's user (X-Discourse-Username); is the key valid, and api_username spelt as in the forum?",
            ));
        }
        Verdict::Worthless(self.nonsense(format!(
            "the answer does not come from {} (X-Discourse-Route); let the web server before the forum pass the forum's answers and headers on",
            self.route
        )))
    }

    fn busy(&self, unsaid: Duration) -> SourceError {
        let told = self.complaint().extras.and_then(|extras| extras.wait_seconds);
        let told = told.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let header =
            self.header("retry-after").and_then(|text| text.trim().parse().ok()).map(Duration::from_secs);
        let wait = told.max(header).unwrap_or(unsaid).clamp(Duration::from_secs(1), WAIT_MAX);
        SourceError::Busy { address: self.address.to_owned(), wait }
    }

    fn broken(&self) -> SourceError {
        let read_only = self.complaint().error_type.is_some_and(|kind| kind == "read_only");
        if read_only || self.header("discourse-readonly").is_some() || self.header("retry-after").is_some() {
            return self.busy(WAIT_READ_ONLY);
        }
        let status = self.received.status;
        let why = if status == StatusCode::SERVICE_UNAVAILABLE {
            "it is down for maintenance (503); the hall tries again by itself".to_owned()
        } else {
            format!("it answered {status}; look at the forum's own logs if it stays so")
        };
        SourceError::Unreachable { address: self.address.to_owned(), why }
    }

    fn redirected(&self) -> SourceError {
        let target = self.header("location").unwrap_or_default();
        let own = url::Url::parse(self.address).ok();
        let there = own.as_ref().and_then(|own| own.join(&target).ok());
        match (own, there) {
            (_, Some(there)) if is_login(there.path()) => {
                self.key_not_honoured("it sends us to its sign-in page; make a key for all users that may read everything (global read)")
            }
            (Some(own), Some(there)) if own.host() != there.host() => self.nonsense(format!(
                "it sends us to {}; set the source's address to where the forum itself answers",
                there.host_str().unwrap_or("another host")
            )),
            (Some(own), Some(there)) if own.scheme() != there.scheme() => {
                self.nonsense(format!("it sends us to {}://; set the source's address so", there.scheme()))
            }
            _ => self.nonsense("it sends us to another page; set the source's address to where the forum itself answers".to_owned()),
        }
    }

    fn not_json(&self) -> SourceError {
        let look = self.received.body.get(..PAGE_LOOK_BYTES).unwrap_or(&self.received.body);
        let page = String::from_utf8_lossy(look).to_ascii_lowercase();
        let from_cloudflare =
            self.header("server").is_some_and(|server| server.eq_ignore_ascii_case("cloudflare"));
        if self.header("cf-mitigated").is_some() || (from_cloudflare && page.contains("challenge")) {
            return self.nonsense(
                "Cloudflare shows a challenge instead; let the hall's address through its firewall"
                    .to_owned(),
            );
        }
        if page.contains("/login") || page.contains("type=\"password\"") {
            return self.key_not_honoured("a sign-in page came instead; let the hall through the wall before the forum, or set its address right");
        }
        let status = self.received.status;
        self.nonsense(format!(
            "a page came instead of data ({status}); is a Discourse forum at this address?"
        ))
    }

    fn forbidden(&self) -> SourceError {
        let why = match self.complaint().error_type.as_deref() {
            Some("not_logged_in") => "it wants a signed-in user for this",
            Some("invalid_access") => {
                "it refuses this to the key; make a key for all users that may read everything (global read)"
            }
            _ => "it refuses this; look at the key in Admin, API, and at the rights of its user",
        };
        self.key_not_honoured(why)
    }

    fn key_not_honoured(&self, why: &str) -> SourceError {
        SourceError::Forbidden { address: self.address.to_owned(), why: why.to_owned() }
    }

    fn nonsense(&self, why: String) -> SourceError {
        SourceError::Nonsense { address: self.address.to_owned(), why }
    }
}

/// The forum matches names without case.
fn same_name(left: &str, right: &str) -> bool {
    left.to_lowercase() == right.to_lowercase()
}

fn is_login(path: &str) -> bool {
    path.ends_with("/login") || path.contains("/session/sso") || path.contains("/auth/")
}
