//! GET and POST oauth2/authorize: RFC 6749 §4.1 with RFC 7636, as Discord has them.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use url::Url;

use super::grants::Grant;
use super::pages::{self, Consent, consent, page, people, problem};
use crate::discord::acts::Actor;
use crate::discord::ids::Snowflake;
use crate::discord::permissions::bits;
use crate::discord::secrets::fingerprint;
use crate::discord::shared::Shared;
use crate::discord::state::State;

/// The cookie that knows who one is.
const COOKIE: &str = "simulated_discord_sign_in";
/// Scopes that there are.
const SCOPES: [&str; 10] = [
    "identify",
    "email",
    "guilds",
    "guilds.join",
    "guilds.members.read",
    "role_connections.write",
    "connections",
    "bot",
    "applications.commands",
    "openid",
];

/// What an application asks for, checked.
struct Asked {
    application: Snowflake,
    scopes: Vec<String>,
    redirect: Option<Url>,
    state: Option<String>,
    challenge: Option<String>,
    skips: bool,
    permissions: u64,
    query: String,
}

/// Why not: a page here, or a way back to the application with an error.
enum Wrong {
    Page(&'static str),
    Back(Url),
}

/// The page: who are you, or do you agree, or at once the way back.
pub(in crate::discord) fn authorize(shared: &Shared, query: &str, headers: &HeaderMap) -> Response {
    shared.act(|state| {
        let asked = match read(state, query) {
            Ok(asked) => asked,
            Err(wrong) => return wrong.response(),
        };
        let Some((user, cookie)) = signed_in(state, headers) else {
            return Html(people(&known_people(state), query)).into_response();
        };
        let grant = Grant { user, application: asked.application, scopes: asked.scopes.clone() };
        let adds_bot = asked.scopes.iter().any(|scope| scope == "bot");
        if asked.skips && !adds_bot && state.grants.agreed(&grant) {
            return grant_to(state, &asked, grant);
        }
        Html(consent_page(state, &asked, user, &cookie)).into_response()
    })
}

/// Where the addresses of Discord's own program lead.
pub(in crate::discord) fn application() -> Response {
    Html(pages::application()).into_response()
}

/// The answer to it.
pub(in crate::discord) fn decide(
    shared: &Shared,
    form: &[(String, String)],
    headers: &HeaderMap,
) -> Response {
    let field =
        |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, v)| v.as_str()).unwrap_or_default();
    shared.act(|state| {
        let asked = match read(state, field("query")) {
            Ok(asked) => asked,
            Err(wrong) => return wrong.response(),
        };
        let Some((user, cookie)) = signed_in(state, headers) else {
            return to(&format!("/oauth2/authorize?{}", field("query")));
        };
        if field("proof") != proof(&cookie) {
            return wrong_page("This answer does not belong to your sign-in.");
        }
        if field("decision") != "authorize" {
            let text = "The resource owner or authorization server denied the request";
            return asked.back(&[("error", "access_denied"), ("error_description", text)]);
        }
        if asked.scopes.iter().any(|scope| scope == "bot")
            && let Ok(guild) = field("guild_id").parse()
        {
            let invited = state.allowed(guild, user, bits::MANAGE_GUILD).map(|_| ()).and_then(|()| {
                state.invite_bot(&Actor::silent(user), guild, asked.application, asked.permissions)
            });
            if let Err(refusal) = invited {
                return wrong_page(refusal.message);
            }
        }
        let grant = Grant { user, application: asked.application, scopes: asked.scopes.clone() };
        state.grants.agree(grant.clone());
        grant_to(state, &asked, grant)
    })
}

/// Sign in as somebody; as nobody, to sign out.
pub(in crate::discord) fn sign_in(shared: &Shared, form: &[(String, String)]) -> Response {
    let field =
        |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, v)| v.as_str()).unwrap_or_default();
    let user = field("user").parse::<Snowflake>().ok();
    let cookie = shared.act(|state| {
        let known = user.filter(|id| state.users.get(id).is_some_and(|user| !user.bot))?;
        let cookie = state.secrets.text();
        state.grants.signed_in.insert(cookie.clone(), known);
        Some(cookie)
    });
    let set = match cookie {
        Some(cookie) => format!("{COOKIE}={cookie}; Path=/; HttpOnly; SameSite=Lax"),
        None => format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"),
    };
    let mut response = to(&format!("/oauth2/authorize?{}", field("next")));
    if let Ok(set) = set.parse() {
        response.headers_mut().insert(header::SET_COOKIE, set);
    }
    response
}

