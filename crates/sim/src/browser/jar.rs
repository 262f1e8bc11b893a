//! A browser's cookies (RFC 6265bis): kept by host whatever the port, sent only where their owner said.

use url::{Host, Url};

/// The most cookies of one browser; further ones are not kept.
const COOKIES_MAX: usize = 1_000;
/// The longest cookie, in bytes of name and value together (RFC 6265bis §5.6).
const COOKIE_BYTES_MAX: usize = 4_096;

/// The cookies of one browser.
#[derive(Debug, Default)]
pub(super) struct Jar {
    cookies: Vec<Cookie>,
}

#[derive(Clone, Debug, PartialEq)]
struct Cookie {
    host: String,
    name: String,
    value: String,
    path: String,
    secure: bool,
    same_site: SameSite,
    expires_at_ms: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SameSite {
    None,
    Lax,
    Strict,
}

/// How a request came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asking {
    /// Another site led here.
    pub(super) from_another_site: bool,
    /// It changes nothing: a GET that fills the window.
    pub(super) safe: bool,
}

impl Jar {
    /// Takes one `Set-Cookie` line, unless its own rules forbid it.
    pub(super) fn keep(&mut self, from: &Url, line: &str, now_ms: i64) {
        let Some(cookie) = read(from, line, now_ms) else { return };
        let same = |known: &Cookie| {
            known.host == cookie.host && known.name == cookie.name && known.path == cookie.path
        };
        self.cookies.retain(|known| !same(known) && known.lives(now_ms));
        if cookie.lives(now_ms) && self.cookies.len() < COOKIES_MAX {
            self.cookies.push(cookie);
        }
    }

    /// What goes into the `Cookie` line of a request; longer paths first.
    pub(super) fn line_for(&self, to: &Url, asking: Asking, now_ms: i64) -> Option<String> {
        let mut sent: Vec<&Cookie> =
            self.cookies.iter().filter(|cookie| cookie.lives(now_ms) && cookie.goes_to(to, asking)).collect();
        sent.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let pairs: Vec<String> =
            sent.iter().map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// Forgets everything.
    pub(super) fn empty(&mut self) {
        self.cookies.clear();
    }
}

impl Cookie {
    fn lives(&self, now_ms: i64) -> bool {
        self.expires_at_ms.is_none_or(|end| end > now_ms)
    }

    fn goes_to(&self, to: &Url, asking: Asking) -> bool {
        let sites = match self.same_site {
            SameSite::None => true,
            SameSite::Lax => !asking.from_another_site || asking.safe,
            SameSite::Strict => !asking.from_another_site,
        };
        sites
            && to.host_str() == Some(&self.host)
            && (!self.secure || is_secure(to))
            && self.covers(to.path())
    }

