//! The program: settings, wiring, commands, shutdown.
//!
//! | module | holds |
//! | --- | --- |
//! | [`cli`] | the command line: what all commands share, and the start |
//! | [`commands`] | one file a command |
//! | [`wire`], `listen` | a hall put together from its settings, and what its listener bears |
//! | [`clock`], `log`, `shutdown` | the machine's time, its log, its wish to stop |
//! | `progress` | long work, shown on a terminal |
//! | [`watch`] | the settings file while the hall runs |
//! | `exposure` | nothing is served to the internet without HTTPS |
//! | [`settings`] | `guildhall.toml`: read, checked, documented |

pub mod cli;
pub mod clock;
pub mod commands;
mod exposure;
mod listen;
mod log;
mod progress;
pub mod settings;
mod shutdown;
pub mod watch;
pub mod wire;
