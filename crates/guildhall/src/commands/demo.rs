//! `guildhall demo`: a hall between a simulated forum and a simulated Discord, and a page to try it on.

mod browser;
mod settings;

use std::io;
use std::sync::Arc;

use ::sim::cast::{Harbor, Mooring, WEBHOOK_SECRET};
use ::sim::demo::{Demo, DemoParts, RuleShown, listener};
use clap::Args;
use data_encoding::HEXLOWER;
use secrecy::SecretString;
use service::ports::Entropy;
use tokio_util::sync::CancellationToken;

use super::say;
use super::sim::ports;
use super::stopped::Stopped;
use crate::cli::Ending;
use crate::clock::{MachineClock, MachineEntropy};
use crate::settings::Settings;
use crate::wire::{self, Outside, Running};
use crate::{log, shutdown};

/// Where it is, and whether a browser shows it.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Put Discord on this port, then the forum, the page and the hall on the next ones; 0 takes free ports.
    /// Left out: 7480, or free ports where one of those is taken
    #[arg(long, value_name = "N")]
    port_base: Option<u16>,
    /// Open no browser
    #[arg(long)]
    no_open: bool,
}

/// The first of the usual ports.
const PORT_BASE: u16 = 7480;
/// The webhook's kinds of events, as the guide names them.
const WEBHOOK_EVENTS: &[&str] = &["user", "group", "group_user", "user_promoted"];

/// Why there is no demo.
type NotStarted = Box<dyn std::error::Error + Send + Sync>;

pub(super) fn run(arguments: &Arguments) -> Result<Ending, Stopped> {
    let folder = settings::Folder::make()?;
    let ended = super::runtime()?.block_on(async {
        let stop = CancellationToken::new();
        let started = match arguments.port_base {
            Some(base) => start(base, &folder, &stop).await,
            None => match start(PORT_BASE, &folder, &stop).await {
                Ok(started) => Ok(started),
                Err(_) => start(0, &folder, &stop).await,
            },
        };
        let (demo, running) =
            started.map_err(|error| Stopped::Told(not_started(&error, arguments.port_base)))?;
        say::answer(&welcome(&demo.address()))?;
        if !arguments.no_open {
            browser::open(&demo.address());
        }
        tokio::select! {
            () = shutdown::on_signal(stop.clone()) => {}
            () = async { demo.plays_the_beginning().await; std::future::pending().await } => {}
        }
        say::answer(&"Closing the demo …")?;
        drop(demo);
        running.stop().await;
        Ok(Ending::Done)
    });
    drop(folder);
    ended
}

fn not_started(error: &NotStarted, port_base: Option<u16>) -> String {
    let taken =
        error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::AddrInUse);
    match port_base.filter(|base| taken && *base > 0) {
        Some(base) => format!(
            "could not start the demo: one of the ports {base} to {} is taken; give another --port-base, or leave \
             it out and free ports are found",
            base.saturating_add(3)
        ),
        None => format!("could not start the demo: {error}"),
    }
}

fn welcome(address: &str) -> String {
    format!(
        "The demo is on {address}\n\
         Click a trust level, a group or a title on the left, and see the right follow with its because.\n\
         Press /link as ana.b and go through the real pages; /why says why; then break the forum.\n\
         A plan waits for your word in the middle: agree to it, undo it, end an override.\n\
         Ctrl-C ends it, and nothing of it stays."
    )
}

async fn start(
    port_base: u16,
    folder: &settings::Folder,
    stop: &CancellationToken,
) -> Result<(Demo, Running), NotStarted> {
    let [discord_port, forum_port, page_port, hall_port] =
        ports(port_base).ok_or("--port-base leaves no room for the ports that follow it")?;
    // Both are taken before anything runs, so that nothing has to be undone.
    let page = listener(page_port).await?;
    let hall_port = match hall_port {
        0 => listener(0).await?.local_addr()?.port(),
        port => port,
    };
    let harbor = Harbor::start(Mooring { discord_port, forum_port, generous: true }).await?;
    let settings = settings::settings(&harbor, hall_port, folder)?;
    let token = HEXLOWER.encode(&MachineEntropy.bytes());
    let (rules, staff_log_every_ms) = (rules(&settings), staff_log_every_ms(&settings));
    let outside = Outside {
        clock: Arc::new(MachineClock),
        entropy: Arc::new(MachineEntropy),
        api_token: Some(SecretString::from(token.clone())),
    };
    log::start(&settings.hall);
    let running = wire::start(settings, outside, stop.clone()).await?;
    let hall = format!("http://{}", running.address);
    harbor.forum.add_webhook(&format!("{hall}/hooks/forum"), WEBHOOK_SECRET, WEBHOOK_EVENTS);
    let demo = Demo::start(page, DemoParts { harbor, hall, token, rules, staff_log_every_ms })?;
    Ok((demo, running))
}

fn rules(settings: &Settings) -> Vec<RuleShown> {
    let shown = |guild: &crate::settings::guild::Guild| {
        let roles = guild.rules.roles.iter();
        let roles =
            roles.map(|rule| RuleShown { role: rule.role.clone(), when: rule.when.text().to_owned() });
        let nickname = guild.rules.nickname.iter();
        let nickname = nickname.map(|rule| RuleShown {
            role: "Nickname".to_owned(),
            when: format!(
                "{}, without the title where that has more than 32 characters",
                rule.template.text()
            ),
        });
        roles.chain(nickname).collect::<Vec<_>>()
    };
    settings.guilds.iter().flat_map(shown).collect()
}

fn staff_log_every_ms(settings: &Settings) -> i64 {
    let every = settings.sources.first().map(|source| source.staff_log_every).unwrap_or_default();
    i64::try_from(every.as_millis()).unwrap_or(i64::MAX)
}
