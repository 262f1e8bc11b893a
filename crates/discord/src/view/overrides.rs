//! The overrides that stand, a page at a time, each with a button that ends it.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::ids::{RoleId, UserId};
use domain::time::Timestamp;
use service::overrides::ShownOverride;
use twilight_model::channel::message::component::ButtonStyle;

use super::markdown::escape;
use super::{Card, Message, counted, moment};
use crate::press::Press;

/// How many are on a page: as many as there are buttons beside one another.
const ON_A_PAGE: usize = 5;
/// So many roles about which nobody decided yet are named.
const ASKED_ROLES_MAX: usize = 10;
/// How long a button works.
const BUTTON_LASTS: Duration = Duration::from_secs(3_600);

/// A page, the first being 1; the last one where there are fewer.
pub(crate) fn page(known: &[ShownOverride], only: Option<UserId>, page: u32, now: Timestamp) -> Message {
    let (asked, known): (Vec<&ShownOverride>, Vec<&ShownOverride>) =
        known.iter().partition(|known| known.origin == "before");
    if known.is_empty() && !asked.is_empty() {
        return Message::text(&asked_about(&asked).join("\n"));
    }
    if known.is_empty() {
        return Message::text(match only {
            None => "Nobody decided anything against the rules here.",
            Some(_) => "Nobody decided anything against the rules about this member.",
        });
    }
    let pages = u32::try_from(known.len().div_ceil(ON_A_PAGE)).unwrap_or(u32::MAX).max(1);
    let page = page.clamp(1, pages);
    let skipped = usize::try_from(page - 1).unwrap_or(usize::MAX).saturating_mul(ON_A_PAGE);
    let shown: Vec<(usize, &ShownOverride)> =
        (1..).zip(known.iter().copied()).skip(skipped).take(ON_A_PAGE).collect();
    let title = format!("{} against the rules", counted(known.len(), "decision", "decisions"));
    let lines = shown.iter().map(|(number, known)| format!("{number}\\. {}", line(known))).collect();
    let footer = (pages > 1).then(|| format!("Page {page} of {pages}"));
    let mut message = Message::card(Card { title, lines, footer, ..Card::default() });
    if !asked.is_empty() {
        message = message.above(&asked_about(&asked).join("\n"));
    }
    let until = now.after(BUTTON_LASTS);
    for (number, known) in shown {
        let press = Press::EndOverride { user: known.user, role: known.role.unwrap_or(RoleId(0)), until };
        message = message.asks(&format!("End {number}"), ButtonStyle::Secondary, &press);
    }
    let turns = |page| Press::Overrides { user: only, page };
    if page > 1 {
        message = message.asks("◀", ButtonStyle::Secondary, &turns(page - 1));
    }
    if page < pages {
        message = message.asks("▶", ButtonStyle::Secondary, &turns(page + 1));
    }
    message
}

/// The roles that people held before their rule came, and about whom nobody decided yet: one line each.
fn asked_about(asked: &[&ShownOverride]) -> Vec<String> {
    let mut holders: BTreeMap<(&str, RoleId), usize> = BTreeMap::new();
    for known in asked {
        let role = (known.role_name.as_deref().unwrap_or_default(), known.role.unwrap_or(RoleId(0)));
        *holders.entry(role).or_insert(0) += 1;
    }
    let line = |((name, _), members): ((&str, RoleId), usize)| {
        let members = counted(members, "member", "members");
        format!(
            "{members} held **{}** before its rule came. Nobody decided yet whether they keep it where the rule \
             would take it: /keep or /remove.",
            escape(name)
        )
    };
    holders.into_iter().take(ASKED_ROLES_MAX).map(line).collect()
}

