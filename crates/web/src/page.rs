//! Pages from templates, and the pages that only say something.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use crate::Web;

/// A page that says one thing and offers what to do next.
#[derive(Template)]
#[template(path = "message.html")]
pub(crate) struct Message {
    pub(crate) community: String,
    pub(crate) title: String,
    pub(crate) paragraphs: Vec<String>,
    pub(crate) buttons: Vec<Button>,
    pub(crate) note: Option<String>,
}

/// Where to go next.
pub(crate) struct Button {
    pub(crate) words: &'static str,
    pub(crate) address: String,
}

#[derive(Template)]
#[template(path = "kept.html")]
pub(crate) struct Kept {
    pub(crate) community: String,
    pub(crate) audit_keep_days: u64,
}

/// Renders a page. A template that fails is our fault: the visitor is told so, the log why.
pub(crate) fn show(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "could not render a page");
            (StatusCode::INTERNAL_SERVER_ERROR, "The page could not be shown. Please try again.")
                .into_response()
        }
    }
}

/// What the hall is.
pub(crate) async fn home(State(web): State<Web>) -> Response {
    let community = web.hall.name().to_owned();
    let title = format!("{community}, in step");
    let places: Vec<&str> = web.hall.source_names().map(|(_, address)| address).collect();
    let paragraphs = vec![
        format!(
            "This hall keeps the roles and nicknames of {community} on Discord in step with {}.",
            places.join(" and ")
        ),
        "To link your accounts, type /link in Discord: it gives you an address of your own.".to_owned(),
    ];
    let address = match web.hall.guild_ids().next() {
        Some(guild) => web.discord_address(guild),
        None => web.settings.discord_channels.to_string(),
    };
    let buttons = vec![
        Button { words: "Open Discord", address },
        Button { words: "What is kept, and why", address: "/what-is-kept".to_owned() },
    ];
    show(StatusCode::OK, &Message { community, title, paragraphs, buttons, note: None })
}

/// What is kept, and why.
pub(crate) async fn kept(State(web): State<Web>) -> Response {
    let page = Kept { community: web.hall.name().to_owned(), audit_keep_days: web.hall.audit_keep_days() };
    show(StatusCode::OK, &page)
}

/// There is no such page.
pub(crate) async fn not_found(State(web): State<Web>) -> Response {
    let page = Message {
        community: web.hall.name().to_owned(),
        title: "There is no such page".to_owned(),
        paragraphs: vec![
            "The address may have been cut on its way. Type /link in Discord to get a fresh one.".to_owned(),
        ],
        buttons: vec![Button { words: "To the hall", address: "/".to_owned() }],
        note: None,
    };
    show(StatusCode::NOT_FOUND, &page)
}

impl Web {
    /// A server on Discord.
    pub(crate) fn discord_address(&self, guild: domain::ids::GuildId) -> String {
        format!("{}{guild}", self.settings.discord_channels)
    }
}
