//! What can be done: one function for each thing a person, a peer or a timer can ask.
//!
//! | module | holds |
//! | --- | --- |
//! | [`ports`] | what the hall needs from the outside |
//! | [`hall`] | the hall itself, from settings and filled ports |
//! | [`rules`] | which rules hold now, as one value, and how they change |
//! | [`linking`], `unlinking` | proving that two accounts belong to one person, and ending that |
//! | `reconcile` | reading sources, planning, writing |
//! | [`explain`], [`profile`] | what members ask for |
//! | `hands` | what moderators do by hand, from Discord's audit log |
//! | `receive`, [`hint`] | outside events that say "look again" |
//! | `readiness`, [`status`], `standing`, [`metrics`] | for whoever watches the hall |
//! | [`checkup`] | what a look at the surroundings found |
//! | `leader` | of several halls on one database, one leads |
//! | `jobs` | durable work; one file a kind, listed in `JOBS` |
//! | [`error`] | refused or failed |

pub mod checkup;
pub mod error;
pub mod explain;
pub mod hall;
pub mod hint;
pub mod linking;
pub mod metrics;
pub mod ports;
pub mod profile;

pub mod actor;
mod audit;
mod facts;
mod frozen;
mod hands;
mod jobs;
mod leader;
mod notices;
pub mod overrides;
pub mod plans;
mod readiness;
mod receive;
mod reconcile;
pub mod requests;
pub mod rules;
mod standing;
pub mod status;
mod unlinking;
mod welcome;

pub use error::{Error, Failed};
pub use hall::{Asker, Care, GuildSeat, Hall, Parts, SourceParts};
pub use hint::Hint;
pub use metrics::Metrics;
pub use receive::Delivery;
