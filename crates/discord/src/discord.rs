//! Discord, as the rest of the hall holds it. Cheap to clone: all clones are one.

use std::sync::Arc;

use service::Metrics;
use service::ports::{Clock, Proof};
use thiserror::Error;
use tokio::sync::{Mutex, watch};

use crate::commands::pace::Pace;
use crate::gateway::Hand;
use crate::line::Line;
use crate::oauth::OAuth;
use crate::rest::Rest;
use crate::settings::DiscordSettings;
use crate::shown::Shown;
use crate::world::World;

/// Discord: fills the port `Guilds`, gives the port `Proof`, and runs the gateway.
#[derive(Clone)]
pub struct Discord {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) settings: DiscordSettings,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rest: Rest,
    pub(crate) world: World,
    pub(crate) line: Line,
    pub(crate) oauth: OAuth,
    /// How often whom was answered with what a forum had to be asked for.
    pub(crate) pace: Pace,
    /// The plans that people are reading.
    pub(crate) shown: Shown,
    /// The sequence number of the last event that was handled to its end.
    pub(crate) handled: watch::Sender<u64>,
    /// What the gateway brought and is not done yet.
    pub(crate) hand: Hand,
    /// Members are read one guild at a time, and once at a time.
    pub(crate) one_reading: Mutex<()>,
}

/// Why nothing can be sent to Discord at all.
#[derive(Debug, Error)]
#[error("could not set up TLS for Discord: {0}")]
pub struct NotStarted(#[from] reqwest::Error);

impl Discord {
    /// Gets everything ready; sends nothing yet. What is sent is counted by `metrics`.
    ///
    /// Fails where TLS cannot be set up (no certificates on this machine).
    pub fn new(
        settings: DiscordSettings,
        clock: Arc<dyn Clock>,
        metrics: Metrics,
    ) -> Result<Self, NotStarted> {
        let inner = Inner {
            rest: Rest::new(&settings, clock.clone(), metrics.clone())?,
            world: World::new(settings.members_intent),
            line: Line::default(),
            oauth: OAuth::new(&settings, metrics)?,
            pace: Pace::default(),
            shown: Shown::default(),
            handled: watch::Sender::new(0),
            hand: Hand::new(),
            one_reading: Mutex::new(()),
            settings,
            clock,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// How a person proves a Discord account.
    pub fn proof(&self) -> Arc<dyn Proof> {
        Arc::new(self.inner.oauth.clone())
    }

    /// The sequence number of the last gateway event that was handled to its end, its hints stored.
    pub fn handled(&self) -> watch::Receiver<u64> {
        self.inner.handled.subscribe()
    }

    /// How much of what the gateway brought is not done yet: hints to store, questions to answer, members to
    /// read.
    pub fn in_hand(&self) -> watch::Receiver<usize> {
        self.inner.hand.watch()
    }

    /// How many requests to Discord wait or are under way.
    pub fn requests_in_hand(&self) -> usize {
        self.inner.rest.in_hand()
    }
}
