//! Who may do what to whom, and with which code the others are refused.

use serde_json::{Value, json};
use sim::discord::{RoleSpec, permission};

use crate::harbor::Harbor;

#[tokio::test]
async fn a_bot_may_do_what_its_place_in_the_order_allows() {
    let harbor = Harbor::quiet().await;
    let Harbor { sim, guild, owner, mira, below, above, .. } = &harbor;
    let own = sim.role_named(*guild, "hall").unwrap();
    let member = |user| harbor.member(user);
    let role = |user, role| format!("{}/roles/{role}", harbor.member(user));
    let late = json!({ "communication_disabled_until": "2000-01-01T00:00:00Z" });
    let table = [
        ("PUT", role(*mira, *below), Value::Null, (204, 0), "a role below"),
        ("PUT", role(*owner, *below), Value::Null, (204, 0), "a role below, for the owner"),
        ("PUT", role(*mira, *above), Value::Null, (403, 50013), "a role above"),
        ("PUT", role(*mira, own), Value::Null, (403, 50013), "its own role"),
        ("PUT", role(*mira, *guild), Value::Null, (400, 50028), "@everyone"),
        ("PUT", role(*mira, *mira), Value::Null, (404, 10011), "no role"),
        ("PUT", role(harbor.below, *below), Value::Null, (404, 10013), "nobody"),
        ("PATCH", member(*mira), json!({ "nick": " Mira  Lund " }), (200, 0), "a nickname"),
        ("PATCH", member(*owner), json!({ "nick": "x" }), (403, 50013), "the owner's nickname"),
        ("PATCH", member(*mira), json!({ "nick": "x".repeat(33) }), (400, 50035), "a long nickname"),
        ("PATCH", member(*owner), late.clone(), (403, 50013), "the owner's time-out"),
        ("PATCH", member(*mira), late, (200, 0), "a time-out"),
        ("DELETE", member(*mira), Value::Null, (403, 50013), "a kick without permission"),
        ("GET", "/guilds/1".into(), Value::Null, (404, 10004), "no guild"),
        ("GET", "/nothing".into(), Value::Null, (404, 0), "no route"),
        ("PUT", format!("/guilds/{guild}"), Value::Null, (405, 0), "the wrong method"),
    ];
    for (method, path, body, expected, what) in table {
        assert_eq!(harbor.call(method, &path, body).await, expected, "{what}");
    }
    assert_eq!(sim.roles_of(*guild, *mira), ["Below"]);
    assert_eq!(sim.nick_of(*guild, *mira).as_deref(), Some("Mira Lund"));
    let log = sim.audit_log(*guild);
    let row = log.iter().find(|row| row.action == 25 && row.target == *mira).unwrap();
    assert_eq!(row.reason.as_deref(), Some("rule é"));
    assert_eq!(row.changes, [json!({ "key": "$add", "new_value": [{ "id": below, "name": "Below" }] })]);
}

