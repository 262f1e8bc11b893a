//! Request Guild Members: op 8 and its chunks.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use sim::discord::LimitSettings;

use crate::ear::Ear;
use crate::harbor::Harbor;

/// `GUILDS` and `GUILD_MEMBERS`.
const GUILDS: u64 = 1;
const MEMBERS: u64 = 1 << 1;

async fn crowd(harbor: &Harbor, size: usize) {
    for number in 0..size {
        let user = harbor.sim.create_user(&format!("crew{number:04}"), None);
        harbor.sim.join(harbor.guild, user).unwrap();
    }
}

async fn chunks(ear: &mut Ear) -> Vec<Value> {
    let mut all = vec![ear.event("GUILD_MEMBERS_CHUNK").await["d"].take()];
    let count = all[0]["chunk_count"].as_u64().unwrap();
    for _ in 1..count {
        all.push(ear.event("GUILD_MEMBERS_CHUNK").await["d"].take());
    }
    all
}

fn ids(chunks: &[Value]) -> Vec<&str> {
    let members = chunks.iter().flat_map(|chunk| chunk["members"].as_array().unwrap());
    members.map(|member| member["user"]["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_whole_guild_comes_in_numbered_chunks_of_a_thousand_under_the_nonce_that_was_sent() {
    let harbor = Harbor::quiet().await;
    crowd(&harbor, 2_100).await;
    let (mut ear, _) = Ear::arrives(&harbor, GUILDS | MEMBERS).await;
    let guild = harbor.guild.to_string();
    ear.say(8, json!({ "guild_id": guild, "query": "", "limit": 0, "nonce": "ours" })).await;
    let chunks = chunks(&mut ear).await;
    let sizes: Vec<_> = chunks.iter().map(|chunk| chunk["members"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [1_000, 1_000, 103]);
    for (index, chunk) in chunks.iter().enumerate() {
        assert_eq!((&chunk["chunk_index"], &chunk["chunk_count"]), (&json!(index), &json!(3)));
        assert_eq!((&chunk["nonce"], &chunk["guild_id"]), (&json!("ours"), &json!(guild)));
    }
    assert_eq!(ids(&chunks).into_iter().collect::<BTreeSet<_>>().len(), 2_103, "everybody once");
}

#[tokio::test]
async fn members_are_found_by_id_or_by_the_start_of_a_name() {
    let harbor = Harbor::quiet().await;
    crowd(&harbor, 150).await;
    let Harbor { sim, guild, owner, mira, .. } = &harbor;
    sim.set_nick(*owner, *guild, *mira, Some("Crew of one")).unwrap();
    let (mut ear, _) = Ear::arrives(&harbor, GUILDS).await;
    let long = "n".repeat(33);
    let table = [
        ("one id", json!({ "user_ids": mira.to_string() }), 1, Value::Null, Value::Null),
        (
            "ids, of which one is nobody",
            json!({ "user_ids": [mira.to_string(), "7"] }),
            1,
            json!(["7"]),
            Value::Null,
        ),
        ("only nobody", json!({ "user_ids": ["7"], "nonce": "n" }), 0, json!(["7"]), json!("n")),
        ("a name", json!({ "query": "crew00", "limit": 5 }), 5, Value::Null, Value::Null),
        ("a nickname", json!({ "query": "CREW OF", "limit": 5 }), 1, Value::Null, Value::Null),
        (
            "more than a hundred by name",
            json!({ "query": "crew", "limit": 1_000 }),
            100,
            Value::Null,
            Value::Null,
        ),
        (
            "a nonce too long",
            json!({ "query": "mira", "limit": 1, "nonce": long }),
            1,
            Value::Null,
            Value::Null,
        ),
        ("no such name", json!({ "query": "zzz", "limit": 1 }), 0, Value::Null, Value::Null),
    ];
    for (what, mut asked, found, missing, nonce) in table {
        asked["guild_id"] = json!(guild.to_string());
        ear.say(8, asked).await;
        let chunk = &chunks(&mut ear).await[0];
        let seen = (chunk["members"].as_array().unwrap().len(), &chunk["not_found"], &chunk["nonce"]);
        assert_eq!(seen, (found, &missing, &nonce), "{what}");
    }
}

#[tokio::test]
async fn the_whole_list_twice_within_half_a_minute_is_too_often() {
    let harbor = Harbor::open(LimitSettings::default()).await;
    let (mut ear, _) = Ear::arrives(&harbor, GUILDS | MEMBERS).await;
    let guild = harbor.guild.to_string();
    let all = json!({ "guild_id": guild, "query": "", "limit": 0, "nonce": "again" });
    ear.say(8, all.clone()).await;
    chunks(&mut ear).await;
    ear.say(8, all.clone()).await;
    let told = ear.event("RATE_LIMITED").await["d"].take();
    assert_eq!(
        (&told["opcode"], &told["meta"]),
        (&json!(8), &json!({ "guild_id": guild, "nonce": "again" }))
    );
    assert!(told["retry_after"].as_f64().unwrap() > 29.0, "{told}");
    harbor.clock.advance_ms(30_000);
    ear.say(8, all).await;
    assert_eq!(ids(&chunks(&mut ear).await).len(), 3);
}

#[tokio::test]
async fn the_whole_list_needs_the_members_intent() {
    let harbor = Harbor::quiet().await;
    let (mut ear, _) = Ear::arrives(&harbor, GUILDS).await;
    ear.event("GUILD_CREATE").await;
    ear.say(8, json!({ "guild_id": harbor.guild.to_string(), "query": "", "limit": 0 })).await;
    ear.say(1, Value::Null).await;
    assert_eq!(ear.next().await["op"], 11, "no chunk came before the answer to the heartbeat");
}
