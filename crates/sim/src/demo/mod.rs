//! The demo's page: the forum on the left, Discord on the right, the hall and its because between them.
//!
//! One small server on loopback. The page talks to it alone; it asks the hall for its plan by the hall's own
//! JSON address, as any other program would.
//!
//! | file | holds |
//! | --- | --- |
//! | `stage` | what all of it works with |
//! | `memory` | what it remembers of what happened |
//! | `door` | the hall's JSON address |
//! | `follow` | looks again whenever something changed, and tells the page |
//! | `view`, `deeds` | what the page shows, as one JSON value |
//! | `acts` | what a click does |
//! | `desk` | what waits for the owner, what can be taken back, overrides |
//! | `visitor` | links people by the real pages |
//! | `serve` | the addresses of the page |

mod acts;
mod deeds;
mod desk;
mod door;
mod follow;
mod memory;
mod serve;
mod stage;
#[cfg(test)]
mod tests;
mod view;
mod visitor;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::cast::Harbor;
use door::Door;
use stage::Stage;

/// A rule as the settings have it, to be shown.
#[derive(Clone, Debug, Serialize)]
pub struct RuleShown {
    /// The role, or what else it is about.
    pub role: String,
    /// The condition, or the template.
    pub when: String,
}

/// What the page is made of.
#[derive(Clone, Debug)]
pub struct DemoParts {
    /// The two places.
    pub harbor: Harbor,
    /// Where the hall answers programs: `http://127.0.0.1:1234`.
    pub hall: String,
    /// What it wants to hear from them.
    pub token: String,
    /// The hall's rules.
    pub rules: Vec<RuleShown>,
    /// How often the hall reads the forum's staff log, in milliseconds.
    pub staff_log_every_ms: i64,
}

/// The page, served until this is dropped.
#[derive(Debug)]
pub struct Demo {
    address: SocketAddr,
    stage: Arc<Stage>,
    _stops: DropGuard,
}

impl Demo {
    /// Serves the page on a listener on loopback, and follows both places.
    pub fn start(listener: TcpListener, parts: DemoParts) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let door = Door::new(&parts.hall, &parts.token, parts.harbor.guild).map_err(io::Error::other)?;
        let stage = Arc::new(Stage::new(parts, door));
        let stop = CancellationToken::new();
        let shown = watch::Sender::new(Arc::from("{}"));
        let router = serve::router(Arc::clone(&stage), shown.subscribe());
        tokio::spawn(stop.clone().run_until_cancelled_owned(follow::run(Arc::clone(&stage), shown)));
        tokio::spawn(stop.clone().run_until_cancelled_owned(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the demo's page stopped");
            }
        }));
        Ok(Self { address, stage, _stops: stop.drop_guard() })
    }

    /// Links those of the cast who begin linked, by the hall's own pages, and suspends who is suspended.
    pub async fn plays_the_beginning(&self) {
        visitor::begin(&self.stage).await;
    }

    /// Where the page is.
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// A listener on 127.0.0.1; `port` 0 lets the system choose.
pub async fn listener(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await
}
