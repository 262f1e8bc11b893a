//! Commands, and the answers to them.

use serde_json::{Value, json};
use sim::discord::{DiscordSim, Interaction, Reply};

use crate::ear::Ear;
use crate::harbor::Harbor;

#[tokio::test]
async fn an_application_that_does_not_answer_is_said_not_to_respond() {
    let harbor = Harbor::quiet().await;
    let commands = format!("/applications/{}/commands", harbor.application);
    let command = json!([{ "name": "why", "description": "Why?", "default_member_permissions": "0" }]);
    assert_eq!(harbor.call("PUT", &commands, command).await.0, 200);
    let why = || Interaction::Command { name: "why".into(), options: Value::Null };
    let hidden = harbor.sim.interact(harbor.mira, harbor.guild, why()).await;
    assert_eq!(hidden.problem.as_deref(), Some("You do not see the command /why."));
    let asks = harbor.sim.interact(harbor.owner, harbor.guild, why());
    let late = async {
        let (id, token) = harbor.sim.eventually(2_000, DiscordSim::last_interaction).await.unwrap();
        harbor.clock.advance_ms(3_001);
        let answer = json!({ "type": 4, "data": { "content": "late" } });
        harbor.call("POST", &format!("/interactions/{id}/{token}/callback"), answer).await
    };
    let (reply, late) = tokio::join!(asks, late);
    assert_eq!(reply.problem.as_deref(), Some("The application did not respond"));
    assert_eq!(late, (404, 10062));
}

/// The command `/why`, asked by Mira, and the address to answer it at.
async fn asked(harbor: &Harbor, what: Interaction) -> (tokio::task::JoinHandle<Reply>, String, String) {
    let commands = format!("/applications/{}/commands", harbor.application);
    let option = json!({ "type": 3, "name": "about", "description": "What", "autocomplete": true });
    let command = json!([{ "name": "why", "description": "Why?", "options": [option] }]);
    assert_eq!(harbor.call("PUT", &commands, command).await.0, 200);
    let before = harbor.sim.last_interaction();
    let (sim, mira, guild) = (harbor.sim.clone(), harbor.mira, harbor.guild);
    let reply = tokio::spawn(async move { sim.interact(mira, guild, what).await });
    let newer = |sim: &DiscordSim| sim.last_interaction().filter(|found| Some(found) != before.as_ref());
    let (id, token) = harbor.sim.eventually(3_000, newer).await.unwrap();
    let webhook = format!("/webhooks/{}/{token}", harbor.application);
    (reply, format!("/interactions/{id}/{token}/callback"), webhook)
}

fn why() -> Interaction {
    Interaction::Command { name: "why".into(), options: Value::Null }
}

#[tokio::test]
async fn an_answer_may_be_put_off_written_and_followed() {
    let harbor = Harbor::quiet().await;
    let (reply, callback, webhook) = asked(&harbor, why()).await;
    let original = format!("{webhook}/messages/@original");
    assert_eq!(
        harbor.call("POST", &webhook, json!({ "content": "early" })).await,
        (404, 10015),
        "before any answer"
    );
    let put_off = json!({ "type": 5, "data": { "flags": 64 } });
    assert_eq!(harbor.call("POST", &callback, put_off.clone()).await.0, 204);
    assert_eq!(harbor.call("POST", &callback, put_off).await, (400, 40060), "it was answered");
    let written = harbor.body("PATCH", &original, json!({ "content": "because" })).await;
    assert_eq!((&written["content"], &written["flags"]), (&json!("because"), &json!(64)));
    let reply = reply.await.unwrap();
    let seen = reply.message.as_ref().unwrap();
    assert_eq!((reply.deferred, seen.ephemeral, seen.content.as_str()), (true, true, "because"));
    let more = harbor.body("POST", &webhook, json!({ "content": "and", "flags": 64 })).await;
    let shown = reply.interaction.unwrap();
    let one = format!("{webhook}/messages/{}", more["id"].as_str().unwrap());
    assert_eq!(harbor.call("PATCH", &one, json!({ "content": "and so" })).await, (200, 0));
    assert_eq!(harbor.sim.reply(shown).unwrap().follow_ups[0].content, "and so");
    assert_eq!(harbor.call("DELETE", &one, Value::Null).await.0, 204);
    assert_eq!(harbor.call("GET", &one, Value::Null).await, (404, 10008));
    assert_eq!(harbor.call("GET", &original, Value::Null).await, (200, 0));
    harbor.clock.advance_ms(900_000);
    let late = harbor.call("PATCH", &original, json!({ "content": "late" })).await;
    assert_eq!(late, (401, 50027), "the token is good for a quarter of an hour");
}

#[tokio::test]
async fn an_answer_to_a_wrong_token_or_interaction_finds_nothing() {
    let harbor = Harbor::quiet().await;
    let (reply, callback, webhook) = asked(&harbor, why()).await;
    let answer = json!({ "type": 4, "data": { "content": "x" } });
    let other = callback.replace("/callback", "x/callback");
    assert_eq!(harbor.call("POST", &other, answer.clone()).await, (404, 10062));
    assert_eq!(
        harbor.call("GET", &format!("{webhook}x/messages/@original"), Value::Null).await,
        (401, 50027)
    );
    assert_eq!(harbor.call("POST", &callback, json!({ "type": 77 })).await, (400, 50035));
    assert_eq!(harbor.call("POST", &callback, answer).await.0, 204);
    assert_eq!(reply.await.unwrap().text(), "x");
}

