//! What the program tells this crate about Discord.

use domain::ids::UserId;
use secrecy::SecretString;
use url::Url;

/// How to reach Discord, and as whom.
#[derive(Clone, Debug)]
pub struct DiscordSettings {
    /// The bot's token.
    pub token: SecretString,
    /// The application's id, which is also its OAuth2 client id.
    pub application_id: u64,
    /// The application's OAuth2 client secret.
    pub client_secret: SecretString,
    /// Whether the member intent is granted to the application: without it only linked members are known.
    pub members_intent: bool,
    /// Where Discord is.
    pub addresses: Addresses,
    /// Where a Discord engineer finds out what this program is; part of the `User-Agent`.
    pub project: Url,
    /// The program's version; part of the `User-Agent`.
    pub version: String,
}

/// Where Discord is. Any server that speaks the protocol will do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// The REST API with its version, `https://discord.com/api/v10`.
    pub api: Url,
    /// The gateway, `wss://gateway.discord.gg`.
    pub gateway: Url,
    /// Where browsers are sent to sign in, `https://discord.com/oauth2/authorize`.
    pub authorize: Url,
    /// Where codes become tokens, `https://discord.com/api/oauth2/token`; its `/revoke` ends them.
    pub token: Url,
    /// Pictures, `https://cdn.discordapp.com`.
    pub cdn: Url,
}

impl Addresses {
    /// Each address as Discord has it, in the order of the fields.
    pub const DISCORD: [&'static str; 5] = [
        "https://discord.com/api/v10",
        "wss://gateway.discord.gg",
        "https://discord.com/oauth2/authorize",
        "https://discord.com/api/oauth2/token",
        "https://cdn.discordapp.com",
    ];

    /// Discord's own addresses.
    pub fn discord() -> Result<Self, url::ParseError> {
        let [api, gateway, authorize, token, cdn] = Self::DISCORD;
        Ok(Self {
            api: api.parse()?,
            gateway: gateway.parse()?,
            authorize: authorize.parse()?,
            token: token.parse()?,
            cdn: cdn.parse()?,
        })
    }

    /// The address of an account's picture, or of the one that Discord shows for accounts without.
    pub(crate) fn picture(&self, user: UserId, avatar: Option<&str>) -> String {
        let base = self.cdn.as_str().trim_end_matches('/');
        match avatar.filter(|hash| hash.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')) {
            Some(hash) => format!("{base}/avatars/{user}/{hash}.png?size=128"),
            None => format!("{base}/embed/avatars/{}.png", (user.0 >> 22) % 6),
        }
    }
}
