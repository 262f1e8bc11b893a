//! Which facts each kind of source knows.

use std::borrow::Cow;

use domain::facts::{FactSpec, FactType};

/// The facts of a kind of source, `discourse`; none when there is no such kind.
pub fn facts_of(kind: &str) -> Vec<FactSpec> {
    if kind == "discourse" { discourse() } else { Vec::new() }
}

fn discourse() -> Vec<FactSpec> {
    let facts = [
        ("trust_level", "trust level", FactType::Int, "how far the forum trusts them, 0 to 4", false),
        ("admin", "admin", FactType::Bool, "runs the forum", false),
        ("moderator", "moderator", FactType::Bool, "moderates the forum", false),
        ("groups", "groups", FactType::Groups, "the groups they are in", false),
        ("title", "title", FactType::Text, "the title beside their name", false),
        ("name", "name", FactType::Text, "their full name", false),
        ("username", "username", FactType::Text, "their username", false),
        ("suspended", "suspended", FactType::Bool, "is suspended now", false),
        ("silenced", "silenced", FactType::Bool, "is silenced now", true),
        ("staged", "staged", FactType::Bool, "wrote by mail and never signed up", false),
        ("active", "active", FactType::Bool, "has confirmed their mail address", false),
        ("joined_at", "joined", FactType::Time, "when they signed up", false),
    ];
    let spec = |(name, label, kind, about, private)| FactSpec {
        name: Cow::Borrowed(name),
        label: Cow::Borrowed(label),
        kind,
        about: Cow::Borrowed(about),
        private,
    };
    facts.into_iter().map(spec).collect()
}
