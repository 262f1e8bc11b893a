//! What is sent, and what becomes of each kind of answer.

use std::sync::LazyLock;

use domain::ids::{GuildId, RoleId, UserId};
use domain::plan::Importance;
use service::ports::{Clock, GuildError};

use super::*;
use crate::tests::{JumpingClock, Peer, answer, settings};

static BREAKER: LazyLock<Arc<Breaker>> = LazyLock::new(Arc::default);

fn writing() -> Writing<'static> {
    let (guild, user, importance) = (GuildId(10), UserId(7), Importance::Give);
    Writing { guild, user, importance, reason: "Harbor: trust level 2 – ü", breaker: &BREAKER }
}

const MEMBER: &str = r#"{"user":{"id":"7","username":"mira"},"nick":"Mira","roles":["20"],"pending":false}"#;

async fn rest(answers: &[String]) -> (Peer, Rest, Arc<JumpingClock>) {
    let peer = Peer::saying(answers).await;
    let clock = Arc::new(JumpingClock::default());
    let rest = Rest::new(&settings(&peer.address), clock.clone(), Metrics::default()).unwrap();
    (peer, rest, clock)
}

#[tokio::test]
async fn a_role_is_given_by_itself_with_its_reason_and_the_bots_name() {
    let (peer, rest, _) = rest(&[answer("204 No Content", &[], "")]).await;
    rest.give_role(writing(), RoleId(20)).await.unwrap();
    let asked = peer.asked()[0].to_lowercase();
    for part in [
        "put /api/v10/guilds/10/members/7/roles/20 http/1.1",
        "authorization: bot bot-token-secret",
        "user-agent: discordbot (https://guildhall.example/, 0.1.0)",
        "x-audit-log-reason: harbor%3a%20trust%20level%202%20%e2%80%93%20%c3%bc",
    ] {
        assert!(asked.contains(part), "{part} in {asked}");
    }
}

#[tokio::test]
async fn a_nickname_is_written_without_a_word_about_roles() {
    let (peer, rest, _) = rest(&[answer("200 OK", &[], MEMBER), answer("204 No Content", &[], "")]).await;
    let member = rest.rename(writing(), Some("Mira")).await.unwrap().unwrap();
    assert_eq!(member.nick.as_deref(), Some("Mira"));
    assert_eq!(rest.rename(writing(), None).await.unwrap(), None, "204 says nothing of what became of it");
    let asked = peer.asked();
    assert!(
        asked[0].starts_with("PATCH /api/v10/guilds/10/members/7 ")
            && asked[0].ends_with(r#"{"nick":"Mira"}"#)
    );
    assert!(asked[1].ends_with(r#"{"nick":null}"#));
}

#[tokio::test]
async fn a_429_is_sent_again_exactly_when_discord_says() {
    let limited = |scope| {
        let headers = [("x-ratelimit-scope", scope), ("retry-after", "2"), ("x-ratelimit-bucket", "b")];
        answer("429 Too Many Requests", &headers, r#"{"message":"limited","retry_after":1.5,"global":false}"#)
    };
    for scope in ["user", "shared", "global"] {
        let (peer, rest, clock) = rest(&[limited(scope), answer("200 OK", &[], MEMBER)]).await;
        rest.member(GuildId(10), UserId(7)).await.unwrap();
        assert_eq!((peer.asked().len(), clock.now().0), (2, 1_501), "{scope}");
        assert_eq!(rest.in_hand(), 0);
    }
}

#[tokio::test]
async fn a_wait_of_a_day_is_handed_back_to_whoever_asked() {
    let body = r#"{"message":"limited","retry_after":82800.0,"global":false}"#;
    let (peer, rest, _) = rest(&[answer("429 Too Many Requests", &[], body)]).await;
    for _ in 0..2 {
        let error = GuildError::from(rest.member(GuildId(10), UserId(7)).await.unwrap_err());
        let GuildError::Later { wait: Some(wait), .. } = error else { panic!("{error:?}") };
        assert_eq!(wait.as_secs(), 82_800);
    }
    assert_eq!(peer.asked().len(), 1, "nothing is sent meanwhile");
}

#[tokio::test]
async fn a_refused_token_is_said_once_to_discord_and_to_everybody_here() {
    let refused = answer("401 Unauthorized", &[], r#"{"message":"401: Unauthorized","code":0}"#);
    let (peer, rest, _) = rest(&[refused]).await;
    for _ in 0..3 {
        assert_eq!(rest.guild(GuildId(10)).await, Err(Problem::TokenRefused));
    }
    assert_eq!(peer.asked().len(), 1);
}

#[tokio::test]
async fn broken_answers_mean_later_and_never_that_something_is_gone() {
    for (name, broken) in [
        ("a page", answer("502 Bad Gateway", &[("content-type", "text/html")], "<html>bad gateway</html>")),
        ("a page with 404", answer("404 Not Found", &[], "<html>not here</html>")),
        ("a page with 200", answer("200 OK", &[], "<html>hello</html>")),
        ("half an answer", "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"user\":".to_owned()),
        ("no answer", String::new()),
        ("a redirect", answer("302 Found", &[("location", "http://127.0.0.1:1/")], "")),
    ] {
        let (peer, rest, _) = rest(&[broken]).await;
        let problem = rest.member(GuildId(10), UserId(7)).await.unwrap_err();
        assert!(matches!(problem, Problem::Later { .. }), "{name}: {problem:?}");
        assert!(
            !format!("{problem:?}").contains(&peer.address),
            "{name}: the address stays out of the words"
        );
    }
}

#[test]
fn discords_refusals_are_told_apart_by_their_codes() {
    let gone = |what: &str| GuildError::Gone { what: what.to_owned() };
    let forbidden = |why: &str| GuildError::Forbidden { why: why.to_owned() };
    for (status, code, expected) in [
        (404, 10_004, gone("the server")),
        (404, 10_007, gone("the member")),
        (404, 10_011, gone("the role")),
        (404, 10_013, gone("the member")),
        (403, 50_001, forbidden("no (50001)")),
        (403, 50_013, forbidden("no (50013)")),
        (400, 50_035, GuildError::Refused { why: "no (50035, HTTP 400)".to_owned() }),
    ] {
        let body = format!(r#"{{"message":"no","code":{code}}}"#);
        let problem = Problem::read(StatusCode::from_u16(status).unwrap(), body.as_bytes());
        assert_eq!(GuildError::from(problem), expected);
    }
}

#[tokio::test]
async fn an_answer_to_a_question_does_not_queue_behind_a_closed_limit() {
    use twilight_model::http::interaction::{InteractionResponse, InteractionResponseType};
    let body = r#"{"message":"limited","retry_after":82800.0,"global":true}"#;
    let (peer, rest, _) =
        rest(&[answer("429 Too Many Requests", &[], body), answer("204 No Content", &[], "")]).await;
    rest.guild(GuildId(10)).await.unwrap_err();
    let kind = InteractionResponseType::DeferredUpdateMessage;
    let ask = Ask { id: 3, token: "aW50/x".to_owned() };
    rest.answer(&ask, &InteractionResponse { kind, data: None }).await.unwrap();
    let asked = peer.asked()[1].to_lowercase();
    assert!(asked.starts_with("post /api/v10/interactions/3/aw50%2fx/callback "), "{asked}");
    assert!(!asked.contains("authorization"), "the address is the secret");
}
