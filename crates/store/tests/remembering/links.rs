//! One account has one member, and a member one account at each place, whoever races for them.

use domain::ids::{GuildId, MemberId, PlaceId, RoleId, Subject, UserId};
use store::given::{GivenRole, WrittenNickname};
use store::links::{Linked, NewAccount, NewLink, Unlinked};
use store::{Store, Tx};

use crate::engines::{NOON, seconds};
use crate::facts::read;

pub(crate) const CHAT: PlaceId = PlaceId(1);
pub(crate) const FORUM: PlaceId = PlaceId(2);
pub(crate) const CLUB: PlaceId = PlaceId(3);

/// Makes the three places that tests speak of.
pub(crate) async fn places(store: &Store) {
    let mut tx = store.write().await.unwrap();
    for (place, name) in [(CHAT, "chat"), (FORUM, "forum"), (CLUB, "club")] {
        let found = tx.place(name, name, &format!("https://{name}.example")).await.unwrap();
        assert_eq!(found.id(), Some(place));
    }
    tx.commit().await.unwrap();
}

fn account(place: PlaceId, subject: u64, username: &str) -> NewAccount {
    NewAccount { place, subject: Subject(subject.to_string()), username: username.into(), name: None }
}

/// A link of a user, by number, to an account of a source, by number.
pub(crate) fn new_link(user: u64, source: PlaceId, subject: u64) -> NewLink {
    let other = account(source, subject, &format!("s{subject}"));
    NewLink {
        user: account(CHAT, user, &format!("u{user}")),
        other,
        proven_by: "page".into(),
        second_factor: false,
        at: NOON,
    }
}

/// Links and lets it stand.
pub(crate) async fn link(store: &Store, user: u64, source: PlaceId, subject: u64) -> Linked {
    let mut tx = store.write().await.unwrap();
    let linked = tx.link(&new_link(user, source, subject)).await.unwrap();
    tx.commit().await.unwrap();
    linked
}

fn made(member: i64) -> Linked {
    Linked::Made { member: MemberId(member) }
}

fn names(linked: &Linked) -> String {
    match linked {
        Linked::Made { .. } => "made".into(),
        Linked::Already { .. } => "already".into(),
        Linked::OtherTaken { by } => format!("other taken by {}", by.username),
        Linked::UserTaken { by } => format!("user has {}", by.username),
    }
}

async fn count(tx: &mut Tx) -> (usize, usize) {
    (tx.account_count(CHAT).await.unwrap(), tx.account_count(FORUM).await.unwrap())
}

