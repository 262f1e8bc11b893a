//! What is said of what Discord said.

use domain::ids::{GuildId, RoleId, UserId};
use domain::situation::{GuildPicture, GuildRole, GuildRules};
use service::checkup::Verdict;

use super::*;
use crate::tests::{JumpingClock, Peer, answer, settings};

fn bot() -> BotSeen {
    BotSeen {
        user: UserId(7),
        name: "Guildhall".to_owned(),
        application_id: 7,
        application: "Guildhall".to_owned(),
        redirects: Some(vec!["https://hall.harbor.social/link/discord".to_owned()]),
        members_intent: true,
        two_factor: Some(true),
        requires_code_grant: false,
    }
}

fn server() -> ServerSeen {
    let everyone = GuildRole {
        id: RoleId(1),
        name: "@everyone".to_owned(),
        color: 0,
        position: 0,
        managed: false,
        permissions: 0,
    };
    let role = |id: u64, position: i64, permissions: u64, managed: bool| GuildRole {
        id: RoleId(id),
        name: format!("role {id}"),
        position,
        permissions,
        managed,
        ..everyone.clone()
    };
    let manages_roles = 1 << 28;
    let roles = vec![
        everyone.clone(),
        role(2, 5, manages_roles, true),
        role(3, 4, 1 << 3, false),
        role(4, 3, 0, false),
        role(5, 6, 0, false),
    ];
    let bot_roles = vec![RoleId(2)];
    let picture = GuildPicture {
        id: GuildId(1),
        name: "Harbor".to_owned(),
        owner: UserId(9),
        bot: UserId(7),
        bot_roles,
        roles,
    };
    ServerSeen { picture, two_factor_required: false }
}

#[test]
fn an_address_that_differs_in_a_letter_is_named_beside_the_right_one() {
    let is = |text: &str| bot().redirect(&text.parse().unwrap());
    assert_eq!(is("https://hall.harbor.social/link/discord").verdict, Verdict::Ok);
    let near =
        BotSeen { redirects: Some(vec!["https://hall.harbor.social/link/discord/".to_owned()]), ..bot() };
    let check = near.redirect(&"https://hall.harbor.social/link/discord".parse().unwrap());
    assert!(check.says.contains("letter by letter"), "{}", check.says);
    assert!(check.remedy.unwrap().ends_with("\nhttps://hall.harbor.social/link/discord"));
    assert!(is("https://another.example/link/discord").says.contains("not registered"));
}

#[test]
fn the_intent_is_compared_with_what_the_settings_want() {
    let without = BotSeen { members_intent: false, ..bot() };
    assert_eq!(bot().intent(true).verdict, Verdict::Ok);
    assert_eq!(without.intent(true).verdict, Verdict::Broken);
    assert_eq!(without.intent(false).verdict, Verdict::Warning);
    assert_eq!(bot().intent(false).verdict, Verdict::Warning);
}

#[test]
fn a_server_that_asks_moderators_for_a_second_factor_asks_the_bots_owner_too() {
    let strict = ServerSeen { two_factor_required: true, ..server() };
    let verdict = |owner: Option<bool>| strict.second_factor(owner).map(|check| check.verdict);
    assert_eq!(verdict(Some(true)), Some(Verdict::Ok));
    assert_eq!(verdict(Some(false)), Some(Verdict::Broken));
    assert_eq!(verdict(None), Some(Verdict::Warning));
    assert_eq!(server().second_factor(Some(false)), None);
}

#[test]
fn only_roles_that_can_and_may_be_given_are_offered() {
    assert_eq!(server().givable(), ["role 4"]);
    let checks = server().permissions(&GuildRules::default());
    assert!(checks.iter().all(|check| check.verdict == Verdict::Ok), "{checks:?}");
}

#[tokio::test]
async fn a_code_that_nobody_gave_shows_whether_the_secret_is_known() {
    for (status, body, verdict) in [
        ("400 Bad Request", r#"{"error": "invalid_grant"}"#, Verdict::Ok),
        ("401 Unauthorized", r#"{"error": "invalid_client"}"#, Verdict::Broken),
        ("503 Service Unavailable", "<html>", Verdict::NotTried),
    ] {
        let peer = Peer::saying(&[answer(status, &[], body)]).await;
        let inspect = Inspect::new(settings(&peer.address), Arc::new(JumpingClock::default())).unwrap();
        assert_eq!(inspect.client_secret().await.verdict, verdict, "{status}");
        assert!(!peer.asked()[0].contains("client-secret"), "the secret travels encoded, in a header");
    }
}

#[tokio::test]
async fn a_clock_that_runs_ahead_is_noticed_by_the_date_of_an_answer() {
    let date = [("date", "Sat, 21 Nov 2026 08:13:48 GMT")];
    let peer = Peer::saying(&vec![answer("200 OK", &date, "{}"); 2]).await;
    let clock = Arc::new(JumpingClock::default());
    let inspect = Inspect::new(settings(&peer.address), clock.clone()).unwrap();
    clock.set(Timestamp(1_795_248_828_500));
    let (reached, apart) = inspect.reach().await;
    assert_eq!((reached.verdict, apart.unwrap().verdict), (Verdict::Ok, Verdict::Ok));
    clock.set(Timestamp(1_795_248_828_500 + 400_000));
    let (_, apart) = inspect.reach().await;
    let apart = apart.unwrap();
    assert_eq!(apart.verdict, Verdict::Broken);
    assert!(apart.says.contains("400 seconds ahead of that of Discord"), "{}", apart.says);
}
