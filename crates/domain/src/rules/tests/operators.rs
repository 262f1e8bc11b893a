//! Every operator with true, false, unknown, null and a missing name.

use super::*;
use Truth::{False, True, Unknown};

/// A rule about one fact; the fact, a value that makes it true, one that makes it false, what null makes of
/// it.
type Case = (&'static str, &'static str, Cell, Cell, Truth);

fn on_numbers_and_flags() -> Vec<Case> {
    let int = Cell::Int;
    let yes = || Cell::Bool(true);
    let no = || Cell::Bool(false);
    let (level, admin) = ("forum.trust_level", "forum.admin");
    vec![
        ("forum.trust_level == 2", level, int(2), int(3), False),
        ("2 == forum.trust_level", level, int(2), int(3), False),
        ("forum.trust_level != 2", level, int(3), int(2), True),
        ("forum.trust_level < 2", level, int(1), int(2), False),
        ("forum.trust_level <= 2", level, int(2), int(3), False),
        ("forum.trust_level > 2", level, int(3), int(2), False),
        ("forum.trust_level >= 2", level, int(2), int(1), False),
        ("2 <= forum.trust_level", level, int(2), int(1), False),
        ("!(forum.trust_level >= 2)", level, int(1), int(2), True),
        ("forum.trust_level in [3, 4]", level, int(4), int(2), False),
        ("forum.trust_level in [null, 4]", level, int(4), int(2), True),
        ("!(forum.trust_level in [3, 4])", level, int(2), int(3), True),
        ("forum.trust_level == null", level, Cell::Null, int(2), True),
        ("forum.trust_level != null", level, int(0), Cell::Null, False),
        ("forum.trust_level + 1 == 3", level, int(2), int(3), False),
        ("forum.trust_level - 1 == 1", level, int(2), int(3), False),
        ("forum.trust_level * 3 == 6", level, int(2), int(3), False),
        ("forum.trust_level / 2 == 1", level, int(2), int(4), False),
        ("forum.trust_level % 2 == 0", level, int(2), int(3), False),
        ("-forum.trust_level == -2", level, int(2), int(3), False),
        ("forum.admin", admin, yes(), no(), False),
        ("!forum.admin", admin, no(), yes(), True),
        ("forum.admin == true", admin, yes(), no(), False),
        ("forum.admin != true", admin, no(), yes(), True),
        ("forum.admin == null", admin, Cell::Null, yes(), True),
        ("forum.admin && true", admin, yes(), no(), False),
        ("true && forum.admin", admin, yes(), no(), False),
        ("forum.admin || false", admin, yes(), no(), False),
        ("false || forum.admin", admin, yes(), no(), False),
        ("forum.admin ? true : false", admin, yes(), no(), False),
        ("forum.admin ? false : true", admin, no(), yes(), True),
        ("(forum.admin ? 3 : 1) > 2", admin, yes(), no(), False),
    ]
}

