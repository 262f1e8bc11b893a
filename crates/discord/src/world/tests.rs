//! Events as Discord sends them, and what the hall then knows and looks at again.

use domain::roster::Completeness;
use serde_json::{Value, json};

use super::*;
use crate::rest::PAGE_MEMBERS_MAX;
use crate::roster::nickname_fingerprint;

const GUILD: GuildId = GuildId(10);
const BOT: u64 = 5;

fn member(user: u64, roles: &[&str], nick: Option<&str>) -> Value {
    json!({
        "user": {"id": user.to_string(), "username": format!("user{user}"), "bot": user == BOT},
        "roles": roles, "nick": nick, "pending": false, "joined_at": "2024-01-01T00:00:00+00:00", "something": {"new": 1},
    })
}

fn role(id: u64, position: i64) -> Value {
    json!({"id": id.to_string(), "name": format!("role{id}"), "color": 0x3388ff, "position": position,
        "managed": false, "permissions": "268435456", "hoist": false})
}

fn guild(count: u64, members: &[Value]) -> Value {
    json!({"id": "10", "name": "Harbor", "owner_id": "1", "member_count": count, "members": members,
        "roles": [role(10, 0), role(21, 2), role(20, 1)], "channels": [{"type": 9_999}], "unavailable": false})
}

fn says(world: &World, name: &str, data: &Value) -> News {
    let json = json!({"op": 0, "s": 1, "t": name, "d": data}).to_string();
    world.apply(Event::read(name, &json).unwrap().unwrap())
}

fn ready(world: &World) {
    says(
        world,
        "READY",
        &json!({"v": 10, "user": {"id": "5", "username": "hall", "bot": true},
        "guilds": [{"id": "10", "unavailable": true}], "session_id": "s", "resume_gateway_url": "ws://x"}),
    );
}

fn here() -> World {
    let world = World::new(true);
    ready(&world);
    says(&world, "GUILD_CREATE", &guild(2, &[member(BOT, &["21"], None), member(7, &["20"], Some("Mira"))]));
    world
}

fn page(users: std::ops::RangeInclusive<u64>) -> Vec<Member> {
    users.map(|user| serde_json::from_value(member(user, &[], None)).unwrap()).collect()
}

fn looks_at(user: u64) -> Vec<Hint> {
    vec![Hint::Member { guild: GUILD, user: UserId(user) }]
}

#[test]
fn a_small_guild_is_known_in_full_from_its_first_event() {
    let world = here();
    let picture = world.picture(GUILD).unwrap();
    assert_eq!((&*picture.name, picture.owner, picture.bot), ("Harbor", UserId(1), UserId(BOT)));
    assert_eq!(picture.bot_roles, [RoleId(21)]);
    assert_eq!(picture.roles.len(), 3);
    let roster = world.roster(GUILD);
    assert_eq!((roster.completeness, roster.len()), (Completeness::Full, 2));
    assert!(roster.get(UserId(7)).unwrap().has(RoleId(20)));
}

#[test]
fn a_guild_with_more_members_than_it_told_is_read_before_it_counts_as_full() {
    let world = World::new(true);
    ready(&world);
    let news = says(&world, "GUILD_CREATE", &guild(900, &[member(BOT, &[], None)]));
    assert_eq!(news, News { hints: Vec::new(), read_members: Some(GUILD) });
    assert_eq!(world.roster(GUILD).completeness, Completeness::Partial);
}

#[test]
fn an_outage_is_not_leaving() {
    let world = here();
    for (name, data) in [
        ("GUILD_DELETE", json!({"id": "10", "unavailable": true})),
        ("GUILD_CREATE", json!({"id": "10", "unavailable": true})),
    ] {
        assert_eq!(says(&world, name, &data), News::default());
        assert_eq!(world.picture(GUILD), None);
        let roster = world.roster(GUILD);
        assert_eq!((roster.completeness, roster.len()), (Completeness::Partial, 2), "nobody left");
    }
    says(&world, "GUILD_DELETE", &json!({"id": "10"}));
    assert!(world.roster(GUILD).is_empty(), "removed is removed");
}

