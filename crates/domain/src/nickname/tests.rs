//! What nicknames become, case by case, and the laws they keep.

use std::borrow::Cow;

use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::*;
use crate::facts::{Cell, FactRef, FactSpec, FactType, Facts, Row, Schema, SourceSchema};
use crate::ids::SourceName;
use crate::time::Timestamp;

fn schema() -> Schema {
    let source = |name: &str, facts: &[(&'static str, FactType)]| SourceSchema {
        name: SourceName::new(name).unwrap(),
        facts: facts
            .iter()
            .map(|(name, kind)| FactSpec {
                name: Cow::Borrowed(name),
                label: Cow::Borrowed(name),
                kind: *kind,
                about: Cow::Borrowed("A fact."),
                example: "".into(),
                range: None,
                private: false,
            })
            .collect(),
    };
    let (text, int) = (FactType::Text, FactType::Int);
    let forum = [
        ("title", text),
        ("name", text),
        ("username", text),
        ("trust_level", int),
        ("admin", FactType::Bool),
    ];
    Schema { sources: vec![source("forum", &forum), source("club", &[("role", text)])] }
}

fn template(text: &str) -> Template {
    Template::parse(text, &schema()).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}"))
}

fn cell(text: Option<&str>) -> Cell {
    Cell::text_or_null(text)
}

fn rendered(template: &Template, title: Cell, name: Cell, username: Cell, prefer: Prefer) -> Rendered {
    let forum =
        Row { read_at: Timestamp(0), cells: vec![title, name, username, Cell::Int(3), Cell::Bool(true)] };
    let club = Row { read_at: Timestamp(0), cells: vec![Cell::Text("Skipper".into())] };
    template.render(&Facts::of(vec![Some(forum), Some(club)]), prefer)
}

fn called(text: &str, title: &str, name: &str) -> String {
    let there = |text: &str| cell(Some(text).filter(|text| !text.is_empty()));
    match rendered(&template(text), there(title), there(name), cell(Some("mira_l")), Prefer::Name) {
        Rendered::Name(nickname) => nickname,
        other => panic!("{text} {title} {name}: {other:?}"),
    }
}

#[test]
fn a_missing_part_leaves_no_hole() {
    for (template, title, name, expected) in [
        ("{forum.title} {forum.name}", "Chief", "Mira", "Chief Mira"),
        ("{forum.title} {forum.name}", "", "Mira", "Mira"),
        ("{forum.title} {forum.name}", "Chief", "", "Chief mira_l"),
        ("{forum.title} {forum.name}", "", "", "mira_l"),
        ("{forum.title} - {forum.name}", "", "Mira", "Mira"),
        ("{forum.title} | {forum.name}", "", "Mira", "Mira"),
        ("{forum.name} · {forum.title}", "", "Mira", "Mira"),
        ("{forum.name} ({forum.title})", "", "Mira", "Mira"),
        ("{forum.name} ({forum.title})", "Chief", "Mira", "Mira (Chief)"),
        ("[{forum.title}] {forum.name}", "", "Mira", "Mira"),
        ("[{forum.title}, {club.role}] {forum.name}", "", "Mira", "[Skipper] Mira"),
        ("[{club.role}, {forum.title}] {forum.name}", "", "Mira", "[Skipper] Mira"),
        ("[({forum.title})] {forum.name}", "", "Mira", "Mira"),
        ("{forum.title}: {forum.name}", "", "Mira", "Mira"),
        ("{club.role} - {forum.title} - {forum.name}", "", "Mira", "Skipper - Mira"),
        ("{club.role} {forum.title} - {forum.name}", "", "Mira", "Skipper - Mira"),
        ("{club.role} | {forum.title} {forum.name}", "", "Mira", "Skipper | Mira"),
        ("{forum.name}{forum.title}", "", "Mira", "Mira"),
        ("{forum.title}{forum.title}{forum.name}", "", "Mira", "Mira"),
        ("★ {forum.title} {forum.name}", "", "Mira", "★ Mira"),
        ("{{{forum.title}}} {forum.name}", "Chief", "Mira", "{Chief} Mira"),
        ("{{{forum.title}}} {forum.name}", "", "Mira", "Mira"),
        ("{forum.name} #{forum.trust_level}", "", "Mira", "Mira #3"),
        ("{forum.title}", "", "", "mira_l"),
        ("{forum.title} {forum.name}", "   ", "\t\n", "mira_l"),
        ("{ forum.name }", "", "Mira", "Mira"),
        ("{forum.title} {forum.name}", "-", "(", "- ("),
    ] {
        assert_eq!(called(template, title, name), expected, "{template} {title:?} {name:?}");
    }
}

