//! Signing in and out, and DiscourseConnect: `/session/…`, `/login`, `/auth/…`.

use serde_json::json;

use super::{Ask, Gate, Route, delete, get, post};
use crate::forum::answer::{Answer, escaped};
use crate::forum::connect::{ConnectRefusal, ConnectRequest};
use crate::forum::people::PersonId;
use crate::forum::signin::{NotLetIn, forgotten};
use crate::forum::state::Forum;
use crate::forum::viewer::Viewer;
use crate::forum::views;

/// The provider of identities, as it stands in addresses.
const PROVIDER: &str = "example";

/// People that the provider of identities offers on its page.
const PEOPLE_OFFERED_MAX: usize = 200;

pub(super) const ROUTES: &[Route] = &[
    get("session/csrf", "session/csrf", Gate::Open, csrf),
    get("session/current", "session/current", Gate::Open, current),
    post("session", "session/create", Gate::Open, create),
    delete("session/{username}", "session/destroy", Gate::Open, destroy),
    get("session/sso_provider", "session/sso_provider", Gate::Open, sso_provider),
    get("session/2fa", "session/second_factor_auth_show", Gate::Open, ask_code),
    post("session/2fa", "session/second_factor_auth_perform", Gate::Open, take_code),
    get("login", "static/show", Gate::Open, |forum, ask| login_page(forum, ask, "")),
    post("login", "static/enter", Gate::Open, login),
    post("logout", "session/destroy", Gate::Open, destroy),
    get("auth/example", "users/omniauth_callbacks", Gate::Open, to_provider),
    post("auth/example", "users/omniauth_callbacks", Gate::Open, to_provider),
    get("auth/example/authorize", "example_id/authorize", Gate::Open, provider_page),
    get("auth/example/callback", "users/omniauth_callbacks/complete", Gate::Open, from_provider),
];

fn csrf(forum: &mut Forum, ask: &Ask) -> Answer {
    let (token, cookie) = forum.form_token(ask.request);
    Answer::ok(&json!({ "csrf": token })).cookies(cookie)
}

fn current(forum: &mut Forum, ask: &Ask) -> Answer {
    match ask.viewer.person.and_then(|id| forum.person(id)) {
        Some(person) => Answer::ok(&views::current_user(forum, person)),
        None => Answer::not_found(forum.settings.locale),
    }
}

fn create(forum: &mut Forum, ask: &Ask) -> Answer {
    let request = ask.request;
    let now_ms = forum.now_ms();
    if let Err(seconds) = forum.limits.sign_in(request.address, now_ms) {
        return Answer::wait(seconds, forum.settings.locale);
    }
    let text = |name: &str| request.text(name).unwrap_or_default();
    let login = text("login");
    match forum.let_in(&login, &text("password"), &text("second_factor_token")) {
        Ok(person) => signed_in(forum, ask, person),
        Err(why) => Answer::ok(&forum.not_let_in(&login, &why)),
    }
}

/// Signed in by the forum's own program, which then follows a cookie to whoever sent the browser here.
fn signed_in(forum: &mut Forum, ask: &Ask, person: PersonId) -> Answer {
    let waiting = forum.waiting_connect(ask.request);
    let cookies = forum.open_session(person);
    match waiting {
        Some(asked) => {
            let used_code = forum.person(person).is_some_and(|person| person.second_factor);
            let destination = forum.answer_connect(&asked, person, used_code);
            let follow = format!("sso_destination_url={}; path=/", encoded(&destination));
            let mut answer = Answer::untyped(204, String::new()).cookies(cookies);
            answer = answer.cookies([follow, forgotten("sso_payload")]);
            answer
        }
        None => match forum.person(person) {
            Some(person) => {
                Answer::ok(&views::person_page(forum, person, Viewer::default())).cookies(cookies)
            }
            None => Answer::not_found(forum.settings.locale),
        },
    }
}

/// Signed in by a plain form: the browser is sent on at once.
fn sent_on(forum: &mut Forum, ask: &Ask, person: PersonId) -> Answer {
    let waiting = forum.waiting_connect(ask.request);
    let cookies = forum.open_session(person);
    let used_code = forum.person(person).is_some_and(|person| person.second_factor);
    let destination = match waiting {
        Some(asked) => forum.answer_connect(&asked, person, used_code),
        None => format!("{}/", forum.base_url),
    };
    Answer::redirect(&destination).cookies(cookies).cookies([forgotten("sso_payload")])
}

