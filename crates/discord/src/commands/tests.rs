//! Questions as Discord sends them, what they come to, and what is registered.

use domain::ids::GuildId;
use serde_json::{Value, json};

use super::*;
use crate::commands::dispatch::permitted;
use crate::press::Press;
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
    match question(data, permissions).wanted(None) {
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
fn roles_and_whole_numbers_are_read_as_discord_sends_them() {
    let data = json!({"id": "1", "name": "remove", "options": [
        {"name": "role", "type": 8, "value": "22"}, {"name": "count", "type": 4, "value": 12},
    ]});
    let (_, removes) = call(&data, "0");
    assert_eq!((removes.role, removes.count, removes.plan), (Some(RoleId(22)), Some(12), None));
    for (plan, count, read) in [
        (json!(7), json!(3), (Some(PlanId(7)), Some(3))),
        (json!("7"), json!(-3), (None, None)),
        (json!(1.5), json!(1e30), (None, None)),
    ] {
        let data = json!({"id": "1", "name": "apply", "options": [
            {"name": "plan", "type": 4, "value": plan}, {"name": "count", "type": 4, "value": count},
        ]});
        let (_, applies) = call(&data, "0");
        assert_eq!((applies.plan, applies.count), read);
    }
}

#[test]
fn what_a_command_needs_is_registered_as_required_and_comes_first() {
    for command in &COMMANDS {
        let needed = command.options.iter().map(|choice| choice.needed);
        assert!(needed.is_sorted_by(|before, after| before >= after), "{}", command.name);
    }
    let undo = serde_json::to_value(Registration::of(&undo::COMMAND, &["forum"])).unwrap();
    assert_eq!((&undo["options"][0]["required"], &undo["options"][0]["type"]), (&json!(true), &json!(4)));
    let apply = serde_json::to_value(Registration::of(&apply::COMMAND, &["forum"])).unwrap();
    assert_eq!(apply["options"][0].get("required"), None);
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
        assert!(matches!(question(&data, "0").wanted(None), Wanted::Nothing(_)), "{data}");
    }
    let in_private: Interaction = serde_json::from_value(
        json!({"id": "1", "token": "t", "type": 2, "user": {"id": "7", "username": "mira"}, "data": {"name": "link"}}),
    )
    .unwrap();
    assert!(matches!(in_private.wanted(None), Wanted::Nothing(words) if words.contains("server")));
}

fn form(custom_id: &str, components: &Value) -> Wanted {
    let mut question = json!({"id": "1", "token": "t", "type": 5, "guild_id": "10",
        "member": {"user": {"id": "7", "username": "mira"}, "roles": [], "permissions": "0"},
        "message": {"id": "9", "flags": 64}});
    question["data"] = json!({"custom_id": custom_id, "components": components});
    serde_json::from_value::<Interaction>(question).unwrap().wanted(None)
}

#[test]
fn a_form_is_read_with_what_was_typed_into_its_one_input() {
    let input = |id: &str, text: &str| json!({"type": 4, "id": 2, "custom_id": id, "value": text});
    let labelled = |input: &Value| json!([{"type": 18, "id": 1, "component": input}]);
    let in_a_row = |input: &Value| json!([{"type": 1, "id": 1, "components": [input]}]);
    let long = input("typed", &"1".repeat(101));
    for (press, components, typed) in [
        ("release:3", labelled(&input("typed", " 12 ")), Some("12")),
        ("release:3", in_a_row(&input("typed", "12")), Some("12")),
        ("release:3", labelled(&input("other", "12")), None),
        ("release:3", labelled(&long), None),
        ("release:3", json!([]), None),
        ("release:3", json!([{"type": 1, "components": [input("typed", "1"), input("typed", "2")]}]), None),
        ("apply:3", labelled(&input("typed", "12")), None),
        ("release:03", labelled(&input("typed", "12")), None),
    ] {
        match form(press, &components) {
            Wanted::Button(read, pressing) => {
                assert_eq!(
                    (read, pressing.typed.as_deref()),
                    (Press::Release { plan: 3 }, typed),
                    "{components}"
                );
                assert!(pressing.alone);
            }
            Wanted::Nothing(_) => assert_eq!(typed, None, "{press} {components}"),
            Wanted::Command(..) => panic!("a form"),
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
