//! Whether browsers could reach the hall without HTTPS: then nothing is served, and what helps is shown.
//!
//! What is refused, and why: docs/decisions/0009-no-plain-http-outside.md.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use url::Url;

use crate::settings::Settings;

/// Addresses that are routed in public, to see by which of our own this machine would talk to them. Nothing is
/// sent there: connecting a UDP socket only chooses a route.
const FAR_AWAY: [SocketAddr; 2] = [
    SocketAddr::new(IpAddr::V4(Ipv4Addr::new(1, 1, 1, 1)), 53),
    SocketAddr::new(IpAddr::V6(Ipv6Addr::new(0x2606, 0x4700, 0x4700, 0, 0, 0, 0, 0x1111)), 53),
];

/// Why the hall would be reached without HTTPS, and what to do; `None` when only this machine or a private network
/// reaches its listener.
pub(crate) fn refusal(settings: &Settings) -> Option<String> {
    let listen = settings.hall.listen;
    let public = exposed(listen.ip(), &own_addresses())?;
    Some(words(listen, public, &settings.hall.public_address))
}

/// The public address by which the listener can be reached, if there is one. `own` are this machine's addresses.
fn exposed(listen: IpAddr, own: &[IpAddr]) -> Option<IpAddr> {
    if !listen.is_unspecified() {
        return Some(listen).filter(|address| is_public(*address));
    }
    own.iter().copied().find(|address| is_public(*address) && (address.is_ipv4() || listen.is_ipv6()))
}

/// Whether the internet routes to an address (IANA's special-purpose registries).
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [first, second, ..] = v4.octets();
            let shared = first == 100 && (64..128).contains(&second);
            !(v4.is_unspecified()
                || v4.is_loopback()
                || v4.is_private()
                || v4.is_link_local()
                || v4.is_documentation()
                || v4.is_multicast()
                || shared)
        }
        IpAddr::V6(v6) => {
            let [first, second, ..] = v6.segments();
            let documentation = first == 0x2001 && second == 0xdb8;
            !(v6.is_unspecified()
                || v6.is_loopback()
                || v6.is_unique_local()
                || v6.is_unicast_link_local()
                || v6.is_multicast()
                || documentation)
        }
    }
}

/// The addresses by which this machine talks to the internet; none where it cannot.
fn own_addresses() -> Vec<IpAddr> {
    let towards = |far: &SocketAddr| {
        let any: IpAddr =
            if far.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
        let socket = UdpSocket::bind((any, 0)).ok()?;
        socket.connect(far).ok()?;
        socket.local_addr().ok().map(|own| own.ip())
    };
    FAR_AWAY.iter().filter_map(towards).collect()
}

fn words(listen: SocketAddr, public: IpAddr, address: &Url) -> String {
    let port = listen.port();
    format!(
        "could not serve: listen = \"{listen}\" under [hall] can be reached from the internet (by {public}), and the hall \
         speaks plain HTTP there. Sign-ins could be read and changed on the way.\n  \
         help: write listen = \"127.0.0.1:{port}\", and let a server that speaks HTTPS pass requests on.\n\n{}",
        front(address, SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port))
    )
}

/// The few lines that put HTTPS in front of the hall, for either of the usual servers.
pub(crate) fn front(address: &Url, listen: SocketAddr) -> String {
    let host = address.host_str().unwrap_or("hall.example.org");
    let listen = match listen.ip().is_unspecified() {
        true => SocketAddr::new(Ipv4Addr::LOCALHOST.into(), listen.port()),
        false => listen,
    };
    format!(
        "Caddy does all of it by three lines in /etc/caddy/Caddyfile, certificate included:\n\n    \
         {host} {{\n        reverse_proxy {listen}\n    }}\n\n\
         nginx, in a server block that has your certificate:\n\n    \
         location / {{\n        proxy_pass http://{listen};\n        proxy_set_header Host $host;\n    }}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn only_addresses_that_the_internet_reaches_are_refused() {
        let none: &[IpAddr] = &[];
        for fine in
            ["127.0.0.1", "::1", "10.0.0.5", "172.17.0.1", "192.168.1.2", "100.101.2.3", "fd00::1", "fe80::1"]
        {
            assert_eq!(exposed(ip(fine), none), None, "{fine}");
        }
        for refused in ["198.18.0.1", "8.8.8.8", "2a01:4f8::1", "::ffff:8.8.8.8"] {
            assert_eq!(exposed(ip(refused), none), Some(ip(refused)), "{refused}");
        }
    }

    #[test]
    fn listening_everywhere_is_refused_where_one_of_the_machines_addresses_is_public() {
        let container = [ip("172.17.0.2")];
        let rented = [ip("8.8.4.4"), ip("2a01:4f8::1")];
        assert_eq!(exposed(ip("0.0.0.0"), &container), None);
        assert_eq!(exposed(ip("0.0.0.0"), &rented), Some(ip("8.8.4.4")));
        assert_eq!(exposed(ip("::"), &rented), Some(ip("8.8.4.4")));
        assert_eq!(exposed(ip("0.0.0.0"), &[ip("2a01:4f8::1")]), None);
    }

    #[test]
    fn the_lines_that_help_name_the_owners_own_host_and_port() {
        let address = "https://hall.harbor.social".parse().unwrap();
        let words = words("8.8.8.8:8080".parse().unwrap(), ip("8.8.8.8"), &address);
        assert!(words.contains("write listen = \"127.0.0.1:8080\""), "{words}");
        assert!(
            words.contains("    hall.harbor.social {\n        reverse_proxy 127.0.0.1:8080\n    }"),
            "{words}"
        );
        assert!(words.contains("proxy_pass http://127.0.0.1:8080;"), "{words}");
    }
}
