//! Everything else that is remembered comes back as it was given.

use std::time::Duration;

use domain::ids::{GroupId, GuildId, PlaceId, RevisionId, RoleId, Subject, UserId};
use store::Store;
use store::audit::AuditEntry;
use store::cursors::Cursor;
use store::given::{GivenRole, StoredDeparture, WrittenNickname};
use store::guilds::GroupBinding;
use store::hooks::Delivered;
use store::revisions::RevisionNoted;

use crate::engines::{NOON, seconds};
use crate::links::{CLUB, FORUM, places};

const GUILD: GuildId = GuildId(u64::MAX);
const USER: UserId = UserId(u64::MAX - 1);
const MINUTE: Duration = Duration::from_secs(60);

on_both! {
    async fn a_name_keeps_the_role_it_was_bound_to_until_it_is_bound_anew(store: Store) {
        let mut tx = store.write().await.unwrap();
        for role in [RoleId(1), RoleId(u64::MAX)] {
            tx.bind_role(GUILD, "Leader", role, NOON).await.unwrap();
            assert_eq!(tx.role_bindings(GUILD).await.unwrap().get("Leader"), Some(&role));
        }
        tx.forget_role_binding(GUILD, "Leader").await.unwrap();
        assert!(tx.role_bindings(GUILD).await.unwrap().is_empty());
    }

    async fn a_group_may_be_renamed_go_and_come_back(store: Store) {
        places(&store).await;
        let mut tx = store.write().await.unwrap();
        let binding = |current: &str, gone_at| {
            let (name, current_name) = ("makers".into(), current.into());
            [GroupBinding { name, group: GroupId(41), current_name, gone_at, hidden_at: None }]
        };
        tx.bind_group(FORUM, "makers", GroupId(41), "makers", false, NOON).await.unwrap();
        tx.bind_group(FORUM, "makers", GroupId(41), "crew", false, NOON).await.unwrap();
        assert_eq!(tx.group_bindings(FORUM).await.unwrap(), binding("crew", None));
        tx.group_gone(FORUM, "makers", seconds(1)).await.unwrap();
        tx.group_gone(FORUM, "makers", seconds(2)).await.unwrap();
        assert_eq!(tx.group_bindings(FORUM).await.unwrap(), binding("crew", Some(seconds(1))));
        tx.bind_group(FORUM, "makers", GroupId(41), "crew", false, NOON).await.unwrap();
        assert_eq!(tx.group_bindings(FORUM).await.unwrap(), binding("crew", None));
        tx.forget_group_binding(FORUM, "makers").await.unwrap();
        assert_eq!(tx.group_bindings(FORUM).await.unwrap(), []);
    }

    async fn a_group_is_hidden_since_the_first_moment_until_it_is_shown_again(store: Store) {
        places(&store).await;
        let mut tx = store.write().await.unwrap();
        for (second, hidden, since) in [
            (1, false, None),
            (2, true, Some(seconds(2))),
            (3, true, Some(seconds(2))),
            (4, false, None),
            (5, true, Some(seconds(5))),
        ] {
            tx.bind_group(FORUM, "makers", GroupId(41), "makers", hidden, seconds(second)).await.unwrap();
            let bound = tx.group_bindings(FORUM).await.unwrap();
            assert_eq!(bound.iter().map(|binding| binding.hidden_at).collect::<Vec<_>>(), [since], "{second}");
        }
        tx.group_gone(FORUM, "makers", seconds(6)).await.unwrap();
        let bound = tx.group_bindings(FORUM).await.unwrap();
        let hidden: Vec<_> = bound.iter().map(|binding| binding.hidden_at).collect();
        assert_eq!(hidden, [Some(seconds(5))], "gone, but not to be named");
    }

    async fn given_roles_are_remembered_by_guild_and_person(store: Store) {
        let mut tx = store.write().await.unwrap();
        let given = |role| GivenRole { guild: GUILD, user: USER, role: RoleId(role) };
        for role in [5, 4, 5] {
            tx.put_given_role(given(role), NOON).await.unwrap();
        }
        assert_eq!(tx.given_roles_in(GUILD).await.unwrap(), [given(4), given(5)]);
        assert!(tx.remove_given_role(given(4)).await.unwrap());
        assert!(!tx.remove_given_role(given(4)).await.unwrap());
        assert_eq!(tx.given_roles_of(USER).await.unwrap(), [given(5)]);
    }

    async fn a_nickname_is_remembered_with_what_it_was_before(store: Store) {
        let mut tx = store.write().await.unwrap();
        let mut nickname = WrittenNickname {
            guild: GUILD,
            user: USER,
            before: Some("old".into()),
            asked: "new".into(),
            asked_print: u64::MAX,
            became_print: 0,
            written_at: NOON,
        };
        tx.put_nickname(&nickname).await.unwrap();
        nickname.asked = "newer".into();
        tx.put_nickname(&nickname).await.unwrap();
        assert_eq!(tx.nickname(GUILD, USER).await.unwrap().as_ref(), Some(&nickname));
        assert_eq!(tx.nicknames_in(GUILD).await.unwrap(), [nickname.clone()]);
        assert_eq!(tx.nicknames_of(USER).await.unwrap(), [nickname]);
        tx.remove_nickname(GUILD, USER).await.unwrap();
        assert_eq!(tx.nickname(GUILD, USER).await.unwrap(), None);
    }

    async fn people_are_told_of_one_thing_once(store: Store) {
        let mut tx = store.write().await.unwrap();
        assert!(!tx.was_told(GUILD, USER, "nickname").await.unwrap());
        assert!(tx.tell_once(GUILD, USER, "nickname", NOON).await.unwrap());
        assert!(!tx.tell_once(GUILD, USER, "nickname", seconds(1)).await.unwrap());
        assert!(tx.was_told(GUILD, USER, "nickname").await.unwrap());
        assert!(!tx.was_told(GUILD, USER, "roles").await.unwrap());
    }

    async fn a_departure_stays_until_everything_is_taken_back(store: Store) {
        let mut tx = store.write().await.unwrap();
        tx.put_departure(GUILD, USER, "{}", NOON).await.unwrap();
        tx.put_departure(GUILD, USER, "[]", seconds(1)).await.unwrap();
        let departure = StoredDeparture { user: USER, departure: "[]".into(), created_at: seconds(1) };
        assert_eq!(tx.departure(GUILD, USER).await.unwrap().as_ref(), Some(&departure));
        assert_eq!(tx.departures_in(GUILD).await.unwrap(), [departure]);
        for (known, left, cut) in [("{}", None, false), ("[]", Some("[1]"), true), ("[]", None, false)] {
            assert_eq!(tx.cut_departure(GUILD, USER, known, left).await.unwrap(), cut, "{known} to {left:?}");
        }
        assert!(tx.cut_departure(GUILD, USER, "[1]", None).await.unwrap());
        assert_eq!(tx.departures_in(GUILD).await.unwrap(), []);
    }

    async fn a_lease_changes_hands_with_a_greater_number(store: Store) {
        let mut tx = store.write().await.unwrap();
        let first = tx.acquire("bot", "a", NOON, MINUTE).await.unwrap().unwrap();
        assert_eq!(tx.acquire("bot", "b", seconds(59), MINUTE).await.unwrap(), None);
        let first = tx.renew(&first, seconds(59), MINUTE).await.unwrap().unwrap();
        assert_eq!(tx.acquire("bot", "b", seconds(60), MINUTE).await.unwrap(), None);
        assert!(tx.holds(&first, seconds(118)).await.unwrap());
        assert!(!tx.holds(&first, seconds(119)).await.unwrap(), "it has run out");
        let second = tx.acquire("bot", "b", seconds(119), MINUTE).await.unwrap().unwrap();
        assert!(second.fence > first.fence);
        assert_eq!(tx.renew(&first, seconds(120), MINUTE).await.unwrap(), None);
        tx.release(&first).await.unwrap();
        assert!(tx.holds(&second, seconds(120)).await.unwrap(), "whoever lost it cannot give it back");
        tx.release(&second).await.unwrap();
        let third = tx.acquire("bot", "a", seconds(121), MINUTE).await.unwrap().unwrap();
        assert!(third.fence > second.fence);
    }

    async fn of_those_who_want_a_lease_at_once_one_gets_it(store: Store) {
        let wanting: Vec<_> = (0..8)
            .map(|holder| {
                let store = store.clone();
                tokio::spawn(async move {
                    let mut tx = store.write().await.unwrap();
                    let lease = tx.acquire("bot", &format!("h{holder}"), NOON, MINUTE).await.unwrap();
                    tx.commit().await.unwrap();
                    usize::from(lease.is_some())
                })
            })
            .collect();
        let mut got = 0;
        for one in wanting {
            got += one.await.unwrap();
        }
        assert_eq!(got, 1);
    }

    async fn a_delivery_is_known_by_its_body_and_counted_until_it_is_forgotten(store: Store) {
        places(&store).await;
        let mut tx = store.write().await.unwrap();
        let came = |id: &str, repeats, at| Delivered {
            event_id: id.into(),
            event: "user_updated".into(),
            repeats,
            received_at: seconds(at),
            look_at: seconds(at + 5),
        };
        for (place, body, delivered) in [
            (FORUM, "a", came("1", 0, 1)),
            (FORUM, "a", came("2", 1, 2)),
            (CLUB, "a", came("1", 0, 3)),
            (FORUM, "b", came("1", 0, 4)),
        ] {
            tx.put_delivered(place, body, &delivered).await.unwrap();
            assert_eq!(tx.delivered(place, body).await.unwrap(), Some(delivered));
        }
        assert_eq!(tx.delivered(CLUB, "b").await.unwrap(), None);
        assert_eq!(tx.delivered_since(FORUM, seconds(0)).await.unwrap(), 2);
        assert_eq!(tx.delivered_since(FORUM, seconds(2)).await.unwrap(), 1);
        assert_eq!(tx.prune_delivered(seconds(3)).await.unwrap(), 1);
        assert_eq!(tx.delivered(FORUM, "a").await.unwrap(), None);
    }

    async fn a_cursor_stands_where_it_was_put(store: Store) {
        places(&store).await;
        let mut tx = store.write().await.unwrap();
        assert_eq!(tx.cursor(FORUM, "acts").await.unwrap(), None);
        for value in ["1", "2"] {
            let cursor = Cursor { value: value.into(), at: NOON };
            tx.put_cursor(FORUM, "acts", &cursor).await.unwrap();
            assert_eq!(tx.cursor(FORUM, "acts").await.unwrap(), Some(cursor));
        }
    }

    async fn rules_get_a_new_number_only_when_they_differ(store: Store) {
        let mut tx = store.write().await.unwrap();
        for (guild, rules, number) in [(1, "a", 1), (1, "a", 1), (2, "a", 2), (1, "b", 3), (1, "a", 4)] {
            let noted = tx.put_revision(GuildId(guild), rules, NOON).await.unwrap();
            assert_eq!(noted.id(), Some(RevisionId(number)), "{guild} {rules}");
        }
        assert_eq!(tx.latest_revision(GuildId(2)).await.unwrap().unwrap().id, RevisionId(2));
        let numbers = async |tx: &mut store::Tx, before| {
            let page = tx.revisions(GuildId(1), before, 2).await.unwrap();
            page.into_iter().map(|revision| revision.id.0).collect::<Vec<_>>()
        };
        assert_eq!(numbers(&mut tx, None).await, [4, 3]);
        assert_eq!(numbers(&mut tx, Some(RevisionId(3))).await, [1]);
    }

    async fn rules_that_were_read_before_the_latest_do_not_replace_them(store: Store) {
        let mut tx = store.write().await.unwrap();
        tx.put_revision(GUILD, "new", seconds(2)).await.unwrap();
        let latest = tx.latest_revision(GUILD).await.unwrap().unwrap();
        let old = tx.put_revision(GUILD, "old", seconds(1)).await.unwrap();
        assert_eq!(old, RevisionNoted::Outdated(latest.clone()));
        let same = tx.put_revision(GUILD, "new", seconds(1)).await.unwrap();
        assert_eq!(same, RevisionNoted::Same(latest.id));
        let newer = tx.put_revision(GUILD, "old", seconds(2)).await.unwrap();
        assert!(matches!(newer, RevisionNoted::New { before: Some(before), .. } if before == latest));
    }

    async fn the_audit_log_is_read_from_its_end_in_pages(store: Store) {
        places(&store).await;
        let mut tx = store.write().await.unwrap();
        let entry = |at, user| AuditEntry {
            at: seconds(at),
            actor: "hall".into(),
            act: "give".into(),
            guild: Some(GUILD),
            user: Some(UserId(user)),
            place: Some(PlaceId(2)),
            subject: Some(Subject("42".into())),
            details: "{}".into(),
        };
        for (at, user) in [(1, 1), (2, 2), (3, 1), (4, 1)] {
            tx.append_audit(&entry(at, user)).await.unwrap();
        }
        let page = tx.audit_of(UserId(1), None, 2).await.unwrap();
        assert_eq!(page.iter().map(|row| row.entry.clone()).collect::<Vec<_>>(), [entry(4, 1), entry(3, 1)]);
        let next = tx.audit_of(UserId(1), page.last().map(|row| row.id), 2).await.unwrap();
        assert_eq!(next.len(), 1);
        assert_eq!(tx.prune_audit(seconds(3)).await.unwrap(), 2);
        assert_eq!(tx.latest_audit(None, 9).await.unwrap().len(), 2);
        assert_eq!(tx.audit_of_act(GUILD, "give", 1).await.unwrap().len(), 1);
        assert_eq!(tx.audit_of_act(GUILD, "take", 1).await.unwrap(), []);
        assert_eq!(tx.audit_in(GUILD, None, 1).await.unwrap().len(), 1);
    }

    async fn the_first_value_stands_until_it_is_replaced(store: Store) {
        let mut tx = store.write().await.unwrap();
        assert_eq!(tx.meta("key").await.unwrap(), None);
        assert_eq!(tx.meta_or_first("key", "a").await.unwrap(), "a");
        assert_eq!(tx.meta_or_first("key", "b").await.unwrap(), "a");
        tx.put_meta("key", "c").await.unwrap();
        assert_eq!(tx.meta("key").await.unwrap().as_deref(), Some("c"));
    }
}