#[test]
fn prefer_chooses_between_name_and_username() {
    let both = template("{forum.name}");
    for (prefer, name, username, expected) in [
        (Prefer::Name, Some("Mira"), Some("mira_l"), "Mira"),
        (Prefer::Username, Some("Mira"), Some("mira_l"), "mira_l"),
        (Prefer::Name, None, Some("mira_l"), "mira_l"),
        (Prefer::Username, Some("Mira"), None, "Mira"),
        (Prefer::Name, Some("\u{200B}"), Some("mira_l"), "mira_l"),
    ] {
        let nickname = rendered(&both, Cell::Null, cell(name), cell(username), prefer);
        assert_eq!(nickname, Rendered::Name(expected.to_owned()), "{prefer:?} {name:?} {username:?}");
    }
    assert_eq!(rendered(&both, Cell::Null, Cell::Null, Cell::Null, Prefer::Name), Rendered::Empty);
}

#[test]
fn an_unknown_fact_leaves_the_nickname_as_it_is() {
    let known = || cell(Some("x"));
    let whole = template("{forum.title} {forum.name}");
    let (name, username) = (Prefer::Name, Prefer::Username);
    for (title, called, account, prefer, expected) in [
        (Cell::Unknown, known(), known(), name, None),
        (known(), Cell::Unknown, known(), name, None),
        (known(), Cell::Null, Cell::Unknown, name, None),
        (known(), known(), Cell::Unknown, username, None),
        (known(), known(), Cell::Unknown, name, Some("x x")),
        (known(), Cell::Unknown, known(), username, Some("x x")),
    ] {
        let expected = expected.map_or(Rendered::Unknown, |name: &str| Rendered::Name(name.to_owned()));
        assert_eq!(rendered(&whole, title, called, account, prefer), expected);
    }
    assert_eq!(whole.render(&Facts::of(vec![None, None]), Prefer::Name), Rendered::Unknown);
}

#[test]
fn what_is_too_long_loses_its_title_before_its_name_is_cut() {
    let long = "Maximiliana Wolkenstein-Rabenau of the Hill";
    let family = "👩‍👩‍👧‍👦";
    for (template, title, name, expected) in [
        ("{forum.title} {forum.name}", "Grand Keeper of Lights", "Mira Lindqvist", "Mira Lindqvist"),
        (
            "{forum.title} {forum.name}",
            "Grand Keeper of All",
            "Mira Lund ok",
            "Grand Keeper of All Mira Lund ok",
        ),
        ("{forum.title} {forum.name}", "Chief", long, "Maximiliana Wolkenstein-Rabenau"),
        ("{forum.name} ({forum.title})", "Grand Keeper of Lights", "Mira Lindqvist", "Mira Lindqvist"),
        ("{club.role} {forum.title} {forum.name}", "Keeper of the Lights", "Mira Lund", "Skipper Mira Lund"),
        ("The one and only crew: {forum.name}", "", "Mira Lindqvist", "Mira Lindqvist"),
        ("{forum.name}", "", &"😀".repeat(60), &"😀".repeat(16)),
        ("{forum.name}", "", &family.repeat(5), &family.repeat(2)),
        ("{forum.name}", "", &"e\u{301}".repeat(40), &"é".repeat(32)),
        ("{forum.name}", "", &"q\u{323}".repeat(40), &"q\u{323}".repeat(16)),
        ("{forum.title}", long, "", "Maximiliana Wolkenstein-Rabenau"),
    ] {
        assert_eq!(called(template, title, name), expected, "{template} {title:?} {name:?}");
    }
}

