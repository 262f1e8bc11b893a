//! What the pages need to know beside the hall itself.

use secrecy::SecretString;
use url::{Origin, Url};

/// Settings of the pages.
pub struct WebSettings {
    /// Where a server's channels are, followed by its id: `https://discord.com/channels/`.
    pub discord_channels: Url,
    /// Where pictures may come from whatever their address is (the configured forums and Discord's CDN), each
    /// with its scheme and port; anything else must have a public address.
    pub picture_origins: Vec<Origin>,
    /// What a reader of the JSON addresses must carry as a bearer token; without one they are closed.
    pub api_token: Option<SecretString>,
}
