//! How it stands with the line to Discord's gateway, for whoever watches the hall.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is said of a bot token that Discord does not accept.
pub(crate) const TOKEN_REFUSED: &str = "the bot token is not accepted; make a new one in the developer portal (Bot, \
     Reset Token), put it where bot_token in [discord] points, and restart";

/// The line to the gateway.
#[derive(Debug, Default)]
pub(crate) struct Line(Mutex<Standing>);

/// How it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nothing was heard yet.
    #[default]
    Opening,
    /// Events come in.
    Open,
    /// It broke, and is made anew.
    Broken,
    /// Discord closed it for good; this is what the owner can do.
    Closed(&'static str),
}

impl Line {
    /// Notes how it stands now.
    pub(crate) fn stands(&self, now: Standing) {
        *self.state() = now;
    }

    /// The line broke, unless it never stood.
    pub(crate) fn breaks(&self) {
        let mut state = self.state();
        if *state == Standing::Open {
            *state = Standing::Broken;
        }
    }

    /// What is wrong with it, and what the owner can do; `None` while it is open.
    pub(crate) fn trouble(&self) -> Option<&'static str> {
        match *self.state() {
            Standing::Opening => Some("the gateway is not connected yet"),
            Standing::Open => None,
            Standing::Broken => Some("the line to the gateway is broken; it is being made anew"),
            Standing::Closed(remedy) => Some(remedy),
        }
    }

    fn state(&self) -> MutexGuard<'_, Standing> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