#[test]
fn only_what_is_new_gives_a_hint() {
    let nickname = |nick| member_event(7, &["20"], nick);
    let world = here();
    for (what, name, data, hints) in [
        ("an echo", "GUILD_MEMBER_UPDATE", nickname(Some("Mira")), vec![]),
        ("somebody who is there", "GUILD_MEMBER_ADD", nickname(Some("Mira")), vec![]),
        ("a new nickname", "GUILD_MEMBER_UPDATE", nickname(Some("Mirabel")), looks_at(7)),
        ("a role taken", "GUILD_MEMBER_UPDATE", member_event(7, &[], Some("Mirabel")), looks_at(7)),
        ("somebody new", "GUILD_MEMBER_ADD", member_event(8, &[], None), looks_at(8)),
        (
            "somebody left",
            "GUILD_MEMBER_REMOVE",
            json!({"guild_id": "10", "user": {"id": "8", "username": "x"}}),
            vec![Hint::Left { guild: GUILD, user: UserId(8) }],
        ),
        (
            "somebody left whom a write had missed already",
            "GUILD_MEMBER_REMOVE",
            json!({"guild_id": "10", "user": {"id": "8", "username": "x"}}),
            vec![Hint::Left { guild: GUILD, user: UserId(8) }],
        ),
        (
            "a role changed",
            "GUILD_ROLE_UPDATE",
            json!({"guild_id": "10", "role": role(20, 5)}),
            vec![Hint::Guild { guild: GUILD }],
        ),
        ("a role as it was", "GUILD_ROLE_UPDATE", json!({"guild_id": "10", "role": role(20, 5)}), vec![]),
        (
            "the bot's own roles",
            "GUILD_MEMBER_UPDATE",
            member_event(BOT, &["20"], None),
            vec![Hint::Guild { guild: GUILD }],
        ),
        (
            "a role deleted",
            "GUILD_ROLE_DELETE",
            json!({"guild_id": "10", "role_id": "20"}),
            vec![Hint::Guild { guild: GUILD }],
        ),
    ] {
        assert_eq!(says(&world, name, &data).hints, hints, "{what}");
    }
    assert_eq!(world.picture(GUILD).unwrap().bot_roles, [], "the deleted role is nobody's");
}

fn member_event(user: u64, roles: &[&str], nick: Option<&str>) -> Value {
    let mut event = member(user, roles, nick);
    event["guild_id"] = json!("10");
    event
}

#[test]
fn the_halls_own_writes_are_known_before_their_echo_comes() {
    let world = here();
    world.put_role(GUILD, UserId(7), RoleId(21), true);
    world.put_role(GUILD, UserId(7), RoleId(20), false);
    world.put_nickname(GUILD, UserId(7), nickname_fingerprint(Some("Leader Mira")));
    let echo = member_event(7, &["21"], Some("Leader Mira"));
    assert_eq!(says(&world, "GUILD_MEMBER_UPDATE", &echo), News::default());
}

#[test]
fn what_happens_while_pages_are_read_outdoes_the_pages() {
    let world = here();
    let mut reading = world.begin_reading(GUILD);
    assert_eq!(reading.next_after(), Some(UserId(0)));
    reading.page(&page(1..=1_000)).unwrap();
    assert_eq!(reading.next_after(), Some(UserId(1_000)));
    says(&world, "GUILD_MEMBER_REMOVE", &json!({"guild_id": "10", "user": {"id": "3", "username": "x"}}));
    says(&world, "GUILD_MEMBER_UPDATE", &member_event(4, &["20"], None));
    says(&world, "GUILD_MEMBER_ADD", &member_event(5_000, &[], None));
    reading.page(&page(1_001..=1_010)).unwrap();
    assert_eq!(reading.next_after(), None);
    assert!(world.finish_reading(GUILD, reading));
    let roster = world.roster(GUILD);
    assert_eq!((roster.completeness, roster.len()), (Completeness::Full, 1_010));
    assert_eq!(roster.get(UserId(3)), None);
    assert!(roster.get(UserId(4)).unwrap().has(RoleId(20)) && roster.get(UserId(5_000)).is_some());
}

#[test]
fn a_page_that_contradicts_another_proves_nothing() {
    for (name, pages) in [
        ("the same page twice", vec![page(1..=1_000), page(1..=1_000)]),
        ("overlapping", vec![page(1..=1_000), page(1_000..=1_005)]),
        ("falling", vec![page(1..=2).into_iter().rev().collect()]),
        ("too many", vec![page(1..=u64::try_from(PAGE_MEMBERS_MAX).unwrap() + 1)]),
    ] {
        let mut reading = World::new(true).begin_reading(GUILD);
        assert!(pages.iter().any(|page| reading.page(page).is_err()), "{name}");
    }
}

#[test]
fn a_reading_that_an_outage_or_another_reading_overtook_does_not_count() {
    for overtake in [
        |world: &World| drop(says(world, "GUILD_DELETE", &json!({"id": "10", "unavailable": true}))),
        |world: &World| drop(world.begin_reading(GUILD)),
    ] {
        let world = here();
        let mut reading = world.begin_reading(GUILD);
        overtake(&world);
        reading.page(&page(1..=3)).unwrap();
        assert!(!world.finish_reading(GUILD, reading));
        assert_ne!(world.roster(GUILD).len(), 3);
    }
}

#[test]
fn without_the_member_intent_only_linked_members_are_known() {
    let world = World::new(false);
    ready(&world);
    let read: Member = serde_json::from_value(member(7, &["20"], None)).unwrap();
    world.put_member(GUILD, UserId(7), Some(&read));
    let news = says(&world, "GUILD_CREATE", &guild(900, &[member(BOT, &["21"], None)]));
    assert_eq!(news, News { hints: vec![Hint::Guild { guild: GUILD }], read_members: None });
    let roster = world.roster(GUILD);
    assert_eq!((roster.completeness, roster.len()), (Completeness::LinkedOnly, 2));
}

