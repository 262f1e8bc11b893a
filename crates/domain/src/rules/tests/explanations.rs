//! What is said about a rule: to the person, about the person, and for the rule's own view.

use super::*;
use crate::rules::{Explanation, PRIVATE_RULE, REASONS_MAX};

fn explain(text: &str, facts: &[(&str, Cell)]) -> Explanation {
    rule(text).explain(&person(facts), &bindings(), NOW, &schema())
}

/// `label: needs / says`, reason by reason.
fn view(explanation: &Explanation) -> String {
    let said: Vec<String> = explanation
        .reasons
        .iter()
        .map(|reason| format!("{}: {} / {}", reason.label, reason.needs, reason.says))
        .collect();
    said.join("; ")
}

#[test]
fn each_operator_reads_well_in_every_voice() {
    let facts = [
        ("forum.trust_level", Cell::Int(2)),
        ("forum.admin", Cell::Bool(true)),
        ("forum.suspended", Cell::Bool(false)),
        ("forum.title", text("Chief\u{202E} Cook")),
        ("forum.name", Cell::Null),
        ("forum.groups", member_of(&[MAKERS])),
        ("forum.joined_at", days_ago(51)),
        ("club.newsletter", Cell::Bool(true)),
        ("club.points", Cell::Int(1)),
    ];
    let rules = [
        "forum.trust_level >= 2",
        "forum.trust_level > 2",
        "forum.trust_level == 2",
        "forum.trust_level != 2",
        "forum.trust_level < 2",
        "forum.trust_level <= 2",
        "4 > forum.trust_level",
        "!(forum.trust_level >= 3)",
        "forum.trust_level in [3, 4]",
        "forum.trust_level in [1, 2, 3, 4, 5, 6]",
        "!(forum.trust_level in [3, 4])",
        "forum.trust_level == null",
        "forum.trust_level + 1 > 3",
        "forum.trust_level == club.points",
        "forum.admin",
        "!forum.admin",
        "forum.admin == false",
        "forum.suspended",
        "!forum.suspended",
        "forum.moderator",
        "club.newsletter",
        "forum.title == \"Leader\"",
        "forum.title != \"Leader\"",
        "forum.title < \"D\"",
        "forum.title in [\"a\", \"b\"]",
        "forum.title.startsWith(\"Chief\")",
        "!forum.title.endsWith(\"Cook\")",
        "forum.title.contains(\"x\")",
        "forum.title.matches(\"^C\")",
        "size(forum.title) > 3",
        "forum.title == forum.name",
        "has(forum.title)",
        "has(forum.name)",
        "!has(forum.name)",
        "forum.name == \"Mira\"",
        "forum.username == \"mira\"",
        "\"makers\" in forum.groups",
        "\"crew\" in forum.groups",
        "!(\"makers\" in forum.groups)",
        "!(\"crew\" in forum.groups)",
        "\"gone\" in forum.groups",
        "size(forum.groups) >= 2",
        "now - forum.joined_at > duration(\"720h\")",
        "forum.joined_at < now - duration(\"36h\")",
        "forum.joined_at >= timestamp(\"2026-11-01T00:00:00Z\")",
        "forum.joined_at < now",
        "forum.silenced",
        "now > timestamp(\"2027-01-01T00:00:00Z\")",
        "forum.admin ? forum.trust_level > 3 : true",
        "true",
        "false",
    ];
    let told = |rule: &&str| {
        let explanation = explain(rule, &facts);
        let (you, they) = (explanation.second_person(), explanation.third_person());
        format!("{rule}\n    {:?}. {you}\n    {they}\n    {}\n", explanation.truth, view(&explanation))
    };
    insta::assert_snapshot!(rules.iter().map(told).collect::<String>());
}

#[test]
fn only_what_decided_is_said() {
    let facts = [
        ("forum.trust_level", Cell::Int(2)),
        ("forum.admin", Cell::Bool(false)),
        ("forum.suspended", Cell::Bool(false)),
        ("forum.groups", member_of(&[MAKERS])),
    ];
    for (rule, expected) in [
        (
            "forum.trust_level >= 2 && \"makers\" in forum.groups",
            "your trust level is 2 and you are in the group makers",
        ),
        ("forum.trust_level >= 2 && \"crew\" in forum.groups", "you are not in the group crew"),
        (
            "forum.trust_level >= 3 && \"crew\" in forum.groups",
            "your trust level is 2 and you are not in the group crew",
        ),
        ("forum.admin || forum.trust_level >= 2", "your trust level is 2"),
        ("forum.admin || forum.trust_level >= 3", "you are not an admin and your trust level is 2"),
        ("!(forum.admin || forum.suspended)", "you are not an admin and you are not suspended"),
        (
            "forum.trust_level >= 2 && forum.moderator",
            "whether you are a moderator is not known at the moment",
        ),
        ("forum.admin || forum.moderator", "whether you are a moderator is not known at the moment"),
        (
            "forum.moderator ? forum.admin : !forum.suspended",
            "whether you are a moderator is not known at the moment",
        ),
        ("forum.moderator ? forum.admin : forum.admin", "you are not an admin"),
        ("forum.trust_level > 0 && forum.trust_level < 4", "your trust level is 2"),
    ] {
        assert_eq!(explain(rule, &facts).second_person(), expected, "{rule}");
    }
}

