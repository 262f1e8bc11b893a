//! A plan, a page at a time: what waits and why, what is written by itself, and what cannot be done.

use std::ops::Range;

use service::plans::{FindingView, Line, Part, PlanView, What};
use twilight_model::channel::message::component::ButtonStyle;

use super::markdown::escape;
use super::message::{cut, fitting};
use super::{Card, Message, counted, moment};
use crate::press::Press;
use crate::shown::number_of;

/// How many places a page has: a change takes one, a finding takes [`PLACES_OF_A_FINDING`].
const PLACES: usize = 10;
const PLACES_OF_A_FINDING: usize = 2;
/// Lengths in UTF-16 units, so that a whole page fits into a card.
const ROLE_UNITS_MAX: usize = 60;
const NAME_UNITS_MAX: usize = 40;
const LINE_UNITS_MAX: usize = 170;
const FINDING_UNITS_MAX: usize = 450;
const REASONS_UNITS_MAX: usize = 1_800;
/// So many roles that people held before their rule have buttons; the others have the commands.
const ASKED_ROLES_MAX: usize = 5;

/// A page of a plan, the first being 1; the last one where there are fewer.
pub(crate) fn page(view: &PlanView, page: u32) -> Message {
    if view.is_empty() && view.findings.is_empty() && view.reasons.is_empty() {
        return Message::text("Nothing would change: everybody here is as the rules say.");
    }
    let pages = pages(view);
    let page = page.clamp(1, pages);
    let title = match view.plan {
        Some(plan) => format!("Plan {plan}: {}", totals(view)),
        None => "Nothing would change".to_owned(),
    };
    let footer = (pages > 1).then(|| format!("Page {page} of {pages}"));
    let lines = lines(view, places_of(view, page));
    let message = Message::card(Card { title, lines, footer, ..Card::default() }).above(&reasons(view));
    with_buttons(message, view, page, pages)
}

fn pages(view: &PlanView) -> u32 {
    u32::try_from(places(view).div_ceil(PLACES)).unwrap_or(u32::MAX).max(1)
}

/// The places that a page shows, the first being 1; those of the last one where there are fewer.
pub(super) fn places_of(view: &PlanView, page: u32) -> Range<usize> {
    let page = page.clamp(1, pages(view));
    let from = usize::try_from(page - 1).unwrap_or(usize::MAX).saturating_mul(PLACES);
    from..from.saturating_add(PLACES)
}

/// What waits and why, above everything else.
fn reasons(view: &PlanView) -> String {
    let made = moment(view.made_at, 'R');
    if view.reasons.is_empty() {
        return format!("What would change in **{}**, as of {made}:", escape(&view.guild_name));
    }
    let waits = match view.waiting() {
        0 => "something waits".to_owned(),
        waiting => counted(waiting, "change waits", "changes wait"),
    };
    let mut lines = vec![format!("In **{}** {waits} for your word, as of {made}:", escape(&view.guild_name))];
    lines.extend(view.reasons.iter().map(|reason| format!("• {}", escape(reason))));
    fitting(&lines, REASONS_UNITS_MAX)
}

fn totals(view: &PlanView) -> String {
    let mut totals = Vec::new();
    for (count, mark, one, many) in [
        (view.takes, '−', "role taken", "roles taken"),
        (view.gives, '+', "role given", "roles given"),
        (view.renames, '✎', "name changed", "names changed"),
    ] {
        if count > 0 {
            totals.push(format!("{mark} {}", counted(count, one, many)));
        }
    }
    if totals.is_empty() { "no changes".to_owned() } else { totals.join(", ") }
}

/// How many places everything takes. Findings begin at an even place, so that none stands on two pages.
fn places(view: &PlanView) -> usize {
    first_finding(view) + view.findings.len() * PLACES_OF_A_FINDING
}

fn first_finding(view: &PlanView) -> usize {
    changes(&view.waits).saturating_add(changes(&view.at_once)).next_multiple_of(PLACES_OF_A_FINDING)
}

