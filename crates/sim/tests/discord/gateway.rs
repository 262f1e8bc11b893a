//! Sessions, their ends, and the gateway's moods.

use serde_json::{Value, json};

use crate::ear::Ear;
use crate::harbor::Harbor;

#[tokio::test]
async fn a_session_is_resumed_with_everything_that_was_missed() {
    let harbor = Harbor::quiet().await;
    let token = harbor.sim.bot_token(harbor.application).unwrap();
    let mut ear = Ear::dial(&harbor.sim).await;
    ear.say(2, json!({ "token": token, "intents": 3, "properties": {} })).await;
    let ready = ear.event("READY").await;
    let created = ear.event("GUILD_CREATE").await;
    assert_eq!(created["d"]["member_count"], 3);
    assert_eq!(created["d"]["members"].as_array().unwrap().len(), 1, "no presences, no members");
    drop(ear);
    harbor.sim.give_role_by_hand(harbor.owner, harbor.guild, harbor.mira, harbor.above).unwrap();
    let mut ear = Ear::dial(&harbor.sim).await;
    let resume = json!({ "token": token, "session_id": ready["d"]["session_id"], "seq": created["s"] });
    ear.say(6, resume.clone()).await;
    let update = ear.event("GUILD_MEMBER_UPDATE").await;
    assert_eq!(update["d"]["roles"], json!([harbor.above]));
    ear.event("RESUMED").await;
    drop(ear);
    let gone = harbor
        .sim
        .eventually(5_000, |sim| sim.deliveries().iter().all(|one| !one.connected).then_some(()))
        .await;
    assert!(gone.is_some());
    harbor.clock.advance_ms(3_600_000);
    let mut ear = Ear::dial(&harbor.sim).await;
    ear.say(6, resume).await;
    assert_eq!(ear.next().await["op"], 9, "an hour later the session is invalid");
}

#[tokio::test]
async fn the_gateway_refuses_with_the_code_that_says_why() {
    let harbor = Harbor::quiet().await;
    let token = harbor.sim.bot_token(harbor.application).unwrap();
    harbor.sim.set_intents(harbor.application, false, false, false).unwrap();
    let table = [
        (2, json!({ "token": "wrong", "intents": 1, "properties": {} }), 4004),
        (2, json!({ "token": token, "intents": 1_u64 << 40, "properties": {} }), 4013),
        (2, json!({ "token": token, "intents": 2, "properties": {} }), 4014),
        (2, json!({ "token": token, "intents": 1, "shard": [3, 2], "properties": {} }), 4010),
        (8, json!({ "guild_id": "1" }), 4003),
        (77, Value::Null, 4001),
    ];
    for (op, data, code) in table {
        let mut ear = Ear::dial(&harbor.sim).await;
        ear.say(op, data).await;
        assert_eq!(ear.code().await, code);
    }
}

#[tokio::test]
async fn op_7_and_op_9_tell_whether_to_resume() {
    for (resumable, op) in [(None, 7), (Some(true), 9), (Some(false), 9)] {
        let harbor = Harbor::quiet().await;
        let (mut ear, ready) = Ear::arrives(&harbor, 3).await;
        let created = ear.event("GUILD_CREATE").await;
        match resumable {
            None => harbor.sim.reconnect_gateway(),
            Some(resumable) => harbor.sim.invalidate_sessions(resumable),
        }
        let told = ear.next().await;
        assert_eq!((&told["op"], &told["d"]), (&json!(op), &json!(resumable)));
        drop(ear);
        let mut ear = Ear::dial(&harbor.sim).await;
        let (session, seq) = (&ready["d"]["session_id"], &created["s"]);
        ear.say(6, json!({ "token": harbor.token(), "session_id": session, "seq": seq })).await;
        let answer = ear.next().await;
        let resumed = (answer["t"] == "RESUMED", answer["op"] == 9);
        assert_eq!(resumed, (resumable != Some(false), resumable == Some(false)), "{answer}");
    }
}

#[tokio::test]
async fn a_second_identify_within_five_seconds_is_an_invalid_session() {
    let harbor = Harbor::open(sim::discord::LimitSettings::default()).await;
    let (_first, _) = Ear::arrives(&harbor, 1).await;
    let mut second = Ear::dial(&harbor.sim).await;
    let identify = json!({ "token": harbor.token(), "intents": 1, "properties": {} });
    second.say(2, identify.clone()).await;
    assert_eq!(second.next().await["op"], 9);
    harbor.clock.advance_ms(5_001);
    second.say(2, identify).await;
    second.event("READY").await;
    assert_eq!(harbor.sim.identifies(harbor.application), 2);
    let limit = harbor.body("GET", "/gateway/bot", Value::Null).await["session_start_limit"].take();
    assert_eq!(
        (&limit["total"], &limit["remaining"], &limit["max_concurrency"]),
        (&json!(1000), &json!(998), &json!(1))
    );
}

#[tokio::test]
async fn one_identify_too_many_ends_the_token() {
    let harbor = Harbor::quiet().await;
    harbor.sim.leave_identifies(harbor.application, 0);
    let mut ear = Ear::dial(&harbor.sim).await;
    ear.say(2, json!({ "token": harbor.token(), "intents": 1, "properties": {} })).await;
    assert_eq!(ear.code().await, 4004);
    assert_eq!(harbor.sim.bot_token(harbor.application), None);
}