    /// RFC 6265bis §5.1.4.
    fn covers(&self, path: &str) -> bool {
        match path.strip_prefix(self.path.as_str()) {
            Some(rest) => self.path.ends_with('/') || rest.is_empty() || rest.starts_with('/'),
            None => false,
        }
    }
}

/// RFC 6265bis §5.6 and §5.7; a `Domain` other than the host itself is refused, since every name here ends in
/// a public suffix.
fn read(from: &Url, line: &str, now_ms: i64) -> Option<Cookie> {
    let host = from.host_str()?.to_owned();
    let mut parts = line.split(';').map(str::trim);
    let (name, value) = parts.next()?.split_once('=')?;
    if name.is_empty() || name.len() + value.len() > COOKIE_BYTES_MAX {
        return None;
    }
    let (name, value) = (name.trim().to_owned(), value.trim().to_owned());
    let mut cookie = Cookie {
        path: default_path(from.path()),
        host,
        name,
        value,
        secure: false,
        same_site: SameSite::Lax,
        expires_at_ms: None,
    };
    let (mut has_domain, mut has_age) = (false, false);
    for part in parts {
        let (key, said) = part.split_once('=').unwrap_or((part, ""));
        match key.trim().to_ascii_lowercase().as_str() {
            "path" if said.starts_with('/') => said.clone_into(&mut cookie.path),
            "domain" if said.trim_start_matches('.') != cookie.host => return None,
            "domain" => has_domain = true,
            "secure" => cookie.secure = true,
            "samesite" => cookie.same_site = same_site(said),
            "max-age" => {
                has_age = true;
                let seconds: i64 = said.parse().ok()?;
                cookie.expires_at_ms = Some(now_ms.saturating_add(seconds.saturating_mul(1_000)));
            }
            "expires" if !has_age => cookie.expires_at_ms = moment(said).or(cookie.expires_at_ms),
            _ => {}
        }
    }
    let secure_enough = !cookie.secure || is_secure(from);
    let none_is_secure = cookie.same_site != SameSite::None || cookie.secure;
    (secure_enough && none_is_secure && prefix_kept(&cookie, has_domain)).then_some(cookie)
}

/// RFC 6265bis §4.1.3.
fn prefix_kept(cookie: &Cookie, has_domain: bool) -> bool {
    let name = cookie.name.to_ascii_lowercase();
    if name.starts_with("__host-") {
        cookie.secure && !has_domain && cookie.path == "/"
    } else {
        !name.starts_with("__secure-") || cookie.secure
    }
}

fn same_site(said: &str) -> SameSite {
    match said.to_ascii_lowercase().as_str() {
        "strict" => SameSite::Strict,
        "none" => SameSite::None,
        _ => SameSite::Lax,
    }
}

fn default_path(path: &str) -> String {
    match path.rfind('/') {
        Some(last) if last > 0 => path.get(..last).unwrap_or("/").to_owned(),
        _ => "/".to_owned(),
    }
}

fn moment(said: &str) -> Option<i64> {
    chrono::DateTime::parse_from_rfc2822(said).ok().map(|moment| moment.timestamp_millis())
}

/// Browsers trust the machine itself as they trust TLS (W3C Secure Contexts §3.1).
fn is_secure(address: &Url) -> bool {
    address.scheme() == "https" || is_loopback(address)
}

/// Whether an address leads to this machine.
pub(super) fn is_loopback(address: &Url) -> bool {
    match address.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Asking, Jar};

    const HERE: Asking = Asking { from_another_site: false, safe: true };
    const LED: Asking = Asking { from_another_site: true, safe: true };
    const SENT: Asking = Asking { from_another_site: true, safe: false };

    #[test]
    fn cookies_go_where_their_owner_said() {
        for (line, to, asking, goes) in [
            ("a=1; Path=/", "http://hall.localhost:81/x", HERE, true),
            ("a=1; Path=/", "http://forum.localhost:80/x", HERE, false),
            ("a=1; Path=/l", "http://hall.localhost/link", HERE, false),
            ("a=1; Path=/l", "http://hall.localhost/l/nk", HERE, true),
            ("a=1", "http://hall.localhost/other", HERE, false),
            ("a=1; Path=/; Max-Age=0", "http://hall.localhost/", HERE, false),
            ("a=1; Path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT", "http://hall.localhost/", HERE, false),
            ("a=1; Path=/; SameSite=Lax", "http://hall.localhost/", LED, true),
            ("a=1; Path=/; SameSite=Lax", "http://hall.localhost/", SENT, false),
            ("a=1; Path=/; SameSite=Strict", "http://hall.localhost/", LED, false),
            ("a=1; Path=/; SameSite=None", "http://hall.localhost/", LED, false),
            ("__Host-a=1; Path=/; Secure", "http://hall.localhost/", HERE, true),
            ("__Host-a=1; Path=/", "http://hall.localhost/", HERE, false),
            ("__Host-a=1; Path=/x; Secure", "http://hall.localhost/x", HERE, false),
            ("a=1; Path=/; Domain=localhost", "http://hall.localhost/", HERE, false),
        ] {
            let mut jar = Jar::default();
            jar.keep(&"http://hall.localhost:80/begin/here".parse().unwrap(), line, 1_000);
            let sent = jar.line_for(&to.parse().unwrap(), asking, 2_000);
            assert_eq!(sent.is_some(), goes, "{line} to {to}");
        }
    }

    #[test]
    fn a_cookie_takes_the_place_of_its_namesake() {
        let address = "http://hall.localhost/".parse().unwrap();
        let mut jar = Jar::default();
        jar.keep(&address, "a=1; Path=/", 0);
        jar.keep(&address, "a=2; Path=/", 0);
        assert_eq!(jar.line_for(&address, HERE, 0).as_deref(), Some("a=2"));
    }
}