fn changes(parts: &[Part]) -> usize {
    parts.iter().map(|part| part.lines.len()).sum()
}

/// What stands in some places. Looks only at what it shows, however long the plan is.
fn lines(view: &PlanView, places: Range<usize>) -> Vec<String> {
    let mut lines = Vec::new();
    let mut place = 0;
    let waits = view.waits.iter().map(|part| ("Waits for your word", part));
    let at_once = view.at_once.iter().map(|part| ("Written without your word", part));
    let mut under = "";
    for (heading, part) in waits.chain(at_once) {
        let skipped = places.start.saturating_sub(place);
        let room = places.end.saturating_sub(place.max(places.start));
        place += part.lines.len();
        let shown: Vec<String> =
            part.lines.iter().skip(skipped).take(room).map(|one| line(part.what, one)).collect();
        if shown.is_empty() {
            continue;
        }
        if under != heading {
            lines.push(format!("__{heading}__"));
            under = heading;
        }
        lines.push(role(part));
        lines.extend(shown);
    }
    lines.extend(findings(view, &places));
    lines
}

fn findings(view: &PlanView, places: &Range<usize>) -> Vec<String> {
    let first = first_finding(view);
    let passed = places.start.saturating_sub(first).div_ceil(PLACES_OF_A_FINDING);
    let room = places.end.saturating_sub(places.start.max(first)).div_ceil(PLACES_OF_A_FINDING);
    let shown: Vec<String> = view.findings.iter().skip(passed).take(room).map(finding).collect();
    let heading = (!shown.is_empty()).then(|| "__Cannot be done__".to_owned());
    heading.into_iter().chain(shown).collect()
}

fn finding(finding: &FindingView) -> String {
    cut(&format!("• {} {}", escape(&finding.says), escape(&finding.remedy)), FINDING_UNITS_MAX)
}

fn mark(what: What) -> char {
    match what {
        What::Take => '−',
        What::Give => '+',
        What::Rename => '✎',
    }
}

fn role(part: &Part) -> String {
    let mark = mark(part.what);
    let name = match part.what {
        What::Rename => "Names".to_owned(),
        What::Take | What::Give => cut(&escape(&part.role), ROLE_UNITS_MAX),
    };
    format!("**{mark} {name}** ({})", part.lines.len())
}

fn line(what: What, line: &Line) -> String {
    let name = line.name.as_deref().map(|name| format!(" ({})", cut(&escape(name), NAME_UNITS_MAX)));
    let becomes = match line.nickname.as_deref() {
        None => String::new(),
        Some("") => " has the name taken back".to_owned(),
        Some(nickname) => format!(" becomes {}", cut(&escape(nickname), NAME_UNITS_MAX)),
    };
    let whom = format!("{} <@{}>{}{becomes}", mark(what), line.user, name.unwrap_or_default());
    cut(&format!("{whom}: {}", escape(&line.because)), LINE_UNITS_MAX)
}

fn with_buttons(message: Message, view: &PlanView, page: u32, pages: u32) -> Message {
    let number = number_of(view);
    let turns = |page| Press::Plan { plan: number, page };
    let mut message = message;
    if page > 1 {
        message = message.asks("◀", ButtonStyle::Secondary, &turns(page - 1));
    }
    if page < pages {
        message = message.asks("▶", ButtonStyle::Secondary, &turns(page + 1));
    }
    if view.plan.is_none() {
        return message;
    }
    let apply =
        if view.reasons.is_empty() { Press::Apply { plan: number } } else { Press::Release { plan: number } };
    message = message.asks("Apply", ButtonStyle::Primary, &apply);
    for held in view.held_before.iter().take(ASKED_ROLES_MAX) {
        let role = held.role_id;
        message = message
            .asks(&format!("Keep {}", held.role), ButtonStyle::Secondary, &Press::Keep { role })
            .asks(&format!("Remove {}", held.role), ButtonStyle::Danger, &Press::Remove { role });
    }
    message
}

#[cfg(test)]
mod tests;
