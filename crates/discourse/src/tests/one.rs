//! One person by id, and when nobody is really nobody.

use domain::facts::Cell;
use domain::ids::{GroupId, Subject};
use domain::time::Timestamp;
use service::ports::{Person, PersonRead, Source, SourceError};

use super::stand_in::{Forum, Reply, fact, recorded, recordings_here, wrong_key};

async fn read(file: &str, id: i64) -> PersonRead {
    let target = format!("/admin/users/{id}.json");
    let forum = Forum::with([(target.as_str(), recorded(file))]).await;
    match forum.source().one(&Subject(id.to_string())).await.unwrap() {
        Person::Here(person) => person,
        Person::Gone => panic!("{file} is somebody"),
    }
}

fn in_groups(person: &PersonRead, groups: &[i64]) -> bool {
    let Cell::Groups(known) = person.row.cell(fact("groups")) else { return false };
    known.member_of() == groups.iter().copied().map(GroupId).collect::<Vec<_>>()
}

#[tokio::test]
async fn every_recorded_person_is_read_in_full() {
    if !recordings_here() {
        return;
    }
    let text = |text: &str| Cell::Text(text.into());
    let cases: &[(&str, i64, &str, Cell)] = &[
        ("read/admin-user-mira.json", 4, "trust_level", Cell::Int(2)),
        ("read/admin-user-mira.json", 4, "title", text("Maker")),
        ("read/admin-user-mira.json", 4, "username", text("mira")),
        ("read/admin-user-mira.json", 4, "silenced", Cell::Bool(false)),
        ("read/admin-user-mira.json", 4, "joined_at", Cell::Time(Timestamp(1_795_247_695_887))),
        ("read/admin-user-captain.json", 1, "admin", Cell::Bool(true)),
        ("read/admin-user-captain.json", 1, "moderator", Cell::Bool(false)),
        ("read/admin-user-ana.json", 7, "name", Cell::Null),
        ("read/admin-user-ana.json", 7, "title", Cell::Null),
        ("read/admin-user-mailperson.json", 11, "staged", Cell::Bool(true)),
        ("read/admin-user-sleeper.json", 12, "active", Cell::Bool(false)),
        ("read/admin-user-sunk-suspended.json", 9, "suspended", Cell::Bool(true)),
        ("read/admin-user-nils-suspended-in-the-past.json", 6, "suspended", Cell::Bool(false)),
        ("read/admin-user-hush-silenced.json", 10, "silenced", Cell::Bool(true)),
        ("read/admin-user-anonymized.json", 17, "trust_level", Cell::Int(2)),
        ("errors/read-only-key-admin-user.json", 4, "trust_level", Cell::Int(2)),
    ];
    for (file, id, name, expected) in cases {
        assert_eq!(read(file, *id).await.row.cell(fact(name)), expected, "{file} {name}");
    }
    assert!(in_groups(&read("read/admin-user-hush-silenced.json", 10).await, &[10, 11]));
}

#[tokio::test]
async fn a_suspension_that_ends_by_itself_says_when_to_look_again() {
    if !recordings_here() {
        return;
    }
    let ends = [
        ("read/admin-user-sunk-suspended.json", 9, Some(Timestamp(1_811_851_200_000))),
        ("read/admin-user-hush-silenced.json", 10, Some(Timestamp(1_798_761_600_000))),
        ("read/admin-user-mira.json", 4, None),
    ];
    for (file, id, look_again) in ends {
        assert_eq!(read(file, id).await.look_again, look_again, "{file}");
    }
}

#[tokio::test]
async fn nobody_is_gone_without_proof() {
    if !recordings_here() {
        return;
    }
    let control = || {
        Reply::keyed(
            "users/show",
            &serde_json::json!({"id": -1, "username": "system", "trust_level": 4, "admin": true, "moderator": true}),
        )
    };
    let gone = |file| (recorded(file), wrong_key());
    let cases = [
        ("destroyed", gone("read/admin-user-destroyed.json"), true),
        ("merged away", gone("read/admin-user-merged-away.json"), true),
        ("never existed", gone("errors/admin-user-never-existed.json"), true),
        ("wrong key", gone("errors/admin-user-with-wrong-key.json"), false),
        ("revoked key", gone("errors/admin-user-with-revoked-key.json"), false),
        ("another user's name", (rename(recorded("read/admin-user-destroyed.json")), wrong_key()), false),
        ("no headers, but the key counts", (wrong_key(), control()), true),
        (
            "no headers, and the control read is nobody's",
            (wrong_key(), control().without("X-Discourse-Username")),
            false,
        ),
    ];
    for (case, (answer, control), is_gone) in cases {
        let forum = Forum::with([("/admin/users/18.json", answer), ("/admin/users/-1.json", control)]).await;
        let read = forum.source().one(&Subject("18".to_owned())).await;
        match (is_gone, read) {
            (true, Ok(Person::Gone)) | (false, Err(SourceError::Forbidden { .. })) => {}
            (_, other) => panic!("{case}: {other:?}"),
        }
    }
}

fn rename(mut reply: Reply) -> Reply {
    reply = reply.without("X-Discourse-Username");
    reply.headers.push(("X-Discourse-Username".to_owned(), "mate".to_owned()));
    reply
}

#[tokio::test]
async fn another_person_than_the_one_asked_for_is_refused() {
    if !recordings_here() {
        return;
    }
    let forum = Forum::with([("/admin/users/5.json", recorded("read/admin-user-mira.json"))]).await;
    let read = forum.source().one(&Subject("5".to_owned())).await;
    assert!(matches!(read, Err(SourceError::Nonsense { .. })), "{read:?}");
}

#[tokio::test]
async fn an_id_that_no_forum_gives_out_asks_nothing() {
    let forum = Forum::with([]).await;
    for id in ["", "0", "mira", "4/../5", "99999999999999999999999"] {
        let read = forum.source().one(&Subject(id.to_owned())).await;
        assert!(matches!(read, Err(SourceError::Missing { .. })), "{id}: {read:?}");
    }
    assert!(forum.calls().is_empty());
}
