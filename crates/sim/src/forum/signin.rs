//! Signing in: cookies, passwords, second factors, and sessions that end.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::answer::Answer;
use super::people::{Person, PersonId};
use super::request::Request;
use super::state::Forum;
use super::views::{self, cookie_time, time};

/// How long a session lasts: 60 days, as the forum's own setting has it.
const SESSION_MS: i64 = 60 * 24 * 60 * 60 * 1000;

/// Browsers that are remembered before they sign in; beyond it the memory starts afresh.
const BROWSERS_MAX: usize = 10_000;

/// One signed-in browser.
#[derive(Clone, Debug)]
struct Token {
    id: i64,
    person: PersonId,
    since_ms: i64,
}

/// Browsers and who is signed in with them.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    tokens: HashMap<String, Token>,
    /// The value of `_forum_session`, and the token that forms have to say.
    browsers: HashMap<String, String>,
    /// Sign-ins under way elsewhere: what they came with.
    pub(crate) elsewhere: HashMap<String, PersonId>,
    last_token: i64,
}

/// Why somebody was not let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NotLetIn {
    Wrong,
    Suspended(String),
    NotActivated(String),
    SecondFactor,
}

impl Sessions {
    /// Ends every session of a person.
    pub(crate) fn end_of(&mut self, person: PersonId) {
        self.tokens.retain(|_, token| token.person != person);
    }

    /// The sessions as preferences list them.
    pub(crate) fn tokens_of(&self, person: PersonId) -> Value {
        let mut tokens: Vec<&Token> = self.tokens.values().filter(|token| token.person == person).collect();
        tokens.sort_by_key(|token| token.id);
        let row = |token: &&Token| {
            json!({
                "id": token.id,
                "client_ip": "127.0.0.1",
                "location": "unknown",
                "browser": "unknown browser",
                "device": "unknown device",
                "os": "unknown operating system",
                "icon": "question",
                "created_at": time(token.since_ms),
                "seen_at": time(token.since_ms),
                "is_active": false,
            })
        };
        tokens.iter().map(row).collect()
    }

    /// The form token of a browser, and the cookie of a browser that is new.
    fn browser(&mut self, cookie: Option<String>) -> (String, Option<String>) {
        if let Some(csrf) = cookie.and_then(|cookie| self.browsers.get(&cookie)) {
            return (csrf.clone(), None);
        }
        if self.browsers.len() >= BROWSERS_MAX {
            self.browsers.clear();
        }
        let (cookie, csrf) = (Forum::made_up_key(), Forum::made_up_key());
        self.browsers.insert(cookie.clone(), csrf.clone());
        (csrf, Some(cookie))
    }
}

impl Forum {
    /// Who is signed in with the request's cookie.
    pub(crate) fn signed_in(&self, request: &Request) -> Option<PersonId> {
        let token = self.sessions.tokens.get(&request.cookie("_t")?)?;
        let alive = self.now_ms() - token.since_ms < SESSION_MS;
        alive.then_some(token.person)
    }

    /// Whether the request carries the form token of its browser.
    pub(crate) fn csrf_fits(&self, request: &Request) -> bool {
        let said =
            request.header("x-csrf-token").map(str::to_owned).or_else(|| request.text("authenticity_token"));
        let known = request.cookie("_forum_session").and_then(|cookie| self.sessions.browsers.get(&cookie));
        known.is_some() && said.as_ref() == known
    }

    /// The token that forms of this browser have to say, with a cookie when the browser is new.
    pub(crate) fn form_token(&mut self, request: &Request) -> (String, Option<String>) {
        let (csrf, fresh) = self.sessions.browser(request.cookie("_forum_session"));
        let cookie = fresh.map(|value| self.cookie("_forum_session", &value, "; HttpOnly; SameSite=Lax"));
        (csrf, cookie)
    }

