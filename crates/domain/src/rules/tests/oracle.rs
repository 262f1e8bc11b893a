//! Over facts that are all known the answers are those of a CEL interpreter written by others.
//!
//! The interpreter is run without its moments and lengths of time: it gets them as milliseconds.

use cel::{Context, Program, Value};
use proptest::prelude::*;

use super::*;

/// A rule as we write it, and as the interpreter gets it.
type Pair = (String, String);

/// What is known about somebody.
#[derive(Clone, Debug)]
struct Facts {
    trust_level: i64,
    points: i64,
    admin: bool,
    moderator: bool,
    title: String,
    name: String,
    groups: Vec<&'static str>,
    joined_days_ago: i64,
}

fn alike(text: &str) -> Pair {
    (text.to_owned(), text.to_owned())
}

fn both(parts: &[&Pair], join: impl Fn(&[&str]) -> String) -> Pair {
    let ours: Vec<&str> = parts.iter().map(|part| part.0.as_str()).collect();
    let theirs: Vec<&str> = parts.iter().map(|part| part.1.as_str()).collect();
    (join(&ours), join(&theirs))
}

fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", "a", "é", "Chief", "Chief Cook", "hi", "x\\\"y", "C", "ie"])
}

fn number() -> impl Strategy<Value = Pair> {
    let leaf = prop_oneof![
        (-4_i64..6).prop_map(|number| alike(&number.to_string())),
        Just(alike("forum.trust_level")),
        Just(alike("club.points")),
        Just(alike("size(forum.title)")),
        Just(alike("forum.name.size()")),
        Just(alike("size(forum.groups)")),
    ];
    leaf.prop_recursive(2, 8, 2, |inner| {
        let operator = prop::sample::select(vec!["+", "-", "*"]);
        prop_oneof![
            (inner.clone(), operator, inner.clone())
                .prop_map(|(a, operator, b)| both(&[&a, &b], |s| format!("({} {operator} {})", s[0], s[1]))),
            (
                inner.clone(),
                prop::sample::select(vec!["/", "%"]),
                prop::sample::select(vec!["1", "2", "3", "-2"])
            )
                .prop_map(|(a, operator, by)| both(&[&a], |s| format!("({} {operator} {by})", s[0]))),
            inner.prop_map(|a| both(&[&a], |s| format!("-({})", s[0]))),
        ]
    })
}

fn written() -> impl Strategy<Value = Pair> {
    prop_oneof![
        word().prop_map(|word| alike(&format!("\"{word}\""))),
        Just(alike("forum.title")),
        Just(alike("forum.name")),
    ]
}

fn atom() -> impl Strategy<Value = Pair> {
    let comparison = || prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">="]);
    let length = prop::sample::select(vec![0_i64, 1, 24, 48, 720]);
    prop_oneof![
        Just(alike("true")),
        Just(alike("false")),
        Just(alike("forum.admin")),
        Just(alike("forum.moderator")),
        Just(alike("has(forum.title)")),
        Just(alike("forum.title != null")),
        Just(alike("forum.admin == forum.moderator")),
        (number(), comparison(), number())
            .prop_map(|(a, comparison, b)| both(&[&a, &b], |s| format!("{} {comparison} {}", s[0], s[1]))),
        (written(), comparison(), written())
            .prop_map(|(a, comparison, b)| both(&[&a, &b], |s| format!("{} {comparison} {}", s[0], s[1]))),
        (number(), prop::collection::vec(-3_i64..5, 1..4))
            .prop_map(|(a, items)| both(&[&a], |s| format!("{} in {items:?}", s[0]))),
        (written(), prop::collection::vec(word(), 1..4)).prop_map(|(a, items)| {
            let items: Vec<String> = items.iter().map(|item| format!("\"{item}\"")).collect();
            both(&[&a], |s| format!("{} in [{}]", s[0], items.join(", ")))
        }),
        (written(), prop::sample::select(vec!["startsWith", "endsWith", "contains"]), written())
            .prop_map(|(a, test, b)| both(&[&a, &b], |s| format!("{}.{test}({})", s[0], s[1]))),
        (written(), prop::sample::select(vec!["^C", "k$", "i.f", "^$", "[a-h]+", "(?i)chief"]))
            .prop_map(|(a, pattern)| both(&[&a], |s| format!("{}.matches(\"{pattern}\")", s[0]))),
        prop::sample::select(vec!["makers", "crew"])
            .prop_map(|group| alike(&format!("\"{group}\" in forum.groups"))),
        (comparison(), length.clone()).prop_map(|(comparison, hours)| {
            let milliseconds = hours * 3_600_000;
            (
                format!("now - forum.joined_at {comparison} duration(\"{hours}h\")"),
                format!("now - forum.joined_at {comparison} {milliseconds}"),
            )
        }),
        (comparison(), length).prop_map(|(comparison, hours)| {
            let milliseconds = hours * 3_600_000;
            (
                format!("forum.joined_at + duration(\"{hours}h\") {comparison} now"),
                format!("forum.joined_at + {milliseconds} {comparison} now"),
            )
        }),
    ]
}

