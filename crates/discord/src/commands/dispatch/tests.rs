//! The three seconds, and words for what went wrong.

use domain::time::Timestamp;
use serde_json::{Value, json};
use service::Metrics;
use service::ports::SourceError;

use super::*;
use crate::tests::{JumpingClock, Peer, answer as says, settings};
use crate::view::Message;

async fn answered(
    private: bool,
    replaces: bool,
    work: impl Future<Output = Result<Reply, Error>>,
) -> Vec<(String, Value)> {
    let none = says("204 No Content", &[], "");
    let peer = Peer::saying(&[none.clone(), none]).await;
    let discord =
        Discord::new(settings(&peer.address), Arc::new(JumpingClock::default()), Metrics::default()).unwrap();
    let ask = Ask { id: 3, token: "token".to_owned() };
    let manner = Manner { ask, name: "why", incident: "00c0ffee".to_owned(), private, replaces };
    answer(&discord, manner, work).await;
    let read = |request: &String| {
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        (head.split(' ').take(2).collect::<Vec<_>>().join(" "), serde_json::from_str(body).unwrap())
    };
    peer.asked().iter().map(read).collect()
}

async fn long(reply: Result<Reply, Error>) -> Result<Reply, Error> {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    reply
}

#[tokio::test]
async fn a_quick_answer_is_given_at_once_to_the_asker_alone_and_mentions_nobody() {
    let sent = answered(true, false, async { Ok(Reply::private(Message::text("hello"))) }).await;
    let data = json!({"allowed_mentions": {"parse": []}, "content": "hello", "embeds": [], "components": [], "flags": 64});
    assert_eq!(
        sent,
        [("POST /api/v10/interactions/3/token/callback".to_owned(), json!({"type": 4, "data": data}))]
    );
}

#[tokio::test]
async fn an_answer_that_takes_longer_is_announced_and_written_afterwards() {
    for (private, replaces, announced) in [
        (true, false, json!({"type": 5, "data": {"flags": 64}})),
        (false, false, json!({"type": 5, "data": {}})),
        (true, true, json!({"type": 5, "data": {"flags": 64}})),
    ] {
        let sent = answered(private, replaces, long(Ok(Reply::private(Message::text("done"))))).await;
        assert_eq!(sent[0].1, announced);
        assert_eq!(sent[1].0, "PATCH /api/v10/webhooks/5/token/messages/@original");
        assert_eq!(
            (&sent[1].1["content"], &sent[1].1["allowed_mentions"]),
            (&json!("done"), &json!({"parse": []}))
        );
    }
}

#[tokio::test]
async fn a_form_is_shown_as_discord_takes_it() {
    let peer = Peer::saying(&[says("204 No Content", &[], "")]).await;
    let discord =
        Discord::new(settings(&peer.address), Arc::new(JumpingClock::default()), service::Metrics::default())
            .unwrap();
    let ask = Ask { id: 3, token: "token".to_owned() };
    let manner = Manner { ask, name: "button", incident: String::new(), private: true, replaces: false };
    show(&discord, &manner, &crate::press::Press::Release { plan: 3 }.form().unwrap()).await;
    let asked = peer.asked();
    let form: Value = serde_json::from_str(asked[0].split_once("\r\n\r\n").unwrap().1).unwrap();
    let data = &form["data"];
    assert_eq!((&form["type"], &data["custom_id"]), (&json!(9), &json!("release:3")));
    let label = &data["components"][0];
    let input = json!({"type": 4, "custom_id": "typed", "style": 1, "min_length": 1, "max_length": 100, "required": true});
    assert_eq!((&label["type"], &label["component"]), (&json!(18), &input));
    assert_eq!(data["components"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_shared_answer_is_for_everybody_and_a_button_writes_over_its_message() {
    let shared = answered(false, false, async { Ok(Reply::shared(Message::text("look"), true)) }).await;
    assert_eq!(shared[0].1["data"].get("flags"), None);
    let pressed = answered(true, true, async { Ok(Reply::private(Message::text("kept"))) }).await;
    assert_eq!((&pressed[0].1["type"], &pressed[0].1["data"]["components"]), (&json!(7), &json!([])));
}

#[tokio::test]
async fn a_refusal_stands_as_it_is_and_a_failure_is_a_number() {
    let refused = answered(true, false, async { Err(Error::refused("Say which one.")) }).await;
    assert_eq!(refused[0].1["data"]["content"], "Say which one.");
    let pressed = answered(true, true, async { Err(Error::refused("Too old.")) }).await;
    assert_eq!(pressed[0].1["type"], 4, "beside the message with the button, not over it");
    let why = "the secret address".to_owned();
    let failed = SourceError::Unreachable { address: "https://forum.example".to_owned(), why };
    let failed = answered(false, false, async { Err(failed.into()) }).await;
    let text = failed[0].1["data"]["content"].as_str().unwrap();
    assert!(text.contains("`00c0ffee`") && !text.contains("secret"), "{text}");
    assert_eq!(failed[0].1["data"]["flags"], 64, "what went wrong is for the asker alone");
}

#[test]
fn the_answer_is_announced_well_before_discord_gives_up() {
    let given_up = Timestamp(3_000);
    assert!(Timestamp(0).after(DEFER_AFTER) < given_up.before(Duration::from_secs(1)));
}