    /// Checks name (or address), password and code.
    pub(crate) fn let_in(&self, login: &str, password: &str, code: &str) -> Result<PersonId, NotLetIn> {
        let login = login.trim();
        let found =
            self.people.named(login.trim_start_matches('@')).or_else(|| self.people.with_email(login));
        let person = found
            .filter(|person| {
                !person.is_machine() && !person.password.is_empty() && person.password == password
            })
            .ok_or(NotLetIn::Wrong)?;
        self.may_enter(person)?;
        if person.second_factor && code.trim() != self.settings.second_factor_code {
            return Err(NotLetIn::SecondFactor);
        }
        match person.active {
            true => Ok(person.id),
            false => Err(NotLetIn::NotActivated(person.email.clone())),
        }
    }

    /// A suspended person is turned away however they come.
    pub(crate) fn may_enter(&self, person: &Person) -> Result<(), NotLetIn> {
        match person.suspension(self.now_ms()) {
            Some(penalty) => Err(NotLetIn::Suspended(penalty.reason.clone())),
            None => Ok(()),
        }
    }

    /// Opens a session and says its cookies.
    pub(crate) fn open_session(&mut self, person: PersonId) -> Vec<String> {
        let now_ms = self.now_ms();
        let (value, browser, csrf) = (Forum::made_up_key(), Forum::made_up_key(), Forum::made_up_key());
        self.sessions.last_token += 1;
        let token = Token { id: self.sessions.last_token, person, since_ms: now_ms };
        self.sessions.tokens.insert(value.clone(), token);
        self.sessions.browsers.insert(browser.clone(), csrf);
        let _seen = self.people.change(person, |person| person.last_seen_at_ms = Some(now_ms));
        self.tell("user_logged_in", "user", |forum| views::person_for_hook(forum, person));
        let expires = format!("; expires={}; HttpOnly; SameSite=Lax", cookie_time(now_ms + SESSION_MS));
        vec![
            self.cookie("_t", &value, &expires),
            self.cookie("_forum_session", &browser, "; HttpOnly; SameSite=Lax"),
        ]
    }

    /// Ends the session of this browser only.
    pub(crate) fn close_session(&mut self, request: &Request) -> Vec<String> {
        if let Some(token) = request.cookie("_t") {
            self.sessions.tokens.remove(&token);
        }
        vec![forgotten("_t")]
    }

    /// A cookie for the whole site, for TLS only where the forum has it.
    fn cookie(&self, name: &str, value: &str, rest: &str) -> String {
        let secure = if self.settings.https { "; secure" } else { "" };
        format!("{name}={value}; path=/{secure}{rest}")
    }

    /// The words for somebody who is not let in, as `POST /session.json` says them.
    pub(crate) fn not_let_in(&self, login: &str, why: &NotLetIn) -> Value {
        match why {
            NotLetIn::Wrong => json!({"error": "Incorrect username, email or password"}),
            NotLetIn::Suspended(reason) => {
                json!({"error": format!("Account suspended: {reason}"), "reason": "suspended"})
            }
            NotLetIn::NotActivated(email) => {
                let shown = self.people.named(login).map_or(email.as_str(), |person| person.email.as_str());
                json!({
                    "error": "You can't log in yet. We sent an activation email to you. Please follow the \
                              instructions in the email to activate your account.",
                    "reason": "not_activated",
                    "sent_to_email": shown,
                    "current_email": shown,
                })
            }
            NotLetIn::SecondFactor => json!({
                "failed": "FAILED",
                "ok": false,
                "error": "Invalid authentication code.",
                "reason": "invalid_second_factor",
                "backup_enabled": false,
                "security_key_enabled": false,
                "totp_enabled": true,
                "multiple_second_factor_methods": false,
            }),
        }
    }
}

/// Takes a cookie away.
pub(crate) fn forgotten(name: &str) -> String {
    format!("{name}=; path=/; max-age=0; expires=Thu, 01 Jan 1970 00:00:00 GMT")
}

impl Answer {
    pub(crate) fn cookies(mut self, cookies: impl IntoIterator<Item = String>) -> Answer {
        self.headers.extend(cookies.into_iter().map(|cookie| ("Set-Cookie", cookie)));
        self
    }
}
