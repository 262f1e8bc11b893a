//! The table of what the simulated forum answers otherwise than the contract has it, each row with its reason.
//!
//! The contract is of today, the recorded forum of 2022, and the simulated one answers as the recorded one.
//! A fault without a row fails; so does a row that nothing needs any more.

use std::collections::BTreeSet;

use crate::tour::Operation;

/// Why an answer is not as the contract has it.
#[derive(Clone, Copy)]
pub(crate) enum Because {
    /// The recorded forum answers this operation with the very same fault, which is looked up.
    Recorded(&'static str, &'static str),
    /// This.
    Said(&'static str),
}

use Because::{Recorded, Said};

impl Because {
    fn words(self) -> String {
        match self {
            Recorded(method, path) => format!("recorded from {method} {path}"),
            Said(reason) => reason.to_owned(),
        }
    }
}

/// Operation, the beginning of the fault, and why.
type Row = (&'static str, &'static str, &'static str, Because);

const LIKED: &str = "the document knows no liked post in lists; its shape is recorded in actions/post-like";

const DEVIATIONS: &[Row] = &[
    ("GET", "/admin/users/list/{flag}.json", "", Recorded("GET", "/admin/users/list/{flag}.json")),
    ("GET", "/admin/users/{id}.json", "", Recorded("GET", "/admin/users/{id}.json")),
    ("GET", "/c/{id}/show.json", "", Recorded("GET", "/c/{id}/show.json")),
    ("GET", "/c/{slug}/{id}.json", "", Recorded("GET", "/c/{slug}/{id}.json")),
    ("GET", "/categories.json", "", Recorded("GET", "/categories.json")),
    ("GET", "/groups.json", "", Recorded("GET", "/groups.json")),
    ("GET", "/groups/{name}.json", "", Recorded("GET", "/groups/{name}.json")),
    ("GET", "/groups/{name}/members.json", "", Recorded("GET", "/groups/{name}/members.json")),
    ("GET", "/latest.json", "", Recorded("GET", "/latest.json")),
    ("GET", "/posts.json", "", Recorded("GET", "/posts.json")),
    ("GET", "/posts/{id}.json", "", Recorded("GET", "/posts/{id}.json")),
    ("GET", "/posts.json", "$.latest_posts[].actions_summary[]", Said(LIKED)),
    ("GET", "/t/{id}.json", "$.post_stream.posts[].actions_summary[]", Said(LIKED)),
    ("GET", "/tag/{name}.json", "", Recorded("GET", "/tag/{name}.json")),
    ("POST", "/post_actions.json", "", Recorded("POST", "/post_actions.json")),
    ("GET", "/tags.json", "", Recorded("GET", "/tags.json")),
    ("GET", "/site.json", "", Recorded("GET", "/site.json")),
    ("GET", "/site/basic-info.json", "", Recorded("GET", "/site/basic-info.json")),
    ("GET", "/t/{id}.json", "", Recorded("GET", "/t/{id}.json")),
    (
        "GET",
        "/top.json",
        "$.topic_list.topics[].unpinned: is null",
        Said("its rows are those of /latest.json"),
    ),
    ("GET", "/u/{username}.json", "", Recorded("GET", "/u/{username}.json")),
    ("GET", "/u/by-external/{provider}/{external_id}.json", "", Recorded("GET", "/u/{username}.json")),
    ("GET", "/search.json", "", Recorded("GET", "/search.json")),
    ("POST", "/categories.json", "", Recorded("POST", "/categories.json")),
    ("PUT", "/categories/{id}.json", "", Recorded("PUT", "/categories/{id}.json")),
    ("PUT", "/posts/{id}.json", "", Recorded("PUT", "/posts/{id}.json")),
    ("POST", "/posts.json", "", Recorded("POST", "/posts.json")),
    ("PUT", "/admin/users/{id}/silence.json", "", Recorded("PUT", "/admin/users/{id}/silence.json")),
    ("PUT", "/admin/users/{id}/suspend.json", "", Recorded("PUT", "/admin/users/{id}/suspend.json")),
    (
        "GET",
        "/u/by-external/{external_id}.json",
        "404",
        Said("only a forum that is told its people has them"),
    ),
];

/// What was found, and which rows were needed.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// Faults of the recorded answers.
    recorded: BTreeSet<(Operation, String)>,
    unknown: BTreeSet<String>,
    used: BTreeSet<usize>,
}

impl Ledger {
    pub(crate) fn recorded(&mut self, operation: &Operation, fault: String) {
        self.recorded.insert((operation.clone(), fault));
    }

    /// Files a fault under the first row that accounts for it.
    pub(crate) fn found(&mut self, operation: &Operation, fault: &str) {
        let (method, path) = operation;
        let accounts = |(_, row): &(usize, &Row)| {
            let (verb, pattern, start, because) = row;
            let fits = verb == method && pattern == path && fault.starts_with(start);
            fits && match because {
                Recorded(verb, pattern) => {
                    let there = ((*verb).to_owned(), (*pattern).to_owned());
                    self.recorded.contains(&(there, fault.to_owned()))
                }
                Said(_) => true,
            }
        };
        match DEVIATIONS.iter().enumerate().find(accounts) {
            Some((row, _)) => drop(self.used.insert(row)),
            None => drop(self.unknown.insert(format!("{method} {path} {fault}"))),
        }
    }

    pub(crate) fn settle(self) {
        let unknown: Vec<String> = self.unknown.into_iter().collect();
        assert!(unknown.is_empty(), "{} faults without a row:\n{}", unknown.len(), unknown.join("\n"));
        let rows = DEVIATIONS.iter().enumerate().filter(|(row, _)| !self.used.contains(row));
        let idle: Vec<String> = rows
            .map(|(_, (method, path, start, because))| {
                format!("{method} {path} {start} ({})", because.words())
            })
            .collect();
        assert!(idle.is_empty(), "rows that nothing needs: {idle:#?}");
    }
}