fn on_texts_groups_and_moments() -> Vec<Case> {
    let (title, groups, joined) = ("forum.title", "forum.groups", "forum.joined_at");
    vec![
        ("forum.title == \"Leader\"", title, text("Leader"), text("leader"), False),
        ("forum.title != \"Leader\"", title, text("leader"), text("Leader"), True),
        ("forum.title < \"M\"", title, text("Leader"), text("Member"), False),
        ("forum.title <= \"M\"", title, text("M"), text("Member"), False),
        ("forum.title > \"M\"", title, text("Member"), text("Leader"), False),
        ("forum.title >= \"M\"", title, text("M"), text("Leader"), False),
        ("forum.title in [\"a\", \"b\"]", title, text("b"), text("c"), False),
        ("has(forum.title)", title, text(""), Cell::Null, False),
        ("!has(forum.title)", title, Cell::Null, text("x"), True),
        ("has(forum.admin)", "forum.admin", Cell::Bool(false), Cell::Null, False),
        ("size(forum.title) == 2", title, text("né"), text("a"), False),
        ("forum.title.size() != 2", title, text("a"), text("né"), True),
        ("forum.title.startsWith(\"Chief\")", title, text("Chief Cook"), text("Cook"), False),
        ("!forum.title.startsWith(\"Chief\")", title, text("Cook"), text("Chief"), True),
        ("forum.title.endsWith(\"Cook\")", title, text("Chief Cook"), text("Chief"), False),
        ("forum.title.contains(\"ief\")", title, text("Chief"), text("Cook"), False),
        ("\"the Chief Cook\".contains(forum.title)", title, text("Chief"), text("Smith"), False),
        ("forum.title.matches(\"^C.*k$\")", title, text("Cook"), text("Cooks"), False),
        ("matches(forum.title, \"oo\")", title, text("Cook"), text("Chief"), False),
        ("\"makers\" in forum.groups", groups, member_of(&[MAKERS]), member_of(&[CREW]), False),
        ("!(\"makers\" in forum.groups)", groups, member_of(&[CREW]), member_of(&[MAKERS]), True),
        ("size(forum.groups) == 2", groups, member_of(&[MAKERS, CREW]), member_of(&[]), False),
        ("forum.groups.size() > 0", groups, member_of(&[CREW]), member_of(&[]), False),
        ("now - forum.joined_at > duration(\"720h\")", joined, days_ago(31), days_ago(30), False),
        ("forum.joined_at + duration(\"720h\") < now", joined, days_ago(31), days_ago(30), False),
        ("forum.joined_at < now - duration(\"720h\")", joined, days_ago(31), days_ago(30), False),
        ("duration(\"24h\") + forum.joined_at < now", joined, days_ago(2), days_ago(1), False),
        ("forum.joined_at >= timestamp(\"2026-11-01T00:00:00Z\")", joined, days_ago(20), days_ago(21), False),
        (
            "forum.joined_at == timestamp(\"2026-11-20T10:00:00+01:00\")",
            joined,
            days_ago(1),
            days_ago(2),
            False,
        ),
        ("forum.joined_at < now", joined, days_ago(1), days_ago(0), False),
        (
            "now - forum.joined_at + duration(\"1h\") > duration(\"25h\")",
            joined,
            days_ago(2),
            days_ago(1),
            False,
        ),
        ("-(now - forum.joined_at) < -duration(\"24h\")", joined, days_ago(2), days_ago(1), False),
    ]
}

#[test]
fn each_operator_answers_for_true_false_unknown_null_and_a_missing_name() {
    for (rule, fact, holds, fails, null) in
        on_numbers_and_flags().into_iter().chain(on_texts_groups_and_moments())
    {
        assert_eq!(ask(rule, &[(fact, holds)]), True, "{rule} on a fact for which it holds");
        assert_eq!(ask(rule, &[(fact, fails)]), False, "{rule} on a fact for which it fails");
        assert_eq!(ask(rule, &[(fact, Cell::Unknown)]), Unknown, "{rule} on an unknown fact");
        assert_eq!(ask(rule, &[(fact, Cell::Null)]), null, "{rule} on null");
        let missing = rule.replace(fact, "forum.horoscope");
        let mistakes = check(&missing, &schema()).unwrap_err();
        assert_eq!(mistakes.len(), 1, "{missing}: {mistakes:?}");
        assert_eq!(mistakes[0].what, "`forum` has no fact `horoscope`", "{missing}");
        assert_eq!(&missing[mistakes[0].span.clone()], "forum.horoscope", "{missing}");
    }
}

#[test]
fn unknown_is_decided_only_by_what_decides_alone() {
    let known = [
        ("forum.admin", Cell::Bool(true)),
        ("forum.suspended", Cell::Bool(false)),
        ("forum.title", Cell::Null),
    ];
    for (rule, expected) in [
        ("forum.moderator || forum.admin", True),
        ("forum.admin || forum.moderator", True),
        ("forum.moderator || forum.suspended", Unknown),
        ("forum.moderator && forum.suspended", False),
        ("forum.suspended && forum.moderator", False),
        ("forum.moderator && forum.admin", Unknown),
        ("!forum.moderator", Unknown),
        ("forum.moderator == forum.moderator", Unknown),
        ("forum.moderator || !forum.moderator", Unknown),
        ("forum.moderator ? forum.admin : forum.admin", True),
        ("forum.moderator ? false : forum.suspended", False),
        ("forum.moderator ? forum.admin : forum.suspended", Unknown),
        ("forum.admin ? forum.moderator : true", Unknown),
        ("forum.admin ? true : forum.moderator", True),
        ("(forum.moderator ? 2 : 2) == 2", True),
        ("(forum.moderator ? 2 : 3) > 1", Unknown),
        ("forum.title == forum.name", Unknown),
        ("forum.title.contains(forum.name)", Unknown),
        ("forum.title < forum.name", Unknown),
        ("forum.trust_level in [1, 2, 3]", Unknown),
        ("has(forum.name)", Unknown),
        ("size(forum.name) == 0", Unknown),
        ("\"makers\" in forum.groups || forum.admin", True),
    ] {
        assert_eq!(ask(rule, &known), expected, "{rule}");
    }
}

