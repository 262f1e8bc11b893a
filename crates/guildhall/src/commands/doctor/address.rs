//! The address people use, from this machine's door to the name in the browser's bar. Where no hall runs,
//! something stands in for it that says a word nobody else knows.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use data_encoding::HEXLOWER;
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use service::checkup::Check;
use service::ports::Entropy;
use tokio::net::{TcpListener, lookup_host};
use tokio::task::JoinHandle;
use url::{Host, Url};

use crate::clock::MachineEntropy;
use crate::exposure;
use crate::settings::Settings;

/// How long an answer may take.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(10);
/// How much of an answer is read, in bytes: the word is shorter.
const ANSWER_BYTES_MAX: usize = 4096;
/// What a hall that runs says at `/healthz`.
const ALIVE: &str = "alive";

const LISTENER: &str = "listener";
const ADDRESS: &str = "public address";

/// Stands in for the hall at its door until it is dropped.
pub(in crate::commands) struct StandIn {
    word: String,
    task: JoinHandle<()>,
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl StandIn {
    /// Listens where the hall would, and takes `more` in beside its word. Fails when the door is taken.
    pub(in crate::commands) async fn at(listen: SocketAddr, more: Router) -> io::Result<Self> {
        let listener = TcpListener::bind(listen).await?;
        let word = HEXLOWER.encode(&MachineEntropy.bytes());
        let said = word.clone();
        let routes = Router::new().route("/healthz", get(move || async move { said })).merge(more);
        let task = tokio::spawn(async move {
            // It ends with the task.
            let _ = axum::serve(listener, routes).await;
        });
        Ok(Self { word, task })
    }
}

/// The listener and the public address.
pub(super) async fn look(settings: &Settings) -> Vec<Check> {
    let (listen, public) = (settings.hall.listen, &settings.hall.public_address);
    let mut checks = Vec::new();
    if let Some(refusal) = exposure::refusal(settings) {
        let (says, remedy) = refusal.split_once("\n  help: ").unwrap_or((&refusal, ""));
        checks.push(Check::broken("HTTPS", format!("The hall {says}"), remedy.to_owned()));
    }
    let (listener, reached) = door(public, listen).await;
    checks.extend(listener);
    checks.extend(reached);
    checks
}

/// Who has the hall's door, and whether the address people use leads there. Where nobody has it, something stands in
/// for the hall for as long as that takes.
pub(in crate::commands) async fn door(public: &Url, listen: SocketAddr) -> (Vec<Check>, Vec<Check>) {
    match StandIn::at(listen, Router::new()).await {
        Ok(stand_in) => {
            let idle = Check::warning(
                LISTENER,
                format!("The hall does not run: nobody listens on {listen}."),
                "Start it with `guildhall serve`. Everything here is tried without it.",
            );
            (vec![idle], answers(public, listen, &stand_in.word).await)
        }
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => match running(listen).await {
            Ok(said) => (said, answers(public, listen, ALIVE).await),
            Err(check) => (vec![check], vec![later()]),
        },
        Err(error) => {
            let check = Check::broken(
                LISTENER,
                format!("The hall cannot listen on {listen}: {error}."),
                "Write another `listen` under [hall]: 127.0.0.1 and a port above 1023 is right behind a server that \
                 speaks HTTPS.",
            );
            (vec![check], vec![later()])
        }
    }
}

fn later() -> Check {
    Check::not_tried(ADDRESS, "The listener has to be right first.")
}

/// Whether it is the hall that has the door, and what it says is in its way.
async fn running(listen: SocketAddr) -> Result<Vec<Check>, Check> {
    let near = if listen.ip().is_unspecified() { Ipv4Addr::LOCALHOST.into() } else { listen.ip() };
    let at = |path: &str| format!("http://{}/{path}", SocketAddr::new(near, listen.port()));
    let client = client().ok_or_else(no_client)?;
    match ask(&client, &at("healthz")).await {
        Ok((_, said)) if said.trim() == ALIVE => {}
        _ => {
            let says = format!("Another program listens on {listen}.");
            return Err(Check::broken(LISTENER, says, "Stop it, or write another `listen` under [hall]."));
        }
    }
    let mut checks = vec![Check::ok(LISTENER, format!("The hall runs and listens on {listen}."))];
    if let Ok((StatusCode::SERVICE_UNAVAILABLE, said)) = ask(&client, &at("readyz")).await {
        let lines = said.lines().skip(1).filter(|line| !line.is_empty());
        checks
            .extend(lines.map(|line| Check::broken("running hall", format!("It says: {line}."), IN_THE_WAY)));
    }
    Ok(checks)
}

const IN_THE_WAY: &str = "Its log says more: `journalctl -u guildhall`, where it runs under systemd.";

async fn answers(public: &Url, listen: SocketAddr, word: &str) -> Vec<Check> {
    let addresses = match addresses_of(public).await {
        Ok(addresses) => addresses,
        Err(check) => return vec![check],
    };
    let front = exposure::front(public, listen);
    let shown = public.as_str().trim_end_matches('/');
    let Some(client) = client() else { return vec![no_client()] };
    let mut health = public.clone();
    health.set_path("healthz");
    let check = match ask(&client, health.as_str()).await {
        Ok((_, said)) if said.trim() == word => {
            Check::ok(ADDRESS, format!("{shown} leads here, and what comes back is the hall's."))
        }
        Ok((status, _)) if status.is_server_error() => Check::broken(
            ADDRESS,
            format!("Something answers at {shown} with {status}: it does not reach the hall."),
            format!("Let it pass requests on to {listen}.\n{front}"),
        ),
        Ok((status, _)) => Check::broken(
            ADDRESS,
            format!("Something else than this hall answers at {shown} ({status})."),
            format!(
                "Let whatever answers there pass all requests on to {listen}, or correct `public_address`.\n{front}"
            ),
        ),
        Err(why) => Check::broken(
            ADDRESS,
            format!("{shown} cannot be reached from this machine: {why}."),
            format!(
                "Point the name at this machine, open port 443 in its firewall, and let a server there speak \
                 HTTPS.\n{front}"
            ),
        ),
    };
    std::iter::once(check).chain(private(public, &addresses)).collect()
}

/// The addresses behind a name.
async fn addresses_of(public: &Url) -> Result<Vec<IpAddr>, Check> {
    let port = public.port_or_known_default().unwrap_or_default();
    match public.host() {
        Some(Host::Ipv4(address)) => Ok(vec![address.into()]),
        Some(Host::Ipv6(address)) => Ok(vec![address.into()]),
        Some(Host::Domain(name)) if is_this_machine(name) => Ok(vec![Ipv4Addr::LOCALHOST.into()]),
        host => {
            let name = host.map(|host| host.to_string()).unwrap_or_default();
            match lookup_host((name.clone(), port)).await {
                Ok(found) => Ok(found.map(|address| address.ip()).collect()),
                Err(_) => Err(Check::broken(
                    ADDRESS,
                    format!("The name {name} leads nowhere."),
                    format!(
                        "Where you bought the domain, add an A record for {name} with this machine's public address; it \
                         may take minutes to be seen. Or correct `public_address` under [hall]."
                    ),
                )),
            }
        }
    }
}

/// Discourse sends webhooks only to addresses that are routed in public, unless it is told of the host.
fn private(public: &Url, addresses: &[IpAddr]) -> Option<Check> {
    let first =
        addresses.first().filter(|_| !addresses.iter().any(|address| exposure::is_public(*address)))?;
    let host = public.host_str().unwrap_or_default();
    let is_fixed = !matches!(public.host(), Some(Host::Domain(name)) if !is_this_machine(name));
    let (says, or) = if is_fixed {
        let or = "give this machine a name that leads to a public address, and write it as `public_address` under [hall]";
        (format!("{host} is an address that only this network reaches."), or.to_owned())
    } else {
        let says = format!("{host} leads to {first}, which only this network reaches.");
        (says, format!("let {host} lead to a public address"))
    };
    Some(Check::warning(
        "private address",
        format!("{says} Discourse sends no webhooks to such addresses."),
        format!(
            "In the forum: Admin, Settings, search for `allowed internal hosts`, and add {host}; or {or}."
        ),
    ))
}

/// Whether a name is this machine's, wherever it is asked for (RFC 6761 §6.3).
fn is_this_machine(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

fn client() -> Option<Client> {
    Client::builder().redirect(Policy::none()).timeout(ANSWER_TIME_MAX).build().ok()
}

fn no_client() -> Check {
    Check::not_tried(ADDRESS, "This machine's certificates cannot be read; install ca-certificates.")
}

/// The status and the beginning of what an address answers; else why it did not.
async fn ask(client: &Client, address: &str) -> Result<(StatusCode, String), String> {
    let mut response = client.get(address).send().await.map_err(|error| why(&error))?;
    let status = response.status();
    let mut said = Vec::new();
    while let Ok(Some(piece)) = response.chunk().await {
        said.extend_from_slice(&piece);
        if said.len() > ANSWER_BYTES_MAX {
            break;
        }
    }
    Ok((status, String::from_utf8_lossy(&said).into_owned()))
}

fn why(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let mut deepest: &dyn std::error::Error = error;
    while let Some(deeper) = deepest.source() {
        deepest = deeper;
    }
    let words = deepest.to_string();
    match words.to_ascii_lowercase() {
        lower if lower.contains("certificate") => format!("its certificate is not in order ({words})"),
        _ => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_the_forum_may_refuse_to_call_has_a_remedy_that_can_be_done() {
        for (address, remedy) in [
            ("http://127.0.0.1:8080", "or give this machine a name that leads to a public address"),
            ("http://hall.localhost:8080", "or give this machine a name that leads to a public address"),
            ("https://hall.harbor.social", "or let hall.harbor.social lead to a public address."),
        ] {
            let check = private(&address.parse().unwrap(), &[Ipv4Addr::LOCALHOST.into()]).unwrap();
            assert!(check.remedy.as_deref().unwrap().contains(remedy), "{check:?}");
        }
        let public = private(&"https://hall.harbor.social".parse().unwrap(), &["8.8.8.8".parse().unwrap()]);
        assert_eq!(public, None);
    }
}