#[test]
fn what_the_source_hides_is_said_to_nobody_else() {
    let explanation = explain("forum.silenced", &[("forum.silenced", Cell::Bool(true))]);
    assert!(explanation.reasons[0].private);
    assert_eq!(explanation.second_person(), "you are silenced");
    assert_eq!(explanation.third_person(), "something private on forum");
}

#[test]
fn a_hidden_group_is_named_to_nobody() {
    let mut bindings = bindings();
    bindings.hide(0, "crew");
    let says = |text: &str, groups: Cell| {
        let facts = [("forum.groups", groups), ("forum.admin", Cell::Bool(true))];
        let explanation = rule(text).explain(&person(&facts), &bindings, NOW, &schema());
        format!("{} | {}", explanation.second_person(), explanation.third_person())
    };
    let (hidden, nobody) = ("a hidden group decides it", "something private on forum");
    for (text, groups, you, they) in [
        ("\"crew\" in forum.groups", member_of(&[CREW]), hidden, nobody),
        ("\"crew\" in forum.groups", member_of(&[]), hidden, nobody),
        ("!(\"crew\" in forum.groups)", member_of(&[CREW]), hidden, nobody),
        ("\"crew\" in forum.groups", Cell::Unknown, hidden, nobody),
        ("(\"crew\" in forum.groups) == true", member_of(&[CREW]), "you are in 1 group", nobody),
        (
            "\"makers\" in forum.groups",
            member_of(&[]),
            "you are not in the group makers",
            "not in the group makers on forum",
        ),
        (
            "forum.admin && \"crew\" in forum.groups",
            member_of(&[CREW]),
            "you are an admin and a hidden group decides it",
            "admin and something private on forum",
        ),
    ] {
        assert_eq!(says(text, groups), format!("{you} | {they}"), "{text}");
    }
}

#[test]
fn a_condition_that_names_what_is_hidden_is_read_by_nobody_else() {
    let mut bindings = bindings();
    bindings.hide(0, "crew");
    for (text, public) in [
        ("forum.trust_level >= 2", true),
        ("\"makers\" in forum.groups", true),
        ("\"crew\" in forum.groups", false),
        ("forum.admin || !(\"crew\" in forum.groups)", false),
        ("forum.admin && !forum.silenced", false),
    ] {
        let expected = if public { text } else { PRIVATE_RULE };
        assert_eq!(rule(text).public_text(&bindings, &schema()), expected);
    }
}

#[test]
fn what_a_hidden_fact_is_compared_with_is_private_too() {
    let facts = [("forum.admin", Cell::Bool(true)), ("forum.silenced", Cell::Bool(true))];
    for text in ["forum.silenced == forum.admin", "forum.admin == forum.silenced"] {
        assert_eq!(explain(text, &facts).third_person(), "something private on forum", "{text}");
    }
}

#[test]
fn a_rule_of_40_terms_is_told_in_a_short_sentence() {
    let terms: Vec<String> = (0..40).map(|level| format!("forum.trust_level>{}", level + 10)).collect();
    let explanation = explain(&terms.join(" || "), &[("forum.trust_level", Cell::Int(2))]);
    assert_eq!((explanation.reasons.len(), explanation.more), (REASONS_MAX, 0));
    assert_eq!(explanation.second_person(), "your trust level is 2");

    let mut parts: Vec<String> = (0..30).map(|group| format!("\"g{group}\" in forum.groups")).collect();
    parts.extend(["forum.admin", "forum.suspended", "forum.title == \"x\""].map(str::to_owned));
    let long = "W".repeat(5000);
    let facts = [
        ("forum.title", text(&long)),
        ("forum.admin", Cell::Bool(false)),
        ("forum.suspended", Cell::Bool(false)),
    ];
    let explanation = explain(&parts[30..].join(" || "), &facts);
    assert!(explanation.second_person().chars().count() < 120, "{}", explanation.second_person());
    let explanation = explain(&parts[..30].join(" && "), &[]);
    assert_eq!((explanation.reasons.len(), explanation.more), (REASONS_MAX, 25));
    let sentence = explanation.second_person();
    assert!(
        sentence.ends_with("whether you are in the group g4 is not known at the moment and 25 more"),
        "{sentence}"
    );
    assert!(sentence.chars().count() < 350, "{sentence}");
}

#[test]
fn a_source_is_named_once_for_what_it_says_in_a_row() {
    let facts = [
        ("forum.trust_level", Cell::Int(2)),
        ("forum.admin", Cell::Bool(true)),
        ("club.points", Cell::Int(7)),
    ];
    let explanation = explain("forum.trust_level >= 2 && forum.admin && club.points > 5", &facts);
    assert_eq!(explanation.third_person(), "trust level 2, admin on forum and points 7 on club");
}
