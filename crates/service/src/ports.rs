//! What the hall needs from the outside, as small traits that the adapters fill.
//!
//! | port | filled by | is |
//! | --- | --- | --- |
//! | [`Clock`], [`Entropy`] | the program, tests | time and randomness |
//! | [`Source`] | discourse | where facts come from |
//! | [`Proof`] | discord, discourse | how a person proves an account |
//! | [`Guilds`] | discord | the servers that follow |

mod guilds;
mod proof;
mod source;

use async_trait::async_trait;
use domain::time::Timestamp;

pub use guilds::{ByHand, GuildError, Guilds, HandAct, MemberNow, Notice, Offer, Offered, Standing, Told};
pub use proof::{Callback, Identity, Proof, ProofError, ProofSecrets};
pub use source::{
    Acts, ActsCursor, Incomplete, Person, PersonRead, Profile, ProfileViewer, Snapshot, Source, SourceError,
    SourceGroup, Wanted, WhoseProfile,
};

/// The time. Tests move it; nothing else asks the machine.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The moment it is.
    fn now(&self) -> Timestamp;

    /// Returns once it is `moment` or later.
    async fn sleep_until(&self, moment: Timestamp);
}

/// Randomness that nobody can guess.
pub trait Entropy: Send + Sync {
    /// Fresh random bytes: 256 bits.
    fn bytes(&self) -> [u8; 32];
}
