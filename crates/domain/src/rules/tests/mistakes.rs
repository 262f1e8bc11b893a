//! What is refused: the place, the words, the remedy.

use super::*;
use crate::rules::{DEPTH_MAX, TEXT_BYTES_MAX};

fn refused(text: &str) -> String {
    let mistakes = check(text, &schema()).expect_err(text);
    let told = |mistake: &crate::rules::Mistake| {
        format!(
            "  {}\n  {}\n    {}\n    {}\n",
            text,
            underline(text, &mistake.span),
            mistake.what,
            mistake.remedy
        )
    };
    mistakes.iter().map(told).collect()
}

fn underline(text: &str, span: &std::ops::Range<usize>) -> String {
    let before = text[..span.start].chars().count();
    let marked = text[span.clone()].chars().count().max(1);
    format!("{}{}", " ".repeat(before), "^".repeat(marked))
}

fn all(texts: &[&str]) -> String {
    texts.iter().map(|text| refused(text)).collect::<Vec<_>>().join("\n")
}

#[test]
fn wrong_names_get_a_suggestion() {
    insta::assert_snapshot!(all(&[
        "trust_level >= 2",
        "forum.trust_lvl >= 2",
        "forum.trustlevel >= 2",
        "form.trust_level >= 2",
        "discourse.points > 3",
        "forum.horoscope",
        "Forum.admin",
        "xyzzy",
        "forum",
        "titel == \"x\"",
        "forum.title.length > 3",
        "True",
        "forum.title == None",
        "\"x\".title == \"y\"",
    ]));
}

#[test]
fn wrong_operators_are_named_with_the_right_one() {
    insta::assert_snapshot!(all(&[
        "forum.trust_level = 2",
        "forum.admin and not forum.suspended or forum.moderator",
        "forum.admin & forum.moderator | forum.suspended",
        "forum.trust_level => 2 && forum.trust_level =< 3 && forum.trust_level <> 4",
        "forum.trust_level ≥ 2",
        "forum.trust_level === 2",
        "“makers” in forum.groups",
        "forum.trust_level not in [1, 2]",
        "1 < forum.trust_level < 4",
    ]));
}

#[test]
fn wrong_types_get_a_sentence() {
    insta::assert_snapshot!(all(&[
        "forum.trust_level == \"2\"",
        "forum.trust_level == \"two\"",
        "forum.title == 4",
        "forum.admin == \"true\"",
        "forum.admin == 1",
        "forum.admin > false",
        "forum.trust_level < null",
        "forum.trust_level in [1, \"2\"]",
        "forum.trust_level in 3",
        "forum.trust_level in []",
        "forum.trust_level in [club.points]",
        "forum.title",
        "forum.trust_level && true",
        "forum.joined_at || true",
        "\"makers\"",
        "null",
        "!forum.trust_level",
        "-forum.title == 1",
        "forum.joined_at > \"2026-01-01T00:00:00Z\"",
        "forum.joined_at > \"2026-01-01\"",
        "forum.joined_at > duration(\"24h\")",
        "now - forum.joined_at > 30",
        "now - forum.joined_at > \"720h\"",
        "forum.title + \"x\" == \"y\"",
        "forum.joined_at + 5 > now",
        "forum.admin ? 1 : \"x\"",
        "[1, 2]",
    ]));
}

#[test]
fn groups_are_asked_one_way_only() {
    insta::assert_snapshot!(all(&[
        "forum.groups == \"makers\"",
        "forum.groups.contains(\"makers\")",
        "forum.groups in [\"makers\"]",
        "forum.title in forum.groups",
        "\"\" in forum.groups",
        "forum.groups",
        "has(forum.groups)",
        "forum.groups == null",
        "forum.groups.exists(g, g == \"makers\")",
    ]));
}

#[test]
fn wrong_calls_and_values_are_explained() {
    insta::assert_snapshot!(all(&[
        "forum.title.startswith(\"x\")",
        "lower(forum.title) == \"x\"",
        "startsWith(forum.title, \"x\")",
        "size(forum.trust_level) > 1",
        "forum.trust_level.contains(\"2\")",
        "forum.title.matches(\"(\")",
        "forum.title.matches(\"(?=x)\")",
        "forum.title.matches(\"(\\\\w{50}){50}\")",
        "forum.title.matches(forum.name)",
        "timestamp(\"2026-01-31\") < now",
        "timestamp(forum.joined_at) < now",
        "now - forum.joined_at > duration(\"30d\")",
        "now - forum.joined_at > duration(\"30\")",
        "now - forum.joined_at > duration(\"1us\")",
        "has(\"x\")",
        "forum.trust_level > 1.5",
        "forum.trust_level > 2u",
        "forum.trust_level > 99999999999999999999",
        "forum.title == b\"x\"",
        "forum.title == \"a\\qb\"",
    ]));
}

#[test]
fn a_broken_shape_is_shown_where_it_breaks() {
    insta::assert_snapshot!(all(&[
        "",
        "   ",
        "forum.trust_level >=",
        "(forum.admin",
        "forum.admin)",
        "forum.admin forum.moderator",
        "forum.title == \"open",
        "forum.",
        "forum[\"title\"] == \"x\"",
        "forum.admin ? true",
        "size(forum.title",
        "[1, 2",
        "forum.trust_level >= 2;",
        "&& forum.admin",
    ]));
}

#[test]
fn several_mistakes_are_told_at_once_in_the_order_of_the_text() {
    insta::assert_snapshot!(refused("trust_level = \"2\" and forum.titel == 3 || club.points == \"x\""));
}

#[test]
fn a_rule_has_at_most_1_kib() {
    let fits = format!("true{}", " ".repeat(TEXT_BYTES_MAX - 4));
    assert!(check(&fits, &schema()).is_ok());
    let mistakes = check(&format!("{fits} "), &schema()).unwrap_err();
    assert_eq!(mistakes[0].what, "a rule of 1025 bytes is too long");
}

#[test]
fn a_rule_has_at_most_32_levels() {
    let nested = |levels: usize| format!("{}true{}", "(".repeat(levels), ")".repeat(levels));
    assert!(check(&nested(DEPTH_MAX - 1), &schema()).is_ok());
    for deep in [
        nested(DEPTH_MAX),
        format!("{}true", "!".repeat(500)),
        format!("{}1 == 1", "-".repeat(500)),
        format!("1{} == 1", " + 1".repeat(200)),
        format!("true{}", " == true".repeat(100)),
        format!("{}true{}", "true ? true : ".repeat(60), ""),
        format!("{}true", "[".repeat(500)),
        format!("forum{}", ".title".repeat(100)),
    ] {
        let mistakes = check(&deep, &schema()).unwrap_err();
        let told = mistakes.iter().any(|mistake| {
            mistake.what.contains("nested deeper than 32 levels")
                || mistake.what == "comparisons cannot be chained"
        });
        assert!(told, "{deep}: {mistakes:?}");
    }
    assert!(check(&format!("true{}", " && true".repeat(120)), &schema()).is_ok(), "a long chain is flat");
}
