//! Every wrong setting, one line a case: what is written, and the report.

use crate::written::{CANARY, IN_ORDER, report, spoilt};

/// Exchanges each old piece for a new one, and lays the reports under one another.
fn reports(cases: &[(&str, &str)]) -> String {
    let told = |(old, new): &(&str, &str)| {
        let report = report(&spoilt(old, new));
        assert!(!report.contains(CANARY), "a secret was shown: {report}");
        let problems = report.rsplit_once("\n\n").map_or(report.as_str(), |(problems, _)| problems);
        format!("> {}\n{problems}\n", new.trim_end().replace('\n', "\n> "))
    };
    cases.iter().map(told).collect::<Vec<String>>().join("\n")
}

/// A setting of `[hall]` more.
const HALL: &str = "[hall]\n";
const ADDRESS: &str = "public_address = \"https://hall.example.org\"";

#[test]
fn every_wrong_setting_of_the_hall_is_told() {
    insta::assert_snapshot!(reports(&[
        (HALL, "[hall]\nname = \"\"\n"),
        (HALL, "[hall]\nname = \" Harbor\"\n"),
        (HALL, "[hall]\nname = \"Har\\tbor\"\n"),
        (HALL, "[hall]\nname = 7\n"),
        (HALL, &format!("[hall]\nname = \"{}\"\n", "x".repeat(101))),
        (ADDRESS, ""),
        (ADDRESS, "public_address = \"hall.example.org\""),
        (ADDRESS, "public_address = \"http://hall.example.org\""),
        (ADDRESS, "public_address = \"https://example.org/hall\""),
        (ADDRESS, "public_address = \"http://hall.example.org:8443/hall/?a=b\""),
        (ADDRESS, "public_address = \"http://hall.example.org/hall\""),
        (ADDRESS, "public_address = \"https://hall.example.org/?a=b\""),
        (ADDRESS, "public_address = \"https://hall.example.org/#top\""),
        (ADDRESS, "public_address = \"https://me:canary-9f2c-never-shown@hall.example.org\""),
        (ADDRESS, "public_address = \"ftp://hall.example.org\""),
        (ADDRESS, "public_address = \"\""),
        (HALL, "[hall]\nlisten = 8080\n"),
        (HALL, "[hall]\nlisten = \":8080\"\n"),
        (HALL, "[hall]\nlisten = \"hall.example.org:80\"\n"),
        (HALL, "[hall]\nlog = \"inof\"\n"),
        (HALL, "[hall]\nlog_format = \"jsno\"\n"),
        (HALL, "[hall]\naudit_keep = 90\n"),
        (HALL, "[hall]\naudit_keep = \"90 days\"\n"),
        (HALL, "[hall]\naudit_keep = \"1h\"\n"),
        (HALL, "[hall]\naudit_keep = \"99999999999999999999d\"\n"),
        (HALL, "[hall]\naudit_keep = true\n"),
    ]));
}

#[test]
fn every_wrong_setting_of_the_database_is_told() {
    insta::assert_snapshot!(reports(&[
        (HALL, "[database]\naddress = \"guildhall.db\"\n[hall]\n"),
        (HALL, "[database]\naddress = \"sqlite:\"\n[hall]\n"),
        (HALL, "[database]\naddress = \"sqlite::memory:\"\n[hall]\n"),
        (HALL, "[database]\naddress = \"mysql://db\"\n[hall]\n"),
        (HALL, "[database]\naddress = \"postgres://hall:canary-9f2c-never-shown@db/hall\"\n[hall]\n"),
        (HALL, "[database]\naddress = { env = \"GARBAGE\" }\n[hall]\n"),
        (HALL, "[database]\naddress = { env = \"ABSENT\" }\n[hall]\n"),
        (HALL, "[database]\naddress = 5\n[hall]\n"),
    ]));
}

const APPLICATION: &str = "\"1180000000000000001\"";
const TOKEN: &str = "bot_token = { env = \"BOT_TOKEN\" }";
const DISCORD: &str = "[discord]\n";

#[test]
fn every_wrong_setting_of_discord_is_told() {
    insta::assert_snapshot!(reports(&[
        (APPLICATION, "1180000000000000001"),
        (APPLICATION, "\"Guildhall\""),
        (APPLICATION, "\"42\""),
        (APPLICATION, "\"99999999999999999999999\""),
        (TOKEN, ""),
        (TOKEN, "bot_token = \"canary-9f2c-never-shown\""),
        (TOKEN, "bot_token = 5"),
        (TOKEN, "bot_token = {}"),
        (TOKEN, "bot_token = { environment = \"BOT_TOKEN\" }"),
        (TOKEN, "bot_token = { env = \"BOT_TOKEN\", file = \"token\" }"),
        (TOKEN, "bot_token = { env = \"$BOT_TOKEN\" }"),
        (TOKEN, "bot_token = { env = \"ABSENT\" }"),
        (TOKEN, "bot_token = { env = \"EMPTY\" }"),
        (TOKEN, "bot_token = { env = \"PREFIXED\" }"),
        (TOKEN, "bot_token = { env = \"LINES\" }"),
        (TOKEN, "bot_token = { env = \"BLANK\" }"),
        (TOKEN, "bot_token = { file = \"/absent/token\" }"),
        (TOKEN, "bot_token = { file = \"/\" }"),
        (DISCORD, "[discord]\nmembers_intent = \"yes\"\n"),
        (DISCORD, "[discord]\napi_address = \"http://discord.com/api/v10\"\n"),
        (DISCORD, "[discord]\ngateway_address = \"https://gateway.discord.gg\"\n"),
        (DISCORD, "[discord]\ngateway_address = \"ws://gateway.discord.gg\"\n"),
        (DISCORD, "[discord]\ncdn_address = \"cdn\"\n"),
    ]));
}

