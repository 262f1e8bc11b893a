//! Looks at Discord as an owner would: one real call for each thing, and what it says of the settings.
//!
//! Nothing is written. What was seen (`BotSeen`, `ServerSeen`) is judged apart from the calls.

mod judge;

use std::sync::Arc;

use chrono::DateTime;
use domain::ids::{ChannelId, GuildId, UserId};
use domain::situation::GuildPicture;
use domain::time::Timestamp;
use http::header::DATE;
use reqwest::Client;
use secrecy::ExposeSecret;
use serde::Deserialize;
use service::Metrics;
use service::checkup::{Check, clock};
use service::ports::Clock;
use url::Url;

use crate::discord::NotStarted;
use crate::rest::{Answer, Problem, Rest, client, code};
use crate::roster::picture;
use crate::settings::DiscordSettings;
use crate::wire::role_ids;
use crate::world::World;

/// A code that Discord never gave to anybody: what it says of it shows whether it knows the client's secret.
const NO_CODE: &str = "guildhall-tries-the-secret";

/// Asks Discord about the settings.
pub struct Inspect {
    rest: Rest,
    http: Client,
    settings: DiscordSettings,
    clock: Arc<dyn Clock>,
}

/// The bot and its application, as Discord has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BotSeen {
    /// The bot's account.
    pub user: UserId,
    /// What the bot is called.
    pub name: String,
    /// The application's id.
    pub application_id: u64,
    /// What the application is called.
    pub application: String,
    /// The redirect addresses of the application, letter by letter; `None` where Discord does not say.
    pub redirects: Option<Vec<String>>,
    /// Whether the application has the server members intent.
    pub members_intent: bool,
    /// Whether the bot's owner signs in with a second factor; `None` where Discord does not say.
    pub two_factor: Option<bool>,
    /// Whether an invitation needs a whole OAuth2 sign-in, which the hall's invitation is not.
    pub requires_code_grant: bool,
}

/// A server with the bot in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerSeen {
    /// Its roles, and those of the bot.
    pub picture: GuildPicture,
    /// Whether moderators need a second factor.
    pub two_factor_required: bool,
}

impl Inspect {
    /// Gets everything ready; sends nothing yet. Fails where TLS cannot be set up.
    pub fn new(settings: DiscordSettings, clock: Arc<dyn Clock>) -> Result<Self, NotStarted> {
        let rest = Rest::new(&settings, Arc::clone(&clock), Metrics::default())?;
        Ok(Self { rest, http: client(&settings)?, settings, clock })
    }

    /// Whether Discord answers at all, and how far its clock is from ours. The second check is not there where
    /// it names no time.
    pub async fn reach(&self) -> (Check, Option<Check>) {
        let looked_at = "Discord";
        let remedy = "Look at this machine's connection, its name server and its firewall; https://discordstatus.com \
                      says whether Discord itself is down.";
        let asked_at = self.clock.now();
        let response = match self.http.get(under(&self.settings.addresses.api, &["gateway"])).send().await {
            Ok(response) => response,
            Err(error) => {
                let why = words(&Problem::unreachable(&error));
                return (Check::broken(looked_at, format!("It cannot be reached: {why}."), remedy), None);
            }
        };
        let theirs = response.headers().get(DATE).and_then(|date| date.to_str().ok()).and_then(moment);
        let check = match response.status() {
            status if status.is_success() => Check::ok(looked_at, "It answers."),
            status => Check::broken(looked_at, format!("It answers with HTTP {}.", status.as_u16()), remedy),
        };
        (check, theirs.map(|theirs| clock("Discord", asked_at, self.clock.now(), theirs)))
    }

    /// Whose the bot token is.
    pub async fn bot(&self) -> Result<BotSeen, Check> {
        let user = self.rest.own_user().await.map_err(|problem| token_problem(&problem))?;
        let application = self.rest.own_application().await.map_err(|problem| token_problem(&problem))?;
        Ok(BotSeen {
            user: user.user.id(),
            name: user.user.display_name().to_owned(),
            application_id: application.id.0,
            application: application.name,
            redirects: application.redirect_uris,
            members_intent: application.flags & judge::MEMBERS_INTENT != 0,
            two_factor: user.mfa_enabled,
            requires_code_grant: application.bot_require_code_grant,
        })
    }

