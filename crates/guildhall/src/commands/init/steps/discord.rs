//! Discord: the bot, signing in, and the server.

use discord::inspect::{BotSeen, Inspect};
use discord::{Addresses, DiscordSettings, invite_address};
use domain::ids::GuildId;
use domain::plan::Permissions;
use domain::situation::GuildRules;
use secrecy::SecretString;
use service::checkup::{Check, Verdict};
use service::linking::discord_return;
use url::Url;

use super::{Session, Step, clock};
use crate::commands::init::draft::Key;
use crate::commands::init::terminal::Left;

pub(super) const BOT: Step = Step {
    title: "The Discord bot",
    state: |session| {
        session.state(TOKEN, session.draft.text(Key::APPLICATION_ID).map(|id| format!("application {id}")))
    },
    run: |session| Box::pin(bot(session)),
};

pub(super) const SIGN_IN: Step = Step {
    title: "Signing in with Discord",
    state: |session| session.state(SECRET, session.draft.value(Key::CLIENT_SECRET).map(|_| String::new())),
    run: |session| Box::pin(sign_in(session)),
};

pub(super) const SERVER: Step = Step {
    title: "The Discord server",
    state: |session| session.state(GUILD, session.draft.text(Key::GUILD_ID).map(str::to_owned)),
    run: |session| Box::pin(server(session)),
};

const TOKEN: &str = "bot";
const SECRET: &str = "sign-in";
const GUILD: &str = "server";

const ABOUT_BOT: &str = "\
On https://discord.com/developers/applications:
  1. New Application, give it a name, Create (or open the one you have).
  2. Bot, Privileged Gateway Intents: switch on Server Members Intent. Save Changes.
  3. Bot, Reset Token, Yes, do it!, and copy the token.";

const ABOUT_SIGN_IN: &str = "\
In the same application, OAuth2:
  1. Client Information: Reset Secret, Yes, do it!, and copy the secret.
  2. Redirects, Add Redirect: paste exactly this, then Save Changes.
";

/// What the hall asks of a server: to give roles, to name members, to see what moderators do by hand.
const ASKED: u64 =
    Permissions::MANAGE_ROLES.0 | Permissions::MANAGE_NICKNAMES.0 | Permissions::VIEW_AUDIT_LOG.0;
/// What it asks besides where it writes to the staff in a channel.
const ASKED_FOR_STAFF: u64 = Permissions::VIEW_CHANNEL.0 | Permissions::SEND_MESSAGES.0;

async fn bot(session: &mut Session) -> Result<(), Left> {
    session.say(ABOUT_BOT)?;
    let seen = loop {
        let Some(token) = session.ask_secret("The bot token", Key::BOT_TOKEN).await? else { return Ok(()) };
        let Some(inspect) = inspect(session, token)? else { return Ok(()) };
        match inspect.bot().await {
            Ok(seen) if session.settles(Key::BOT_TOKEN, true)? => break seen,
            Ok(_) => {}
            Err(check) => {
                session.settles(Key::BOT_TOKEN, false)?;
                session.shows(TOKEN, &[check])?;
            }
        }
    };
    session.keep(Key::APPLICATION_ID, seen.application_id.to_string())?;
    let mut seen = seen;
    loop {
        let checks = bot_checks(session, &seen);
        if session.shows(TOKEN, &checks)? {
            return Ok(());
        }
        let question = "Enter to look again, n to go on without the intent, s to leave it for later: ";
        match session.ask(question).await?.as_str() {
            "" => {}
            "n" => drop(session.keep(Key::MEMBERS_INTENT, false)?),
            _ => return Ok(()),
        }
        let Some((_, again)) = connected(session).await? else { return Ok(()) };
        seen = again;
    }
}

fn bot_checks(session: &Session, seen: &BotSeen) -> Vec<Check> {
    let wanted = session.draft.value(Key::MEMBERS_INTENT).and_then(toml::Value::as_bool).unwrap_or(true);
    let mut checks = vec![seen.token(), seen.application(seen.application_id), seen.intent(wanted)];
    checks.extend(seen.invitation());
    checks
}

/// Tries once more what was answered on another day, without a word.
pub(super) async fn looks(session: &mut Session) -> Result<(), Left> {
    let Some(token) = session.draft.secret(Key::BOT_TOKEN) else { return Ok(()) };
    let Some(inspect) = inspect(session, token)? else { return Ok(()) };
    let seen = match inspect.bot().await {
        Ok(seen) => seen,
        Err(check) => {
            session.weighs(TOKEN, &[check]);
            return Ok(());
        }
    };
    let checks = bot_checks(session, &seen);
    session.weighs(TOKEN, &checks);
    if let (Some(public), Some(_)) =
        (session.draft.address(Key::PUBLIC_ADDRESS), session.draft.secret(Key::CLIENT_SECRET))
    {
        let checks = [inspect.client_secret().await, seen.redirect(&discord_return(&public))];
        session.weighs(SECRET, &checks);
    }
    if let Some(guild) = session.draft.text(Key::GUILD_ID).and_then(|id| id.parse().ok()).map(GuildId) {
        let checks = look(&inspect, &seen, guild).await;
        session.weighs(GUILD, &checks);
    }
    Ok(())
}

