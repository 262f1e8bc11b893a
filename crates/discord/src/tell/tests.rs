//! Which channels take a notice, what the owner is told of the others, and that nothing is tried twice.

use std::sync::Arc;

use domain::ids::RoleId;
use serde_json::{Value, json};
use service::ports::{Guilds as _, Offer, Offered};

use super::*;
use crate::tests::{JumpingClock, Peer, answer, refreshed, settings};

const GUILD: GuildId = GuildId(10);
const STAFF: ChannelId = ChannelId(30);

fn ok(body: &str) -> String {
    answer("200 OK", &[], body)
}

fn refusal(status: &str, code: u64) -> String {
    answer(status, &[], &format!(r#"{{"message":"no","code":{code}}}"#))
}

/// A guild whose everyone and whose bot's own role may this, with these channels.
async fn guild(everyone: u64, own: u64, channels: &Value, then: &[String]) -> (Peer, Discord) {
    let server = json!({"id": "10", "name": "Harbor", "owner_id": "1", "roles": [
        {"id": "10", "name": "@everyone", "permissions": everyone.to_string()},
        {"id": "21", "name": "hall", "position": 2, "managed": true, "permissions": own.to_string()}]});
    let bot = json!({"id": "5", "username": "hall", "bot": true});
    let member = json!({"user": bot, "roles": ["21"]});
    let first = [&bot, &server, &member, channels, &json!([])].map(|body| ok(&body.to_string()));
    refreshed(&first, then).await
}

fn staff(kind: u64, overwrites: &Value) -> Value {
    json!([{"id": "30", "type": kind, "name": "staff", "permission_overwrites": overwrites}])
}

fn body(request: &str) -> Value {
    serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap()
}

const SEE: u64 = 1 << 10;
const WRITE: u64 = 1 << 11;

#[tokio::test]
async fn an_owner_is_told_what_keeps_the_hall_from_writing_in_a_channel() {
    let denied = |id: &str, deny: u64| json!({"id": id, "type": 0, "allow": "0", "deny": deny.to_string()});
    let allowed =
        |id: &str, allow: u64| json!({"id": id, "type": 0, "allow": allow.to_string(), "deny": "0"});
    for (everyone, own, kind, overwrites, says) in [
        (SEE | WRITE, 0, 0, json!([]), None),
        (0, SEE | WRITE, 5, json!([]), None),
        (0, 1 << 3, 0, json!([denied("10", SEE), denied("21", SEE), denied("5", SEE)]), None),
        (0, 0, 0, json!([]), Some("may not see the channel staff in Harbor")),
        (SEE, 0, 0, json!([]), Some("may not write in the channel staff in Harbor")),
        (SEE | WRITE, 0, 0, json!([denied("10", SEE)]), Some("may not see")),
        (SEE | WRITE, 0, 0, json!([denied("10", SEE), allowed("21", SEE)]), None),
        (SEE | WRITE, 0, 0, json!([denied("10", SEE), allowed("5", SEE)]), None),
        (SEE | WRITE, 0, 0, json!([allowed("21", WRITE), denied("5", WRITE)]), Some("may not write")),
        (SEE | WRITE, 0, 0, json!([allowed("99", WRITE), denied("99", SEE)]), None),
        (SEE | WRITE, 0, 15, json!([]), Some("it is no text channel")),
        (SEE | WRITE, 0, 4, json!([]), Some("it is no text channel")),
    ] {
        let (_peer, discord) = guild(everyone, own, &staff(kind, &overwrites), &[]).await;
        let said = discord.cannot_post(GUILD, STAFF);
        let expected = said.as_deref().is_some_and(|said| says.is_some_and(|says| said.contains(says)));
        assert!(expected || said.is_none() && says.is_none(), "{everyone} {own} {overwrites}: {said:?}");
        let elsewhere = discord.cannot_post(GUILD, ChannelId(31)).unwrap();
        assert!(elsewhere.starts_with("There is no channel 31 in Harbor"), "{elsewhere}");
    }
}

#[tokio::test]
async fn a_channel_that_is_closed_is_not_tried() {
    let (peer, discord) = guild(0, 0, &staff(0, &json!([])), &[]).await;
    assert_eq!(discord.post(GUILD, STAFF, &Notice::words("hello")).await, Ok(Told::Closed));
    assert_eq!(peer.asked().len(), 5);
}

#[tokio::test]
async fn a_notice_is_posted_and_notifies_nobody() {
    let (peer, discord) = guild(SEE | WRITE, 0, &staff(0, &json!([])), &[ok(r#"{"id":"1"}"#)]).await;
    assert_eq!(discord.post(GUILD, STAFF, &Notice::words("hello everyone")).await, Ok(Told::Delivered));
    let asked = peer.asked().pop().unwrap();
    assert!(asked.starts_with("POST /api/v10/channels/30/messages "), "{asked}");
    let body = body(&asked);
    assert_eq!(
        (&body["content"], &body["allowed_mentions"]),
        (&json!("hello everyone"), &json!({"parse": []}))
    );
}

#[tokio::test]
async fn what_discord_refused_is_said_and_not_tried_again_until_the_server_is_seen_anew() {
    let refused = [refusal("403 Forbidden", 50_013)];
    let (peer, discord) = guild(SEE | WRITE, 0, &staff(0, &json!([])), &refused).await;
    for _ in 0..3 {
        assert_eq!(discord.post(GUILD, STAFF, &Notice::words("hello")).await, Ok(Told::Closed));
    }
    assert_eq!(peer.asked().len(), 6);
    let said = discord.cannot_post(GUILD, STAFF).unwrap();
    assert!(said.starts_with("Discord did not let the hall write in the channel 30 in Harbor."), "{said}");
    let channels = serde_json::from_value(staff(0, &json!([])));
    discord.inner.world.put_channels(GUILD, &channels.unwrap_or_else(|_| Vec::new()));
    assert_eq!(discord.cannot_post(GUILD, STAFF), None);
}

#[tokio::test]
async fn a_server_that_was_not_seen_is_asked_for_its_channels_once() {
    let peer = Peer::saying(&[ok("[]"), refusal("404 Not Found", 10_003)]).await;
    let discord =
        Discord::new(settings(&peer.address), Arc::new(JumpingClock::default()), service::Metrics::default())
            .unwrap();
    assert_eq!(discord.cannot_post(GUILD, STAFF), None, "nothing is known");
    assert_eq!(discord.post(GUILD, STAFF, &Notice::words("hello")).await, Ok(Told::Closed));
}

#[tokio::test]
async fn a_direct_message_mentions_nobody_and_has_no_buttons() {
    let peer = Peer::saying(&[ok(r#"{"id":"99"}"#), ok("{}")]).await;
    let discord =
        Discord::new(settings(&peer.address), Arc::new(JumpingClock::default()), service::Metrics::default())
            .unwrap();
    let offers = vec![Offer { label: "Show the plan".to_owned(), does: Offered::Show { plan: 3 } }];
    let notice = Notice { text: "@everyone hello".to_owned(), offers };
    assert_eq!(discord.tell(UserId(7), &notice).await, Ok(Told::Delivered));
    let asked = peer.asked();
    assert!(asked[0].ends_with(r#"{"recipient_id":"7"}"#));
    assert!(asked[1].starts_with("POST /api/v10/channels/99/messages "));
    let body = body(&asked[1]);
    assert_eq!((&body["allowed_mentions"], &body["components"]), (&json!({"parse": []}), &json!([])));
}

#[tokio::test]
async fn whoever_takes_no_direct_messages_is_no_failure() {
    let peer = Peer::saying(&[ok(r#"{"id":"9"}"#), refusal("403 Forbidden", 50_007)]).await;
    let discord =
        Discord::new(settings(&peer.address), Arc::new(JumpingClock::default()), service::Metrics::default())
            .unwrap();
    assert_eq!(discord.tell(UserId(7), &Notice::words("hello")).await, Ok(Told::Closed));
}

#[tokio::test]
async fn what_a_notice_offers_are_buttons_that_work_for_a_month() {
    let offers = [
        ("Confirm", Offered::Confirm { user: UserId(7), role: RoleId(22) }),
        ("Show the plan", Offered::Show { plan: 3 }),
        ("End", Offered::End { user: UserId(7), role: RoleId(22) }),
        ("End too", Offered::End { user: UserId(8), role: RoleId(22) }),
        ("one too many", Offered::Show { plan: 4 }),
    ];
    let offers = offers.map(|(label, does)| Offer { label: label.to_owned(), does });
    let (peer, discord) = guild(SEE | WRITE, 0, &staff(0, &json!([])), &[ok("{}")]).await;
    let notice = Notice { text: "A plan waits.".to_owned(), offers: offers.into() };
    assert_eq!(discord.post(GUILD, STAFF, &notice).await, Ok(Told::Delivered));
    let asked = peer.asked().pop().unwrap();
    let body = body(&asked);
    let buttons = body["components"][0]["components"].as_array().unwrap();
    let shown: Vec<_> = buttons.iter().map(|one| (&one["label"], &one["custom_id"])).collect();
    let month = 30 * 86_400_000_i64;
    let expected = [
        ("Confirm", format!("confirm:7:22:{month}")),
        ("Show the plan", "plan:3:1".to_owned()),
        ("End", format!("end-override:7:22:{month}")),
        ("End too", format!("end-override:8:22:{month}")),
    ];
    let expected = expected.map(|(label, id)| (json!(label), json!(id)));
    assert_eq!(shown, expected.iter().map(|(label, id)| (label, id)).collect::<Vec<_>>());
}