#[tokio::test]
async fn each_refusal_has_the_code_that_says_which_thing_is_missing() {
    let harbor = Harbor::quiet().await;
    let Harbor { sim, owner, mira, below, .. } = &harbor;
    let stranger = sim.create_user("stranger", None);
    let elsewhere = sim.create_guild("Elsewhere", *owner);
    let high = sim.create_user("high", None);
    sim.join(harbor.guild, high).unwrap();
    sim.lay_roles(harbor.guild, high, &[harbor.above]).unwrap();
    let table = [
        ("a guild it is not in", "GET", format!("/guilds/{elsewhere}"), Value::Null, (403, 50001)),
        ("a guild that is none", "GET", "/guilds/1".to_owned(), Value::Null, (404, 10004)),
        ("somebody who is not there", "GET", harbor.member(stranger), Value::Null, (404, 10007)),
        ("nobody", "GET", harbor.member(harbor.above), Value::Null, (404, 10013)),
        ("an id that is none", "GET", harbor.at("/members/mira"), Value::Null, (400, 50035)),
        (
            "a role for somebody who is not there",
            "PUT",
            format!("{}/roles/{below}", harbor.member(stranger)),
            Value::Null,
            (404, 10007),
        ),
        (
            "a role that is none",
            "DELETE",
            format!("{}/roles/1", harbor.member(*mira)),
            Value::Null,
            (404, 10011),
        ),
        ("a name of somebody above", "PATCH", harbor.member(high), json!({ "nick": "x" }), (403, 50013)),
        (
            "a role below, for somebody above",
            "PUT",
            format!("{}/roles/{below}", harbor.member(high)),
            Value::Null,
            (204, 0),
        ),
        (
            "a role above among others",
            "PATCH",
            harbor.member(*mira),
            json!({ "roles": [below, harbor.above] }),
            (403, 50013),
        ),
        (
            "a role that stays as it is",
            "PATCH",
            harbor.member(high),
            json!({ "roles": [harbor.above, below] }),
            (200, 0),
        ),
        ("the bans without permission", "GET", harbor.at("/bans"), Value::Null, (403, 50013)),
        ("a channel that is none", "GET", "/channels/1".to_owned(), Value::Null, (404, 10003)),
        ("somebody's account", "GET", "/users/1".to_owned(), Value::Null, (404, 10013)),
        (
            "commands of another application",
            "GET",
            format!("/applications/{owner}/commands"),
            Value::Null,
            (403, 20012),
        ),
        ("a person's own route", "GET", "/users/@me/connections".to_owned(), Value::Null, (403, 20001)),
        ("a body that is no JSON object", "PATCH", harbor.member(*mira), json!([]), (400, 50035)),
    ];
    for (what, method, path, body, expected) in table {
        assert_eq!(harbor.call(method, &path, body).await, expected, "{what}");
    }
}

#[tokio::test]
async fn a_role_is_made_and_changed_only_below_and_only_with_what_one_holds() {
    let harbor = Harbor::quiet().await;
    let Harbor { sim, guild, owner, .. } = &harbor;
    let everyone = sim.permissions_of(*guild, harbor.mira);
    let made = harbor.body("POST", &harbor.at("/roles"), json!({ "name": "New" })).await;
    assert_eq!(made["permissions"], everyone.to_string(), "who names none gets those of everyone");
    let (below, above) =
        (harbor.at(&format!("/roles/{}", harbor.below)), harbor.at(&format!("/roles/{}", harbor.above)));
    let kick = permission::KICK_MEMBERS.to_string();
    let table = [
        ("a role below", "PATCH", below.clone(), json!({ "name": "Lower" }), (200, 0)),
        ("a role above", "PATCH", above.clone(), json!({ "name": "Higher" }), (403, 50013)),
        (
            "a permission it does not hold",
            "PATCH",
            below.clone(),
            json!({ "permissions": kick }),
            (403, 50013),
        ),
        ("a new role with one", "POST", harbor.at("/roles"), json!({ "permissions": kick }), (403, 50013)),
        ("a role above, gone", "DELETE", above, Value::Null, (403, 50013)),
        ("a role below, gone", "DELETE", below.clone(), Value::Null, (204, 0)),
        ("gone again", "DELETE", below, Value::Null, (404, 10011)),
    ];
    for (what, method, path, body, expected) in table {
        assert_eq!(harbor.call(method, &path, body).await, expected, "{what}");
    }
    while sim.roles(*guild).len() < 250 {
        sim.add_role(*guild, &RoleSpec::named("Many")).unwrap();
    }
    assert_eq!(harbor.call("POST", &harbor.at("/roles"), json!({})).await, (400, 30005));
    let of_owner = sim.permissions_of(*guild, *owner);
    assert_eq!(of_owner & permission::ADMINISTRATOR, permission::ADMINISTRATOR, "the owner may everything");
}
