//! A person's browser without script: real HTTP, cookies by their rules, redirects, forms. It goes nowhere but
//! to this machine, where every name that ends in `localhost` leads.

mod html;
mod jar;
mod page;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{COOKIE, HeaderMap, LOCATION, SET_COOKIE};
use reqwest::{Method, redirect};
use thiserror::Error;
use url::Url;

pub use page::Page;

use crate::clock::Clock;
use jar::{Asking, Jar, is_loopback};

/// Redirects that are followed one after another, as browsers do.
const REDIRECTS_MAX: usize = 20;
/// The largest page, in bytes.
const PAGE_BYTES_MAX: usize = 2 * 1024 * 1024;
/// How long one answer may take, in real time.
const ANSWER_TAKES_AT_MOST: Duration = Duration::from_secs(60);

/// A browser with its own cookies. Clones are windows of the same one.
#[derive(Clone, Debug)]
pub struct Browser {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    client: reqwest::Client,
    clock: Clock,
    jar: Mutex<Jar>,
    stop: Mutex<Option<String>>,
}

/// Why a person gets no further.
#[derive(Debug, Error)]
pub enum Trouble {
    /// The address leads away from this machine.
    #[error("could not open {0}: it leads away from this machine")]
    Elsewhere(String),
    /// It is no address.
    #[error("could not open {0}: it is no address")]
    NoAddress(String),
    /// Too many redirects.
    #[error("could not open {0}: it leads in circles")]
    Circles(Url),
    /// Too large a page.
    #[error("could not read {0}: it is too large")]
    TooLarge(Url),
    /// No answer.
    #[error("could not open {address}: {why}")]
    NoAnswer {
        /// What was opened.
        address: Url,
        /// What the network said.
        why: reqwest::Error,
    },
    /// What should be clicked, pressed or filled in is not there; the page's text follows.
    #[error("could not find {what} on this page:\n{page}")]
    NotThere {
        /// What was looked for.
        what: String,
        /// What the page says.
        page: String,
    },
}

/// What goes out.
#[derive(Clone, Debug)]
struct Going {
    method: Method,
    to: Url,
    form: Option<Vec<(String, String)>>,
    /// The page that leads there, and whether it keeps its own address to itself.
    from: Option<(Url, bool)>,
}

