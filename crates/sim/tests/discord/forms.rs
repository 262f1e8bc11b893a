//! Forms that are refused: 50035 with a tree of what is wrong at which field.

use serde_json::{Value, json};
use sim::discord::{DiscordSim, Interaction, permission};

use crate::harbor::Harbor;

/// One complaint, as it stands in a tree.
fn errors(code: &str, message: &str) -> Value {
    json!({ "_errors": [{ "code": code, "message": message }] })
}

fn at_most(most: usize) -> Value {
    errors("BASE_TYPE_MAX_LENGTH", &format!("Must be {most} or fewer in length."))
}

fn between(most: usize) -> Value {
    errors("BASE_TYPE_BAD_LENGTH", &format!("Must be between 1 and {most} in length."))
}

fn required() -> Value {
    errors("BASE_TYPE_REQUIRED", "This field is required")
}

fn long(length: usize) -> String {
    "x".repeat(length)
}

async fn is_refused(harbor: &Harbor, method: &str, path: &str, body: Value, tree: Value, what: &str) {
    let answer = harbor.send(method, path, body).await;
    let status = answer.status();
    let said: Value = answer.json().await.unwrap();
    assert_eq!(said, json!({ "message": "Invalid Form Body", "code": 50035, "errors": tree }), "{what}");
    assert_eq!(status, 400, "{what}");
}

#[tokio::test]
async fn members_and_roles_say_which_field_is_too_long() {
    let harbor = Harbor::quiet().await;
    let member = harbor.member(harbor.mira);
    let table = [
        ("a nickname", "PATCH", member.clone(), json!({ "nick": long(33) }), json!({ "nick": at_most(32) })),
        (
            "the bot's own",
            "PATCH",
            harbor.at("/members/@me"),
            json!({ "nick": long(33) }),
            json!({ "nick": at_most(32) }),
        ),
        (
            "a role",
            "POST",
            harbor.at("/roles"),
            json!({ "name": long(101) }),
            json!({ "name": between(100) }),
        ),
        (
            "a nickname that is none",
            "PATCH",
            member.clone(),
            json!({ "nick": 7 }),
            json!({ "nick": errors("STRING_TYPE_CONVERT", "Could not interpret value as string.") }),
        ),
        (
            "a role that is none",
            "PATCH",
            member,
            json!({ "roles": ["x"] }),
            json!({ "roles": { "0": errors("NUMBER_TYPE_COERCE", "Value \"x\" is not snowflake.") } }),
        ),
    ];
    for (what, method, path, body, tree) in table {
        is_refused(&harbor, method, &path, body, tree, what).await;
    }
    let page = harbor.body("GET", &harbor.at("/members?limit=1001"), Value::Null).await;
    let tree =
        json!({ "limit": errors("NUMBER_TYPE_MAX", "int value should be less than or equal to 1000.") });
    assert_eq!(page["errors"], tree);
}

#[tokio::test]
async fn messages_say_which_part_of_them_is_wrong() {
    let harbor = Harbor::quiet_with(permission::SEND_MESSAGES | permission::VIEW_CHANNEL).await;
    let channel = harbor.sim.channel_named(harbor.guild, "general").unwrap();
    let path = format!("/channels/{channel}/messages");
    let embed = |embed: Value| json!({ "embeds": [embed] });
    let first = |tree: Value| json!({ "embeds": { "0": tree } });
    let field = |field: Value| embed(json!({ "fields": [field] }));
    let in_field = |tree: Value| first(json!({ "fields": { "0": tree } }));
    let two = json!({ "content": long(2_001), "embeds": [{ "title": long(257) }] });
    let table = [
        ("content", json!({ "content": long(2_001) }), json!({ "content": at_most(2_000) })),
        (
            "eleven embeds",
            json!({ "embeds": vec![json!({ "title": "x" }); 11] }),
            json!({ "embeds": at_most(10) }),
        ),
        ("a title", embed(json!({ "title": long(257) })), first(json!({ "title": at_most(256) }))),
        (
            "a description",
            embed(json!({ "description": long(4_097) })),
            first(json!({ "description": at_most(4_096) })),
        ),
        (
            "a footer",
            embed(json!({ "footer": { "text": long(2_049) } })),
            first(json!({ "footer": { "text": at_most(2_048) } })),
        ),
        (
            "an author",
            embed(json!({ "author": { "name": long(257) } })),
            first(json!({ "author": { "name": at_most(256) } })),
        ),
        (
            "26 fields",
            embed(json!({ "fields": vec![json!({ "name": "a", "value": "b" }); 26] })),
            first(json!({ "fields": at_most(25) })),
        ),
        (
            "a field's name",
            field(json!({ "name": long(257), "value": "b" })),
            in_field(json!({ "name": at_most(256) })),
        ),
        (
            "a field's value",
            field(json!({ "name": "a", "value": long(1_025) })),
            in_field(json!({ "value": at_most(1_024) })),
        ),
        ("a field without value", field(json!({ "name": "a" })), in_field(json!({ "value": required() }))),
        (
            "all embeds together",
            json!({ "embeds": vec![json!({ "description": long(3_001) }); 2] }),
            json!({ "embeds": errors("MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000") }),
        ),
        (
            "a picture's address",
            embed(json!({ "image": { "url": "ftp://x" } })),
            first(json!({ "image": { "url":
            errors("URL_TYPE_INVALID_SCHEME", "Scheme \"ftp\" is not supported. Scheme must be one of ('http', 'https').") } })),
        ),
        (
            "two at once",
            two,
            json!({ "content": at_most(2_000), "embeds": { "0": { "title": at_most(256) } } }),
        ),
    ];
    for (what, body, tree) in table {
        is_refused(&harbor, "POST", &path, body, tree, what).await;
    }
}

