//! Everybody at once: what is told, in how many calls, and what is not proven is not said.

use domain::facts::Cell;
use domain::ids::{GroupId, Subject};
use domain::time::Timestamp;
use service::ports::{PersonRead, Snapshot, Source, SourceError, Wanted};

use super::stand_in::{Forum, fact, recorded, recordings_here, wrong_key};
use super::town::Town;

fn wanted(facts: &[&str], groups: &[i64]) -> Wanted {
    Wanted {
        facts: facts.iter().map(|name| fact(name)).collect(),
        groups: groups.iter().copied().map(GroupId).collect(),
    }
}

async fn read(forum: &Forum, wanted: &Wanted) -> Snapshot {
    forum.source().everybody(wanted, &|_| true).await.unwrap()
}

fn person(snapshot: &Snapshot, id: i64) -> &PersonRead {
    let subject = Subject(id.to_string());
    snapshot.people.iter().find(|person| person.subject == subject).unwrap()
}

fn in_group(snapshot: &Snapshot, id: i64, group: i64) -> Option<bool> {
    match person(snapshot, id).row.cell(fact("groups")) {
        Cell::Groups(groups) => groups.contains(GroupId(group)),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn standing_is_read_from_groups_in_few_calls() {
    let forum = Town::of(2500).serve().await;
    let snapshot = read(&forum, &wanted(&["trust_level", "admin", "groups"], &[41])).await;
    assert_eq!(snapshot.incomplete, None);
    assert_eq!((snapshot.population, snapshot.people.len()), (2500, 2500));
    assert_eq!(person(&snapshot, 4).row.cell(fact("trust_level")), &Cell::Int(4));
    assert_eq!(person(&snapshot, 1).row.cell(fact("admin")), &Cell::Bool(true));
    assert_eq!(person(&snapshot, 2).row.cell(fact("admin")), &Cell::Bool(false));
    assert_eq!(person(&snapshot, 2).row.cell(fact("moderator")), &Cell::Unknown, "nobody asked");
    assert_eq!((in_group(&snapshot, 10, 41), in_group(&snapshot, 11, 41)), (Some(true), Some(false)));
    assert_eq!(in_group(&snapshot, 10, 42), None, "never read");
    assert_eq!(forum.calls().len(), 6, "groups, three pages of everybody, admins, makers");
}

#[tokio::test]
async fn trust_levels_come_from_groups_where_the_forum_does_not_write_them_beside_members() {
    let mut town = Town::of(50);
    town.tells_trust_levels = false;
    let forum = town.serve().await;
    let snapshot = read(&forum, &wanted(&["trust_level"], &[])).await;
    for id in 1..=50 {
        assert_eq!(person(&snapshot, id).row.cell(fact("trust_level")), &Cell::Int(id % 5));
    }
}

#[tokio::test]
async fn flags_and_dates_come_from_lists() {
    let cases: &[(&[&str], bool)] =
        &[(&["suspended"], false), (&["joined_at"], true), (&["suspended", "active"], true)];
    for (facts, by_list) in cases {
        let forum = Town::of(350).serve().await;
        let snapshot = read(&forum, &wanted(facts, &[])).await;
        assert_eq!(snapshot.incomplete, None, "{facts:?}");
        let read_list = forum.calls().iter().any(|call| call.target.contains("list/active"));
        assert_eq!(read_list, *by_list, "{facts:?}");
        if facts.contains(&"suspended") {
            assert_eq!(person(&snapshot, 7).row.cell(fact("suspended")), &Cell::Bool(true), "{facts:?}");
            assert_eq!(person(&snapshot, 8).row.cell(fact("suspended")), &Cell::Bool(false), "{facts:?}");
            assert_eq!(person(&snapshot, 7).look_again, Some(Timestamp(1_811_851_200_000)), "{facts:?}");
        } else {
            assert_eq!(
                person(&snapshot, 8).row.cell(fact("joined_at")),
                &Cell::Time(Timestamp(1_795_247_681_760))
            );
        }
    }
}

#[tokio::test]
async fn only_those_who_are_wanted_are_kept() {
    let forum = Town::of(300).serve().await;
    let keep = |subject: &Subject| subject.0 == "10";
    let snapshot = forum.source().everybody(&wanted(&["groups"], &[41]), &keep).await.unwrap();
    assert_eq!((snapshot.people.len(), snapshot.population), (1, 300));
    assert_eq!(in_group(&snapshot, 10, 41), Some(true));
}

#[tokio::test]
async fn a_group_that_changes_once_is_read_once_more() {
    let town = Town::of(2500).meanwhile(|calls, people| {
        if calls == 2 {
            people.retain(|person| person.id != 5);
        }
    });
    let forum = town.serve().await;
    let snapshot = read(&forum, &wanted(&["trust_level"], &[])).await;
    assert_eq!((snapshot.incomplete, snapshot.population), (None, 2499));
}

#[tokio::test]
async fn one_who_comes_and_one_who_goes_at_the_same_moment_are_noticed() {
    let town = Town::of(2500).meanwhile(|calls, people| {
        if calls == 2 {
            people.retain(|person| person.id != 5);
            let mut newcomer = people[0].clone();
            newcomer.id = 9000;
            people.push(newcomer);
        }
    });
    let forum = town.serve().await;
    let snapshot = read(&forum, &wanted(&["trust_level"], &[])).await;
    assert!(
        snapshot.people.iter().any(|person| person.subject.0 == "1001"),
        "who moved past the border is not missed"
    );
    assert_eq!(snapshot.incomplete, None);
}

#[tokio::test]
async fn a_group_that_never_stands_still_leaves_everybody_in_it_unknown() {
    let mut town = Town::of(3000);
    for person in &mut town.people {
        person.groups = vec![41];
    }
    let forum = town
        .meanwhile(|calls, people| {
            if calls > 4 {
                let leaver = people.iter_mut().find(|person| person.groups.contains(&41)).unwrap();
                leaver.groups.clear();
            }
        })
        .serve()
        .await;
    let snapshot = read(&forum, &wanted(&["groups"], &[41])).await;
    assert!(snapshot.incomplete.is_some_and(|why| why.0.contains("makers")));
    assert!(snapshot.people.iter().all(|person| match person.row.cell(fact("groups")) {
        Cell::Groups(groups) => groups.contains(GroupId(41)).is_none(),
        _ => true,
    }));
}

#[tokio::test]
async fn a_list_that_people_leave_while_it_is_read_clears_nobody_of_a_flag() {
    let mut town = Town::of(450);
    for person in &mut town.people {
        person.suspended = true;
    }
    let forum = town
        .meanwhile(|calls, people| {
            if calls > 2 {
                people.iter_mut().find(|person| person.suspended).unwrap().suspended = false;
            }
        })
        .serve()
        .await;
    let snapshot = read(&forum, &wanted(&["suspended"], &[])).await;
    assert!(snapshot.incomplete.is_some_and(|why| why.0.contains("suspended")));
    let cleared = |person: &PersonRead| person.row.cell(fact("suspended")) == &Cell::Bool(false);
    assert!(!snapshot.people.iter().any(cleared));
}

#[tokio::test]
async fn a_group_that_is_gone_or_hidden_is_unknown() {
    let mut town = Town::of(20);
    town.groups.retain(|(id, _)| *id != 41);
    let forum = town.serve().await;
    let snapshot = read(&forum, &wanted(&["groups"], &[41])).await;
    assert_eq!(in_group(&snapshot, 10, 41), None);
}

#[tokio::test]
async fn a_key_that_stops_counting_midway_ends_the_reading() {
    let calls = std::sync::atomic::AtomicUsize::new(0);
    let town = Town::of(2500);
    let forum = Forum::answering(move |call| {
        if calls.fetch_add(1, std::sync::atomic::Ordering::SeqCst) > 1 {
            return wrong_key();
        }
        town.answer(call)
    })
    .await;
    let read = forum.source().everybody(&wanted(&["trust_level"], &[]), &|_| true).await;
    assert!(matches!(read, Err(SourceError::Forbidden { .. })), "{read:?}");
}

#[tokio::test]
async fn an_empty_list_of_groups_with_200_is_no_forum_without_people() {
    let nothing = serde_json::json!({"groups": [], "total_rows_groups": 0});
    let forum =
        Forum::with([("/groups.json?page=0", super::stand_in::Reply::keyed("groups/index", &nothing))]).await;
    let read = forum.source().everybody(&wanted(&["trust_level"], &[]), &|_| true).await;
    assert!(matches!(read, Err(SourceError::Nonsense { .. })), "{read:?}");
}

#[tokio::test]
async fn the_recorded_groups_have_their_standard_names_in_every_language() {
    if !recordings_here() {
        return;
    }
    for file in ["read/groups.json", "localised-de/groups.json", "errors/read-only-key-groups.json"] {
        let forum = Forum::with([("/groups.json?page=0", recorded(file))]).await;
        let groups = forum.source().groups().await.unwrap();
        let standard: Vec<(i64, &str)> =
            groups.iter().filter_map(|group| Some((group.id.0, group.standard_name?))).collect();
        assert_eq!(groups.len(), 12, "{file}");
        assert_eq!(standard.len(), 8, "{file}");
        assert!(standard.contains(&(3, "staff")) && standard.contains(&(12, "trust_level_2")), "{file}");
    }
}

#[tokio::test]
async fn groups_for_members_or_staff_only_are_hidden() {
    if !recordings_here() {
        return;
    }
    let forum = Forum::with([("/groups.json?page=0", recorded("read/groups.json"))]).await;
    let groups = forum.source().groups().await.unwrap();
    let hidden: Vec<&str> =
        groups.iter().filter(|group| group.hidden).map(|group| group.name.as_str()).collect();
    assert_eq!(hidden, ["crew-secret", "patrons"]);
}

#[tokio::test]
async fn a_forum_that_says_nothing_of_visibility_hides_no_group() {
    let silent = serde_json::json!({"groups": [{"id": 41, "name": "makers"}], "total_rows_groups": 1});
    let reply = super::stand_in::Reply::keyed("groups/index", &silent);
    let forum = Forum::with([("/groups.json?page=0", reply)]).await;
    assert!(!forum.source().groups().await.unwrap()[0].hidden);
}

#[tokio::test]
async fn the_recorded_members_of_a_group_are_read_whole() {
    if !recordings_here() {
        return;
    }
    let forum = Forum::with([
        ("/groups.json?page=0", recorded("read/groups.json")),
        (
            "/groups/crew-deck/members.json?limit=1000&offset=0",
            recorded("read/group-crew-deck-members-limit-1000.json"),
        ),
        ("/groups/staff/members.json?limit=1000&offset=0", recorded("read/group-staff-members.json")),
        ("/groups/makers/members.json?limit=1000&offset=0", recorded("errors/bad-parameter.json")),
    ])
    .await;
    let source = forum.source();
    assert_eq!(source.members_of(GroupId(42)).await.unwrap().len(), 230);
    assert_eq!(source.members_of(GroupId(3)).await.unwrap().len(), 3);
    assert!(
        matches!(source.members_of(GroupId(41)).await, Err(SourceError::Nonsense { .. })),
        "an empty page of 230"
    );
    assert!(matches!(source.members_of(GroupId(99)).await, Err(SourceError::Missing { .. })));
}
