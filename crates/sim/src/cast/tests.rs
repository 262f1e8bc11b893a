//! The cast holds together, and a client of either place finds all it needs.

use std::collections::BTreeSet;

use super::people::{PEOPLE, ROLES};
use super::*;

async fn harbor() -> Harbor {
    Harbor::start(Mooring::default()).await.expect("harbor starts")
}

#[test]
fn nobody_has_the_name_of_another_and_every_role_that_is_laid_exists() {
    let discord: Vec<_> = PEOPLE.iter().filter_map(|row| row.discord).map(|(name, _)| name).collect();
    let forum: Vec<_> = PEOPLE.iter().filter_map(|row| row.forum).collect();
    assert_eq!(discord.iter().collect::<BTreeSet<_>>().len(), discord.len());
    assert_eq!(forum.iter().collect::<BTreeSet<_>>().len(), forum.len());
    for row in PEOPLE {
        for role in row.roles {
            assert!(ROLES.iter().any(|known| known.name == *role), "{role}");
        }
        assert!(row.groups.iter().all(|group| GROUPS.contains(group)), "{row:?}");
        assert!(!row.begins_linked || (row.discord.is_some() && row.forum.is_some()), "{row:?}");
    }
}

#[tokio::test]
async fn both_places_know_the_cast_and_the_hall_stands_below_the_harbourmaster_alone() {
    let harbor = harbor().await;
    let names: Vec<String> = harbor.discord.roles(harbor.guild).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names.first().map(String::as_str), Some("Harbourmaster"), "{names:?}");
    assert_eq!(names.get(1).map(String::as_str), Some("Guildhall"), "{names:?}");
    let below = |name: &str| names.iter().position(|known| known == name) > Some(1);
    assert!(["Harbour Staff", "Leader", "Regular", "Suspended"].into_iter().all(below), "{names:?}");
    let mira = harbor.forum.user_named("mira").expect("mira is in the forum");
    assert_eq!((mira.trust_level, mira.title.as_deref()), (2, Some("Maker")));
    let tomas = harbor.forum.user_named("tomas").expect("tomas is in the forum");
    assert!(tomas.moderator && !tomas.admin);
    let noor = harbor.forum.user_named("noor").expect("noor is in the forum");
    assert!(noor.admin && noor.name.as_deref() == Some("Noor Haddad"));
}

#[tokio::test]
async fn the_line_has_every_key_and_ids_are_strings() {
    let line = harbor().await.line();
    let text = |pointer: &str| line.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    for key in [
        "api",
        "gateway",
        "bot_token",
        "application_id",
        "client_secret",
        "guild_id",
        "authorize_url",
        "token_url",
        "cdn",
    ] {
        assert!(text(&format!("/discord/{key}")).is_some_and(|text| !text.is_empty()), "discord {key}");
    }
    for key in
        ["url", "api_key", "api_username", "read_key", "connect_host", "connect_secret", "webhook_secret"]
    {
        assert!(text(&format!("/forum/{key}")).is_some_and(|text| !text.is_empty()), "forum {key}");
    }
    assert!(text("/discord/roles/Regular").is_some_and(|id| id.parse::<u64>().is_ok()));
    assert!(text("/discord/api").is_some_and(|api| api.ends_with("/api/v10")));
    let mira = line.pointer("/people/0").expect("somebody");
    for key in ["discord_id", "discord_name", "forum_id", "forum_name", "password"] {
        assert!(mira.get(key).is_some_and(Value::is_string), "{key}: {mira}");
    }
}

#[tokio::test]
async fn beginning_again_undoes_what_was_done_in_the_forum() {
    let harbor = harbor().await;
    let forum = &harbor.forum;
    let mira = forum.user_named("mira").expect("mira").id;
    let (admin, makers) = (forum.admin(), forum.group_named("makers").expect("makers").id);
    forum.set_trust_level(admin, mira, 4).expect("level");
    forum.set_title(admin, mira, "").expect("title");
    forum.remove_from_group(admin, makers, mira).expect("group");
    forum.grant_admin(admin, mira).expect("admin");
    harbor.begins_again().expect("again");
    let now = forum.user(mira).expect("mira");
    assert_eq!((now.trust_level, now.title.as_deref(), now.admin), (2, Some("Maker"), false));
    assert!(now.membership(makers).is_some());
}