fn destroy(forum: &mut Forum, ask: &Ask) -> Answer {
    let cookies = forum.close_session(ask.request);
    if let Some(person) = ask.viewer.person {
        forum.tell("user_logged_out", "user", |forum| views::person_for_hook(forum, person));
    }
    match ask.request.wants_json {
        true => Answer::ok(&json!({"redirect_url": "/"})).cookies(cookies),
        false => Answer::redirect(&format!("{}/", forum.base_url)).cookies(cookies),
    }
}

fn sso_provider(forum: &mut Forum, ask: &Ask) -> Answer {
    if !forum.settings.connect_enabled {
        return Answer::plain(404, "").header("Vary", "Accept");
    }
    let asked = match forum.read_connect(&ask.request.query) {
        Ok(asked) => asked,
        Err(refusal) => return refused(refusal),
    };
    if asked.logs_out() {
        let cookies = forum.close_session(ask.request);
        return Answer::redirect(&asked.return_url).cookies(cookies);
    }
    match ask.viewer.person {
        Some(person) => answered(forum, ask, &asked, person),
        None if forum.settings.knows_prompt() && asked.asks_for_no_prompt() => {
            Answer::redirect(&asked.failed())
        }
        None => {
            // A cookie that the browser has already is not set again.
            let is_new = ask.request.cookie("sso_payload").as_deref() != Some(ask.request.query.as_str());
            let payload = is_new.then(|| format!("sso_payload={}; path=/", encoded(&ask.request.query)));
            let ended = ask.request.cookie("_t").map(|_| forgotten("_t"));
            Answer::redirect(&format!("{}/login", forum.base_url)).cookies(payload).cookies(ended)
        }
    }
}

fn answered(forum: &mut Forum, ask: &Ask, asked: &ConnectRequest, person: PersonId) -> Answer {
    let has_code = forum.person(person).is_some_and(|person| person.second_factor);
    if forum.settings.knows_prompt() && asked.requires_second_factor() && has_code {
        let payload = format!("sso_payload={}; path=/", encoded(&ask.request.query));
        return Answer::redirect(&format!("{}/session/2fa", forum.base_url)).cookies([payload]);
    }
    Answer::redirect(&forum.answer_connect(asked, person, false))
}

fn refused(refusal: ConnectRefusal) -> Answer {
    let answer = match refusal {
        ConnectRefusal::Missing => Answer::missing_parameter("sso"),
        ConnectRefusal::LoginError => Answer::plain(422, "Login Error"),
        ConnectRefusal::NoSecret => Answer::plain(
            400,
            "Authentication failed due to missing secret. Contact the site administrators to fix this problem.",
        ),
    };
    answer.header("Vary", "Accept")
}

/// A sign-in page that works without a script.
fn login_page(forum: &mut Forum, ask: &Ask, trouble: &str) -> Answer {
    let (token, cookie) = forum.form_token(ask.request);
    let hidden = format!("<input type=\"hidden\" name=\"authenticity_token\" value=\"{token}\">");
    let trouble = match trouble {
        "" => String::new(),
        words => format!("<p role=\"alert\">{}</p>", escaped(words)),
    };
    let elsewhere = forum.settings.identity_provider.as_deref().map(|name| {
        format!(
            "<form method=\"post\" action=\"/auth/{PROVIDER}\">{hidden}\
             <button>Sign in with {}</button></form>",
            escaped(name)
        )
    });
    let words = format!(
        "Log in</p>{trouble}<form method=\"post\" action=\"/login\">{hidden}\
         <p><label>Username or email <input name=\"login\" autocomplete=\"username\" required></label></p>\
         <p><label>Password <input name=\"password\" type=\"password\" required></label></p>\
         <p><label>Authentication code, if you use one \
         <input name=\"second_factor_token\" inputmode=\"numeric\"></label></p>\
         <button>Log in</button></form>{}<p>",
        elsewhere.unwrap_or_default()
    );
    Answer::html(200, &forum.page(&words)).cookies(cookie)
}