#[tokio::test]
async fn a_client_that_sends_too_much_or_nonsense_is_closed_with_the_code_for_it() {
    let harbor = Harbor::open(sim::discord::LimitSettings::default()).await;
    let (mut ear, _) = Ear::arrives(&harbor, 1).await;
    for _ in 0..120 {
        ear.say(3, json!({ "since": null, "activities": [], "status": "online", "afk": false })).await;
    }
    assert_eq!(ear.closed().await, 4008);
    for (what, frame, code) in [
        ("no JSON", "hello".to_owned(), 4002),
        ("a frame too large", json!({ "op": 1, "d": "x".repeat(4_096) }).to_string(), 4002),
        ("no op", "{}".to_owned(), 4001),
    ] {
        let mut ear = Ear::dial(&harbor.sim).await;
        ear.send(frame).await;
        assert_eq!(ear.closed().await, code, "{what}");
    }
}

#[tokio::test]
async fn who_identifies_twice_is_closed() {
    let harbor = Harbor::quiet().await;
    let (mut ear, _) = Ear::arrives(&harbor, 1).await;
    ear.say(2, json!({ "token": harbor.token(), "intents": 1, "properties": {} })).await;
    assert_eq!(ear.closed().await, 4005);
}

#[tokio::test]
async fn who_sends_no_heartbeat_is_closed_and_who_sends_one_is_answered() {
    let harbor = Harbor::quiet().await;
    harbor.sim.set_heartbeat_ms(100);
    let mut ear = Ear::dial(&harbor.sim).await;
    ear.say(1, Value::Null).await;
    assert_eq!(ear.next().await["op"], 11);
    assert_eq!(ear.closed().await, 4009);
}

#[tokio::test]
async fn a_bot_hears_what_its_intents_name() {
    let harbor = Harbor::quiet().await;
    let (guilds, members, moderation) = (1, 1 << 1, 1 << 2);
    let heard = async |intents: u64| {
        let (mut ear, _) = Ear::arrives(&harbor, intents).await;
        if intents & guilds != 0 {
            ear.event("GUILD_CREATE").await;
        }
        harbor.sim.give_role_by_hand(harbor.owner, harbor.guild, harbor.mira, harbor.below).unwrap();
        harbor.sim.take_role_by_hand(harbor.owner, harbor.guild, harbor.mira, harbor.below).unwrap();
        harbor.sim.rename_role(harbor.owner, harbor.guild, harbor.below, "Lower").unwrap();
        harbor.sim.rename_role(harbor.owner, harbor.guild, harbor.below, "Below").unwrap();
        ear.say(1, Value::Null).await;
        let mut names = std::collections::BTreeSet::new();
        loop {
            let frame = ear.next().await;
            match frame["t"].as_str() {
                Some(name) => drop(names.insert(name.to_owned())),
                None => return names.into_iter().collect::<Vec<_>>(),
            }
        }
    };
    assert_eq!(heard(guilds).await, ["GUILD_ROLE_UPDATE"]);
    assert_eq!(heard(members).await, ["GUILD_MEMBER_UPDATE"]);
    assert_eq!(heard(moderation).await, ["GUILD_AUDIT_LOG_ENTRY_CREATE"]);
    let all = ["GUILD_AUDIT_LOG_ENTRY_CREATE", "GUILD_MEMBER_UPDATE", "GUILD_ROLE_UPDATE"];
    assert_eq!(heard(guilds | members | moderation).await, all);
}

#[tokio::test]
async fn events_can_be_told_twice_and_out_of_order() {
    let harbor = Harbor::quiet().await;
    let (mut ear, _) = Ear::arrives(&harbor, 1).await;
    ear.event("GUILD_CREATE").await;
    let rename = |name| harbor.sim.rename_role(harbor.owner, harbor.guild, harbor.below, name).unwrap();
    let mut told = async || {
        let event = ear.event("GUILD_ROLE_UPDATE").await;
        (event["s"].as_u64().unwrap(), event["d"]["role"]["name"].as_str().unwrap().to_owned())
    };
    harbor.sim.repeat_events(1);
    rename("One");
    let first = told().await;
    assert_eq!(told().await, first, "the very same frame");
    // Each act is an event and a row of the audit log, which is an event as well.
    harbor.sim.reverse_events(4);
    rename("Two");
    rename("Three");
    let (second, third) = (told().await, told().await);
    assert_eq!((second.1.as_str(), third.1.as_str()), ("Three", "Two"));
    assert!(first.0 < second.0 && second.0 < third.0, "sequence numbers rise all the same");
}

#[tokio::test]
async fn clients_in_other_languages_reach_the_moods_by_http() {
    let harbor = Harbor::quiet().await;
    let told = async |path: &str, body: Value| {
        let address = format!("{}/_sim/{path}", harbor.sim.url());
        harbor.http.post(address).json(&body).send().await.unwrap().status().as_u16()
    };
    for (act, code) in [
        (json!({ "act": "close", "code": 4_008 }), Some(4_008)),
        (json!({ "act": "close" }), Some(4_000)),
        (json!({ "act": "invalidate", "resumable": true }), None),
    ] {
        let (mut ear, _) = Ear::arrives(&harbor, 1).await;
        assert_eq!(told("gateway", act.clone()).await, 200, "{act}");
        match code {
            Some(code) => assert_eq!(ear.closed().await, code, "{act}"),
            None => while ear.next().await["op"] != 9 {},
        }
    }
    let (mut ear, _) = Ear::arrives(&harbor, 1).await;
    assert_eq!(told("outage", json!({ "guild": harbor.guild.to_string(), "lost": true })).await, 200);
    assert_eq!(ear.event("GUILD_DELETE").await["d"]["unavailable"], true);
    assert_eq!(told("outage", json!({ "guild": harbor.guild.to_string(), "lost": false })).await, 200);
    ear.event("GUILD_CREATE").await;
    assert_eq!(told("gateway", json!({ "act": "sing" })).await, 400);
}
