//! Secrets: where they are read from, and that nothing shows them.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use guildhall::commands::facts::facts_of;
use guildhall::settings::Settings;
use secrecy::ExposeSecret;

use crate::written::{CANARY, IN_ORDER, environment, parse, spoilt};

/// Reads the bot's token from a file beside the settings: the token, or the report with the folder left out.
fn from_file(bytes: &[u8], mode: u32) -> String {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let file = folder.path().join("token");
    fs::write(&file, bytes).expect("the file can be written");
    fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("the mode can be set");
    let settings = folder.path().join("guildhall.toml");
    fs::write(&settings, spoilt("{ env = \"BOT_TOKEN\" }", "{ file = \"token\" }"))
        .expect("the file can be written");
    match Settings::load(&settings, &environment, &facts_of) {
        Ok(settings) => settings.discord.bot_token.expose_secret().to_owned(),
        Err(problems) => problems.to_string().replace(&format!("{}/", folder.path().display()), ""),
    }
}

#[test]
fn a_secret_is_read_from_a_file_without_its_line_end() {
    for bytes in ["token", "token\n", "token\r\n"] {
        assert_eq!(from_file(bytes.as_bytes(), 0o600), "token");
    }
    assert_eq!(from_file(b"token", 0o440), "token", "a group may read it");
}

#[test]
fn a_file_that_cannot_hold_a_secret_is_refused() {
    insta::assert_snapshot!(
        [
            from_file(b"token", 0o644),
            from_file(b"token", 0o620),
            from_file(b"", 0o600),
            from_file(b"\n", 0o600),
            from_file(b"\xff\xfe", 0o600),
            from_file(&[b'x'; 20_000], 0o600),
        ]
        .join("\n\n")
    );
}

#[test]
fn nothing_shows_a_secret() {
    let text = spoilt("[hall]\n", "[database]\naddress = { env = \"DATABASE\" }\n[hall]\n");
    let settings = parse(&text).expect("the file is in order");
    let shown = format!("{settings:?} {settings:#?}");
    assert!(!shown.contains(CANARY), "{shown}");
    assert!(settings.discord.bot_token.expose_secret().contains(CANARY), "the canary was there to be seen");
}

/// A secret that could be the name of a variable.
const PLAIN_CANARY: &str = "canary9f2cNeverShown";

/// Somebody writes the secret into the file in every place and every way.
#[test]
fn no_problem_shows_a_secret_that_stands_in_the_file() {
    let canary = format!("\"{CANARY}\"");
    let keys = ["bot_token", "client_secret", "api_key", "connect_secret", "webhook_secret"];
    for key in keys {
        let line = IN_ORDER.lines().find(|line| line.starts_with(key)).expect("the file has the setting");
        for written in [
            format!("{key} = {canary}"),
            format!("{key} = [{canary}]"),
            format!("{key} = {{ env = {canary} }}"),
            format!("{key} = {{ env = \"{PLAIN_CANARY}\" }}"),
            format!("{key} = {{ file = {canary} }}"),
            format!("{key} = {{ token = {canary} }}"),
            format!("{key} = {{ env = [{canary}] }}"),
            format!("{key} = {CANARY}"),
            format!("{key} = \"{CANARY}"),
            format!("{key} = '''{CANARY}"),
            format!("{key} {CANARY}"),
            format!("{key}_ = {canary}"),
        ] {
            let problems = parse(&spoilt(line, &written)).expect_err("a secret stands in the file");
            let json = serde_json::to_string(&problems).expect("problems are JSON");
            let shown = format!("{problems} {problems:?} {json}");
            assert!(!shown.contains(CANARY) && !shown.contains(PLAIN_CANARY), "{written}\n{problems}");
        }
    }
}
