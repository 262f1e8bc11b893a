//! Linking and unlinking, in words.

use domain::time::Timestamp;
use service::linking::LinkedAccount;
use twilight_model::channel::message::component::ButtonStyle;
use url::Url;

use super::markdown::{escape, link};
use super::{Message, moment};
use crate::press::{Mine, Press};

/// An address to link an account.
pub(crate) fn offer(forum: &str, address: &Url, until: Timestamp, linked: &[LinkedAccount]) -> Message {
    let mut text = format!(
        "Sign in to Discord and to {} in one browser, and your roles and your name here follow it.\n\
         The address is for you alone and works until {}; forwarding it links nobody else.",
        escape(forum),
        moment(until, 't'),
    );
    if !linked.is_empty() {
        text.push_str(&format!("\nLinked already: {}", accounts(linked)));
    }
    Message::text(&text).opens("Link my account", address.as_str())
}

/// Linked already.
pub(crate) fn already(linked: &[LinkedAccount], unlink: &[Mine]) -> Message {
    let message = Message::text(&format!("You are linked to {}", accounts(linked)));
    let several = unlink.len() > 1;
    unlink.iter().fold(message, |message, mine| {
        let label = if several { format!("Unlink {}", mine.source) } else { "Unlink".to_owned() };
        message.asks(&label, ButtonStyle::Secondary, &Press::AskUnlink(mine.clone()))
    })
}

/// Asks whether to unlink.
pub(crate) fn ask_unlink(account: &LinkedAccount, until: Timestamp, unlink: &Press, keep: &Press) -> Message {
    let text = format!(
        "Unlink {}?\nThe roles that it gave you here are taken back, and so is the name, unless you changed it since. \
         What the hall knows of you from there is deleted. The buttons work until {}.",
        named(account),
        moment(until, 't'),
    );
    Message::text(&text).asks("Unlink", ButtonStyle::Danger, unlink).asks(
        "Stay linked",
        ButtonStyle::Secondary,
        keep,
    )
}

/// Unlinked.
pub(crate) fn unlinked(account: &LinkedAccount) -> Message {
    Message::text(&format!(
        "{} is not linked any more. What it gave you here is being taken back. /link links again.",
        named(account)
    ))
}

/// They changed their mind.
pub(crate) fn kept() -> Message {
    Message::text("Nothing was changed; you stay linked.")
}

fn accounts(linked: &[LinkedAccount]) -> String {
    let named: Vec<String> = linked
        .iter()
        .map(|account| format!("{}, since {}", named(account), moment(account.since, 'D')))
        .collect();
    format!("{}.", named.join("; "))
}

fn named(account: &LinkedAccount) -> String {
    format!("**{}** on {}", escape(&account.username), link(host(&account.address), &account.address))
}

fn host(address: &str) -> &str {
    address.split_once("://").map_or(address, |(_, rest)| rest.trim_end_matches('/'))
}
