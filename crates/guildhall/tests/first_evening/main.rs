//! An owner's first evening: the real program, beside a simulated Discord and forum, as a person types to it.
#![cfg(feature = "demo")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a story that cannot go on has failed"
)]

mod doctor;
mod exposure;
mod guide;
mod init;
mod town;
mod typist;
