//! The pictures on the linking page: fetched and capped by the hall, so that no visitor is sent elsewhere.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use service::linking::FaceView;
use url::{Host, Origin, Url};

use crate::Web;
use crate::callback::cookie;

/// The largest picture that is passed on, in bytes.
const PICTURE_BYTES_MAX: usize = 512 * 1024;
/// How long a picture may take; the letter stands in for it then.
const PICTURE_TAKES_AT_MOST: Duration = Duration::from_secs(4);

/// Fetches pictures from the configured origins, and from others only where they have a public address.
#[derive(Clone)]
pub(crate) struct Pictures {
    /// For the configured origins, wherever they are.
    inside: Option<reqwest::Client>,
    /// For all others.
    outside: Option<reqwest::Client>,
    trusted: Arc<[Origin]>,
}

impl Pictures {
    pub(crate) fn new(trusted: &[Origin]) -> Self {
        let client = || {
            reqwest::Client::builder()
                .timeout(PICTURE_TAKES_AT_MOST)
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
        };
        let outside = client().dns_resolver(Arc::new(PublicOnly)).build();
        Self { inside: client().build().ok(), outside: outside.ok(), trusted: trusted.into() }
    }

    /// Who may fetch an address: only a configured origin, scheme and port included, may be inside.
    fn client_for(&self, address: &Url) -> Option<&reqwest::Client> {
        if self.trusted.contains(&address.origin()) {
            return self.inside.as_ref();
        }
        let public = match address.host()? {
            Host::Domain(_) => true,
            Host::Ipv4(ip) => is_public(ip.into()),
            Host::Ipv6(ip) => is_public(ip.into()),
        };
        if public && address.scheme() == "https" { self.outside.as_ref() } else { None }
    }

    /// A picture with its kind; `None` for whatever is not a small picture from where it may come from.
    async fn fetch(&self, address: &str) -> Option<(&'static str, Vec<u8>)> {
        let address = Url::parse(address).ok()?;
        let mut response = self.client_for(&address)?.get(address).send().await.ok()?;
        if response.status() != StatusCode::OK {
            return None;
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.ok()? {
            if bytes.len() + chunk.len() > PICTURE_BYTES_MAX {
                return None;
            }
            bytes.extend_from_slice(&chunk);
        }
        Some((kind(&bytes)?, bytes))
    }
}

/// One of the two pictures of the page before linking, for the browser of that attempt alone.
pub(crate) async fn picture(
    State(web): State<Web>,
    Path(which): Path<String>,
    headers: HeaderMap,
) -> Response {
    let cookie = cookie(&headers, web.hall.public_address());
    let Ok(view) = web.hall.confirm_view(cookie.as_ref()).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let face = match which.as_str() {
        "discord" => view.discord,
        "forum" => view.forum,
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let fetched = match &face.picture {
        Some(address) => web.pictures.fetch(address).await,
        None => None,
    };
    let (kind, bytes) = fetched.unwrap_or_else(|| ("image/svg+xml", letter(&face).into_bytes()));
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "private, max-age=600")], bytes).into_response()
}

/// The first letter of a name, drawn.
fn letter(face: &FaceView) -> String {
    let letter = face
        .name
        .chars()
        .find(|c| c.is_alphanumeric())
        .map_or('·', |c| c.to_uppercase().next().unwrap_or(c));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 48 48\"><rect width=\"48\" height=\"48\" \
         fill=\"#e3f0eb\"/><text x=\"24\" y=\"31\" text-anchor=\"middle\" font-family=\"Georgia, serif\" \
         font-size=\"20\" font-weight=\"600\" fill=\"#14513f\">{letter}</text></svg>"
    )
}

/// By what the bytes are, never by what they are called.
fn kind(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

/// Resolves names, and refuses those that lead inside. The address that was checked is the one connected to.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if allowed.is_empty() {
                return Err("the name leads to no public address".into());
            }
            let addresses: Addrs = Box::new(allowed.into_iter());
            Ok(addresses)
        })
    }
}

/// Whether an address is one of the open internet (IANA special-purpose registries left out).
fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            let special = ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_multicast()
                || ip.is_documentation()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0 && c == 0)
                || (a == 198 && (b == 18 || b == 19));
            !special
        }
        // Global unicast alone, without the ranges that carry an IPv4 address inside.
        IpAddr::V6(ip) => {
            let [a, b, ..] = ip.segments();
            a & 0xe000 == 0x2000 && a != 0x2002 && !(a == 0x2001 && b < 0x200) && !(a == 0x2001 && b == 0xdb8)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_lead_inside_are_not_public() {
        let inside = [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "198.18.0.1",
            "192.0.0.8",
            "240.0.0.1",
            "255.255.255.255",
            "224.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001::1",
        ];
        for text in inside {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
        for text in ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111"] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[tokio::test]
    async fn only_the_configured_scheme_host_and_port_may_be_inside() {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let picture = axum::routing::get(|| async { b"\x89PNG\r\n".to_vec() });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let app = axum::Router::new().route("/a.png", picture);
        let serving = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        let address = Url::parse(&format!("http://localhost:{port}/a.png")).unwrap();
        for (trusted, comes) in [
            (format!("http://localhost:{port}"), true),
            ("http://localhost".to_owned(), false),
            (format!("https://localhost:{port}"), false),
            (format!("http://127.0.0.1:{port}"), false),
        ] {
            let pictures = Pictures::new(&[Url::parse(&trusted).unwrap().origin()]);
            assert_eq!(pictures.fetch(address.as_str()).await.is_some(), comes, "{trusted}");
        }
        serving.abort();
    }

    #[test]
    fn a_picture_is_told_by_its_bytes() {
        assert_eq!(kind(b"\x89PNG\r\n"), Some("image/png"));
        assert_eq!(kind(b"<svg onload=alert(1)>"), None);
        assert_eq!(kind(b"<html>"), None);
    }
}
