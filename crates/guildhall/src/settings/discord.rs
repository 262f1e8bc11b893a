//! `[discord]`: the application and its bot, and where Discord is.

use secrecy::SecretString;
use url::Url;

use super::kinds::{Secret, Service, Snowflake, Switch};
use super::section::{Times, section};

section! {
    /// The application and its bot, from https://discord.com/developers/applications.
    pub struct Discord in "discord" Times::Once;

    /// The application's id (General Information).
    application_id: u64 = Snowflake::<u64>::found(
        "from https://discord.com/developers/applications: your application, General Information, Application ID"
    ), Required "\"1180000000000000001\"";

    /// The bot's token (Bot, Reset Token).
    bot_token: SecretString = Secret { characters_min: 1 }, Required "{ env = \"GUILDHALL_BOT_TOKEN\" }";

    /// The application's client secret (OAuth2).
    client_secret: SecretString = Secret { characters_min: 1 },
        Required "{ env = \"GUILDHALL_CLIENT_SECRET\" }";

    /// Whether the bot has the server members intent (Bot, Privileged Gateway Intents).
    /// Without it the hall sees only linked people, and changes by others later.
    members_intent: bool = Switch, Default "true";

    /// Where Discord's API is.
    api_address: Url = Service("https"), Default "\"https://discord.com/api/v10\"";

    /// Where Discord's gateway is.
    gateway_address: Url = Service("wss"), Default "\"wss://gateway.discord.gg\"";

    /// Where people allow an application to know them.
    authorize_address: Url = Service("https"), Default "\"https://discord.com/oauth2/authorize\"";

    /// Where the hall changes their permission for a token.
    token_address: Url = Service("https"), Default "\"https://discord.com/api/oauth2/token\"";

    /// Where Discord's pictures are.
    cdn_address: Url = Service("https"), Default "\"https://cdn.discordapp.com\"";
}
