//! Why linking stopped, as pages: what happened, that nothing was changed, and what to do next.

use axum::http::StatusCode;
use axum::response::Response;
use service::linking::Stopped;

use crate::Web;
use crate::page::{Button, Message, show};

/// The page for a linking attempt that stopped.
pub(crate) fn page(web: &Web, why: &Stopped) -> Response {
    let community = web.hall.name().to_owned();
    let address = match web.hall.guild_ids().next() {
        Some(guild) => web.discord_address(guild),
        None => web.settings.discord_channels.to_string(),
    };
    if let Stopped::Failed(_) | Stopped::Misconfigured(_) = why {
        tracing::error!(error = %why, "linking failed");
    }
    let (status, message) = message(community, why, Button { words: "Back to Discord", address });
    show(status, &message)
}

/// What each stop says. 401 for what does not belong to this browser or this moment.
pub(crate) fn message(community: String, why: &Stopped, back: Button) -> (StatusCode, Message) {
    let (status, title, paragraphs) = says(why, &community);
    let mut buttons = vec![back];
    let mut note = None;
    match why {
        Stopped::OtherBrowser { again: Some(again) } => {
            buttons.insert(0, Button { words: "Start again here", address: again.clone() });
        }
        Stopped::Used => {
            note = Some(
                "Opened Discord's page in the app and came back in another browser? Type /link again, and stay in \
                 the browser that opens."
                    .to_owned(),
            );
        }
        _ => {}
    }
    (status, Message { community, title, paragraphs, buttons, note })
}

fn says(why: &Stopped, community: &str) -> (StatusCode, String, Vec<String>) {
    match why {
        Stopped::Used => page_of(StatusCode::UNAUTHORIZED, "This address is not open", USED),
        Stopped::OtherBrowser { again: Some(_) } => {
            page_of(StatusCode::UNAUTHORIZED, "You came back in another browser", OTHER_BROWSER)
        }
        Stopped::OtherBrowser { again: None } => {
            page_of(StatusCode::UNAUTHORIZED, "Nothing was begun in this browser", NOTHING_BEGUN)
        }
        Stopped::NotYours { made_for, signed_in_as } => {
            let words = format!(
                "It was made for {made_for} on Discord, and you are signed in there as {signed_in_as}. Nothing \
                 was linked."
            );
            page_of(StatusCode::FORBIDDEN, "This address was made for somebody else", &[&words, NOT_YOURS])
        }
        Stopped::Declined => page_of(StatusCode::OK, "Nothing was linked", DECLINED),
        Stopped::Taken { username, .. } => {
            let words = format!(
                "@{username} in the forum is linked to another Discord account. Nothing was changed."
            );
            page_of(StatusCode::CONFLICT, "That account is linked already", &[&words, TAKEN])
        }
        Stopped::Already { username, .. } => {
            let words =
                format!("Your Discord account is linked to @{username} in the forum. Nothing was changed.");
            page_of(StatusCode::CONFLICT, "You are linked already", &[&words, ALREADY])
        }
        Stopped::Refused(words) => {
            page_of(StatusCode::FORBIDDEN, "That cannot be done now", &[words, REFUSED])
        }
        Stopped::Unreachable(_) => {
            page_of(StatusCode::SERVICE_UNAVAILABLE, "The other side does not answer", UNREACHABLE)
        }
        Stopped::Misconfigured(_) => {
            let words =
                format!("Tell an owner of {community}: `guildhall check` and the log say what to mend.");
            page_of(StatusCode::BAD_GATEWAY, "This hall is not set up right", &[MISCONFIGURED, &words])
        }
        Stopped::Failed(_) => page_of(StatusCode::INTERNAL_SERVER_ERROR, "Something broke here", FAILED),
    }
}

fn page_of(status: StatusCode, title: &str, paragraphs: &[&str]) -> (StatusCode, String, Vec<String>) {
    (status, title.to_owned(), paragraphs.iter().map(|text| (*text).to_owned()).collect())
}

const USED: &[&str] = &[
    "It was used, its ten minutes are over, or it was not copied whole: each address works once, so that nobody can \
     use yours. Nothing was changed.",
    "If you have just linked your accounts, you are done: what the rules give you is on its way. If not, type /link in \
     Discord to get a fresh address.",
];
const OTHER_BROWSER: &[&str] = &[
    "You began in one browser or app and came back in this one. Nothing was changed.",
    "Start again here and stay in this browser. You will be asked to sign in to Discord once more. If somebody \
     else sent you this address, close the page.",
];
const NOTHING_BEGUN: &[&str] =
    &["Type /link in Discord: it gives you an address of your own. Nothing was changed."];
const NOT_YOURS: &str = "If both are you, sign in to Discord as the first and type /link again. If somebody sent \
     you this address, they may have wanted their Discord account to get your roles: tell a moderator.";
const DECLINED: &[&str] =
    &["You said no, and nothing was changed. Whenever you like: type /link in Discord."];
const TAKEN: &str =
    "If that Discord account is yours, type /unlink there first. If it is not, tell a moderator.";
const ALREADY: &str = "To link another account, type /unlink in Discord first.";
const REFUSED: &str = "Nothing was changed. Type /link in Discord to begin again.";
const UNREACHABLE: &[&str] = &[
    "Discord or the forum could not be reached just now. Nothing was changed. Wait a minute, then type /link in \
     Discord again.",
];
const MISCONFIGURED: &str = "Discord or the forum refuses to talk to the hall. You can do nothing about it, and \
     nothing was changed.";
const FAILED: &[&str] =
    &["It is our fault, and it is in the log. Nothing was changed. Type /link in Discord to try again."];