#[test]
fn a_new_session_without_a_guild_says_that_the_bot_was_removed() {
    let world = here();
    let news = says(&world, "READY", &json!({"user": {"id": "5", "username": "hall"}, "guilds": []}));
    assert_eq!(news.hints, [Hint::Guild { guild: GUILD }]);
    assert_eq!((world.picture(GUILD), world.roster(GUILD).len()), (None, 0));
}

#[test]
fn an_event_that_is_not_for_us_or_cannot_be_read_changes_nothing() {
    assert!(Event::read("TYPING_START", r#"{"d":{}}"#).is_none());
    for (name, data) in [
        ("GUILD_MEMBER_UPDATE", r#"{"d":{"guild_id":"x"}}"#),
        ("GUILD_CREATE", r#"{"d":{"id":"10"}}"#),
        ("READY", "{"),
    ] {
        assert!(Event::read(name, data).unwrap().is_err(), "{name}");
    }
}

#[test]
fn three_forbidden_writes_in_a_row_park_a_guild_until_it_is_seen_anew() {
    let world = here();
    for forbidden in [true, true, false, true, true] {
        world.breaker(GUILD).answered(forbidden);
        assert!(!world.breaker(GUILD).is_open());
    }
    world.breaker(GUILD).answered(true);
    assert!(world.breaker(GUILD).is_open());
    says(&world, "GUILD_ROLE_UPDATE", &json!({"guild_id": "10", "role": role(21, 9)}));
    assert!(!world.breaker(GUILD).is_open());
}

#[test]
fn roles_that_somebody_else_gave_or_took_are_looked_up_in_the_audit_log() {
    let world = here();
    for (action, who, expected) in [
        (25, json!("8"), vec![Hint::ByHand { guild: GUILD }]),
        (25, json!(null), vec![Hint::ByHand { guild: GUILD }]),
        (25, json!(BOT.to_string()), Vec::new()),
        (24, json!("8"), Vec::new()),
    ] {
        let entry = json!({"id": "99", "action_type": action, "user_id": who, "target_id": "7", "guild_id": "10",
            "changes": [{"key": "$add", "new_value": [{"id": "20", "name": "Regular"}]}]});
        assert_eq!(says(&world, "GUILD_AUDIT_LOG_ENTRY_CREATE", &entry).hints, expected, "{action} {who}");
    }
}

#[test]
fn channels_are_followed_as_they_come_change_and_go() {
    let world = here();
    let staff = ChannelId(30);
    let channel = |deny: u64| {
        json!({"id": "30", "guild_id": "10", "type": 0, "name": "staff", "permission_overwrites": [
            {"id": "5", "type": 1, "allow": (3_u64 << 10).to_string(), "deny": deny.to_string()}]})
    };
    assert!(
        world.knows_channels(GUILD),
        "a channel that cannot be read keeps nobody from knowing the others"
    );
    assert!(world.closed(GUILD, staff).unwrap().contains("no channel 30"));
    assert_eq!(says(&world, "CHANNEL_CREATE", &channel(0)), News::default());
    assert_eq!(world.closed(GUILD, staff), None);
    let nothing_allowed = json!({"id": "30", "guild_id": "10", "type": 0, "name": "staff"});
    says(&world, "CHANNEL_UPDATE", &nothing_allowed);
    assert!(world.closed(GUILD, staff).unwrap().contains("may not see"));
    says(&world, "CHANNEL_DELETE", &channel(0));
    assert!(world.closed(GUILD, staff).unwrap().contains("no channel 30"));
}

#[test]
fn an_answer_that_was_asked_for_before_an_event_does_not_outdo_it() {
    let read = |value: &Value| serde_json::from_value::<Guild>(value.clone()).unwrap();
    let (harmless, own) = (guild(2, &[]), serde_json::from_value(member(BOT, &["21"], None)).unwrap());
    let mut administrator = role(20, 1);
    administrator["permissions"] = json!("8");
    let mut update = guild(2, &[]);
    update["roles"] = json!([role(10, 0), role(21, 2), administrator]);
    for (name, event) in [
        ("GUILD_ROLE_UPDATE", json!({"guild_id": "10", "role": administrator})),
        ("GUILD_ROLE_DELETE", json!({"guild_id": "10", "role_id": "20"})),
        ("GUILD_UPDATE", update.clone()),
        ("GUILD_CREATE", update),
        ("GUILD_MEMBER_UPDATE", member_event(BOT, &[], None)),
        ("GUILD_DELETE", json!({"id": "10", "unavailable": true})),
    ] {
        let world = here();
        let told = world.told_of(GUILD);
        says(&world, name, &event);
        let newer = world.picture(GUILD);
        assert!(!world.put_guild_as_of(&read(&harmless), &own, told), "{name}");
        assert_eq!(world.picture(GUILD), newer, "{name}");
        assert!(world.put_guild_as_of(&read(&harmless), &own, world.told_of(GUILD)), "{name}");
    }
    let world = here();
    let told = world.told_of(GUILD);
    says(&world, "GUILD_MEMBER_UPDATE", &member_event(7, &[], None));
    assert!(
        world.put_guild_as_of(&read(&harmless), &own, told),
        "another member is nothing of the server itself"
    );
}
