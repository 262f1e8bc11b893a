//! What libraries take for granted about messages and members, beyond what the documents spell out.

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use sim::discord::{Fault, FaultRule, Interaction, permission};

use crate::ear::Ear;
use crate::harbor::Harbor;

#[tokio::test]
async fn everything_from_discord_itself_came_through_its_front() {
    let harbor = Harbor::quiet().await;
    for (fault, via) in [
        (None, true),
        (Some(Fault::Limited { scope: "user", retry_after_ms: 1_000 }), true),
        (Some(Fault::Status(403)), true),
        (Some(Fault::Html(502)), false),
    ] {
        let said = format!("{fault:?}");
        if let Some(fault) = fault {
            harbor.sim.fault(FaultRule::next("GET", "/guilds/{guild}", fault));
        }
        let answer = harbor.send("GET", &harbor.at(""), Value::Null).await;
        assert_eq!(answer.headers().contains_key("via"), via, "{said}");
    }
}

#[tokio::test]
async fn everybody_may_stand_in_a_list_of_roles_but_not_be_given_alone() {
    let harbor = Harbor::quiet().await;
    let member = harbor.member(harbor.mira);
    let roles = json!({ "roles": [harbor.below, harbor.guild] });
    assert_eq!(harbor.body("PATCH", &member, roles).await["roles"], json!([harbor.below]));
    let alone = format!("{member}/roles/{}", harbor.guild);
    assert_eq!(harbor.call("PUT", &alone, Value::Null).await, (400, 50_028));
}

#[tokio::test]
async fn a_reply_shows_what_it_answers() {
    let harbor = Harbor::quiet().await;
    let channel = harbor.sim.channel_named(harbor.guild, "general").unwrap();
    let path = format!("/channels/{channel}/messages");
    let first = harbor.body("POST", &path, json!({ "content": "Who is there?" })).await;
    let reply = json!({ "content": "Mira", "message_reference": { "message_id": first["id"] } });
    let reply = harbor.body("POST", &path, reply).await;
    assert_eq!(
        (&reply["type"], &reply["referenced_message"]["content"]),
        (&json!(19), &json!("Who is there?"))
    );
    let named =
        json!({ "type": 0, "channel_id": channel, "message_id": first["id"], "guild_id": harbor.guild });
    assert_eq!(reply["message_reference"], named);
    let gone = |exists: bool| {
        let named = json!({ "message_id": "1", "fail_if_not_exists": exists });
        json!({ "content": "Nobody", "message_reference": named })
    };
    assert_eq!(harbor.call("POST", &path, gone(true)).await, (400, 50_035));
    assert_eq!(harbor.body("POST", &path, gone(false)).await["type"], 0);
}

#[tokio::test]
async fn a_file_alone_is_a_message_and_is_described() {
    let harbor = Harbor::quiet().await;
    let channel = harbor.sim.channel_named(harbor.guild, "general").unwrap();
    let described =
        json!({ "attachments": [{ "id": 0, "filename": "plan.txt", "description": "The plan" }] });
    let file = Part::bytes(vec![b'x'; 3_000_000]).file_name("ignored.txt").mime_str("text/plain").unwrap();
    let form = Form::new().text("payload_json", described.to_string()).part("files[0]", file);
    let address = format!("{}/channels/{channel}/messages", harbor.sim.api_url());
    let request = harbor.http.post(address).header("authorization", format!("Bot {}", harbor.token()));
    let request = request.header("user-agent", "DiscordBot (https://guildhall.invalid, 1)");
    let message: Value = request.multipart(form).send().await.unwrap().json().await.unwrap();
    let shown = &message["attachments"][0];
    assert_eq!((&shown["filename"], &shown["description"]), (&json!("plan.txt"), &json!("The plan")));
    assert_eq!((&shown["size"], &shown["content_type"]), (&json!(3_000_000), &json!("text/plain")));
    assert!(shown["url"].as_str().is_some_and(|url| url.ends_with("/plan.txt")), "{shown}");
}

#[tokio::test]
async fn a_channel_that_is_named_comes_with_what_the_asker_may_do_there() {
    let harbor = Harbor::quiet().await;
    let channel = harbor.sim.channel_named(harbor.guild, "general").unwrap();
    let commands = format!("/applications/{}/commands", harbor.application);
    let option = json!({ "type": 7, "name": "where", "description": "Where?", "required": true });
    let command = json!([{ "name": "go", "description": "Go.", "options": [option] }]);
    assert_eq!(harbor.call("PUT", &commands, command).await.0, 200);
    let (mut ear, _) = crate::ear::Ear::arrives(&harbor, 0).await;
    let go = Interaction::Command { name: "go".into(), options: json!({ "where": channel }) };
    let heard = async {
        let heard = ear.event("INTERACTION_CREATE").await;
        harbor.clock.advance_ms(3_001);
        heard
    };
    let (_, asked) = tokio::join!(harbor.sim.interact(harbor.mira, harbor.guild, go), heard);
    let shown = &asked["d"]["data"]["resolved"]["channels"][channel.to_string()];
    assert!(shown["permissions"].as_str().is_some_and(|held| held.parse::<u64>().unwrap() > 0), "{asked}");
}

#[tokio::test]
async fn a_channel_that_is_deleted_takes_no_message_and_is_told_of() {
    let harbor = Harbor::quiet().await;
    let (mut ear, _) = Ear::arrives(&harbor, 1).await;
    let staff = harbor.sim.create_channel(harbor.guild, "staff");
    let messages = format!("/channels/{staff}/messages");
    assert_eq!(ear.event("CHANNEL_CREATE").await["d"]["name"], "staff");
    harbor.sim.overwrite(staff, harbor.guild, 0, permission::SEND_MESSAGES);
    assert_eq!(ear.event("CHANNEL_UPDATE").await["d"]["permission_overwrites"][0]["deny"], "2048");
    assert_eq!(harbor.call("POST", &messages, json!({ "content": "hello" })).await, (403, 50013));
    harbor.sim.delete_channel(staff).unwrap();
    assert_eq!(ear.event("CHANNEL_DELETE").await["d"]["id"], staff.to_string());
    assert_eq!(harbor.call("POST", &messages, json!({ "content": "hello" })).await, (404, 10003));
}
