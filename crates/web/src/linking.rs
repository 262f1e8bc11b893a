//! The pages of linking: opened from Discord, proven twice, confirmed once.

use askama::Template;
use axum::Form;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::ids::SourceName;
use serde::Deserialize;
use service::linking::{ConfirmView, Stopped};
use url::Url;

use crate::callback::{callback, cookie, set_cookie};
use crate::page::{Button, Message, show};
use crate::words::{Line, lines};
use crate::{Web, stopped};

#[derive(Template)]
#[template(path = "confirm.html")]
pub(crate) struct Confirm {
    pub(crate) community: String,
    pub(crate) guild: String,
    pub(crate) discord_name: String,
    pub(crate) discord_username: String,
    pub(crate) forum_name: String,
    pub(crate) forum_username: String,
    pub(crate) forum_host: String,
    pub(crate) plan_known: bool,
    pub(crate) lines: Vec<Line>,
    pub(crate) form_token: String,
    pub(crate) audit_keep_days: u64,
}

/// The address from `/link`: binds this browser and sends it to Discord.
pub(crate) async fn begin(State(web): State<Web>, Path(token): Path<String>) -> Response {
    match web.hall.begin_linking(&token).await {
        Ok(begun) => {
            let mut response = Redirect::to(begun.to.as_str()).into_response();
            if let Some(value) = set_cookie(&begun.cookie, web.hall.public_address()) {
                response.headers_mut().insert(header::SET_COOKIE, value);
            }
            response
        }
        Err(why) => stopped::page(&web, &why),
    }
}

/// Back from Discord.
pub(crate) async fn discord(
    State(web): State<Web>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let cookie = cookie(&headers, web.hall.public_address());
    go_on(&web, web.hall.discord_proven(cookie.as_ref(), &callback(query.as_deref())).await)
}

/// Back from the forum.
pub(crate) async fn forum(
    State(web): State<Web>,
    Path(source): Path<String>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let Some(source) = SourceName::new(&source) else { return stopped::page(&web, &Stopped::Used) };
    let cookie = cookie(&headers, web.hall.public_address());
    go_on(&web, web.hall.forum_proven(cookie.as_ref(), &source, &callback(query.as_deref())).await)
}

/// The page that names both identities. Looking at it changes nothing.
pub(crate) async fn confirm_page(State(web): State<Web>, headers: HeaderMap) -> Response {
    let cookie = cookie(&headers, web.hall.public_address());
    match web.hall.confirm_view(cookie.as_ref()).await {
        Ok(view) => show(StatusCode::OK, &confirm_template(&web, view)),
        Err(why) => stopped::page(&web, &why),
    }
}

/// What the form carries.
#[derive(Deserialize)]
pub(crate) struct ConfirmForm {
    #[serde(default)]
    token: String,
}

/// The button: makes the link.
pub(crate) async fn confirm(
    State(web): State<Web>,
    headers: HeaderMap,
    Form(form): Form<ConfirmForm>,
) -> Response {
    let cookie = cookie(&headers, web.hall.public_address());
    match web.hall.confirm_linking(cookie.as_ref(), &form.token).await {
        Ok(linked) => {
            let server = linked.guild.map(|guild| format!("?server={guild}")).unwrap_or_default();
            Redirect::to(&format!("/link/done{server}")).into_response()
        }
        Err(why) => stopped::page(&web, &why),
    }
}

/// The other button: ends the attempt.
pub(crate) async fn decline(State(web): State<Web>, headers: HeaderMap) -> Response {
    let cookie = cookie(&headers, web.hall.public_address());
    match web.hall.decline_linking(cookie.as_ref()).await {
        Ok(()) => stopped::page(&web, &Stopped::Declined),
        Err(why) => stopped::page(&web, &why),
    }
}

/// What follows, and the way back. Says nothing about anybody: it may be opened by whoever likes.
pub(crate) async fn done(State(web): State<Web>, RawQuery(query): RawQuery) -> Response {
    let asked = callback(query.as_deref()).query.get("server").and_then(|text| text.parse().ok());
    let guild = asked
        .filter(|guild| web.hall.guild_ids().any(|known| known == *guild))
        .or(web.hall.guild_ids().next());
    let address =
        guild.map_or_else(|| web.settings.discord_channels.to_string(), |guild| web.discord_address(guild));
    let page = Message {
        community: web.hall.name().to_owned(),
        title: "Your accounts are linked".to_owned(),
        paragraphs: vec![
            "What the rules give you is on its way; it follows the forum by itself from now on.".to_owned(),
            "In Discord, /why shows each role and its reason, /unlink takes everything back.".to_owned(),
        ],
        buttons: vec![Button { words: "Back to Discord", address }],
        note: None,
    };
    show(StatusCode::OK, &page)
}

fn go_on(web: &Web, step: Result<Url, Stopped>) -> Response {
    match step {
        Ok(to) => Redirect::to(to.as_str()).into_response(),
        Err(why) => stopped::page(web, &why),
    }
}

fn confirm_template(web: &Web, view: ConfirmView) -> Confirm {
    let forum_host =
        Url::parse(&view.forum_address).ok().and_then(|address| address.host_str().map(str::to_owned));
    Confirm {
        guild: view.guild.unwrap_or_else(|| view.community.clone()),
        community: view.community,
        discord_name: view.discord.name,
        discord_username: view.discord.username,
        forum_name: view.forum.name,
        forum_username: view.forum.username,
        forum_host: forum_host.unwrap_or(view.forum_address),
        plan_known: view.plan.is_some(),
        lines: view.plan.as_ref().map(|plan| lines(plan, &view.waits)).unwrap_or_default(),
        form_token: view.form_token,
        audit_keep_days: web.hall.audit_keep_days(),
    }
}