async fn sign_in(session: &mut Session) -> Result<(), Left> {
    let Some(public) = session.public_address()? else { return Ok(()) };
    if connected(session).await?.is_none() {
        return Ok(());
    }
    let redirect = discord_return(&public);
    session.say(&format!("{ABOUT_SIGN_IN}\n     {redirect}\n"))?;
    let secret = loop {
        if session.ask_secret("The client secret", Key::CLIENT_SECRET).await?.is_none() {
            return Ok(());
        }
        let Some((inspect, _)) = connected(session).await? else { return Ok(()) };
        let secret = inspect.client_secret().await;
        if session.settles(Key::CLIENT_SECRET, secret.verdict != Verdict::Broken)? {
            break secret;
        }
        session.shows(SECRET, &[secret])?;
    };
    loop {
        let Some((_, seen)) = connected(session).await? else { return Ok(()) };
        if session.shows(SECRET, &[secret.clone(), seen.redirect(&redirect)])? || !session.again().await? {
            return Ok(());
        }
    }
}

async fn server(session: &mut Session) -> Result<(), Left> {
    loop {
        let Some((inspect, seen)) = connected(session).await? else { return Ok(()) };
        let servers = match inspect.servers().await {
            Ok(servers) => servers,
            Err(check) => return session.shows(GUILD, &[check]).map(drop).map_err(Left::from),
        };
        let Some(addresses) = addresses(session) else { return Ok(()) };
        let invite = invite_address(&addresses.authorize, seen.application_id, asked(session));
        session.say(&format!(
            "Whoever may manage the server opens this address, and chooses it:\n\n     {invite}\n"
        ))?;
        let Some(guild) = choose(session, &servers).await? else {
            if session.again().await? {
                continue;
            }
            return Ok(());
        };
        session.keep(Key::GUILD_ID, guild.0.to_string())?;
        let checks = look(&inspect, &seen, guild).await;
        if session.shows(GUILD, &checks)? || !session.again().await? {
            return Ok(());
        }
    }
}

/// The permissions of the invitation, by what was answered until now.
fn asked(session: &Session) -> Permissions {
    let tells_staff = session.draft.text(Key::STAFF_CHANNEL).is_some_and(|channel| !channel.is_empty());
    Permissions(if tells_staff { ASKED | ASKED_FOR_STAFF } else { ASKED })
}

/// The server the owner means: the only one the bot is in, or one of a list.
async fn choose(session: &mut Session, servers: &[(GuildId, String)]) -> Result<Option<GuildId>, Left> {
    if servers.is_empty() {
        session.say("The bot is in no server yet.")?;
        return Ok(None);
    }
    let names: Vec<&str> = servers.iter().map(|(_, name)| name.as_str()).collect();
    session.say("The bot is in:")?;
    let chosen = super::pick::pick(session, &names, "Its number (Enter looks again)").await?;
    Ok(chosen.and_then(|chosen| servers.get(chosen)).map(|(id, _)| *id))
}

async fn look(inspect: &Inspect, bot: &BotSeen, guild: GuildId) -> Vec<Check> {
    let seen = match inspect.server(guild, bot.user).await {
        Ok(seen) => seen,
        Err(check) => return vec![check],
    };
    let mut checks = vec![seen.present()];
    checks.extend(seen.second_factor(bot.two_factor));
    checks.extend(seen.permissions(&GuildRules::default()));
    checks.push(inspect.audit_log(guild).await);
    checks
}

/// Discord, with the token that was answered; says what has to be answered first.
pub(super) async fn connected(session: &mut Session) -> Result<Option<(Inspect, BotSeen)>, Left> {
    let Some(token) = session.draft.secret(Key::BOT_TOKEN) else {
        session.say("The bot has to be known first: step 2.")?;
        return Ok(None);
    };
    let Some(inspect) = inspect(session, token)? else { return Ok(None) };
    match inspect.bot().await {
        Ok(seen) => Ok(Some((inspect, seen))),
        Err(check) => {
            session.shows(TOKEN, &[check])?;
            Ok(None)
        }
    }
}

fn inspect(session: &Session, token: SecretString) -> Result<Option<Inspect>, Left> {
    let draft = &session.draft;
    let Some(addresses) = addresses(session) else { return Ok(None) };
    let application_id = draft.text(Key::APPLICATION_ID).and_then(|id| id.parse().ok()).unwrap_or_default();
    let settings = DiscordSettings {
        token,
        application_id,
        client_secret: draft.secret(Key::CLIENT_SECRET).unwrap_or_default(),
        members_intent: true,
        project: draft.address(Key::PUBLIC_ADDRESS).unwrap_or_else(|| addresses.authorize.clone()),
        addresses,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    match Inspect::new(settings, clock()) {
        Ok(inspect) => Ok(Some(inspect)),
        Err(error) => {
            session.say(&format!("{error}; install this machine's certificates (ca-certificates)"))?;
            Ok(None)
        }
    }
}

/// Discord's own addresses, or those in the settings file.
fn addresses(session: &Session) -> Option<Addresses> {
    let own = Addresses::discord().ok()?;
    let known = |name: &'static str, own: Url| session.draft.address(Key("discord", name)).unwrap_or(own);
    Some(Addresses {
        api: known("api_address", own.api),
        gateway: known("gateway_address", own.gateway),
        authorize: known("authorize_address", own.authorize),
        token: known("token_address", own.token),
        cdn: known("cdn_address", own.cdn),
    })
}