on_both! {
    async fn somebody_is_found_by_what_a_source_calls_them_in_any_case(store: Store) {
        places(&store).await;
        link(&store, 1, FORUM, 7).await;
        link(&store, 2, FORUM, 8).await;
        link(&store, 2, CLUB, 9).await;
        let mut tx = store.read().await.unwrap();
        for (name, found) in [("s7", Some(1)), ("S8", Some(2)), ("s9", Some(2)), ("u1", None), ("s%", None)] {
            assert_eq!(tx.user_called(CHAT, name).await.unwrap(), found.map(UserId), "{name}");
        }
        for (user, name) in [(1, Some("s7")), (2, Some("s9")), (3, None)] {
            assert_eq!(tx.name_at_source(CHAT, UserId(user)).await.unwrap().as_deref(), name);
        }
    }

    async fn each_way_two_accounts_can_meet_has_its_answer(store: Store) {
        places(&store).await;
        link(&store, 1, FORUM, 42).await;
        link(&store, 2, FORUM, 43).await;
        for (user, source, subject, answer) in [
            (1, FORUM, 42, "already"),
            (3, FORUM, 42, "other taken by u1"),
            (1, FORUM, 44, "user has s42"),
            (1, FORUM, 43, "user has s42"),
            (1, CLUB, 42, "made"),
            (2, CLUB, 42, "other taken by u1"),
            (3, CLUB, 43, "made"),
            (3, FORUM, 42, "other taken by u1"),
            (3, FORUM, 45, "made"),
        ] {
            let linked = link(&store, user, source, subject).await;
            assert_eq!(names(&linked), answer, "user {user} and {subject} of {source}");
        }
        let links = store.read().await.unwrap().links_of_user(CHAT, &Subject("1".into())).await.unwrap();
        let links: Vec<_> = links.iter().map(|link| (link.account.place, link.account.subject.0.as_str())).collect();
        assert_eq!(links, [(FORUM, "42"), (CLUB, "42")]);
    }

    async fn of_people_who_race_for_one_account_exactly_one_gets_it(store: Store) {
        places(&store).await;
        let racers: Vec<_> = (1..=16)
            .map(|user| {
                let store = store.clone();
                tokio::spawn(async move { link(&store, user, FORUM, 42).await })
            })
            .collect();
        let mut answers = Vec::new();
        for racer in racers {
            answers.push(racer.await.unwrap());
        }
        assert_eq!(answers.iter().filter(|answer| matches!(answer, Linked::Made { .. })).count(), 1);
        assert_eq!(answers.iter().filter(|answer| matches!(answer, Linked::OtherTaken { .. })).count(), 15);
        assert_eq!(count(&mut store.read().await.unwrap()).await, (1, 1));
    }

    async fn one_person_in_two_browsers_is_linked_once(store: Store) {
        places(&store).await;
        let racers: Vec<_> = (0..8)
            .map(|at| {
                let store = store.clone();
                tokio::spawn(async move { link(&store, 7, FORUM, 42 + at % 2).await })
            })
            .collect();
        let mut made = 0;
        for racer in racers {
            made += usize::from(matches!(racer.await.unwrap(), Linked::Made { .. }));
        }
        assert_eq!((made, count(&mut store.read().await.unwrap()).await), (1, (1, 1)));
    }

    async fn a_link_that_is_not_committed_leaves_nothing(store: Store) {
        places(&store).await;
        let mut tx = store.write().await.unwrap();
        tx.link(&new_link(1, FORUM, 42)).await.unwrap();
        drop(tx);
        assert_eq!(link(&store, 2, FORUM, 42).await.clone(), link_made(&store).await);
    }

    async fn unlinking_the_last_source_forgets_the_member(store: Store) {
        places(&store).await;
        assert_eq!(link(&store, 1, FORUM, 42).await, made(1));
        link(&store, 1, CLUB, 5).await;
        let mut tx = store.write().await.unwrap();
        tx.put_facts(FORUM, &[read("42", "{}")], NOON).await.unwrap();
        let given = GivenRole { guild: GuildId(9), user: UserId(1), role: RoleId(8) };
        tx.put_given_role(given, NOON).await.unwrap();
        tx.put_nickname(&nickname()).await.unwrap();
        assert_eq!(tx.unlink(MemberId(1), FORUM, CHAT).await.unwrap(), Unlinked::Kept);
        assert_eq!(tx.unlink(MemberId(1), FORUM, CHAT).await.unwrap(), Unlinked::NothingThere);
        assert_eq!(tx.given_roles_of(UserId(1)).await.unwrap(), [given]);
        assert_eq!(tx.unlink(MemberId(1), CLUB, CHAT).await.unwrap(), Unlinked::Forgotten);
        tx.commit().await.unwrap();

        let mut tx = store.read().await.unwrap();
        assert_eq!(count(&mut tx).await, (0, 0));
        assert_eq!(tx.given_roles_of(UserId(1)).await.unwrap(), []);
        assert_eq!(tx.nicknames_of(UserId(1)).await.unwrap(), []);
        drop(tx);
        assert_eq!(link(&store, 2, FORUM, 42).await, made(2), "the number of a member is not used again");
    }

    async fn an_account_keeps_its_number_through_every_change_of_name(store: Store) {
        places(&store).await;
        link(&store, 1, FORUM, 42).await;
        let subject = Subject("42".into());
        let mut tx = store.write().await.unwrap();
        assert!(tx.rename_account(FORUM, &subject, "mira", Some("Mira")).await.unwrap());
        assert!(!tx.rename_account(FORUM, &subject, "mira", Some("Mira")).await.unwrap());
        tx.account_vanished(FORUM, &subject, seconds(1)).await.unwrap();
        tx.account_vanished(FORUM, &subject, seconds(2)).await.unwrap();
        let account = tx.account(FORUM, &subject).await.unwrap().unwrap();
        assert_eq!((account.username.as_str(), account.name.as_deref()), ("mira", Some("Mira")));
        assert_eq!(account.vanished_at, Some(seconds(1)));
        assert!(tx.account_reappeared(FORUM, &subject).await.unwrap());
        assert!(!tx.account_reappeared(FORUM, &subject).await.unwrap());
    }

    async fn names_may_hold_anything_but_nul(store: Store) {
        places(&store).await;
        link(&store, 1, FORUM, 42).await;
        let mut tx = store.write().await.unwrap();
        let subject = Subject("42".into());
        for (name, kept) in [("a\0b", "a\u{fffd}b"), ("'; drop table members; --", "'; drop table members; --"), ("👩‍👩‍👧\u{202e}", "👩‍👩‍👧\u{202e}")] {
            tx.rename_account(FORUM, &subject, name, None).await.unwrap();
            assert_eq!(tx.account(FORUM, &subject).await.unwrap().unwrap().username, kept);
        }
    }
}

async fn link_made(store: &Store) -> Linked {
    let tx = &mut store.read().await.unwrap();
    Linked::Made { member: tx.member_by_subject(CHAT, &Subject("2".into())).await.unwrap().unwrap() }
}

fn nickname() -> WrittenNickname {
    WrittenNickname {
        guild: GuildId(9),
        user: UserId(1),
        before: None,
        asked: "Mira".into(),
        asked_print: u64::MAX,
        became_print: 1,
        written_at: NOON,
    }
}
