//! The port as the rest of the hall sees it, over HTTP.

use std::collections::BTreeMap;

use domain::facts::Schema;
use domain::ids::RoleId;
use domain::plan::plan;
use domain::roster::Completeness;
use domain::rules::Bindings;
use domain::situation::{Departure, GuildRules, Situation};
use domain::time::Timestamp;

use super::*;
use crate::tests::{Peer, answer, refreshed};

const GUILD: GuildId = GuildId(10);
const MIRA: UserId = UserId(7);

const SERVER: &str = r#"{"id":"10","name":"Harbor","owner_id":"1","roles":[
    {"id":"10","name":"@everyone","position":0,"managed":false,"permissions":"0"},
    {"id":"20","name":"Regular","position":1,"managed":false,"permissions":"0"},
    {"id":"21","name":"hall","position":2,"managed":true,"permissions":"402653312"}]}"#;
const BOT: &str = r#"{"id":"5","username":"hall","bot":true}"#;
const BOT_MEMBER: &str = r#"{"user":{"id":"5","username":"hall","bot":true},"roles":["21"]}"#;
const MEMBERS: &str = r#"[{"user":{"id":"5","username":"hall","bot":true},"roles":["21"]},
    {"user":{"id":"7","username":"mira"},"nick":"Mira","roles":["20"]}]"#;

fn ok(body: &str) -> String {
    answer("200 OK", &[], body)
}

fn refusal(status: &str, code: u64) -> String {
    answer(status, &[], &format!(r#"{{"message":"no","code":{code}}}"#))
}

/// A Discord whose server was read in full, and then says the rest.
async fn seen(rest: &[String]) -> (Peer, Discord) {
    refreshed(&[ok(BOT), ok(SERVER), ok(BOT_MEMBER), ok("[]"), ok(MEMBERS)], rest).await
}

/// Taking the role Regular, as a plan makes it for somebody who unlinked.
fn taking(discord: &Discord) -> Act {
    let overrides = domain::exception::Overrides::default();
    let situation = Situation {
        overrides: &overrides,
        now: Timestamp(0),
        schema: &Schema::default(),
        rules: &GuildRules::default(),
        groups: &Bindings::default(),
        remembered_roles: &BTreeMap::new(),
        guild: &discord.picture(GUILD).unwrap(),
        roster: &discord.roster(GUILD),
        members: Vec::new(),
        departures: vec![Departure { user: MIRA, roles: vec![RoleId(20)], nickname: None, released: false }],
    };
    plan(&situation).changes.remove(0).act
}

async fn write(discord: &Discord, act: &Act) -> Result<Option<MemberNow>, GuildError> {
    discord.write(GUILD, MIRA, act, Importance::Take, "Harbor: unlinked").await
}

#[tokio::test]
async fn a_server_is_read_with_its_roles_and_every_member() {
    let (peer, discord) = seen(&[]).await;
    let (picture, roster) = (discord.picture(GUILD).unwrap(), discord.roster(GUILD));
    assert_eq!((&*picture.name, picture.bot_roles.as_slice()), ("Harbor", &[RoleId(21)][..]));
    assert_eq!((roster.completeness, roster.len()), (Completeness::Full, 2));
    assert!(peer.asked()[4].starts_with("GET /api/v10/guilds/10/members?limit=1000&after=0 "));
}

#[tokio::test]
async fn a_role_that_was_taken_is_gone_from_the_roster_at_once() {
    let (peer, discord) = seen(&[answer("204 No Content", &[], "")]).await;
    assert_eq!(write(&discord, &taking(&discord)).await, Ok(None));
    assert!(peer.asked()[5].starts_with("DELETE /api/v10/guilds/10/members/7/roles/20 "));
    assert!(!discord.roster(GUILD).get(MIRA).unwrap().has(RoleId(20)));
}

#[tokio::test]
async fn a_nickname_comes_back_as_discord_made_it() {
    let made = r#"{"user":{"id":"7","username":"mira","global_name":"Mira B"},"nick":"Mira of Harbor","roles":["20"]}"#;
    let (_peer, discord) = seen(&[ok(made)]).await;
    let now = write(&discord, &Act::Nickname(Some("Mira  of Harbor".to_owned()))).await.unwrap().unwrap();
    assert_eq!(
        (now.nickname.as_deref(), &*now.display_name, &*now.username),
        (Some("Mira of Harbor"), "Mira B", "mira")
    );
    let known = discord.roster(GUILD).get(MIRA).unwrap().nickname;
    assert_eq!(known, nickname_fingerprint(Some("Mira of Harbor")));
}

#[tokio::test]
async fn a_member_who_is_gone_is_forgotten_whether_read_or_written() {
    let gone = refusal("404 Not Found", 10_007);
    let (_peer, discord) = seen(std::slice::from_ref(&gone)).await;
    assert_eq!(discord.member(GUILD, MIRA).await, Ok(None));
    assert_eq!(discord.roster(GUILD).get(MIRA), None);
    let (_peer, discord) = seen(&[gone]).await;
    let written = write(&discord, &taking(&discord)).await;
    assert_eq!(written, Err(GuildError::Gone { what: "the member".to_owned() }));
    assert_eq!(discord.roster(GUILD).get(MIRA), None);
}

#[tokio::test]
async fn a_permission_lost_midway_costs_three_forbidden_requests_and_no_more() {
    let forbidden = vec![refusal("403 Forbidden", 50_013); 3];
    let (peer, discord) = seen(&forbidden).await;
    let act = taking(&discord);
    for number in 1..=10 {
        let written = write(&discord, &act).await.unwrap_err();
        assert_eq!(matches!(written, GuildError::Forbidden { .. }), number <= 3, "{number}: {written}");
        assert_eq!(written == GuildError::HeldBack, number > 3, "{number}: {written}");
    }
    assert_eq!(peer.asked().len(), 5 + 3);
}
