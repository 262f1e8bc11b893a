//! The table of what the simulated forum does not do as the recorded one, each row with its reason.
//!
//! A deviation without a row fails; so does a row that nothing needs any more.

use std::collections::BTreeSet;

/// Exchanges that are not replayed: the beginning of their names, and why.
const LEFT_OUT: &[(&str, &str)] = &[
    ("actions/badge-", "badges are not played"),
    ("actions/post-flag-spam", "flags and reviewables are not played"),
    ("actions/topic-split", "posts stay in their topic here"),
    ("read/post-revision", "revisions are counted and not kept"),
    ("read/review-queue", "reviewables are not played"),
    ("topics/category-rss", "feeds are not played"),
    ("topics/post-anonymous-html", "pages for search engines are not played"),
    ("topics/post-revision-latest", "revisions are counted and not kept"),
    ("topics/post-with-image", "uploads are not played"),
    ("topics/upload-", "uploads are not played"),
    ("errors/read-only-key-explorer-run", "Data Explorer comes with reading in bulk"),
    ("errors/limit-front-proxy", "made by the web server before the forum; tested apart"),
    ("webhooks/notification_", "notifications are not played"),
    ("webhooks/reviewable_", "reviewables are not played"),
    ("webhooks/user_badge_", "badges are not played"),
    ("webhooks/ping", "pings are tested apart"),
];

/// What differs: the beginning of the exchange's name, a part of the difference, and why.
const DEVIATIONS: &[(&str, &str, &str)] = &[
    ("", "$.badge_types: missing", "badges are not played"),
    ("", "$.badges: missing", "badges are not played"),
    ("", "$.users: missing", "people named by badges, which are not played"),
    ("", "notice: missing", "a newcomer's first post is not marked as such"),
    ("actions/post-create-same-text-again", "webhooks are", "recorded without what the same act sent before"),
    ("actions/post-delete", "webhooks are", "the post had been flagged, and a message went to its author"),
    ("actions/topic-create", "category_updated", "counts that are brought up to date later"),
    ("actions/topic-recover", "category_updated", "counts that are brought up to date later"),
    ("read/posts-latest", "action_code: missing", "the recording was cut to small actions"),
    ("setup/api-key-scopes", "$.scopes.", "rights are offered for what is played"),
    ("webhooks/user_logged_in-3", "user_fields", "sent while the forum had a question of its own"),
];

/// Deliveries that are compared: those the table of the recordings leaves out are left out here.
pub(crate) fn is_compared(event: &str) -> bool {
    let left_out = ["notification_", "user_badge_", "reviewable_", "ping"];
    !left_out.iter().any(|part| event.starts_with(part))
}

pub(crate) fn left_out(name: &str) -> bool {
    LEFT_OUT.iter().any(|(start, _)| name.starts_with(start))
}

/// What was found, and which rows were needed.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    unknown: Vec<String>,
    used: BTreeSet<usize>,
    used_left_out: BTreeSet<usize>,
}

impl Ledger {
    pub(crate) fn left_out(&mut self, name: &str) {
        let rows = LEFT_OUT.iter().enumerate().filter(|(_, (start, _))| name.starts_with(start));
        self.used_left_out.extend(rows.map(|(row, _)| row));
    }

    pub(crate) fn note(&mut self, name: &str, differs: bool, words: impl FnOnce() -> String) {
        if differs {
            self.differs(name, &words());
        }
    }

    pub(crate) fn differs(&mut self, name: &str, difference: &str) {
        let fits = |(_, (start, part, _)): &(usize, &(&str, &str, &str))| {
            name.starts_with(start) && difference.contains(part)
        };
        match DEVIATIONS.iter().enumerate().find(fits) {
            Some((row, _)) => {
                self.used.insert(row);
            }
            None => self.unknown.push(format!("{name}: {difference}")),
        }
    }

    /// Fails on what has no row, and on rows of single exchanges that nothing needs.
    pub(crate) fn settle(self) {
        self.complain(|_| true);
        let idle: Vec<_> = (0..LEFT_OUT.len())
            .filter(|row| !self.used_left_out.contains(row))
            .map(|row| LEFT_OUT[row])
            .collect();
        assert!(idle.is_empty(), "left out for nothing: {idle:#?}");
    }

    /// The same for the steps of DiscourseConnect, which need no row.
    pub(crate) fn settle_steps(self) {
        self.complain(|_| false);
    }

    fn complain(&self, is_ours: impl Fn(&str) -> bool) {
        let count = self.unknown.len();
        assert!(self.unknown.is_empty(), "{count} deviations without a row:\n{}", self.unknown.join("\n"));
        let idle: Vec<_> = DEVIATIONS
            .iter()
            .enumerate()
            .filter(|(row, (start, _, _))| is_ours(start) && !self.used.contains(row))
            .map(|(_, row)| row)
            .collect();
        assert!(idle.is_empty(), "rows that nothing needs: {idle:#?}");
    }
}
