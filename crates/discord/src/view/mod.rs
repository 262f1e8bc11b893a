//! Values into what people read in Discord: every text of an answer stands here.

pub(crate) mod confirm;
pub(crate) mod decided;
pub(crate) mod help;
pub(crate) mod link;
pub(crate) mod overrides;
pub(crate) mod plan;
pub(crate) mod profile;
pub(crate) mod sync;
pub(crate) mod why;

mod form;
mod markdown;
mod message;

use domain::time::Timestamp;
use service::Failed;
use service::ports::{Notice, SourceError};
use twilight_model::channel::message::component::ButtonStyle;

pub(crate) use form::Form;
pub(crate) use message::{Card, Message};

use crate::press::Press;

/// The words of a notice, as they stand. The last line says what to do: others make room for it.
pub(crate) fn words(notice: &Notice) -> Message {
    let mut lines: Vec<String> = notice.text.lines().map(markdown::escape).collect();
    let last = lines.pop().unwrap_or_default();
    Message::text(&message::with_the_last(&lines, &last))
}

/// A notice; its buttons work until then.
pub(crate) fn notice(notice: &Notice, until: Timestamp) -> Message {
    let offers = notice.offers.iter().take(Notice::OFFERS_MAX);
    offers.fold(words(notice), |message, offer| {
        message.asks(&offer.label, ButtonStyle::Secondary, &Press::offered(offer.does, until))
    })
}

/// A refusal, as it stands.
pub(crate) fn refused(words: &str) -> Message {
    Message::text(words)
}

/// Something broke.
pub(crate) fn failed(failed: &Failed, incident: &str) -> Message {
    let what = match failed {
        Failed::Source(
            SourceError::Busy { .. } | SourceError::Unreachable { .. } | SourceError::Nonsense { .. },
        ) => "The forum does not answer at the moment. Nothing was changed; try again in a minute.",
        Failed::Source(SourceError::Forbidden { .. }) => {
            "The forum does not let the hall read at the moment. Nothing was changed; the owner has to look at it."
        }
        Failed::Guild(_) => "Discord did not do it. Try again in a minute.",
        _ => "Something went wrong here. Try again in a minute.",
    };
    Message::text(&format!("{what} If it stays so, tell the owner this number: `{incident}`"))
}

/// How many of something.
fn counted(count: usize, one: &str, many: &str) -> String {
    let noun = if count == 1 { one } else { many };
    format!("{count} {noun}")
}

/// A moment as Discord shows it in everybody's own time zone and language; `style` is one of its letters.
fn moment(at: Timestamp, style: char) -> String {
    format!("<t:{}:{style}>", at.0.div_euclid(1_000))
}

#[cfg(test)]
mod tests;
