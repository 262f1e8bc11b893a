//! Questions as Discord sends them, what they come to, and what is registered.

use domain::ids::GuildId;
use domain::time::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::commands::dispatch::permitted;
use crate::press::{self, Press, Pressed};
use crate::question::{Interaction, Wanted};
use crate::register::Registration;

fn question(data: &Value, permissions: &str) -> Interaction {
    serde_json::from_value(json!({
        "id": "1099511627776000001", "application_id": "5", "token": "t", "type": 2, "version": 1,
        "guild_id": "10", "channel_id": "11", "data": data,
        "member": {
            "user": {"id": "7", "username": "mira", "global_name": "Mira", "avatar": null, "discriminator": "0"},
            "roles": ["20"], "nick": null, "permissions": permissions, "pending": false,
            "joined_at": "2024-01-01T00:00:00+00:00", "deaf": false, "mute": false, "flags": 0,
        },
    }))
    .unwrap()
}

fn call(data: &Value, permissions: &str) -> (&'static Command, Call) {
    match question(data, permissions).wanted() {
        Wanted::Command(command, call) => (command, call),
        _ => panic!("a command"),
    }
}

#[test]
fn a_question_is_read_with_who_asks_where_and_about_whom() {
    let data = json!({"id": "1", "name": "profile", "type": 1, "options": [
        {"name": "member", "type": 6, "value": "8"},
        {"name": "name", "type": 3, "value": " @discobot "},
        {"name": "share", "type": 5, "value": true},
        {"name": "forum", "type": 3, "value": "club"},
    ]});
    let (command, call) = call(&data, "0");
    assert_eq!(command.name, "profile");
    assert_eq!((call.asker.guild, call.asker.user, &*call.asker.username), (GuildId(10), UserId(7), "mira"));
    assert_eq!((call.member, call.name.as_deref(), call.share), (Some(UserId(8)), Some("discobot"), true));
    assert_eq!(call.source.unwrap().as_str(), "club");
}

#[test]
fn asking_about_others_needs_manage_roles_where_the_table_says_so() {
    for (name, member, permissions, may) in [
        ("why", None, "0", true),
        ("why", Some("7"), "0", true),
        ("why", Some("8"), "0", false),
        ("why", Some("8"), "268435456", true),
        ("why", Some("8"), "8", true),
        ("sync", Some("8"), "0", false),
        ("sync", Some("8"), "268435456", true),
        ("profile", Some("8"), "0", true),
    ] {
        let options: Vec<Value> =
            member.iter().map(|member| json!({"name": "member", "type": 6, "value": member})).collect();
        let (command, call) = call(&json!({"name": name, "options": options}), permissions);
        assert_eq!(permitted(command, &call).is_ok(), may, "{name} {member:?} {permissions}");
    }
}

#[test]
fn what_is_not_known_is_answered_in_words() {
    for data in [json!({"name": "ban"}), json!({}), json!({"name": "link ", "options": []})] {
        assert!(matches!(question(&data, "0").wanted(), Wanted::Nothing(_)), "{data}");
    }
    let in_private: Interaction = serde_json::from_value(
        json!({"id": "1", "token": "t", "type": 2, "user": {"id": "7", "username": "mira"}, "data": {"name": "link"}}),
    )
    .unwrap();
    assert!(matches!(in_private.wanted(), Wanted::Nothing(words) if words.contains("server")));
}

#[test]
fn a_button_is_read_only_as_it_was_written() {
    let press = Press {
        action: Pressed::Unlink,
        user: UserId(u64::MAX),
        source: SourceName::new(&"f".repeat(SourceName::CHARS_MAX)).unwrap(),
        until: Timestamp(i64::MAX),
    };
    assert!(press.id().len() <= press::ID_CHARS_MAX);
    assert_eq!(Press::read(&press.id()), Some(press));
    for id in [
        "",
        "unlink",
        "unlink:7:forum",
        "unlink:7:forum:1:",
        "unlink:7:forum:+1",
        "unlink:07:forum:1",
        "unlink:7:Forum:1",
        "erase:7:forum:1",
        "unlink:-7:forum:1",
        " unlink:7:forum:1",
    ] {
        assert_eq!(Press::read(id), None, "{id}");
    }
}

proptest! {
    #[test]
    fn whatever_a_button_carries_it_is_read_back_or_refused(id in ".{0,120}") {
        if let Some(press) = Press::read(&id) {
            prop_assert_eq!(press.id(), id);
        }
    }
}

#[test]
fn every_command_keeps_to_what_discord_takes() {
    for command in &COMMANDS {
        let name_is_fine =
            command.name.len() <= 32 && command.name.bytes().all(|byte| byte.is_ascii_lowercase());
        assert!(
            name_is_fine && command.about.len() <= 100 && command.options.len() <= 25,
            "{}",
            command.name
        );
        for choice in command.options {
            assert!(choice.name.len() <= 32 && choice.about.len() <= 100, "{} {}", command.name, choice.name);
        }
    }
}

#[test]
fn the_choice_of_a_forum_is_offered_only_where_there_are_several() {
    let one = serde_json::to_value(Registration::of(&link::COMMAND, &["forum"])).unwrap();
    assert_eq!(one["options"], json!([]));
    let two = serde_json::to_value(Registration::of(&link::COMMAND, &["forum", "club"])).unwrap();
    let choices = json!([{"name": "forum", "value": "forum"}, {"name": "club", "value": "club"}]);
    assert_eq!((&two["options"][0]["choices"], &two["contexts"]), (&choices, &json!([0])));
}

#[test]
fn what_discord_adds_to_a_registered_command_is_no_difference() {
    let wanted = Registration::of(&why::COMMAND, &["forum"]);
    let mut kept = serde_json::to_value(&wanted).unwrap();
    for (key, value) in
        [("id", json!("1")), ("version", json!("2")), ("nsfw", json!(false)), ("dm_permission", json!(null))]
    {
        kept[key] = value;
    }
    assert_eq!(serde_json::from_value::<Registration>(kept).unwrap(), wanted);
}