#[tokio::test]
async fn a_message_is_looked_at_in_its_parts_before_the_whole_and_may_not_be_empty() {
    let harbor = Harbor::quiet().await;
    let channel = harbor.sim.channel_named(harbor.guild, "general").unwrap();
    let path = format!("/channels/{channel}/messages");
    let both = json!({ "embeds": vec![json!({ "title": long(3_001) }); 2] });
    let titles = json!({ "embeds": { "0": { "title": at_most(256) }, "1": { "title": at_most(256) } } });
    is_refused(&harbor, "POST", &path, both, titles, "parts before the whole").await;
    assert_eq!(harbor.call("POST", &path, json!({})).await, (400, 50006), "nothing to see");
    assert_eq!(harbor.call("POST", &path, json!({ "content": long(2_000) })).await, (200, 0));
}

fn rows(rows: &[Value]) -> Value {
    json!({ "content": "x", "components": rows })
}

fn row(inside: &[Value]) -> Value {
    json!({ "type": 1, "components": inside })
}

fn button(id: &str) -> Value {
    json!({ "type": 2, "style": 1, "label": "Go", "custom_id": id })
}

fn link(url: &str) -> Value {
    json!({ "type": 2, "style": 5, "label": "Go", "url": url })
}

#[tokio::test]
async fn components_say_which_of_them_is_wrong() {
    let harbor = Harbor::quiet_with(permission::SEND_MESSAGES | permission::VIEW_CHANNEL).await;
    let channel = harbor.sim.channel_named(harbor.guild, "general").unwrap();
    let path = format!("/channels/{channel}/messages");
    let in_button = |tree: Value| json!({ "components": { "0": { "components": { "0": tree } } } });
    let scheme = errors(
        "URL_TYPE_INVALID_SCHEME",
        "Scheme \"ftp\" is not supported. Scheme must be one of ('http', 'https', 'discord').",
    );
    let twice = errors("COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated");
    let six: Vec<_> = (0..6).map(|number| button(&number.to_string())).collect();
    let table = [
        (
            "six rows",
            rows(&six.iter().map(|one| row(std::slice::from_ref(one))).collect::<Vec<_>>()),
            json!({ "components": between(5) }),
        ),
        ("an empty row", rows(&[row(&[])]), json!({ "components": { "0": { "components": between(5) } } })),
        (
            "six buttons in a row",
            rows(&[row(&six)]),
            json!({ "components": { "0": { "components": between(5) } } }),
        ),
        (
            "an id too long",
            rows(&[row(&[button(&long(101))])]),
            in_button(json!({ "custom_id": between(100) })),
        ),
        ("an empty id", rows(&[row(&[button("")])]), in_button(json!({ "custom_id": between(100) }))),
        (
            "no id",
            rows(&[row(&[json!({ "type": 2, "style": 1, "label": "Go" })])]),
            in_button(json!({ "custom_id": required() })),
        ),
        (
            "the same id twice",
            rows(&[row(&[button("a"), button("a")])]),
            json!({ "components": { "0": { "components": { "1": { "custom_id": twice } } } } }),
        ),
        (
            "a label too long",
            rows(&[row(&[json!({ "type": 2, "style": 1, "label": long(81), "custom_id": "a" })])]),
            in_button(json!({ "label": at_most(80) })),
        ),
        (
            "an address too long",
            rows(&[row(&[link(&format!("https://x.example/{}", long(495)))])]),
            in_button(json!({ "url": at_most(512) })),
        ),
        (
            "an address of another kind",
            rows(&[row(&[link("ftp://x.example")])]),
            in_button(json!({ "url": scheme })),
        ),
        (
            "a link without address",
            rows(&[row(&[json!({ "type": 2, "style": 5, "label": "Go" })])]),
            in_button(json!({ "url": required() })),
        ),
    ];
    for (what, body, tree) in table {
        is_refused(&harbor, "POST", &path, body, tree, what).await;
    }
    let good = rows(&[row(&[button("a"), link("https://x.example")])]);
    assert_eq!(harbor.call("POST", &path, good).await, (200, 0));
}

