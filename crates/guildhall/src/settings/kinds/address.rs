//! Addresses: of the hall, of forums, of Discord, and where the hall listens.

use std::net::SocketAddr;

use url::{Host, Url};

use super::Kind;
use crate::settings::given::{Given, Wrong, repeated};

/// The longest address, in bytes.
const ADDRESS_BYTES_MAX: usize = 2048;

/// The hall's own address: no path, since cookies and pages are made for the root.
pub(in crate::settings) struct Hall;

/// The address of a forum, which may live in a folder.
pub(in crate::settings) struct Forum;

/// An address of Discord, or of something that speaks its protocol: `https` or `wss`.
pub(in crate::settings) struct Service(pub(in crate::settings) &'static str);

/// Whether an address may lead into a folder of its host.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Folder {
    Allowed,
    Refused,
}

/// An address and port to listen on.
pub(in crate::settings) struct SocketPlace;

/// The same for what need not be: `"off"`.
pub(in crate::settings) struct SocketPlaceOrOff;

/// The word for not listening at all.
const OFF: &str = "off";

impl Kind for Hall {
    type Value = Url;

    fn words(&self) -> String {
        "https address without a path, http on loopback alone".to_owned()
    }

    fn read(&self, given: &Given<'_>) -> Result<Url, Vec<Wrong>> {
        let url = address(given, "https", Folder::Refused)?;
        if url.path() != "/" {
            let what = "the hall answers at the root of its address, not under a path";
            let origin = right(&url, url.scheme(), Folder::Refused);
            return Err(given.wrong_because(what, format!("write {} = \"{origin}\"", given.key)));
        }
        Ok(url)
    }
}

impl Kind for Forum {
    type Value = Url;

    fn words(&self) -> String {
        "https address, http on loopback alone".to_owned()
    }

    fn read(&self, given: &Given<'_>) -> Result<Url, Vec<Wrong>> {
        address(given, "https", Folder::Allowed)
    }
}

impl Kind for Service {
    type Value = Url;

    fn words(&self) -> String {
        let plain = plain_scheme(self.0);
        format!("{} address, {plain} on loopback alone", self.0)
    }

    fn read(&self, given: &Given<'_>) -> Result<Url, Vec<Wrong>> {
        address(given, self.0, Folder::Allowed)
    }
}

impl Kind for SocketPlace {
    type Value = SocketAddr;

    fn words(&self) -> String {
        "IP address and port".to_owned()
    }

    fn read(&self, given: &Given<'_>) -> Result<SocketAddr, Vec<Wrong>> {
        let text = given.text()?;
        text.parse().map_err(|_| {
            let what = format!("{} is not an IP address with a port", repeated(text));
            match text.strip_prefix(':').or_else(|| text.strip_prefix("localhost:")) {
                Some(port) if port.parse::<u16>().is_ok() => {
                    given.wrong_because(what, format!("write {} = \"127.0.0.1:{port}\"", given.key))
                }
                _ => given.wrong(what),
            }
        })
    }
}

impl Kind for SocketPlaceOrOff {
    type Value = Option<SocketAddr>;

    fn words(&self) -> String {
        format!("{}, or \"{OFF}\"", SocketPlace.words())
    }

    fn read(&self, given: &Given<'_>) -> Result<Option<SocketAddr>, Vec<Wrong>> {
        if given.text()? == OFF { Ok(None) } else { SocketPlace.read(given).map(Some) }
    }
}

/// An address that encrypts, unless it leads to this machine. The text is repeated only when it holds no `@`:
/// what stands before one is a password.
fn address(given: &Given<'_>, scheme: &str, folder: Folder) -> Result<Url, Vec<Wrong>> {
    let text = given.text()?;
    let shown = if text.contains('@') { "this".to_owned() } else { repeated(text) };
    if text.len() > ADDRESS_BYTES_MAX {
        return Err(given.wrong(format!("an address has at most {ADDRESS_BYTES_MAX} bytes")));
    }
    let Some(url) = Url::parse(text).ok().filter(Url::has_host) else {
        return Err(unreadable(given, text, &shown, scheme));
    };
    if !url.username().is_empty() || url.password().is_some() {
        let remedy = "take out what stands before the @";
        return Err(given.wrong_because("an address here has no user name and no password", remedy));
    }
    if url.query().is_some() || url.fragment().is_some() {
        let remedy = match text.contains('@') {
            true => "take out everything from the ? or # on".to_owned(),
            false => format!("write {} = \"{}\"", given.key, right(&url, scheme, folder)),
        };
        return Err(given.wrong_because("an address here has no query and no fragment", remedy));
    }
    let plain = plain_scheme(scheme);
    if url.scheme() == plain && !leads_to_this_machine(&url) {
        let what = format!("{plain} is for this machine alone: on the way, others could read and change it");
        let remedy = format!("write {} = \"{}\"", given.key, right(&url, scheme, folder));
        return Err(given.wrong_because(what, remedy));
    }
    if url.scheme() != scheme && url.scheme() != plain {
        return Err(given.wrong(format!("{shown} begins with {}:, not with {scheme}:", url.scheme())));
    }
    Ok(url)
}

/// The address as it may be written, so that the remedy for one thing is not refused for the next.
fn right(url: &Url, scheme: &str, folder: Folder) -> String {
    let scheme = if leads_to_this_machine(url) { url.scheme() } else { scheme };
    let host = url.host_str().unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let path = if folder == Folder::Allowed { url.path().trim_end_matches('/') } else { "" };
    format!("{scheme}://{host}{port}{path}")
}

fn unreadable(given: &Given<'_>, text: &str, shown: &str, scheme: &str) -> Vec<Wrong> {
    let what = format!("{shown} is not an address");
    let with_scheme = format!("{scheme}://{text}");
    let would_do = !text.contains("://") && Url::parse(&with_scheme).is_ok_and(|url| url.has_host());
    if would_do && !text.contains('@') {
        given.wrong_because(what, format!("write {} = \"{with_scheme}\"", given.key))
    } else {
        given.wrong(what)
    }
}

fn plain_scheme(scheme: &str) -> &'static str {
    if scheme == "wss" { "ws" } else { "http" }
}

/// Whether an address leads to this machine by its name alone (RFC 6761 §6.3 for `localhost`).
fn leads_to_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}