impl Browser {
    /// A browser that has never been anywhere. Fails where no HTTP client can be made.
    pub fn new(clock: Clock) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .timeout(ANSWER_TAKES_AT_MOST)
            .no_proxy()
            .dns_resolver(Arc::new(ThisMachine))
            .user_agent("Mozilla/5.0 (a simulated browser)")
            .build()?;
        Ok(Self { inner: Arc::new(Inner { client, clock, jar: Mutex::default(), stop: Mutex::default() }) })
    }

    /// Opens an address as if it had been typed or came from another program, and follows where it leads.
    pub async fn opens(&self, address: &str) -> Result<Page, Trouble> {
        let to = Url::parse(address).map_err(|_| Trouble::NoAddress(address.to_owned()))?;
        self.goes(Going { method: Method::GET, to, form: None, from: None }).await
    }

    /// From now on stops before it opens this path, and shows the address instead; none goes everywhere.
    pub fn stops_before(&self, path: Option<&str>) {
        *self.inner.stop.lock().unwrap_or_else(PoisonError::into_inner) = path.map(str::to_owned);
    }

    /// Forgets all cookies.
    pub fn forgets(&self) {
        self.jar().empty();
    }

    fn jar(&self) -> MutexGuard<'_, Jar> {
        self.inner.jar.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stops_at(&self, address: &Url) -> bool {
        let stop = self.inner.stop.lock().unwrap_or_else(PoisonError::into_inner);
        stop.as_deref() == Some(address.path())
    }

    async fn goes(&self, mut going: Going) -> Result<Page, Trouble> {
        let begun = going.clone();
        let mut site = Site::of(&going);
        let mut set = Vec::new();
        for _ in 0..=REDIRECTS_MAX {
            if !is_loopback(&going.to) {
                return Err(Trouble::Elsewhere(going.to.to_string()));
            }
            if self.stops_at(&going.to) {
                return Ok(Page::stopped(self.clone(), begun, going.to).setting(set));
            }
            let response = self.asks(&going, site).await?;
            let status = response.status().as_u16();
            set.extend(cookie_lines(response.headers()).map(str::to_owned));
            let Some(next) = led_on(status, response.headers(), &going.to) else {
                return Ok(self.reads(begun, going.to, response).await?.setting(set));
            };
            site = site.max(Site::between(&going.to, &next));
            if !matches!(status, 307 | 308) {
                (going.method, going.form) = (Method::GET, None);
            }
            going.to = next;
        }
        Err(Trouble::Circles(going.to))
    }

    async fn asks(&self, going: &Going, site: Site) -> Result<reqwest::Response, Trouble> {
        let safe = going.method == Method::GET;
        let asking = Asking { from_another_site: site == Site::Other, safe };
        let mut request = self
            .inner
            .client
            .request(going.method.clone(), going.to.clone())
            .header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
            .header("Sec-Fetch-Site", site.word())
            .header("Sec-Fetch-Mode", "navigate")
            .header("Sec-Fetch-Dest", "document");
        if let Some(line) = self.jar().line_for(&going.to, asking, self.inner.clock.now_ms()) {
            request = request.header(COOKIE, line);
        }
        if let Some((from, secretive)) = going.from.as_ref().filter(|_| !safe) {
            // Fetch §3.2.5: a page that keeps its address to itself keeps its origin, too.
            let hidden = *secretive || site == Site::Other && from.scheme() != going.to.scheme();
            let origin = if hidden { "null".to_owned() } else { from.origin().ascii_serialization() };
            request = request.header("Origin", origin);
        }
        if let Some(form) = &going.form {
            request = request.form(form);
        }
        let failed = |why| Trouble::NoAnswer { address: going.to.clone(), why };
        let response = request.send().await.map_err(failed)?;
        let now_ms = self.inner.clock.now_ms();
        cookie_lines(response.headers()).for_each(|line| self.jar().keep(&going.to, line, now_ms));
        Ok(response)
    }

    async fn reads(
        &self,
        begun: Going,
        address: Url,
        mut response: reqwest::Response,
    ) -> Result<Page, Trouble> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let mut body = Vec::new();
        let failed = |why| Trouble::NoAnswer { address: address.clone(), why };
        while let Some(piece) = response.chunk().await.map_err(failed)? {
            body.extend_from_slice(&piece);
            if body.len() > PAGE_BYTES_MAX {
                return Err(Trouble::TooLarge(address));
            }
        }
        Ok(Page::read(self.clone(), begun, address, status, headers, body))
    }
}

/// How far an address is from the page that leads there, near to far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Site {
    /// Nobody leads there.
    Nobody,
    SameOrigin,
    /// Another origin of the same site.
    Near,
    Other,
}

impl Site {
    fn of(going: &Going) -> Self {
        going.from.as_ref().map_or(Self::Nobody, |(from, _)| Self::between(from, &going.to))
    }

    fn between(from: &Url, to: &Url) -> Self {
        if from.origin() == to.origin() {
            Self::SameOrigin
        } else if from.scheme() == to.scheme() && from.host_str() == to.host_str() {
            Self::Near
        } else {
            Self::Other
        }
    }

    /// Fetch Metadata §2.3.
    fn word(self) -> &'static str {
        match self {
            Self::Nobody => "none",
            Self::SameOrigin => "same-origin",
            Self::Near => "same-site",
            Self::Other => "cross-site",
        }
    }
}

fn cookie_lines(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    headers.get_all(SET_COOKIE).iter().filter_map(|line| line.to_str().ok())
}

fn led_on(status: u16, headers: &HeaderMap, at: &Url) -> Option<Url> {
    let leads = matches!(status, 301 | 302 | 303 | 307 | 308);
    let to = headers.get(LOCATION).filter(|_| leads)?;
    at.join(to.to_str().ok()?).ok()
}

/// Finds this machine under every name that ends in `localhost` (RFC 6761 §6.3), and nothing else.
struct ThisMachine;

impl Resolve for ThisMachine {
    fn resolve(&self, name: Name) -> Resolving {
        let known = name.as_str() == "localhost" || name.as_str().ends_with(".localhost");
        Box::pin(async move {
            if known {
                let addresses: Addrs = Box::new(std::iter::once(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))));
                Ok(addresses)
            } else {
                Err(std::io::Error::other("only this machine is known").into())
            }
        })
    }
}
