//! `docs/reference/facts.md`: what rules can ask, and how.

use domain::facts::{FactSpec, FactType};

use super::reference::cell;
use crate::settings::source::SourceKind;

/// What may be asked of one type of fact.
struct Questions {
    kind: FactType,
    name: &'static str,
    /// Rules, and when each holds.
    rules: &'static [(&'static str, &'static str)],
}

/// One entry a type.
const QUESTIONS: [Questions; 5] = [
    Questions {
        kind: FactType::Bool,
        name: "yes or no",
        rules: &[
            ("forum.admin", "it is so"),
            ("!forum.admin", "it is not so"),
            ("forum.admin == forum.moderator", "both are so, or neither"),
        ],
    },
    Questions {
        kind: FactType::Int,
        name: "whole number",
        rules: &[
            ("forum.trust_level == 4", "it is this number; `!=` any other"),
            ("forum.trust_level >= 2", "it is this or more; `>` more, `<` less, `<=` this or less"),
            ("forum.trust_level in [1, 3]", "it is one of these"),
            ("forum.trust_level % 2 == 0", "it can be counted with: `+`, `-`, `*`, `/`, `%`"),
        ],
    },
    Questions {
        kind: FactType::Text,
        name: "text",
        rules: &[
            ("forum.title == \"Pilot\"", "it is this, letter by letter; `!=` anything else"),
            ("forum.title in [\"Pilot\", \"Warden\"]", "it is one of these"),
            ("forum.title.startsWith(\"Chief\")", "it begins so"),
            ("forum.title.endsWith(\"Keeper\")", "it ends so"),
            ("forum.title.contains(\"harbor\")", "this is somewhere in it"),
            ("forum.title.matches(\"^(First|Second) Mate$\")", "the pattern (RE2) fits somewhere in it"),
            ("size(forum.title) <= 12", "so many characters"),
            ("has(forum.title)", "there is one"),
        ],
    },
    Questions {
        kind: FactType::Time,
        name: "moment",
        rules: &[
            ("forum.joined_at < timestamp(\"2026-01-31T00:00:00Z\")", "it was before; `>=` then or later"),
            ("now - forum.joined_at >= duration(\"720h\")", "30 days have passed since; units: h, m, s, ms"),
        ],
    },
    Questions {
        kind: FactType::Groups,
        name: "groups",
        rules: &[
            ("\"makers\" in forum.groups", "the person is in the group of this name"),
            ("!(\"makers\" in forum.groups)", "the person is not in it"),
            ("\"makers\" in forum.groups || \"crew\" in forum.groups", "the person is in one of them"),
            ("size(forum.groups) > 3", "the person is in so many"),
        ],
    },
];

/// How conditions are joined, whatever they ask.
const JOINING: [(&str, &str); 4] = [
    ("forum.trust_level >= 3 && forum.active", "both hold"),
    ("forum.admin || forum.moderator", "one of them holds"),
    ("!(forum.suspended || forum.staged)", "what stands in the brackets does not hold"),
    ("forum.active ? forum.trust_level >= 2 : forum.trust_level >= 3", "the first decides which is asked"),
];

/// What a reader should know before the tables.
const OPENING: &str = "\
A rule is a condition on facts: `when = \"forum.trust_level >= 3\"`. A fact is written as the name of its source,
which is what `name` under `[[source]]` says (here `forum`), a dot, and the name of the fact. A nickname's template
takes them in braces: `\"{forum.title} {forum.name}\"`.

A rule with quotes in it stands in single quotes: `when = '\"makers\" in forum.groups'`.
";

/// What a reader should know about what is not there.
const UNKNOWN: &str = "
## What is not known, and what is not there

**Not known**: the forum has not said, or a group that the rule names is gone or cannot be read. Unknown is never taken
for no: such a rule gives nothing and takes nothing, unless the rest of it decides alone.

**Not there** (`null`): the forum says that there is none, such as a title. It equals nothing but `null`, it is neither
long nor short, neither before nor after, and `has(forum.title)` says whether there is one.

The language is a part of CEL (<https://cel.dev>). A rule has at most 1024 bytes. `guildhall check` tells every mistake
with its place and what to write instead, and warns of a rule that always or never holds.
";

/// The reference of all facts, in Markdown. `facts_of` says what a kind of source can state.
pub fn facts(facts_of: &dyn Fn(&str) -> Vec<FactSpec>) -> String {
    let mut text = format!(
        "# Facts\n\nMade by `guildhall settings --facts`; edit `crates/discourse/src/read/facts.rs` and \
         `crates/guildhall/src/settings/document/facts.rs`.\n\n{OPENING}"
    );
    for kind in SourceKind::all() {
        add_kind(kind.word(), &facts_of(kind.word()), &mut text);
    }
    text.push_str("\n## What can be asked\n");
    for Questions { name, rules, .. } in &QUESTIONS {
        text.push_str(&format!("\n### Of {}\n\n", with_article(name)));
        add_rules(rules, &mut text);
    }
    text.push_str("\n### Together\n\n");
    add_rules(&JOINING, &mut text);
    text.push_str(UNKNOWN);
    text
}

fn add_kind(kind: &str, facts: &[FactSpec], text: &mut String) {
    text.push_str(&format!("\n## What a source of the kind `{kind}` says\n\n"));
    text.push_str("| fact | is | says | in a rule |\n| --- | --- | --- | --- |\n");
    for FactSpec { name, kind, about, example, private, .. } in facts {
        let private = if *private { " No page or command shows it to others." } else { "" };
        let (about, example) = (cell(about), cell(example));
        text.push_str(&format!("| `forum.{name}` | {} | {about}{private} | `{example}` |\n", name_of(*kind)));
    }
}

fn add_rules(rules: &[(&str, &str)], text: &mut String) {
    text.push_str("| rule | holds when |\n| --- | --- |\n");
    for (rule, meaning) in rules {
        text.push_str(&format!("| `{}` | {meaning} |\n", cell(rule)));
    }
}

fn name_of(kind: FactType) -> &'static str {
    QUESTIONS.iter().find(|questions| questions.kind == kind).map_or("", |questions| questions.name)
}

fn with_article(name: &str) -> String {
    if matches!(name, "yes or no" | "groups") { name.to_owned() } else { format!("a {name}") }
}
