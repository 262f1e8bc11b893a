//! `guildhall revisions`: the rules that held, with when, why and what changed.

use std::fmt;
use std::sync::Arc;

use chrono::DateTime;
use clap::Args;
use domain::ids::GuildId;
use serde_json::json;
use service::rules::{REVISIONS_MAX, ReleasedRole, RevisionTold};

use super::asking::how_many;
use super::open::open_told;
use super::say;
use super::stopped::Stopped;
use crate::cli::{Ending, SettingsFile};
use crate::clock::{MachineClock, MachineEntropy};
use crate::settings::Settings;
use crate::wire;

/// Which ones, and how to say it.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    file: SettingsFile,

    /// How many of each server, newest first; 100 at most
    #[arg(long, value_name = "NUMBER", default_value_t = 10, value_parser = how_many(REVISIONS_MAX))]
    last: usize,

    /// Answer with one JSON object
    #[arg(long)]
    json: bool,
}

/// The revisions of one server, newest first, and the roles that rules left behind.
struct Server {
    guild: GuildId,
    revisions: Vec<RevisionTold>,
    released: Vec<ReleasedRole>,
}

pub(super) fn run(arguments: &Arguments) -> Result<Ending, Stopped> {
    let settings = open_told(&arguments.file.settings)?;
    let servers = super::runtime()?.block_on(servers(&settings, arguments.last))?;
    if arguments.json {
        let servers = servers.iter().map(|server| {
            let Server { guild, revisions, released } = server;
            json!({ "guild": guild, "revisions": revisions, "released": released })
        });
        say::answer(&json!({ "servers": servers.collect::<Vec<_>>() }))?;
    } else {
        for server in &servers {
            say::answer(server)?;
        }
    }
    Ok(Ending::Done)
}

async fn servers(settings: &Settings, last: usize) -> Result<Vec<Server>, wire::NotStarted> {
    let assembled = wire::assemble(settings, Arc::new(MachineClock), Arc::new(MachineEntropy)).await?;
    let mut servers = Vec::new();
    for guild in assembled.hall.guild_ids() {
        let revisions = assembled.hall.revisions(guild, last).await?;
        let released = assembled.hall.released_roles(guild).await?;
        servers.push(Server { guild, revisions, released });
    }
    assembled.close().await;
    Ok(servers)
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "The server {}:", self.guild)?;
        if self.revisions.is_empty() {
            write!(f, "\n  no hall has followed rules here yet")?;
        }
        for RevisionTold { revision, made_at, cause, owner, difference } in &self.revisions {
            let moment = DateTime::from_timestamp_millis(made_at.0).unwrap_or_default();
            write!(f, "\n\n  revision {revision}, {}", moment.format("%Y-%m-%d %H:%M UTC"))?;
            if let Some(cause) = cause {
                write!(f, ", {cause}")?;
            }
            if let Some(owner) = owner {
                write!(f, ", the file is {owner}'s")?;
            }
            for line in difference {
                write!(f, "\n    {line}")?;
            }
        }
        if !self.released.is_empty() {
            let names: Vec<&str> = self.released.iter().map(|role| role.name.as_str()).collect();
            write!(f, "\n\n  without a rule now; whoever holds one keeps it: {}", names.join(", "))?;
        }
        Ok(())
    }
}
