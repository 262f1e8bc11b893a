//! The documents that are made from the declarations, and the commands that print them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use domain::facts::{Schema, SourceSchema};
use domain::ids::SourceName;
use domain::rules;
use guildhall::commands::facts::facts_of;
use guildhall::settings::document;
use sim::cast::{Harbor, Mooring};

/// The secrets that the example names.
const SECRETS: [&str; 5] = [
    "GUILDHALL_BOT_TOKEN",
    "GUILDHALL_CLIENT_SECRET",
    "GUILDHALL_FORUM_API_KEY",
    "GUILDHALL_FORUM_CONNECT_SECRET",
    "GUILDHALL_FORUM_WEBHOOK_SECRET",
];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub(super) fn guildhall(arguments: &[&str], folder: &Path, with_secrets: bool) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guildhall"));
    command.args(arguments).current_dir(folder).env_clear();
    if with_secrets {
        command.envs(SECRETS.map(|name| (name, "a secret that is long enough")));
    }
    command.output().expect("the program can be started")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_documents_in_the_repository_are_those_of_the_program() {
    for (file, arguments) in [
        ("guildhall.example.toml", vec!["settings", "--example"]),
        ("docs/reference/settings.md", vec!["settings", "--reference"]),
        ("docs/reference/facts.md", vec!["settings", "--facts"]),
        ("docs/reference/commands.md", vec!["commands"]),
        ("docs/reference/metrics.md", vec!["metrics"]),
    ] {
        let kept = fs::read_to_string(repository().join(file)).unwrap_or_default();
        let made = said(&guildhall(&arguments, Path::new("."), false));
        assert!(kept == made, "{file} is stale: guildhall {} > {file}", arguments.join(" "));
    }
}

#[test]
fn the_example_is_in_order_once_its_secrets_are_set() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::write(folder.path().join("guildhall.toml"), document::example()).expect("the file can be written");
    let checked = guildhall(&["check"], folder.path(), true);
    insta::assert_snapshot!(said(&checked));
    assert!(checked.status.success());
    let invited = guildhall(&["invite"], folder.path(), true);
    insta::assert_snapshot!(said(&invited));

    let without = guildhall(&["check", "--json"], folder.path(), false);
    assert_eq!(without.status.code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&without.stdout).expect("the answer is JSON");
    assert_eq!(report["in_order"], false);
    let missing = report["report"]["problems"].as_array().map(Vec::len);
    assert_eq!(missing, Some(SECRETS.len()), "{report:#}");
}

/// The example with every default written out says the same as with none.
#[test]
fn every_default_can_be_written_out() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let example = document::example();
    let written: Vec<&str> = example
        .lines()
        .map(|line| line.strip_prefix('#').filter(|line| !line.starts_with([' ', '#'])).unwrap_or(line))
        .collect();
    fs::write(folder.path().join("guildhall.toml"), written.join("\n")).expect("the file can be written");
    let checked = guildhall(&["check"], folder.path(), true);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[test]
fn every_rule_in_the_reference_of_facts_is_a_rule() {
    let source =
        SourceSchema { name: SourceName::new("forum").expect("a name"), facts: facts_of("discourse") };
    let schema = Schema { sources: vec![source] };
    let reference = document::facts(&facts_of);
    let rows = reference.lines().filter(|line| line.starts_with("| `"));
    let rules: Vec<String> = rows
        .flat_map(|row| row.split('`').skip(1).step_by(2))
        .filter(|code| code.contains("forum."))
        .map(|code| code.replace("\\|", "|"))
        .collect();
    assert!(rules.len() > facts_of("discourse").len() * 2, "{rules:?}");
    for rule in rules {
        let named = rule.strip_prefix("forum.").and_then(|name| schema.find("forum", name));
        assert!(named.is_some() || rules::check(&rule, &schema).is_ok(), "{rule}");
    }
}

#[test]
fn settings_alone_prints_the_example() {
    let printed = guildhall(&["settings"], Path::new("."), false);
    assert_eq!(said(&printed), document::example());
}

#[test]
fn only_commands_that_read_the_settings_ask_for_them() {
    for (command, reads) in [
        ("serve", true),
        ("check", true),
        ("invite", true),
        ("settings", false),
        ("demo", false),
        ("sim", false),
        ("commands", false),
        ("metrics", false),
    ] {
        let help = said(&guildhall(&[command, "--help"], Path::new("."), false));
        assert_eq!(help.contains("--settings <FILE>"), reads, "{command}: {help}");
    }
}