#[tokio::test]
async fn suggestions_and_forms_reach_the_person_who_asked() {
    let harbor = Harbor::quiet().await;
    let typing = Interaction::Autocomplete {
        name: "why".into(),
        options: json!({ "about": "r" }),
        focused: "about".into(),
    };
    let (reply, callback, _) = asked(&harbor, typing).await;
    let many = json!({ "type": 8, "data": { "choices": vec![json!({ "name": "a", "value": "a" }); 26] } });
    assert_eq!(harbor.call("POST", &callback, many).await, (400, 50035), "at most 25");
    let choices = json!([{ "name": "roles", "value": "roles" }]);
    assert_eq!(
        harbor.call("POST", &callback, json!({ "type": 8, "data": { "choices": choices } })).await.0,
        204
    );
    assert_eq!(json!(reply.await.unwrap().choices), choices);

    let (reply, callback, _) = asked(&harbor, why()).await;
    let input = json!({ "type": 4, "custom_id": "reason", "label": "Why", "style": 1 });
    let form =
        json!({ "title": "Why?", "custom_id": "form", "components": [{ "type": 1, "components": [input] }] });
    assert_eq!(harbor.call("POST", &callback, json!({ "type": 9, "data": form })).await.0, 204);
    assert_eq!(reply.await.unwrap().modal.unwrap()["title"], "Why?");
    let fields = vec![("reason".into(), "so".into())];
    let (reply, callback, _) =
        asked(&harbor, Interaction::Modal { custom_id: "form".into(), fields, message: None }).await;
    assert_eq!(
        harbor.call("POST", &callback, json!({ "type": 4, "data": { "content": "thanks" } })).await.0,
        204
    );
    assert_eq!(reply.await.unwrap().text(), "thanks");
}

#[tokio::test]
async fn a_form_with_labels_comes_back_in_labels_and_takes_what_its_input_takes() {
    let harbor = Harbor::quiet().await;
    let form = |label: &str, style: u64| {
        let input =
            json!({ "type": 4, "custom_id": "count", "style": style, "min_length": 1, "max_length": 3 });
        let label = json!({ "type": 18, "label": label, "description": "As shown", "component": input });
        json!({ "type": 9, "data": { "title": "Sure?", "custom_id": "form", "components": [label] } })
    };
    let (reply, callback, _) = asked(&harbor, why()).await;
    for (label, style) in [("x".repeat(46), 1), ("How many?".into(), 3), (String::new(), 1)] {
        assert_eq!(
            harbor.call("POST", &callback, form(&label, style)).await,
            (400, 50035),
            "{label} {style}"
        );
    }
    assert_eq!(harbor.call("POST", &callback, form("How many?", 1)).await.0, 204);
    assert_eq!(reply.await.unwrap().modal.unwrap()["components"][0]["type"], 18);
    let types = |name: &str, text: &str| Interaction::Modal {
        custom_id: "form".into(),
        fields: vec![(name.into(), text.into())],
        message: None,
    };
    for (name, text, problem) in [
        ("count", "", "That is too short."),
        ("count", "1234", "That is too long."),
        ("other", "12", "There is no input other."),
    ] {
        let reply = harbor.sim.interact(harbor.mira, harbor.guild, types(name, text)).await;
        assert_eq!(reply.problem.as_deref(), Some(problem));
    }
    let (mut ear, _) = Ear::arrives(&harbor, 0).await;
    let (reply, callback, _) = asked(&harbor, types("count", "12")).await;
    let told = ear.event("INTERACTION_CREATE").await;
    let input = json!({ "type": 4, "id": 2, "custom_id": "count", "value": "12" });
    let frames = json!([{ "type": 18, "id": 1, "component": input }]);
    assert_eq!((&told["d"]["type"], &told["d"]["data"]["components"]), (&json!(5), &frames));
    assert_eq!(
        harbor.call("POST", &callback, json!({ "type": 4, "data": { "content": "so" } })).await.0,
        204
    );
    assert_eq!(reply.await.unwrap().text(), "so");
}

#[tokio::test]
async fn a_button_changes_the_message_it_belongs_to() {
    let harbor = Harbor::quiet().await;
    let (reply, callback, _) = asked(&harbor, why()).await;
    let button = json!({ "type": 2, "style": 1, "label": "More", "custom_id": "more" });
    let rows = json!([{ "type": 1, "components": [button] }]);
    let answer = json!({ "type": 4, "data": { "content": "less", "components": rows } });
    assert_eq!(harbor.call("POST", &callback, answer).await.0, 204);
    let message = reply.await.unwrap().message.unwrap().id;
    let press = Interaction::Button { message, custom_id: "more".into() };
    let (reply, callback, _) = asked(&harbor, press).await;
    let update = json!({ "type": 7, "data": { "content": "more", "components": [] } });
    assert_eq!(harbor.call("POST", &callback, update).await.0, 204);
    let seen = reply.await.unwrap().message.unwrap();
    assert_eq!((seen.id, seen.content.as_str(), seen.components.len()), (message, "more", 0));
    let gone = Interaction::Button { message, custom_id: "more".into() };
    let again = harbor.sim.interact(harbor.mira, harbor.guild, gone).await;
    assert_eq!(again.problem.as_deref(), Some("There is no more to press."));
}

#[tokio::test]
async fn who_takes_no_direct_messages_gets_none() {
    let harbor = Harbor::quiet().await;
    let opened =
        harbor.body("POST", "/users/@me/channels", json!({ "recipient_id": harbor.mira.to_string() })).await;
    let path = format!("/channels/{}/messages", opened["id"].as_str().unwrap());
    assert_eq!(harbor.call("POST", &path, json!({ "content": "hello" })).await, (200, 0));
    harbor.sim.close_dms(harbor.mira, true);
    assert_eq!(harbor.call("POST", &path, json!({ "content": "hello?" })).await, (403, 50007));
    assert_eq!(harbor.sim.dms(harbor.mira).len(), 1);
}