const NAME: &str = "name = \"forum\"";
const FORUM: &str = "address = \"https://forum.example.org\"";

#[test]
fn every_wrong_setting_of_a_source_is_told() {
    insta::assert_snapshot!(reports(&[
        ("webhook_secret = { env = \"WEBHOOK_SECRET\" }", "webhook_secret = { env = \"SHORT\" }"),
        ("connect_secret = { env = \"CONNECT_SECRET\" }", "connect_secret = { env = \"SHORT\" }"),
        (NAME, "name = \"forum\"\nkind = \"discorse\""),
        (NAME, "name = \"forum\"\nkind = \"phpbb\""),
        (FORUM, "address = \"http://forum.example.org\""),
        (FORUM, "address = \"forum.example.org\""),
        (FORUM, "address = \"https://forum.example.org\"\ncalls_per_minute = 0"),
        (FORUM, "address = \"https://forum.example.org\"\ncalls_per_minute = 600"),
        (FORUM, "address = \"https://forum.example.org\"\ncalls_per_minute = 99999999999999999"),
        (FORUM, "address = \"https://forum.example.org\"\ncalls_per_minute = 2.5"),
        (FORUM, "address = \"https://forum.example.org\"\ncalls_per_minute = \"30\""),
        (FORUM, "address = \"https://forum.example.org\"\nstaff_log_every = \"1s\""),
        (FORUM, "address = \"https://forum.example.org\"\napi_username = \"\""),
    ]));
}

#[test]
fn a_name_that_rules_cannot_say_is_told() {
    let told = |name: &&str| {
        let more =
            format!("[[source]]\nname = \"{name}\"\naddress = \"https://club.example.org\"\n{SECRETS}");
        format!("> {name}\n{}\n", report(&format!("{IN_ORDER}\n{more}")))
    };
    insta::assert_snapshot!(
        ["My Forum", "in", "論壇", "_forum", &"x".repeat(33)].each_ref().map(told).join("\n")
    );
}

/// What rules say of a source whose own name is wrong is not told beside it.
#[test]
fn a_source_without_a_right_name_is_told_once() {
    for name in ["name = \"My Forum\"", "name = 7", "nmae = \"forum\"", ""] {
        let told = report(&spoilt(NAME, name));
        assert!(told.ends_with("1 problem in guildhall.toml"), "{name}: {told}");
    }
    let told = report(&spoilt(NAME, "name = \"My Forum\"").replace(">= 3", ">= 3 && 1"));
    assert!(told.contains("source[0].name") && told.contains("guild[0].role[0].when"), "{told}");
}

const GUILD: &str = "id = \"1180000000000000002\"";
const WHEN: &str = "when = \"forum.trust_level >= 3\"";
const ROLE: &str = "role = \"Regular\"";
const TEMPLATE: &str = "template = \"{forum.title} {forum.name}\"";

#[test]
fn every_wrong_setting_of_a_guild_is_told() {
    insta::assert_snapshot!(reports(&[
        (GUILD, ""),
        (GUILD, "id = \"Harbor\""),
        (GUILD, "id = \"1180000000000000002\"\nsweep_every = \"1s\""),
        (GUILD, "id = \"1180000000000000002\"\nsweep_every = 60"),
        (ROLE, ""),
        (ROLE, "role = \"@everyone\""),
        (ROLE, "role = \"<@&1180000000000000009>\""),
        (ROLE, "role = \"\""),
        (ROLE, "role = \"Crew\""),
        (WHEN, ""),
        (WHEN, "when = \"forum.trust_level >= 3\"\nmode = \"give\""),
        (WHEN, "when = 3"),
        (TEMPLATE, ""),
        (TEMPLATE, "template = \"{forum.name}\"\nprefer = \"nickname\""),
    ]));
}

/// The words of mistakes are the business of the rules; here their places are.
#[test]
fn a_mistake_in_a_rule_is_told_with_its_place_inside_the_text() {
    for (written, column) in [
        ("when = \"forum.trust_levl >= 3\"", 9),
        ("when = 'form.trust_level >= 3'", 9),
        ("when = \"\\u0020form.trust_level >= 3\"", 15),
        ("when = \"\"\"form.trust_level >= 3\"\"\"", 11),
        ("when = \"forum.trust_level >= \\\"3\\\"\"", 9),
    ] {
        let report = report(&spoilt(WHEN, written));
        let place = format!("guildhall.toml:24:{column}: guild[0].role[0].when\n");
        assert!(report.starts_with(&place), "{written}\n{report}");
    }
}

