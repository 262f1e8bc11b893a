//! The demo's settings: a text like any other, read by the same reader, and a folder for the database.

use std::io;
use std::path::{Path, PathBuf};

use ::sim::cast::{Harbor, WEBHOOK_SECRET};
use data_encoding::HEXLOWER;
use service::ports::Entropy;

use crate::clock::MachineEntropy;
use crate::commands::facts::facts_of;
use crate::settings::Settings;
use crate::settings::problem::Problems;

/// What the demo's hall follows. Addresses and the port are put in before it is read.
const TEXT: &str = include_str!("settings.toml");

/// A folder that is removed when this is dropped.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Makes a new folder that only this user can look into.
    pub(super) fn make() -> io::Result<Self> {
        let name = HEXLOWER.encode(&MachineEntropy.bytes()).chars().take(16).collect::<String>();
        let folder = std::env::temp_dir().join(format!("guildhall-demo-{name}"));
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder)?;
        Ok(Self(folder))
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is left to the system, which empties its folder of temporary files.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The settings of a hall on `port` between the two places of Harbor.
///
/// The hall is `localhost` and the others are `127.0.0.1`: cookies ignore ports, and browsers without a resolver
/// for longer names find both.
pub(super) fn settings(harbor: &Harbor, port: u16, folder: &Folder) -> Result<Settings, Problems> {
    let discord = &harbor.discord;
    let text = [
        ("HALL_PORT", port.to_string()),
        ("FORUM", harbor.forum.url()),
        ("API_USERNAME", harbor.forum.admin_name()),
        ("API_ADDRESS", discord.api_url()),
        ("GATEWAY", discord.gateway_url()),
        ("AUTHORIZE", discord.authorize_url()),
        ("TOKEN_ADDRESS", discord.token_url()),
        ("CDN", discord.cdn_url()),
        ("APPLICATION", harbor.application.to_string()),
        ("GUILD", harbor.guild.to_string()),
    ]
    .iter()
    .fold(TEXT.to_owned(), |text, (name, value)| text.replace(&format!("<{name}>"), value));
    let secret = |name: &str| match name {
        "GUILDHALL_BOT_TOKEN" => discord.bot_token(harbor.application),
        "GUILDHALL_CLIENT_SECRET" => discord.client_secret(harbor.application),
        "GUILDHALL_FORUM_API_KEY" => Some(harbor.forum.read_key()),
        "GUILDHALL_FORUM_CONNECT_SECRET" => Some(harbor.forum.connect_secret()),
        "GUILDHALL_FORUM_WEBHOOK_SECRET" => Some(WEBHOOK_SECRET.to_owned()),
        _ => None,
    };
    Settings::parse(&text, &folder.path().join("guildhall.toml"), &secret, &facts_of)
}
