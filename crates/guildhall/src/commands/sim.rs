//! `guildhall sim`: a simulated Discord and a simulated forum with the same people, for clients of either.

use std::io;

use ::sim::cast::{Harbor, Mooring};
use clap::Args;
use tokio_util::sync::CancellationToken;

use super::say;
use super::stopped::Stopped;
use crate::cli::Ending;
use crate::shutdown;

/// Where they listen.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Put Discord on this port and the forum on the next one; left out, or 0, free ports are taken
    #[arg(long, value_name = "N", default_value_t = 0)]
    port_base: u16,
}

pub(super) fn run(arguments: &Arguments) -> Result<Ending, Stopped> {
    let Some([discord_port, forum_port]) = ports(arguments.port_base) else {
        let words = "--port-base leaves no room for the ports that follow it";
        return Err(Stopped::Told(words.to_owned()));
    };
    super::runtime()?.block_on(async {
        let harbor = Harbor::start(Mooring { discord_port, forum_port, generous: false }).await;
        let harbor = harbor.map_err(|error| {
            Stopped::Told(format!("could not start the simulators: {error}; another --port-base may be free"))
        })?;
        harbor.suspends().map_err(io::Error::other)?;
        say::answer(&harbor.line())?;
        shutdown::on_signal(CancellationToken::new()).await;
        Ok(Ending::Done)
    })
}

/// So many ports in a row; all 0 when the system chooses. `None` where the row goes past the last port.
pub(super) fn ports<const COUNT: usize>(base: u16) -> Option<[u16; COUNT]> {
    let mut ports = [0; COUNT];
    if base == 0 {
        return Some(ports);
    }
    for (port, step) in ports.iter_mut().zip(0_u16..) {
        *port = base.checked_add(step)?;
    }
    Some(ports)
}