fn login(forum: &mut Forum, ask: &Ask) -> Answer {
    let request = ask.request;
    let now_ms = forum.now_ms();
    if let Err(seconds) = forum.limits.sign_in(request.address, now_ms) {
        let words = forum.settings.locale.wait(seconds);
        return Answer { status: 429, ..login_page(forum, ask, &words) };
    }
    let text = |name: &str| request.text(name).unwrap_or_default();
    let login = request.filled("login").or_else(|| request.filled("username")).unwrap_or_default();
    match forum.let_in(&login, &text("password"), &text("second_factor_token")) {
        Ok(person) => sent_on(forum, ask, person),
        Err(why) => trouble(forum, ask, &login, &why),
    }
}

fn trouble(forum: &mut Forum, ask: &Ask, login: &str, why: &NotLetIn) -> Answer {
    let words = forum.not_let_in(login, why);
    let words = words.get("error").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    login_page(forum, ask, &words)
}

fn ask_code(forum: &mut Forum, ask: &Ask) -> Answer {
    let (token, cookie) = forum.form_token(ask.request);
    let words = format!(
        "Confirm that it is you</p><form method=\"post\" action=\"/session/2fa\">\
         <input type=\"hidden\" name=\"authenticity_token\" value=\"{token}\">\
         <p><label>Authentication code <input name=\"second_factor_token\" required></label></p>\
         <button>Confirm</button></form><p>"
    );
    Answer::html(200, &forum.page(&words)).cookies(cookie)
}

fn take_code(forum: &mut Forum, ask: &Ask) -> Answer {
    let fits = ask.request.text("second_factor_token").as_deref()
        == Some(forum.settings.second_factor_code.as_str());
    match (ask.viewer.person, forum.waiting_connect(ask.request)) {
        (Some(person), Some(asked)) if fits => {
            let destination = forum.answer_connect(&asked, person, true);
            Answer::redirect(&destination).cookies([forgotten("sso_payload")])
        }
        _ => ask_code(forum, ask),
    }
}

/// Off to the provider of identities, with a state that has to come back.
fn to_provider(forum: &mut Forum, _: &Ask) -> Answer {
    if forum.settings.identity_provider.is_none() {
        return Answer::not_found(forum.settings.locale);
    }
    let state = Forum::made_up_key();
    let address = format!("{}/auth/{PROVIDER}/authorize?state={state}", forum.base_url);
    Answer::redirect(&address).cookies([format!("omniauth_state={state}; path=/; HttpOnly; SameSite=Lax")])
}

/// The provider's own page: a list of people to be.
fn provider_page(forum: &mut Forum, ask: &Ask) -> Answer {
    let Some(name) = forum.settings.identity_provider.clone() else {
        return Answer::not_found(forum.settings.locale);
    };
    let state = escaped(&ask.request.text("state").unwrap_or_default());
    let mut people: Vec<_> = forum
        .people
        .by_creation(crate::forum::people::List::Everybody)
        .filter(|person| !person.is_machine())
        .take(PEOPLE_OFFERED_MAX)
        .map(|person| (person.id, person.username.clone()))
        .collect();
    people.sort();
    let mut rows = String::new();
    for (id, username) in people {
        let code = Forum::made_up_key();
        forum.sessions.elsewhere.insert(code.clone(), id);
        rows.push_str(&format!(
            "<li><a href=\"/auth/{PROVIDER}/callback?state={state}&amp;code={code}\">{}</a></li>",
            escaped(&username)
        ));
    }
    let words = format!("{}: who are you?</p><ul>{rows}</ul><p>", escaped(&name));
    Answer::html(200, &forum.page(&words))
}

/// Back from the provider: state and code are checked, then it is a sign-in like any other.
fn from_provider(forum: &mut Forum, ask: &Ask) -> Answer {
    let state = ask.request.text("state");
    if state.is_none() || state != ask.request.cookie("omniauth_state") {
        return login_page(
            forum,
            ask,
            "Sorry, there was an error authorizing your account. Please try again.",
        );
    }
    let code = ask.request.text("code").unwrap_or_default();
    let Some(person) = forum.sessions.elsewhere.remove(&code) else {
        return login_page(
            forum,
            ask,
            "Sorry, your authorization has timed out, or you have switched browsers.",
        );
    };
    let entered = match forum.person(person) {
        Some(found) if !found.active => Err(NotLetIn::NotActivated(found.email.clone())),
        Some(found) => forum.may_enter(found),
        None => Err(NotLetIn::Wrong),
    };
    match entered {
        Ok(()) => sent_on(forum, ask, person),
        Err(why) => trouble(forum, ask, "", &why),
    }
}

/// A value as it stands in a cookie.
fn encoded(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect()
}
