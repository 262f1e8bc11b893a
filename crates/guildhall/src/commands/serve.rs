//! `guildhall serve`: runs the hall until it is asked to stop.

use std::io::{self, IsTerminal};
use std::net::SocketAddr;
use std::sync::Arc;

use clap::Args;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::open::open;
use super::say;
use super::stopped::Stopped;
use crate::cli::{Ending, SettingsFile};
use crate::clock::{MachineClock, MachineEntropy};
use crate::watch::Watch;
use crate::wire::{self, Outside};
use crate::{exposure, log, progress, shutdown};

/// Everything is in the settings.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    file: SettingsFile,
}

pub(super) fn run(arguments: &Arguments) -> Result<Ending, Stopped> {
    let settings = open(&arguments.file.settings)?;
    if let Some(refusal) = exposure::refusal(&settings) {
        return Err(Stopped::Told(refusal));
    }
    log::start(&settings.hall);
    super::runtime()?.block_on(async {
        let stop = CancellationToken::new();
        let watch = Watch::new(&settings);
        let address = settings.hall.public_address.clone();
        let outside =
            Outside { clock: Arc::new(MachineClock), entropy: Arc::new(MachineEntropy), api_token: None };
        let starting = wire::start(settings, outside, stop.clone());
        match progress::shown("Opening the database", starting).await {
            Ok(running) => {
                open_on(running.address, &address)?;
                let hall = Arc::clone(&running.hall);
                let (until, waiting) = (stop.clone(), stop.clone());
                let reading = async move {
                    // A hall that waits for its turn reads nobody.
                    if hall.leading(&until).await.is_none() {
                        return;
                    }
                    // What is wrong stands in the log; here it only ends the waiting.
                    let _ = progress::shown("Reading everybody for the first time", hall.at_rest()).await;
                };
                let watching = watch.follow(Arc::clone(&running.hall), Arc::new(MachineClock), stop.clone());
                tokio::select! {
                    () = watching => {}
                    () = shutdown::on_signal(stop.clone()) => {}
                    () = async { reading.await; waiting.cancelled().await } => {}
                }
                tracing::info!("closing: what is in hand is finished first");
                progress::shown("Closing", running.stop()).await;
                Ok(Ending::Done)
            }
            Err(error) => {
                say::problem(&error)?;
                Ok(Ending::Refused)
            }
        }
    })
}

/// Says that the hall is open, once: to who sits before it, else in the log.
fn open_on(address: SocketAddr, public: &Url) -> io::Result<()> {
    if io::stdout().is_terminal() {
        return say::answer(&format_args!("The hall is open on {address}, for {public}. Ctrl-C closes it."));
    }
    tracing::info!("the hall is open on {address}, for {public}");
    Ok(())
}