    /// Whether Discord takes the application's id and client secret together: it is asked for a token by a
    /// code that it never gave, and says first whether it knows who asks.
    pub async fn client_secret(&self) -> Check {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Refusal {
            error: String,
        }
        let form = [
            ("grant_type", "authorization_code"),
            ("code", NO_CODE),
            ("redirect_uri", self.settings.project.as_str()),
        ];
        let request = self.http.post(self.settings.addresses.token.clone()).form(&form);
        let secret = Some(self.settings.client_secret.expose_secret());
        let sent = request.basic_auth(self.settings.application_id, secret).send().await;
        let answer = match sent {
            Ok(response) => Answer::read(response).await,
            Err(error) => Err(Problem::unreachable(&error)),
        };
        match answer {
            Ok(answer) => {
                let refusal: Refusal = serde_json::from_slice(answer.body()).unwrap_or_default();
                judge::client_secret(&refusal.error)
            }
            Err(problem) => Check::not_tried(
                judge::CLIENT_SECRET,
                format!("Discord did not say whether it is right: {}.", words(&problem)),
            ),
        }
    }

    /// The servers that the bot is in, by name.
    pub async fn servers(&self) -> Result<Vec<(GuildId, String)>, Check> {
        let servers = self.rest.own_servers().await.map_err(|problem| {
            Check::broken("servers", format!("Discord does not list them: {}.", words(&problem)), LATER)
        })?;
        let mut servers: Vec<(GuildId, String)> =
            servers.into_iter().map(|server| (GuildId(server.id.0), server.name)).collect();
        servers.sort_by(|left, right| left.1.cmp(&right.1));
        Ok(servers)
    }

    /// A server, if the bot is in it.
    pub async fn server(&self, guild: GuildId, bot: UserId) -> Result<ServerSeen, Check> {
        let read = self.rest.strict_guild(guild).await.map_err(|problem| server_problem(guild, &problem))?;
        let member = self.rest.member(guild, bot).await.map_err(|problem| server_problem(guild, &problem))?;
        let picture = picture(&read.guild, bot, role_ids(&member.roles));
        Ok(ServerSeen { picture, two_factor_required: read.mfa_level.is_some() })
    }

    /// Whether the bot may write in a server's channel for its staff.
    pub async fn staff_channel(&self, guild: GuildId, bot: UserId, channel: ChannelId) -> Check {
        let seen = async {
            let world = World::new(false);
            let (read, member) = (self.rest.guild(guild).await?, self.rest.member(guild, bot).await?);
            world.put_guild(&read, &member);
            world.put_channels(guild, &self.rest.channels(guild).await?);
            Ok::<_, Problem>(world.closed(guild, channel))
        };
        judge::staff_channel(seen.await.map_err(|problem| words(&problem)))
    }

    /// Whether the bot may read a server's audit log.
    pub async fn audit_log(&self, guild: GuildId) -> Check {
        judge::audit_log(self.rest.reads_audit_log(guild).await.map_err(|problem| words(&problem)))
    }
}

/// What to do where Discord does not answer this once.
const LATER: &str = "Try again in a minute.";

fn token_problem(problem: &Problem) -> Check {
    match problem {
        Problem::TokenRefused => Check::broken(
            judge::BOT_TOKEN,
            "Discord does not accept it.",
            "In the developer portal (https://discord.com/developers/applications) open your application, choose \
             Bot, press Reset Token, and put the new token where bot_token points.",
        ),
        other => Check::broken(judge::BOT_TOKEN, format!("It could not be tried: {}.", words(other)), LATER),
    }
}

fn server_problem(guild: GuildId, problem: &Problem) -> Check {
    let gone = problem.is(code::UNKNOWN_GUILD)
        || problem.is(code::UNKNOWN_MEMBER)
        || problem.is(judge::MISSING_ACCESS);
    if !gone {
        return Check::broken(judge::SERVER, format!("It could not be read: {}.", words(problem)), LATER);
    }
    Check::broken(
        judge::SERVER,
        format!("The bot is not in the server {guild}."),
        "Run `guildhall invite`, open the address it prints, and choose the server; or correct `id` under [[guild]] \
         (in Discord: right-click the server's name, Copy Server ID).",
    )
}

/// A problem as the end of a sentence.
fn words(problem: &Problem) -> String {
    match problem {
        Problem::Later { why, .. } => why.clone(),
        Problem::TokenRefused => "it does not accept the bot token".to_owned(),
        Problem::HeldBack => "too much was forbidden before".to_owned(),
        Problem::Refused { status, words, .. } => format!("{words} (HTTP {})", status.as_u16()),
    }
}

fn under(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

/// The moment of a `Date` header (RFC 9110 §5.6.7).
fn moment(date: &str) -> Option<Timestamp> {
    DateTime::parse_from_rfc2822(date).ok().map(|date| Timestamp(date.timestamp_millis()))
}

#[cfg(test)]
mod tests;