#[test]
fn names_that_deceive_are_cleaned() {
    for (name, expected) in [
        ("Mira\u{202E}nimda", "Miranimda"),
        ("\u{2066}Mira\u{2069}", "Mira"),
        ("\u{200F}مرحبا", "مرحبا"),
        ("Mi\u{200B}r\u{FEFF}a\u{AD}", "Mira"),
        ("Mira\u{0}\u{1B}[31m", "Mira[31m"),
        ("Mira\r\nLund\u{2028}x", "Mira Lund x"),
        ("  Mira \u{3000}\u{A0} Lund  ", "Mira Lund"),
        ("@everyone", "@everyone"),
        ("@here <@1> <@&2> <#3>", "@here <@1> <@&2> <#3>"),
        ("**Mira** `x` ||y|| [a](http://b)", "**Mira** `x` ||y|| [a](http://b)"),
        (
            "Z\u{301}\u{302}\u{303}\u{304}\u{305}a\u{316}\u{317}\u{318}lgo",
            "Ź\u{302}\u{303}a\u{316}\u{317}lgo",
        ),
        ("\u{301}\u{302}Mira", "Mira"),
        ("Mira \u{301}", "Mira"),
        ("e\u{301}", "é"),
        ("Tiếng Việt", "Tiếng Việt"),
        ("שָׁלוֹם", "שָׁלוֹם"),
        ("สวัสดี น้ำ", "สวัสดี น้ำ"),
        ("क्षत्रिय", "क्षत्रिय"),
        ("👩🏽‍🚀❤️1️⃣", "👩🏽‍🚀❤️1️⃣"),
        (
            "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
            "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
        ),
        ("Mira\u{E0067}\u{E0062}\u{E007F}", "Mira"),
        ("Mira\u{200D}Lund\u{FE0F}", "MiraLund"),
        ("\u{3164}\u{115F}\u{2800}Mira", "Mira"),
        ("\u{202E}\u{200B}", "mira_l"),
    ] {
        assert_eq!(called("{forum.name}", "", name), expected, "{name:?}");
    }
}

#[test]
fn sixty_emoji_joined_into_one_do_not_hide_the_name() {
    let chain = ["😀"; 60].join("\u{200D}");
    let nickname = called("{forum.name}", "", &chain);
    assert_eq!(nickname, "😀".repeat(16));
}

#[test]
fn nicknames_are_compared_as_discord_keeps_them() {
    for (a, b, alike) in [
        ("Mira Lund", "  Mira   Lund ", true),
        ("Mira", "Mi\u{200B}ra", true),
        ("é", "e\u{301}", true),
        ("Mira", "mira", false),
        ("Mira Lund", "MiraLund", false),
        ("", " \u{200B} ", true),
    ] {
        assert_eq!(same(a, b), alike, "{a:?} {b:?}");
        assert_eq!(fingerprint(a) == fingerprint(b), alike, "{a:?} {b:?}");
    }
}

#[test]
fn fingerprints_never_change() {
    for (nickname, expected) in
        [("", 0), ("  ", 0), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8)]
    {
        assert_eq!(fingerprint(nickname), expected, "{nickname:?}");
    }
}

#[test]
fn a_wrong_template_is_refused_with_place_and_remedy() {
    for (text, marked, what, remedy) in [
        ("{forum.titel} x", "{forum.titel}", "`forum` has no fact `titel`", "did you mean `{forum.title}`?"),
        ("{form.name}", "{form.name}", "there is no source `form`", "did you mean `{forum.name}`?"),
        ("{name}", "{name}", "`name` does not say which source it comes from", "write `{forum.name}`"),
        (
            "{}",
            "{}",
            "`` does not say which source it comes from",
            "write source and fact, as in `{forum.name}`",
        ),
        (
            "{forum.admin}",
            "{forum.admin}",
            "`forum.admin` is no text",
            "put texts and numbers into a nickname, such as `{forum.title}`",
        ),
        (
            "a {forum.name",
            "{forum.name",
            "this bracket is not closed",
            "close it with `}`, or write `{{` for the bracket itself",
        ),
        ("{forum.name} }", "}", "nothing was opened that this closes", "write `}}` for the bracket itself"),
        (
            "Crew",
            "Crew",
            "everybody would be called the same",
            "name a fact in curly brackets, as in `{forum.name}`",
        ),
        (
            "The very long words of the owner {forum.name}",
            "The very long words of the owner {forum.name}",
            "the fixed text alone fills the 32 characters of a nickname",
            "write less of it",
        ),
    ] {
        let mistakes = Template::parse(text, &schema()).unwrap_err();
        assert_eq!(mistakes.len(), 1, "{text}: {mistakes:?}");
        let told = (&text[mistakes[0].span.clone()], mistakes[0].what.as_str(), mistakes[0].remedy.as_str());
        assert_eq!(told, (marked, what, remedy), "{text}");
    }
    assert_eq!(Template::parse("{a.b} {c.d} }", &schema()).unwrap_err().len(), 3);
    assert!(Template::parse(&"x".repeat(TEMPLATE_BYTES_MAX + 1), &schema()).is_err());
}