#[test]
fn an_invitation_needs_no_secret() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let example =
        document::example().replace("#address = \"sqlite:guildhall.db\"", "address = { env = \"DB\" }");
    fs::write(folder.path().join("guildhall.toml"), example).expect("the file can be written");
    let invited = guildhall(&["invite"], folder.path(), false);
    assert!(invited.status.success(), "{}", String::from_utf8_lossy(&invited.stderr));
    assert!(said(&invited).starts_with("https://discord.com/oauth2/authorize?client_id=1180000000000000001"));
}

#[test]
fn an_invitation_asks_for_a_channel_only_where_the_staff_is_told_in_one() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (channel, asks, bits) in [("", false, "402653312"), ("1180000000000000009", true, "402656384")] {
        let example =
            document::example().replace("#staff_channel = \"\"", &format!("staff_channel = \"{channel}\""));
        fs::write(folder.path().join("guildhall.toml"), example).expect("the file can be written");
        let invited = said(&guildhall(&["invite"], folder.path(), false));
        assert!(invited.contains(&format!("&permissions={bits}")), "{invited}");
        assert!(invited.contains("  View Audit Log: "), "{invited}");
        assert_eq!(invited.contains("  View Channels: "), asks, "{invited}");
        assert_eq!(invited.contains("  Send Messages: "), asks, "{invited}");
    }
}

#[test]
fn what_is_in_order_and_hardly_meant_is_told_and_not_refused() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let example = document::example()
        .replace("hall.example.org", "hall.harbor.social")
        .replace("\"https://forum.example.org\"", "\"http://127.0.0.1:3000\"")
        .replace("118000000000000000", "118000000000000010")
        .replace("#address = \"sqlite:guildhall.db\"", "address = \"sqlite:absent/guildhall.db\"")
        .replace("forum.trust_level == 4", "forum.trust_level == 7")
        .replace("'\"makers\" in forum.groups'", "\"true\"");
    fs::write(folder.path().join("guildhall.toml"), example).expect("the file can be written");
    let checked = guildhall(&["check"], folder.path(), true);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    insta::assert_snapshot!(said(&checked));
    let checked = guildhall(&["check", "--json"], folder.path(), true);
    let report: serde_json::Value = serde_json::from_slice(&checked.stdout).expect("the answer is JSON");
    assert_eq!(report["in_order"], true);
    assert_eq!(report["warnings"].as_array().map(Vec::len), Some(3), "{report:#}");
}

#[test]
fn a_server_without_any_rule_is_in_order_and_told_of() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let example = document::example();
    let (bare, _) = example.split_once("[guild.brake]").expect("the example has a brake");
    fs::write(folder.path().join("guildhall.toml"), bare).expect("the file can be written");
    let checked = guildhall(&["check"], folder.path(), true);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let said = said(&checked);
    assert!(
        said.contains("  has no rule: nobody gets or loses a role there, and nicknames are left alone"),
        "{said}"
    );
    assert!(said.contains("warning: guild[0]\n  no rule stands behind the server"), "{said}");
}

#[test]
fn problems_go_to_standard_error_and_the_answer_says_so() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let checked = guildhall(&["check", "--settings", "absent.toml"], folder.path(), false);
    assert_eq!(checked.status.code(), Some(1));
    assert_eq!(said(&checked), "");
    insta::assert_snapshot!(String::from_utf8_lossy(&checked.stderr));
}

#[tokio::test]
async fn every_field_of_the_first_line_of_sim_is_described() {
    let guide =
        fs::read_to_string(repository().join("docs/guide/simulators.md")).expect("the guide is there");
    let harbor = Harbor::start(Mooring { discord_port: 0, forum_port: 0, generous: true }).await;
    let line = harbor.expect("the simulators start").line();
    for (part, fields) in line.as_object().expect("an object") {
        let one = fields.as_array().and_then(|people| people.first()).unwrap_or(fields);
        assert!(guide.contains(&format!("`{part}`")), "{part}");
        for field in one.as_object().expect("an object").keys() {
            assert!(guide.contains(&format!("`{field}`")), "{part}.{field}");
        }
    }
}
