//! Discord, its servers, and the forums: each thing is tried once what it needs was found.

use std::collections::BTreeMap;
use std::sync::Arc;

use discord::inspect::BotSeen;
use domain::ids::{GuildId, RoleId};
use service::checkup::Check;
use service::linking::{discord_return, forum_return};
use service::ports::Clock;
use url::Url;

use crate::clock::MachineClock;
use crate::settings::Settings;
use crate::settings::guild::Guild;
use crate::settings::source::Source;
use crate::wire::{discord_settings, forum_settings};

/// A place and what was looked at there.
type Looked = (String, Vec<Check>);

/// Which role each name was bound to before, by server.
type Remembered = BTreeMap<GuildId, BTreeMap<String, RoleId>>;

/// Discord, then each server.
pub(super) async fn discord(settings: &Settings, remembered: &Remembered) -> Vec<Looked> {
    let title = "Discord".to_owned();
    let clock: Arc<dyn Clock> = Arc::new(MachineClock);
    let inspect = match discord::inspect::Inspect::new(discord_settings(settings), clock) {
        Ok(inspect) => inspect,
        Err(error) => return vec![(title, vec![no_tls(&error)])],
    };
    let (reached, clock) = inspect.reach().await;
    let works = reached.works();
    let mut checks: Vec<Check> = std::iter::once(reached).chain(clock).collect();
    if !works {
        checks.push(Check::not_tried("bot token", "Discord has to answer first."));
        return vec![(title, checks)];
    }
    let bot = match inspect.bot().await {
        Ok(bot) => bot,
        Err(check) => {
            checks.push(check);
            checks.push(Check::not_tried("servers", "The bot token has to be right first."));
            return vec![(title, checks)];
        }
    };
    let section = &settings.discord;
    checks.extend([bot.token(), bot.application(section.application_id), bot.intent(section.members_intent)]);
    checks.push(inspect.client_secret().await);
    checks.push(bot.redirect(&discord_return(&settings.hall.public_address)));
    checks.extend(bot.invitation());
    if settings.guilds.is_empty() {
        checks.push(Check::warning(
            "servers",
            "No [[guild]] is named: nothing is written anywhere.",
            "Run `guildhall init`, or add a [[guild]] with the server's id.",
        ));
    }
    let mut looked = vec![(title, checks)];
    for guild in &settings.guilds {
        looked.push(server(&inspect, &bot, guild, remembered.get(&guild.id)).await);
    }
    looked
}

async fn server(
    inspect: &discord::inspect::Inspect,
    bot: &BotSeen,
    guild: &Guild,
    remembered: Option<&BTreeMap<String, RoleId>>,
) -> Looked {
    let seen = match inspect.server(guild.id, bot.user).await {
        Ok(seen) => seen,
        Err(check) => return (format!("The server {}", guild.id), vec![check]),
    };
    let mut checks = vec![seen.present()];
    checks.extend(seen.second_factor(bot.two_factor));
    checks.extend(seen.permissions(&guild.rules));
    checks.push(inspect.audit_log(guild.id).await);
    if let Some(channel) = guild.care.staff_channel {
        checks.push(inspect.staff_channel(guild.id, bot.user, channel).await);
    }
    checks.extend(seen.roles(&guild.rules, remembered.unwrap_or(&BTreeMap::new())));
    (format!("The server {}", seen.picture.name), checks)
}

/// Each forum.
pub(super) async fn forums(settings: &Settings) -> Vec<Looked> {
    let mut looked = Vec::new();
    for source in &settings.sources {
        looked.push((
            format!("The forum {}", source.address.as_str().trim_end_matches('/')),
            forum(settings, source).await,
        ));
    }
    if settings.sources.is_empty() {
        let says = "No [[source]] is named: nothing is known of anybody.";
        let check = Check::warning(
            "sources",
            says,
            "Run `guildhall init`, or add a [[source]] with the forum's address.",
        );
        looked.push(("The forum".to_owned(), vec![check]));
    }
    looked
}

async fn forum(settings: &Settings, source: &Source) -> Vec<Check> {
    let clock: Arc<dyn Clock> = Arc::new(MachineClock);
    let inspect = match discourse::inspect::Inspect::new(&forum_settings(source), clock) {
        Ok(inspect) => inspect,
        Err(error) => return vec![no_tls(&error)],
    };
    let (reached, clock) = inspect.reach().await;
    let works = reached.works();
    let mut checks: Vec<Check> = std::iter::once(reached).chain(clock).collect();
    if !works {
        checks.push(Check::not_tried("API key", "The forum has to answer first."));
        return checks;
    }
    let public = &settings.hall.public_address;
    checks.extend(inspect.key().await);
    checks.push(inspect.connect(&forum_return(public, &source.name)).await);
    checks.extend(inspect.webhook_checks(&hook_address(public, source.name.as_str())).await);
    checks
}

/// Where a forum's webhook leads.
pub(in crate::commands) fn hook_address(public: &Url, source: &str) -> Url {
    let mut address = public.clone();
    address.set_path(&format!("hooks/{source}"));
    address
}

fn no_tls(error: &dyn std::fmt::Display) -> Check {
    Check::broken(
        "connection",
        format!("Nothing can be sent: {error}."),
        "Install this machine's certificates (ca-certificates).",
    )
}