fn condition() -> impl Strategy<Value = Pair> {
    atom().prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4)
                .prop_map(|parts| both(&parts.iter().collect::<Vec<_>>(), |s| s.join(" && "))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| both(
                &parts.iter().collect::<Vec<_>>(),
                |s| format!("({})", s.join(" || "))
            )),
            inner.clone().prop_map(|part| both(&[&part], |s| format!("!({})", s[0]))),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|(a, b, c)| both(&[&a, &b, &c], |s| format!("({} ? {} : {})", s[0], s[1], s[2]))),
        ]
    })
}

fn facts() -> impl Strategy<Value = Facts> {
    let text = || prop::sample::select(vec!["", "a", "é", "Chief", "Chief Cook", "hi", "x\"y"]);
    let groups = prop::sample::subsequence(vec!["makers", "crew"], 0..=2);
    (0_i64..5, -3_i64..9, any::<bool>(), any::<bool>(), text(), text(), groups, 0_i64..60).prop_map(
        |(trust_level, points, admin, moderator, title, name, groups, joined_days_ago)| Facts {
            trust_level,
            points,
            admin,
            moderator,
            title: title.to_owned(),
            name: name.to_owned(),
            groups,
            joined_days_ago,
        },
    )
}

fn we_say(rule: &str, facts: &Facts) -> Truth {
    let groups: Vec<GroupId> =
        facts.groups.iter().map(|name| if *name == "makers" { MAKERS } else { CREW }).collect();
    ask(
        rule,
        &[
            ("forum.trust_level", Cell::Int(facts.trust_level)),
            ("forum.admin", Cell::Bool(facts.admin)),
            ("forum.moderator", Cell::Bool(facts.moderator)),
            ("forum.title", text(&facts.title)),
            ("forum.name", text(&facts.name)),
            ("forum.groups", member_of(&groups)),
            ("forum.joined_at", days_ago(facts.joined_days_ago)),
            ("club.points", Cell::Int(facts.points)),
        ],
    )
}

fn they_say(rule: &str, facts: &Facts) -> Value {
    let mut forum: std::collections::HashMap<String, Value> = std::collections::HashMap::new();
    let groups: Vec<Value> = facts.groups.iter().map(|name| Value::from(*name)).collect();
    forum.insert("trust_level".into(), facts.trust_level.into());
    forum.insert("admin".into(), facts.admin.into());
    forum.insert("moderator".into(), facts.moderator.into());
    forum.insert("title".into(), facts.title.as_str().into());
    forum.insert("name".into(), facts.name.as_str().into());
    forum.insert("groups".into(), groups.into());
    forum.insert("joined_at".into(), (NOW.0 - facts.joined_days_ago * DAY_MS).into());
    let club: std::collections::HashMap<String, Value> = [("points".to_owned(), facts.points.into())].into();
    let mut context = Context::default();
    context.add_variable_from_value("forum", forum);
    context.add_variable_from_value("club", club);
    context.add_variable_from_value("now", NOW.0);
    Program::compile(rule).unwrap().execute(&context).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn known_facts_are_judged_as_another_interpreter_judges_them(
        (ours, theirs) in condition().prop_filter("a rule has at most 1 KiB", |pair| pair.0.len() <= 1024),
        facts in facts(),
    ) {
        let expected = match they_say(&theirs, &facts) {
            Value::Bool(value) => Truth::from(value),
            other => panic!("{theirs}: {other:?}"),
        };
        prop_assert_eq!(we_say(&ours, &facts), expected, "{}", ours);
    }
}
