//! Buttons: what each carries, read strictly, and who may press it.

use domain::ids::{SourceName, UserId};
use domain::time::Timestamp;
use service::{Asker, Error, Hall};

use crate::commands::{Reply, unlink};

/// The longest id that Discord lets a button carry, in characters.
pub(crate) const ID_CHARS_MAX: usize = 100;

/// What a button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pressed {
    /// Asks whether to unlink.
    AskUnlink,
    /// Unlinks.
    Unlink,
    /// Leaves everything as it is.
    Keep,
}

/// The names that buttons carry.
const ACTIONS: [(&str, Pressed); 3] =
    [("unlink-ask", Pressed::AskUnlink), ("unlink", Pressed::Unlink), ("keep", Pressed::Keep)];

/// A button: `ACTION:USER:SOURCE:UNTIL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Press {
    /// What it does.
    pub(crate) action: Pressed,
    /// For whom it was made: nobody else may press it.
    pub(crate) user: UserId,
    /// Which source it is about.
    pub(crate) source: SourceName,
    /// Until when it works.
    pub(crate) until: Timestamp,
}

impl Press {
    /// What the button carries; at most [`ID_CHARS_MAX`].
    pub(crate) fn id(&self) -> String {
        let name = ACTIONS.iter().find(|(_, action)| *action == self.action).map_or("", |(name, _)| *name);
        format!("{name}:{}:{}:{}", self.user, self.source, self.until.0)
    }

    /// Reads what a button carries; `None` for anything that [`Self::id`] does not make.
    pub(crate) fn read(id: &str) -> Option<Self> {
        if id.len() > ID_CHARS_MAX {
            return None;
        }
        let mut parts = id.split(':');
        let name = parts.next()?;
        let (_, action) = ACTIONS.iter().find(|(known, _)| *known == name)?;
        let user = parts.next()?.parse().ok()?;
        let source = SourceName::new(parts.next()?)?;
        let until = Timestamp(parts.next()?.parse().ok()?);
        let press = Self { action: *action, user, source, until };
        // Only one way of writing each: no plus signs, no leading zeros, nothing behind.
        (parts.next().is_none() && press.id() == id).then_some(press)
    }

    /// Does what the button is for. Refuses everybody but whom it was made for, and when it is too late.
    pub(crate) async fn run(self, hall: &Hall, asker: Asker) -> Result<Reply, Error> {
        if asker.user != self.user {
            return Err(Error::refused("This button was made for somebody else."));
        }
        if hall.now() > self.until {
            return Err(Error::refused("This button is too old. Run the command again."));
        }
        match self.action {
            Pressed::AskUnlink => unlink::ask(hall, &asker, Some(&self.source)).await,
            Pressed::Unlink => unlink::confirmed(hall, &asker, &self.source).await,
            Pressed::Keep => Ok(unlink::kept()),
        }
    }
}
