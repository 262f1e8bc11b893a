//! The staff action log: it says what webhooks leave out (`/admin/logs/staff_action_logs.json`).

use std::collections::BTreeSet;

use domain::ids::Subject;
use serde::Deserialize;
use service::ports::{Acts, ActsCursor, SourceError};

use crate::client::{Answer, Client, Question, Urgency};

/// Lines on a page, and how many pages are read before it is cheaper to look at everybody.
const PAGE_LINES: usize = 200;
const PAGES_MAX: usize = 5;

/// What an act means to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// Something about the line's `target_user`.
    Person,
    /// Somebody is gone; only the text of the line says who (`id: 18`).
    Deleted,
    /// `target_user` took somebody over, of whom the line says no id.
    Merged,
}

/// Acts that concern somebody's standing; all others mean nothing to us.
const ACTS: &[(&str, Meaning)] = &[
    ("change_trust_level", Meaning::Person),
    ("lock_trust_level", Meaning::Person),
    ("unlock_trust_level", Meaning::Person),
    ("suspend_user", Meaning::Person),
    ("unsuspend_user", Meaning::Person),
    ("removed_suspend_user", Meaning::Person),
    ("removed_unsuspend_user", Meaning::Person),
    ("silence_user", Meaning::Person),
    ("unsilence_user", Meaning::Person),
    ("removed_silence_user", Meaning::Person),
    ("removed_unsilence_user", Meaning::Person),
    ("deactivate_user", Meaning::Person),
    ("activate_user", Meaning::Person),
    ("approve_user", Meaning::Person),
    ("grant_admin", Meaning::Person),
    ("revoke_admin", Meaning::Person),
    ("grant_moderation", Meaning::Person),
    ("revoke_moderation", Meaning::Person),
    ("change_username", Meaning::Person),
    ("change_name", Meaning::Person),
    ("change_title", Meaning::Person),
    ("revoke_title", Meaning::Person),
    ("anonymize_user", Meaning::Person),
    ("merge_user", Meaning::Merged),
    ("delete_user", Meaning::Deleted),
];

#[derive(Debug, Deserialize)]
struct Page {
    staff_action_logs: Vec<Line>,
}

#[derive(Debug, Deserialize)]
struct Line {
    id: i64,
    action_name: String,
    #[serde(default)]
    details: Option<String>,
    #[serde(default)]
    target_user: Option<Target>,
}

#[derive(Debug, Deserialize)]
struct Target {
    id: i64,
}

/// What staff did after `cursor`, newest lines first, page by page until the last known one. Without a cursor:
/// only where the log stands. A log that goes back before the cursor, or on for too long, means everybody.
pub(crate) async fn acts_since(client: &Client, cursor: Option<ActsCursor>) -> Result<Acts, SourceError> {
    let Some(ActsCursor(known)) = cursor else {
        let newest = page(client, 0, 1).await?.iter().map(|line| line.id).max().unwrap_or(0);
        return Ok(Acts { cursor: Some(ActsCursor(newest)), people: Vec::new(), everybody: false });
    };
    let mut news = News { newest: known, ..News::default() };
    for number in 0..PAGES_MAX {
        let lines = page(client, number, PAGE_LINES).await?;
        if number == 0 && lines.iter().all(|line| line.id < known) && known > 0 {
            let newest = lines.iter().map(|line| line.id).max().unwrap_or(0);
            return Ok(Acts { cursor: Some(ActsCursor(newest)), people: Vec::new(), everybody: true });
        }
        for line in lines.iter().filter(|line| line.id > known) {
            news.take(line);
        }
        let reached = lines.len() < PAGE_LINES || lines.iter().any(|line| line.id <= known);
        if reached {
            return Ok(news.acts(false));
        }
    }
    Ok(news.acts(true))
}

async fn page(client: &Client, number: usize, lines: usize) -> Result<Vec<Line>, SourceError> {
    let path = format!("/admin/logs/staff_action_logs.json?limit={lines}&page={number}");
    let question = Question { path, route: "staff_action_logs/index", urgency: Urgency::Now, with_key: true };
    let answer: Answer<Page> = client.ask(&question).await?;
    Ok(answer.or_missing(client.address(), "the staff action log")?.staff_action_logs)
}

/// What was found so far.
#[derive(Default)]
struct News {
    newest: i64,
    people: Vec<Subject>,
    seen: BTreeSet<i64>,
    everybody: bool,
}

impl News {
    fn take(&mut self, line: &Line) {
        self.newest = self.newest.max(line.id);
        let Some((_, meaning)) = ACTS.iter().find(|(name, _)| *name == line.action_name) else { return };
        let target = line.target_user.as_ref().map(|target| target.id);
        let who = match meaning {
            Meaning::Person | Meaning::Merged => target,
            Meaning::Deleted => target.or_else(|| line.details.as_deref().and_then(deleted_id)),
        };
        self.everybody |= *meaning == Meaning::Merged || (*meaning == Meaning::Deleted && who.is_none());
        if let Some(id) = who.filter(|id| *id > 0 && self.seen.insert(*id)) {
            self.people.push(Subject(id.to_string()));
        }
    }

    fn acts(self, gap: bool) -> Acts {
        Acts { cursor: Some(ActsCursor(self.newest)), people: self.people, everybody: self.everybody || gap }
    }
}

/// `id: 18` at the beginning of the details of a deletion; names further down are the person's own words.
fn deleted_id(details: &str) -> Option<i64> {
    details.lines().next()?.strip_prefix("id: ")?.trim().parse().ok()
}