#[tokio::test]
async fn commands_say_which_name_is_wrong() {
    let harbor = Harbor::quiet().await;
    let path = format!("/applications/{}/commands", harbor.application);
    let command = |name: &str| json!([{ "name": name, "description": "x" }]);
    let option = |option: Value| json!([{ "name": "a", "description": "x", "options": [option] }]);
    let in_option = |tree: Value| json!({ "0": { "options": { "0": tree } } });
    let invalid = errors("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
    let table = [
        ("capitals", command("Why"), json!({ "0": { "name": invalid } })),
        ("a space", command("why not"), json!({ "0": { "name": invalid } })),
        ("33 letters", command(&long(33)), json!({ "0": { "name": between(32) } })),
        ("no name", json!([{ "description": "x" }]), json!({ "0": { "name": required() } })),
        ("no description", json!([{ "name": "a" }]), json!({ "0": { "description": required() } })),
        (
            "a long description",
            json!([{ "name": "a", "description": long(101) }]),
            json!({ "0": { "description": at_most(100) } }),
        ),
        (
            "the second of two",
            json!([{ "name": "a", "description": "x" }, { "name": "B", "description": "x" }]),
            json!({ "1": { "name": invalid } }),
        ),
        (
            "an option's name",
            option(json!({ "name": "A", "description": "x", "type": 3 })),
            in_option(json!({ "name": invalid })),
        ),
        (
            "an option's description",
            option(json!({ "name": "a", "description": long(101), "type": 3 })),
            in_option(json!({ "description": between(100) })),
        ),
    ];
    for (what, body, tree) in table {
        is_refused(&harbor, "PUT", &path, body, tree, what).await;
    }
    assert!(harbor.sim.commands(harbor.application).is_empty(), "nothing of a refused list is kept");
    for name in ["why", "pour-quoi_2", "為什麼", "ça"] {
        assert_eq!(harbor.call("PUT", &path, command(name)).await, (200, 0), "{name}");
    }
}

#[tokio::test]
async fn answers_to_interactions_name_their_fields_below_data() {
    let harbor = Harbor::quiet().await;
    let commands = format!("/applications/{}/commands", harbor.application);
    harbor.call("PUT", &commands, json!([{ "name": "why", "description": "Why?" }])).await;
    let why = Interaction::Command { name: "why".into(), options: Value::Null };
    let asks = harbor.sim.interact(harbor.mira, harbor.guild, why);
    let answers = async {
        let (id, token) = harbor.sim.eventually(2_000, DiscordSim::last_interaction).await.unwrap();
        let path = format!("/interactions/{id}/{token}/callback");
        let text = json!({ "type": 4, "data": { "content": long(2_001) } });
        is_refused(&harbor, "POST", &path, text, json!({ "data": { "content": at_most(2_000) } }), "content")
            .await;
        let modal = json!({ "type": 9, "data": { "title": long(46), "custom_id": "m", "components": [] } });
        let tree = json!({ "data": { "title": between(45), "components": between(5) } });
        is_refused(&harbor, "POST", &path, modal, tree, "a form").await;
        let good = json!({ "type": 4, "data": { "content": "because" } });
        assert_eq!(harbor.call("POST", &path, good.clone()).await.0, 204);
        assert_eq!(harbor.call("POST", &path, good).await, (400, 40060), "it was answered");
    };
    let (reply, ()) = tokio::join!(asks, answers);
    assert_eq!(reply.text(), "because");
}
