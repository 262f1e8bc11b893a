//! What the pages need to know beside the hall itself.

use secrecy::SecretString;
use url::Url;

/// Settings of the pages.
pub struct WebSettings {
    /// Where a server's channels are, followed by its id: `https://discord.com/channels/`.
    pub discord_channels: Url,
    /// Hosts that pictures may come from whatever their address is (the configured forums and Discord's CDN);
    /// any other host must have a public address.
    pub picture_hosts: Vec<String>,
    /// What a reader of the JSON addresses must carry as a bearer token; without one they are closed.
    pub api_token: Option<SecretString>,
}
