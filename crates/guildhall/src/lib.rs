//! The program: settings, wiring, commands, shutdown.
//!
//! | module | holds |
//! | --- | --- |
//! | [`cli`] | the command line: what all commands share, and the start |
//! | [`commands`] | one file a command |
//! | [`settings`] | `guildhall.toml`: read, checked, documented |

pub mod cli;
pub mod commands;
pub mod settings;