#[test]
fn a_mistake_in_a_template_is_told_with_its_place_inside_the_text() {
    let report = report(&spoilt(TEMPLATE, "template = \"{forum.titel} {forum.name}\""));
    assert!(report.starts_with("guildhall.toml:20:13:"), "{report}");
    assert!(report.contains("guild[0].nickname.template\n"), "{report}");
    assert!(report.contains("title"), "{report}");
}

#[test]
fn what_stands_twice_is_told() {
    let second_source = format!(
        "{IN_ORDER}\n[[source]]\nname = \"forum\"\naddress = \"https://FORUM.example.org/\"\n{SECRETS}"
    );
    let second_guild = format!("{IN_ORDER}\n[[guild]]\nid = \"1180000000000000002\"\n");
    insta::assert_snapshot!([second_source, second_guild].map(|text| report(&text)).join("\n\n"));
}

const SECRETS: &str = "api_key = { env = \"API_KEY\" }
connect_secret = { env = \"CONNECT_SECRET\" }
webhook_secret = { env = \"WEBHOOK_SECRET\" }
";

#[test]
fn unknown_names_are_told_with_what_was_meant() {
    insta::assert_snapshot!(reports(&[
        (HALL, "[hall]\nnmae = \"Harbor\"\n"),
        (HALL, "[hall]\nbot_token = { env = \"BOT_TOKEN\" }\n"),
        (HALL, "[hall]\ncolour = \"green\"\n"),
        (HALL, "colour = \"green\"\n[hall]\n"),
        (HALL, "[halll]\nname = \"Harbor\"\n[hall]\n"),
        (HALL, "[hal]\nname = 7\n"),
        (ROLE, "rolle = \"Regular\""),
        (ROLE, "rolle = 7"),
        (HALL, "[hall]\n\"a b\\nc\" = 1\n"),
        (ROLE, "role = \"Regular\"\nwen = \"true\""),
        ("[guild.nickname]", "[guild.nickname]\nprefers = \"name\""),
    ]));
}

#[test]
fn sections_of_the_wrong_shape_are_told() {
    insta::assert_snapshot!(reports(&[
        (HALL, "hall2 = 1\n[hall]\n"),
        ("[[guild]]", "[guild]"),
        ("[[source]]", "[source]"),
        ("[discord]", "[[discord]]"),
        (HALL, "database = \"sqlite:guildhall.db\"\n[hall]\n"),
    ]));
}

#[test]
fn all_problems_are_told_at_once_in_the_order_of_the_file() {
    let text = IN_ORDER
        .replace("https://hall", "http://hall")
        .replace("\"BOT_TOKEN\"", "\"ABSENT\"")
        .replace("name = \"forum\"", "name = \"forum\"\ncalls_per_minute = 99")
        .replace("role = \"Crew\"", "rolle = \"Crew\"");
    insta::assert_snapshot!(report(&text));
}

#[test]
fn what_is_not_toml_is_told_with_its_place_beside_the_rest() {
    insta::assert_snapshot!(reports(&[
        (ADDRESS, "public_address = https://hall.example.org"),
        (ADDRESS, "public_address = \"https://hall.example.org"),
        (ADDRESS, "public_address = \"https://hall.example.org\"\npublic_address = \"https://b.example\""),
        (HALL, "[hall\n"),
        (TOKEN, "bot_token = { env = \"ABSENT\""),
        (WHEN, "when = \"\"\"forum.trust_level"),
        (WHEN, "when = \"\"makers\" in forum.groups\""),
        (WHEN, "when = \"forum.title == \"Pilot\"\""),
        (WHEN, "  when=\"forum.title == \"Pilot\" || forum.admin\""),
        (TOKEN, "bot_token = \"\"canary-9f2c-never-shown\"\""),
        (HALL, "[hall]\nlisten\n"),
    ]));
}

#[test]
fn too_many_of_anything_is_told() {
    let guilds: String = (0..101).map(|n| format!("[[guild]]\nid = \"11800000000000{n:05}\"\n")).collect();
    let text = format!("{}{guilds}", IN_ORDER.split("[[guild]]").next().unwrap_or_default());
    insta::assert_snapshot!(report(&text));
}

#[test]
fn more_problems_than_anybody_reads_are_counted() {
    let text: String = (0..500).map(|n| format!("unknown_{n} = 1\n")).collect();
    let report = report(&text);
    assert!(report.ends_with("and 404 more\n\n504 problems in guildhall.toml"), "{report}");
}

#[test]
fn a_deep_file_is_refused_and_does_no_harm() {
    let report = report(&format!("a = {}{}", "[".repeat(100_000), "]".repeat(100_000)));
    assert!(report.contains("guildhall.toml:1:"), "{}", report.get(..500).unwrap_or(&report));
}
