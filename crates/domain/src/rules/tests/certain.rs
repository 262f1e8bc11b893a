//! Conditions that always or never hold are found, and no other.

use super::*;
use crate::rules::Certain::{self, Always, Never};

fn certain(text: &str) -> Option<Certain> {
    rule(text).certain(&schema())
}

#[test]
fn what_always_or_never_holds_is_found() {
    for (text, expected) in [
        ("true", Some(Always)),
        ("false", Some(Never)),
        ("1 < 2", Some(Always)),
        ("forum.trust_level == 7", Some(Never)),
        ("forum.trust_level >= 0", Some(Always)),
        ("forum.trust_level <= 4", Some(Always)),
        ("forum.trust_level > 4", Some(Never)),
        ("forum.trust_level in [5, 6]", Some(Never)),
        ("forum.trust_level >= 3 && forum.trust_level < 2", Some(Never)),
        ("forum.trust_level < 3 || forum.trust_level >= 2", Some(Always)),
        ("forum.admin && !forum.admin", Some(Never)),
        ("forum.admin || !forum.admin", Some(Always)),
        ("\"makers\" in forum.groups && !(\"makers\" in forum.groups)", Some(Never)),
        ("forum.admin ? forum.trust_level > 4 : false", Some(Never)),
        ("forum.trust_level == 7 && \"makers\" in forum.groups", Some(Never)),
        ("!(forum.trust_level == 7)", Some(Always)),
    ] {
        assert_eq!(certain(text), expected, "{text}");
    }
}

#[test]
fn what_may_be_so_or_not_is_left_alone() {
    for text in [
        "forum.trust_level == 4",
        "forum.trust_level * 2 == 8",
        "forum.admin",
        "forum.admin == forum.moderator",
        "\"makers\" in forum.groups",
        "\"makers\" in forum.groups && !(\"crew\" in forum.groups)",
        "forum.title == \"Pilot\"",
        "has(forum.title)",
        "size(forum.groups) > 3",
        "now - forum.joined_at > duration(\"720h\")",
        "club.points == 7",
        "forum.admin || forum.trust_level == 7",
    ] {
        assert_eq!(certain(text), None, "{text}");
    }
}

#[test]
fn a_condition_with_too_many_combinations_is_left_alone() {
    let groups: Vec<String> = (0..20).map(|group| format!("\"g{group}\" in forum.groups")).collect();
    assert_eq!(certain(&groups.join(" || ")), None);
    assert_eq!(certain(&format!("false && ({})", groups.join(" || "))), None);
}