#[test]
fn a_template_tells_the_facts_it_may_ask() {
    let facts: Vec<FactRef> = template("{forum.title} {forum.name} {forum.title}").facts().collect();
    assert_eq!(facts, [0, 1, 2].map(|fact| FactRef { source: 0, fact }));
    assert_eq!(template("{forum.title} x").text(), "{forum.title} x");
}

fn any_name() -> impl Strategy<Value = String> {
    let nasty = prop::sample::select(vec![
        "a",
        "Mira",
        " ",
        "\n",
        "e\u{301}",
        "\u{301}",
        "\u{323}",
        "\u{334}",
        "\u{200D}",
        "\u{FE0F}",
        "\u{FE0E}",
        "😀",
        "👩",
        "🏽",
        "❤",
        "🏴",
        "\u{E0067}",
        "\u{E007F}",
        "\u{202E}",
        "\u{2066}",
        "\u{200B}",
        "\u{200C}",
        "\u{AD}",
        "क",
        "्",
        "ष",
        "ᄀ",
        "ᅡ",
        "ᆨ",
        "\u{3164}",
        "🇩",
        "🇪",
        "@everyone",
        "-",
        "(",
        ")",
        "|",
        "\u{F71}",
        "\u{F72}",
        "\u{5B0}",
        "\u{1F1E6}",
        "\u{20E3}",
        "1",
        "\u{600}",
        "\u{0}",
        "\u{E01EF}",
        "\u{2000}",
        "\u{1D15E}",
    ]);
    prop_oneof![any::<String>(), prop::collection::vec(nasty, 0..60).prop_map(|parts| parts.concat())]
}

fn any_template() -> impl Strategy<Value = Template> {
    prop::sample::select(vec![
        "{forum.title} {forum.name}",
        "{forum.name} ({forum.title})",
        "[{forum.title}] {forum.name} | {club.role}",
        "{forum.title}",
        "{forum.name}{forum.title}",
        "★\u{200D}{forum.name}\u{301}",
        "{forum.title}-{forum.username}",
    ])
    .prop_map(template)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_nickname_is_clean_fits_and_stays_as_it_is(
        template in any_template(), title in any_name(), name in any_name(), username in any_name(), by_name in any::<bool>()
    ) {
        let prefer = if by_name { Prefer::Name } else { Prefer::Username };
        let person = || (cell(Some(&title)), cell(Some(&name)), cell(Some(&username)));
        let (a, b, c) = person();
        let first = rendered(&template, a, b, c, prefer);
        let (a, b, c) = person();
        prop_assert_eq!(&first, &rendered(&template, a, b, c, prefer));
        let Rendered::Name(nickname) = first else { return Ok(()) };
        prop_assert!(!nickname.is_empty());
        prop_assert!(nickname.encode_utf16().count() <= NICKNAME_UNITS_MAX);
        prop_assert_eq!(&normalise(&nickname), &nickname, "Discord would make it another");
        prop_assert_eq!(&clean(&nickname), &nickname, "cleaning it again would make it another");
        prop_assert_ne!(fingerprint(&nickname), 0);
        prop_assert!(!nickname.chars().any(|c| c.is_control() || emoji::is_invisible(c)));
    }

    #[test]
    fn cleaning_and_normalising_twice_is_the_same_as_once(name in any_name()) {
        let cleaned = clean(&name);
        prop_assert_eq!(&clean(&cleaned), &cleaned);
        prop_assert_eq!(&normalise(&cleaned), &cleaned);
        let normalised = normalise(&name);
        prop_assert_eq!(&normalise(&normalised), &normalised);
    }

    #[test]
    fn a_name_is_cut_between_clusters(name in any_name()) {
        let cleaned = clean(&name);
        if let Rendered::Name(nickname) = rendered(&template("{forum.name}"), Cell::Null, cell(Some(&name)), Cell::Null, Prefer::Name) {
            prop_assert!(cleaned.starts_with(&nickname));
            let borders: Vec<usize> = cleaned.grapheme_indices(true).map(|(at, _)| at).chain([cleaned.len()]).collect();
            let before_space = cleaned[nickname.len()..].starts_with(' ');
            prop_assert!(before_space || borders.contains(&nickname.len()), "{:?} of {:?}", nickname, cleaned);
        }
    }
}
