//! What right settings become.

use std::time::Duration;

use domain::situation::Mode;
use guildhall::settings::database::DatabaseAddress;
use guildhall::settings::hall::LogFormat;

use crate::written::{IN_ORDER, parse, spoilt};

#[test]
fn defaults_stand_where_the_file_says_nothing() {
    let settings = parse(IN_ORDER).expect("the file is in order");
    assert_eq!(settings.hall.name, "Guildhall");
    assert_eq!(settings.hall.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.hall.log_format, LogFormat::Text);
    assert_eq!(settings.hall.audit_keep, Duration::from_secs(90 * 24 * 60 * 60));
    assert!(settings.discord.members_intent);
    assert_eq!(settings.discord.api_address.as_str(), "https://discord.com/api/v10");
    assert_eq!(settings.sources.len(), 1);
    assert_eq!(settings.sources[0].calls_per_minute, 30);
    assert_eq!(settings.guilds[0].sweep_every, Duration::from_secs(60 * 60));
    assert!(
        matches!(&settings.database.address, DatabaseAddress::Sqlite(file) if file.ends_with("guildhall.db"))
    );
}

#[test]
fn rules_come_checked_and_in_order() {
    let settings = parse(IN_ORDER).expect("the file is in order");
    let roles = &settings.guilds[0].rules.roles;
    let told: Vec<(&str, &str)> = roles.iter().map(|rule| (rule.role.as_str(), rule.when.text())).collect();
    assert_eq!(told, [("Regular", "forum.trust_level >= 3"), ("Crew", "\"makers\" in forum.groups")]);
    assert!(roles.iter().all(|rule| rule.mode == Mode::Exact));
    assert!(settings.guilds[0].rules.nickname.is_some());
    assert!(settings.schema.find("forum", "trust_level").is_some());
}

#[test]
fn several_forums_and_servers_stand_side_by_side() {
    let second = IN_ORDER.split_once("[[source]]").map(|(_, rest)| rest).unwrap_or_default();
    let second = second.replace("forum", "club").replace("1180000000000000002", "1180000000000000003");
    let (first, guilds) = IN_ORDER.split_once("[[guild]]").expect("the file has a server");
    let text = format!("{first}[[source]]{second}\n[[guild]]{guilds}");
    let settings = parse(&text).expect("the file is in order");
    assert_eq!((settings.sources.len(), settings.guilds.len()), (2, 2));
    assert_eq!(settings.guilds[0].rules.roles[0].when.text(), "club.trust_level >= 3");
}

#[test]
fn plain_http_is_for_this_machine_alone() {
    for (address, allowed) in [
        ("http://127.0.0.1:4000", true),
        ("http://[::1]:4000", true),
        ("http://localhost:4000", true),
        ("http://hall.localhost:4000", true),
        ("http://127.0.0.1.example.org", false),
        ("http://localhost.example.org", false),
        ("http://192.168.0.7", false),
        ("http://0.0.0.0:4000", false),
    ] {
        let text = spoilt("https://hall.example.org", address);
        assert_eq!(parse(&text).is_ok(), allowed, "{address}");
    }
}

#[test]
fn a_database_is_a_file_beside_the_settings_or_a_secret() {
    for (written, postgres) in [
        ("\"sqlite:/var/lib/guildhall/hall.db\"", false),
        ("\"sqlite://hall.db\"", false),
        ("\"postgres://hall@db.example.org/hall\"", true),
        ("{ env = \"DATABASE\" }", true),
    ] {
        let text = spoilt("[hall]\n", &format!("[database]\naddress = {written}\n[hall]\n"));
        let settings = parse(&text).expect("the file is in order");
        let is_postgres = matches!(settings.database.address, DatabaseAddress::Postgres(_));
        assert_eq!(is_postgres, postgres, "{written}");
    }
}

#[test]
fn the_log_filter_may_name_modules() {
    for filter in ["warn", "INFO", "info,discord=debug", "off"] {
        let text = spoilt("[hall]\n", &format!("[hall]\nlog = \"{filter}\"\n"));
        assert_eq!(parse(&text).expect("the file is in order").hall.log, filter);
    }
}
