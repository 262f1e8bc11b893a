//! Stored plans: what waits for a person, what is being written, and what people decide about it.
//!
//! | state | means |
//! | --- | --- |
//! | `shown` | somebody looked at it |
//! | `parked` | it waits for a person; at most one of a guild |
//! | `released` | a person said yes: what it showed and is still needed is written |
//! | `running` | it is written without a person's word, or to take a run back |
//! | `done`, `expired`, `lapsed`, `replaced` | it was written; nobody used the word in time; nothing of it is needed any more; another waits in its place |

mod apply;
mod contents;
mod decide;
mod ended;
mod log;
mod open;
mod park;
mod show;
mod told;
mod undo;
mod unseen;
mod vouch;
mod waits;
mod weigh;

pub use apply::Applied;
pub use decide::TYPE_THE_NUMBER;
pub use show::{FindingView, HeldBefore, Line, Part, PlanView, What};
pub use undo::Undone;
pub use waits::{Waiting, Waits};

pub(crate) use contents::{Contents, Deed};
pub(crate) use ended::end_words;
pub(crate) use open::{OpenPlan, Plans, reasons_of, standing};
pub(crate) use park::take_stock;
pub(crate) use show::because;
pub(crate) use told::LastTold;
pub(crate) use unseen::Absent;
pub(crate) use vouch::has_power;
pub(crate) use weigh::Weights;

/// What becomes of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Shown,
    Parked,
    Released,
    Running,
    Done,
    Expired,
    Lapsed,
    Replaced,
}

impl State {
    /// Its word in the store.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Parked => "parked",
            Self::Released => "released",
            Self::Running => "running",
            Self::Done => "done",
            Self::Expired => "expired",
            Self::Lapsed => "lapsed",
            Self::Replaced => "replaced",
        }
    }
}