fn read(state: &State, query: &str) -> Result<Asked, Wrong> {
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let field = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let id = field("client_id").and_then(|id| id.parse().ok()).ok_or(Wrong::Page("Unknown Application"))?;
    let application = state.applications.get(&id).ok_or(Wrong::Page("Unknown Application"))?;
    let scopes: Vec<String> = field("scope")
        .unwrap_or_default()
        .split([' ', '+'])
        .filter(|s| !s.is_empty())
        .map(Into::into)
        .collect();
    let bot = scopes.iter().any(|scope| scope == "bot" || scope == "applications.commands");
    let redirect = match field("redirect_uri") {
        Some(text) if application.redirects.contains(&text) || on_loopback(&text) => {
            Some(Url::parse(&text).map_err(|_| Wrong::Page("Invalid OAuth2 redirect_uri"))?)
        }
        Some(_) => return Err(Wrong::Page("Invalid OAuth2 redirect_uri")),
        None if bot => None,
        None => return Err(Wrong::Page("Missing redirect_uri")),
    };
    let asked = Asked {
        application: id,
        redirect,
        state: field("state"),
        challenge: field("code_challenge"),
        skips: field("prompt").as_deref() == Some("none"),
        permissions: field("permissions").and_then(|bits| bits.parse().ok()).unwrap_or(0),
        query: query.to_owned(),
        scopes,
    };
    let fails =
        |error: &str, text: &str| match asked.back_url(&[("error", error), ("error_description", text)]) {
            Some(url) => Wrong::Back(url),
            None => Wrong::Page("The requested scope is invalid, unknown, or malformed."),
        };
    if asked.redirect.is_some() && !bot && field("response_type").as_deref() != Some("code") {
        return Err(fails("unsupported_response_type", "Only code is answered here"));
    }
    if asked.scopes.is_empty() || asked.scopes.iter().any(|scope| !SCOPES.contains(&scope.as_str())) {
        return Err(fails("invalid_scope", "The requested scope is invalid, unknown, or malformed."));
    }
    if asked.challenge.is_some() && field("code_challenge_method").as_deref() != Some("S256") {
        return Err(fails("invalid_request", "code_challenge_method must be S256"));
    }
    Ok(asked)
}

/// `localhost`, a name that ends in `.localhost`, or an address of this machine: always registered.
fn on_loopback(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    matches!(url.scheme(), "http" | "https")
        && match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
}

fn grant_to(state: &mut State, asked: &Asked, grant: Grant) -> Response {
    let Some(redirect) = &asked.redirect else {
        return Html(page("Authorised", "<p>You may close this window.</p>")).into_response();
    };
    // The registered text, not the parsed one: it is compared letter by letter later.
    let pairs = url::form_urlencoded::parse(asked.query.as_bytes());
    let sent = pairs.into_owned().find(|(key, _)| key == "redirect_uri").map(|(_, value)| value);
    let (now_ms, challenge) = (state.now_ms(), asked.challenge.clone());
    let sent = sent.unwrap_or_else(|| redirect.to_string());
    let code = state.grants.issue_code(&mut state.secrets, now_ms, grant, sent, challenge);
    asked.back(&[("code", &code)])
}

fn consent_page(state: &State, asked: &Asked, user: Snowflake, cookie: &str) -> String {
    let application = state.applications.get(&asked.application).map(|found| found.name.as_str());
    let person = state.users.get(&user).map(|user| user.username.as_str());
    let adds_bot = asked.scopes.iter().any(|scope| scope == "bot");
    let guilds = state.guilds.values().filter(|_| adds_bot);
    let guilds = guilds.filter(|guild| state.allowed(guild.id, user, bits::MANAGE_GUILD).is_ok());
    consent(&Consent {
        application: application.unwrap_or_default(),
        person: person.unwrap_or_default(),
        scopes: &asked.scopes,
        query: &asked.query,
        proof: &proof(cookie),
        guilds: guilds.map(|guild| (guild.id, guild.name.clone())).collect(),
    })
}

fn known_people(state: &State) -> Vec<(Snowflake, String, String)> {
    let people = state.users.values().filter(|user| !user.bot);
    people.map(|user| (user.id, user.username.clone(), user.shown_name().to_owned())).collect()
}

fn signed_in(state: &State, headers: &HeaderMap) -> Option<(Snowflake, String)> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let cookie = pairs.find(|(name, _)| *name == COOKIE)?.1;
    state.grants.signed_in.get(cookie).map(|user| (*user, cookie.to_owned()))
}

fn proof(cookie: &str) -> String {
    fingerprint(&format!("consent {cookie}"))
}

impl Asked {
    fn back_url(&self, with: &[(&str, &str)]) -> Option<Url> {
        let mut url = self.redirect.clone()?;
        url.query_pairs_mut().extend_pairs(with);
        if let Some(state) = &self.state {
            url.query_pairs_mut().append_pair("state", state);
        }
        Some(url)
    }

    fn back(&self, with: &[(&str, &str)]) -> Response {
        match self.back_url(with) {
            Some(url) => to(url.as_str()),
            None => Html(page("Cancelled", "<p>You may close this window.</p>")).into_response(),
        }
    }
}

impl Wrong {
    fn response(&self) -> Response {
        match self {
            Self::Page(text) => wrong_page(text),
            Self::Back(url) => to(url.as_str()),
        }
    }
}

fn wrong_page(text: &str) -> Response {
    (StatusCode::BAD_REQUEST, Html(problem(text))).into_response()
}

fn to(address: &str) -> Response {
    (StatusCode::FOUND, [(header::LOCATION, address.to_owned())]).into_response()
}