#[test]
fn two_nulls_are_the_same_and_stand_in_no_order() {
    let facts = [("forum.title", Cell::Null), ("forum.name", Cell::Null)];
    for (rule, expected) in [
        ("forum.title == forum.name", True),
        ("forum.title != forum.name", False),
        ("forum.title <= forum.name", False),
        ("forum.title.contains(forum.name)", False),
        ("null == null", True),
        ("size(forum.title) == null", True),
        ("has(forum.title) || has(forum.name)", False),
    ] {
        assert_eq!(ask(rule, &facts), expected, "{rule}");
    }
}

#[test]
fn a_group_that_is_gone_or_unread_is_unknown() {
    let all = || member_of(&[CREW]);
    let some = |read: &[GroupId]| Cell::Groups(Groups::among([CREW], read.iter().copied()));
    for (rule, groups, expected) in [
        ("\"gone\" in forum.groups", all(), Unknown),
        ("\"never bound\" in forum.groups", all(), Unknown),
        ("!(\"gone\" in forum.groups)", all(), Unknown),
        ("\"gone\" in forum.groups", Cell::Null, Unknown),
        ("\"crew\" in forum.groups", some(&[CREW]), True),
        ("\"makers\" in forum.groups", some(&[CREW]), Unknown),
        ("\"makers\" in forum.groups", some(&[CREW, MAKERS]), False),
        ("size(forum.groups) > 0", some(&[CREW, MAKERS]), Unknown),
        ("\"gone\" in forum.groups || \"crew\" in forum.groups", all(), True),
    ] {
        assert_eq!(ask(rule, &[("forum.groups", groups)]), expected, "{rule}");
    }
}

#[test]
fn numbers_that_leave_64_bits_and_divisions_by_zero_are_unknown() {
    let facts = [("forum.trust_level", Cell::Int(i64::MAX)), ("club.points", Cell::Int(0))];
    for rule in [
        "forum.trust_level + 1 > 0",
        "-forum.trust_level - 2 < 0",
        "forum.trust_level * 2 > 0",
        "forum.trust_level / club.points > 0",
        "forum.trust_level % club.points > 0",
        "-(-forum.trust_level - 1) > 0",
    ] {
        assert_eq!(ask(rule, &facts), Unknown, "{rule}");
    }
}

#[test]
fn a_stored_fact_of_another_type_is_unknown() {
    for rule in [
        "forum.trust_level == 2",
        "forum.trust_level != 2",
        "forum.trust_level < 2",
        "forum.trust_level in [2]",
    ] {
        assert_eq!(ask(rule, &[("forum.trust_level", text("2"))]), Unknown, "{rule}");
    }
    assert_eq!(ask("forum.admin", &[("forum.admin", Cell::Int(1))]), Unknown);
    assert_eq!(ask("\"crew\" in forum.groups", &[("forum.groups", text("crew"))]), Unknown);
}

#[test]
fn somebody_without_an_account_in_a_source_has_only_unknown_facts() {
    let nobody = Facts::of(vec![None, None]);
    for text in ["forum.admin", "!forum.admin", "has(forum.title)", "forum.title == null"] {
        assert_eq!(rule(text).evaluate(&nobody, &bindings(), NOW), Unknown, "{text}");
    }
}

#[test]
fn a_bound_condition_answers_as_the_condition_does() {
    let somebody = person(&[("forum.groups", member_of(&[CREW]))]);
    for text in ["\"crew\" in forum.groups", "\"makers\" in forum.groups", "\"gone\" in forum.groups"] {
        let condition = rule(text);
        let bound = condition.bind(&bindings());
        assert_eq!(bound.evaluate(&somebody, NOW), condition.evaluate(&somebody, &bindings(), NOW), "{text}");
        assert_eq!(bound.condition().text(), text);
    }
}
