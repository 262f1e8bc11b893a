//! `guildhall invite`: the address by which an owner lets the bot in, with the least permissions.

use clap::Args;
use discord::invite_address;
use domain::plan::Permissions;
use url::Url;

use super::open::open_without_secrets;
use super::say;
use super::stopped::Stopped;
use crate::cli::{Ending, SettingsFile};
use crate::settings::Settings;

/// Which settings.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    file: SettingsFile,
}

/// A permission the bot asks for (Discord docs: Permissions, Bitwise Permission Flags).
struct Permission {
    name: &'static str,
    bit: u64,
    because: &'static str,
    /// Whether these settings need it.
    needed: fn(&Settings) -> bool,
}

const PERMISSIONS: [Permission; 5] = [
    Permission {
        name: "Manage Nicknames",
        bit: Permissions::MANAGE_NICKNAMES.0,
        because: "to call linked members as the settings say",
        needed: |settings| settings.guilds.iter().any(|guild| guild.rules.nickname.is_some()),
    },
    Permission {
        name: "Manage Roles",
        bit: Permissions::MANAGE_ROLES.0,
        because: "to give and take the roles that rules name",
        needed: |_| true,
    },
    Permission {
        name: "View Audit Log",
        bit: Permissions::VIEW_AUDIT_LOG.0,
        because: "to see which roles moderators gave and took by hand, and leave those alone",
        needed: |_| true,
    },
    Permission {
        name: "View Channels",
        bit: Permissions::VIEW_CHANNEL.0,
        because: "to see the channel in which the staff is told what waits",
        needed: tells_staff,
    },
    Permission {
        name: "Send Messages",
        bit: Permissions::SEND_MESSAGES.0,
        because: "to write there",
        needed: tells_staff,
    },
];

fn tells_staff(settings: &Settings) -> bool {
    settings.guilds.iter().any(|guild| guild.care.staff_channel.is_some())
}

pub(super) fn run(arguments: &Arguments) -> Result<Ending, Stopped> {
    say::answer(&invitation(&open_without_secrets(&arguments.file.settings)?))?;
    Ok(Ending::Done)
}

/// The address, and what the bot asks for by it.
pub(super) fn invitation(settings: &Settings) -> String {
    let needed: Vec<&Permission> =
        PERMISSIONS.iter().filter(|permission| (permission.needed)(settings)).collect();
    let bits = needed.iter().fold(0, |bits, permission| bits | permission.bit);
    let mut lines = vec![address(settings, bits).to_string(), String::new()];
    lines.push("An owner opens it and chooses the server. The bot asks for:".to_owned());
    lines.extend(needed.iter().map(|permission| format!("  {}: {}", permission.name, permission.because)));
    lines.push(
        "Then, under Server Settings, Roles, move the bot's role above the roles it is to give.".to_owned(),
    );
    lines.join("\n")
}

fn address(settings: &Settings, permissions: u64) -> Url {
    let section = &settings.discord;
    invite_address(&section.authorize_address, section.application_id, Permissions(permissions))
}