fn line(known: &ShownOverride) -> String {
    let has = match (&known.role_name, known.has) {
        (Some(role), true) => format!("has **{}**", escape(role)),
        (Some(role), false) => format!("does not have **{}**", escape(role)),
        (None, _) => "has another name than the rules say".to_owned(),
    };
    let until = match known.until {
        Some(until) => format!("until {}", moment(until, 'f')),
        None => "until somebody ends it".to_owned(),
    };
    format!("<@{}> {has}: {}, {until}.", known.user, origin(known))
}

/// Where it comes from.
fn origin(known: &ShownOverride) -> String {
    let by = known.by.map_or_else(|| "somebody".to_owned(), |by| format!("<@{by}>"));
    match (known.origin.as_str(), known.has) {
        ("kept", _) => "held before its rule came, and kept".to_owned(),
        ("hand", true) => format!("{by} gave it by hand"),
        ("hand", false) => format!("{by} took it by hand"),
        _ => "a plan was taken back".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(user: u64) -> ShownOverride {
        ShownOverride {
            name: None,
            by_name: None,
            user: UserId(user),
            role: Some(RoleId(22)),
            role_name: Some("Maker".to_owned()),
            has: false,
            origin: "hand".to_owned(),
            by: Some(UserId(9)),
            made_at: Timestamp(0),
            until: Some(Timestamp(86_400_000)),
        }
    }

    fn read(message: &Message) -> (String, Vec<String>) {
        let body = message.body();
        let text = body["embeds"][0]["description"].as_str().unwrap().to_owned();
        let rows = body["components"].as_array().unwrap();
        let buttons = rows.iter().flat_map(|row| row["components"].as_array().unwrap());
        (text, buttons.map(|button| button["label"].as_str().unwrap().to_owned()).collect())
    }

    #[test]
    fn each_override_says_who_decided_and_until_when_and_has_a_button() {
        let kept = ShownOverride { has: true, origin: "kept".to_owned(), by: None, until: None, ..known(8) };
        let name = ShownOverride { role: None, role_name: None, origin: "undo".to_owned(), ..known(8) };
        let (text, buttons) = read(&page(&[known(7), kept, name], None, 1, Timestamp(0)));
        assert_eq!(
            text,
            "1\\. <@7> does not have **Maker**: <@9> took it by hand, until <t:86400:f>.\n\
             2\\. <@8> has **Maker**: held before its rule came, and kept, until somebody ends it.\n\
             3\\. <@8> has another name than the rules say: a plan was taken back, until <t:86400:f>."
        );
        assert_eq!(buttons, ["End 1", "End 2", "End 3"]);
    }

    #[test]
    fn who_held_a_role_before_its_rule_is_counted_by_role_and_has_no_button() {
        let before = |user| ShownOverride {
            has: true,
            origin: "before".to_owned(),
            by: None,
            until: None,
            ..known(user)
        };
        let message = page(&[before(1), before(2), known(7)], None, 1, Timestamp(0));
        let says = "2 members held **Maker** before its rule came. Nobody decided yet whether they keep it where the \
                    rule would take it: /keep or /remove.";
        assert_eq!(message.body()["content"], says);
        let (text, buttons) = read(&message);
        assert_eq!((text.lines().count(), buttons), (1, vec!["End 1".to_owned()]));
        let alone = page(&[before(1), before(2)], None, 1, Timestamp(0)).body();
        assert_eq!((&alone["content"], alone["components"].as_array().unwrap().len()), (&says.into(), 0));
    }

    #[test]
    fn overrides_are_listed_five_at_a_time() {
        let all: Vec<ShownOverride> = (1..=12).map(known).collect();
        let (text, buttons) = read(&page(&all, None, 2, Timestamp(0)));
        assert!(text.starts_with("6\\. <@6>") && text.lines().count() == 5, "{text}");
        assert_eq!(buttons, ["End 6", "End 7", "End 8", "End 9", "End 10", "◀", "▶"]);
        let (text, buttons) = read(&page(&all, None, 99, Timestamp(0)));
        assert_eq!((text.lines().count(), buttons.len()), (2, 3));
    }
}
