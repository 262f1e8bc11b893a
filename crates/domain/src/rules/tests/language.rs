//! What a text means: precedence, literals, the facts and groups it names.

use super::*;

#[test]
fn operators_bind_as_in_cel() {
    for (rule, expected) in [
        ("true || true && false", Truth::True),
        ("(true || true) && false", Truth::False),
        ("1 + 2 * 3 == 7", Truth::True),
        ("(1 + 2) * 3 == 9", Truth::True),
        ("10 - 2 - 3 == 5", Truth::True),
        ("100 / 5 / 2 == 10", Truth::True),
        ("!true || true", Truth::True),
        ("!true == false", Truth::True),
        ("false ? true : false ? true : true", Truth::True),
        ("true ? false : true || true", Truth::False),
        ("true || false ? false : true", Truth::False),
        ("-2 + 5 == 3", Truth::True),
        ("1 < 2 && 2 < 3 || false", Truth::True),
        ("(1 < 2) == true", Truth::True),
        ("2 in [1, 2] && !(3 in [1, 2])", Truth::True),
        ("7 % 4 - 1 == 2", Truth::True),
        ("-7 / 2 == -3", Truth::True),
        ("-7 % 2 == -1", Truth::True),
    ] {
        assert_eq!(ask(rule, &[]), expected, "{rule}");
    }
}

#[test]
fn values_are_written_as_in_cel() {
    for rule in [
        "0x1F == 31",
        "9223372036854775807 > 0",
        "'a' == \"a\"",
        "'''it's \"so\"''' == \"it's \\\"so\\\"\"",
        "\"\"\"two\nlines\"\"\" == \"two\\nlines\"",
        "r'\\d' == '\\\\d'",
        "R\"\\\" == '\\\\'",
        r#""\a\b\f\n\r\t\v" == "\x07\x08\x0c\x0a\x0d\x09\x0b""#,
        r#""\101\u00e9\U0001F600\?\`" == "Aé😀?`""#,
        "size('héé') == 3",
        "'é'.size() == 1",
        "duration('1h30m') == duration('90m')",
        "timestamp('2026-01-31T01:00:00+01:00') == timestamp('2026-01-31T00:00:00Z')",
        "timestamp('2026-01-31T00:00:00.250Z') - timestamp('2026-01-31T00:00:00Z') == duration('250ms')",
        "now == timestamp('2026-11-21T09:00:00Z')",
        "true // and nothing else\n",
        "\n\t true \r\n",
        "2 in [1, 2,]",
        "null == null",
    ] {
        assert_eq!(ask(rule, &[]), Truth::True, "{rule}");
    }
}

#[test]
fn a_condition_tells_its_text_facts_and_groups_each_once() {
    let text = "\"makers\" in forum.groups && (forum.admin || \"crew\" in forum.groups) && \
                !(\"makers\" in forum.groups) && has(club.points) && club.points > 1";
    let condition = rule(text);
    assert_eq!(condition.text(), text);
    let facts: Vec<FactRef> = condition.facts().collect();
    assert_eq!(facts, ["forum.groups", "forum.admin", "club.points"].map(fact));
    let groups: Vec<(usize, &str)> = condition.groups().collect();
    assert_eq!(groups, [(0, "makers"), (0, "crew")]);
}

#[test]
fn bindings_list_what_was_bound() {
    let bindings = bindings();
    let listed: Vec<_> = bindings.iter().collect();
    assert_eq!(listed, [(0, "crew", Some(CREW)), (0, "gone", None), (0, "makers", Some(MAKERS))]);
    let again: Bindings =
        listed.into_iter().map(|(source, name, group)| (source, name.to_owned(), group)).collect();
    assert_eq!(again, bindings);
    assert_eq!(bindings.get(1, "makers"), None);
}
