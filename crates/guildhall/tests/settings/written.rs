//! A settings file that is in order, and ways to spoil it.

use std::path::Path;

use guildhall::commands::facts::facts_of;
use guildhall::settings::Settings;
use guildhall::settings::problem::Problems;

/// Every setting that must be written, and two rules.
pub(crate) const IN_ORDER: &str = r#"[hall]
public_address = "https://hall.example.org"

[discord]
application_id = "1180000000000000001"
bot_token = { env = "BOT_TOKEN" }
client_secret = { env = "CLIENT_SECRET" }

[[source]]
name = "forum"
address = "https://forum.example.org"
api_key = { env = "API_KEY" }
connect_secret = { env = "CONNECT_SECRET" }
webhook_secret = { env = "WEBHOOK_SECRET" }

[[guild]]
id = "1180000000000000002"

[guild.nickname]
template = "{forum.title} {forum.name}"

[[guild.role]]
role = "Regular"
when = "forum.trust_level >= 3"

[[guild.role]]
role = "Crew"
when = '"makers" in forum.groups'
"#;

/// What every secret holds; nothing may ever show it.
pub(crate) const CANARY: &str = "canary-9f2c-never-shown";

/// An environment that has the secrets of [`IN_ORDER`], and some that are wrong.
pub(crate) fn environment(name: &str) -> Option<String> {
    match name {
        "BOT_TOKEN" | "CLIENT_SECRET" | "API_KEY" | "CONNECT_SECRET" | "WEBHOOK_SECRET" => {
            Some(CANARY.to_owned())
        }
        "DATABASE" => Some(format!("postgres://hall:{CANARY}@db.example.org/hall")),
        "EMPTY" => Some(String::new()),
        "SHORT" => Some("short".to_owned()),
        "PREFIXED" => Some(format!("Bot {CANARY}")),
        "LINES" => Some(format!("{CANARY}\n{CANARY}\n")),
        "BLANK" => Some(format!(" {CANARY}")),
        "GARBAGE" => Some(format!("garbage {CANARY}")),
        _ => None,
    }
}

/// Reads a text as if it stood in `guildhall.toml`.
pub(crate) fn parse(text: &str) -> Result<Settings, Problems> {
    Settings::parse(text, Path::new("guildhall.toml"), &environment, &facts_of)
}

/// [`IN_ORDER`] with one piece exchanged for another.
pub(crate) fn spoilt(old: &str, new: &str) -> String {
    assert!(IN_ORDER.contains(old), "nothing to spoil: {old}");
    IN_ORDER.replacen(old, new, 1)
}

/// The report about a text, or that it is in order.
pub(crate) fn report(text: &str) -> String {
    parse(text).map_or_else(|problems| problems.to_string(), |_| "in order".to_owned())
}
