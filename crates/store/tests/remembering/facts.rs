//! Facts are written where they changed, believed as far as they were read, and read all at once.

use domain::ids::{MemberId, Subject, UserId};
use domain::time::Timestamp;
use store::Store;
use store::facts::{DueLook, FactsRead};
use store::linked::StoredFacts;

use crate::engines::{NOON, seconds};
use crate::links::{CHAT, CLUB, FORUM, link, places};

/// What a source said about somebody, by number.
pub(crate) fn read(subject: &str, facts: &str) -> FactsRead {
    FactsRead {
        subject: Subject(subject.into()),
        username: format!("s{subject}"),
        name: None,
        facts: facts.into(),
        look_again: None,
    }
}

fn stored(facts: &str, read_at: Timestamp, absent_since: Option<Timestamp>) -> Option<StoredFacts> {
    Some(StoredFacts { facts: facts.into(), read_at, absent_since })
}

async fn facts_of(store: &Store, member: i64) -> Option<StoredFacts> {
    let mut tx = store.read().await.unwrap();
    let row = tx.linked_member(CHAT, MemberId(member)).await.unwrap().unwrap();
    row.accounts.into_iter().find(|account| account.place == FORUM).unwrap().facts
}

async fn sweep(store: &Store, read: &[FactsRead], at: Timestamp) -> (Vec<i64>, Vec<String>) {
    let mut tx = store.write().await.unwrap();
    let swept = tx.put_sweep(FORUM, read, at).await.unwrap();
    tx.commit().await.unwrap();
    let changed = swept.changed.iter().map(|member| member.0).collect();
    (changed, swept.absent.into_iter().map(|subject| subject.0).collect())
}

on_both! {
    async fn only_what_changed_is_said_to_have_changed(store: Store) {
        places(&store).await;
        for (user, subject) in [(1, 41), (2, 42), (3, 43)] {
            link(&store, user, FORUM, subject).await;
        }
        let all = |a: &str| [read("41", a), read("42", "b"), read("43", "c"), read("99", "stranger")];
        assert_eq!(sweep(&store, &all("a"), seconds(1)).await, (vec![1, 2, 3], vec![]));
        assert_eq!(sweep(&store, &all("a"), seconds(2)).await, (vec![], vec![]));
        assert_eq!(sweep(&store, &all("z"), seconds(3)).await, (vec![1], vec![]));
        assert_eq!(facts_of(&store, 1).await, stored("z", seconds(3), None));
        assert_eq!(facts_of(&store, 2).await, stored("b", seconds(3), None), "heard again without a write");
    }

    async fn whoever_a_reading_leaves_out_keeps_facts_and_their_age(store: Store) {
        places(&store).await;
        link(&store, 1, FORUM, 41).await;
        link(&store, 2, FORUM, 42).await;
        sweep(&store, &[read("41", "a"), read("42", "b")], seconds(1)).await;
        sweep(&store, &[read("41", "a"), read("42", "b")], seconds(2)).await;
        for at in [3, 4] {
            assert_eq!(sweep(&store, &[read("41", "a")], seconds(at)).await, (vec![], vec!["42".into()]));
            assert_eq!(facts_of(&store, 2).await, stored("b", seconds(2), Some(seconds(3))));
        }
        assert_eq!(sweep(&store, &[read("41", "a"), read("42", "b")], seconds(5)).await, (vec![2], vec![]));
        assert_eq!(facts_of(&store, 2).await, stored("b", seconds(5), None));
    }

    async fn whoever_links_while_a_reading_goes_on_is_not_left_out_by_it(store: Store) {
        places(&store).await;
        link(&store, 1, FORUM, 41).await;
        let mut tx = store.write().await.unwrap();
        tx.put_facts(FORUM, &[read("41", "fresh")], seconds(2)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(sweep(&store, &[], NOON).await, (vec![], vec![]));
        assert_eq!(facts_of(&store, 1).await, stored("fresh", seconds(2), None));
    }

    async fn what_was_read_earlier_never_replaces_what_was_read_later(store: Store) {
        places(&store).await;
        link(&store, 1, FORUM, 41).await;
        let mut tx = store.write().await.unwrap();
        assert_eq!(tx.put_facts(FORUM, &[read("41", "new")], seconds(9)).await.unwrap(), [MemberId(1)]);
        assert_eq!(tx.put_facts(FORUM, &[read("41", "old")], seconds(5)).await.unwrap(), []);
        tx.commit().await.unwrap();
        assert_eq!(sweep(&store, &[read("41", "old")], seconds(6)).await, (vec![], vec![]));
        assert_eq!(facts_of(&store, 1).await, stored("new", seconds(9), None));
    }

    async fn reading_one_person_again_makes_their_facts_younger(store: Store) {
        places(&store).await;
        link(&store, 1, FORUM, 41).await;
        for (at, changed) in [(1, vec![MemberId(1)]), (2, vec![])] {
            let mut tx = store.write().await.unwrap();
            assert_eq!(tx.put_facts(FORUM, &[read("41", "a")], seconds(at)).await.unwrap(), changed);
            tx.commit().await.unwrap();
            assert_eq!(facts_of(&store, 1).await, stored("a", seconds(at), None));
        }
    }

    async fn an_account_that_was_read_has_its_new_name_and_has_not_vanished(store: Store) {
        places(&store).await;
        link(&store, 1, FORUM, 41).await;
        let subject = Subject("41".into());
        let mut tx = store.write().await.unwrap();
        tx.account_vanished(FORUM, &subject, NOON).await.unwrap();
        let renamed = FactsRead { username: "mira".into(), name: Some("Mi\0ra".into()), ..read("41", "{\"t\":\"\\u0000\"}") };
        tx.put_facts(FORUM, &[renamed], NOON).await.unwrap();
        let account = tx.account(FORUM, &subject).await.unwrap().unwrap();
        assert_eq!((account.username.as_str(), account.vanished_at), ("mira", None));
        assert_eq!(account.name.as_deref(), Some("Mi\u{fffd}ra"));
        tx.commit().await.unwrap();
        assert_eq!(facts_of(&store, 1).await, stored("{\"t\":\"\\u0000\"}", NOON, None));
    }

    async fn a_fact_that_ends_by_itself_is_due_until_it_is_read_again(store: Store) {
        places(&store).await;
        link(&store, 1, FORUM, 41).await;
        let mut tx = store.write().await.unwrap();
        assert_eq!(tx.next_look(NOON).await.unwrap(), None);
        let suspended = FactsRead { look_again: Some(seconds(60)), ..read("41", "suspended") };
        tx.put_facts(FORUM, &[suspended], NOON).await.unwrap();
        assert_eq!(tx.next_look(NOON).await.unwrap(), Some(seconds(60)));
        assert_eq!(tx.next_look(seconds(60)).await.unwrap(), None);
        assert_eq!(tx.due_looks(seconds(59), 10).await.unwrap(), []);
        let due = DueLook { place: FORUM, subject: Subject("41".into()), at: seconds(60) };
        assert_eq!(tx.due_looks(seconds(60), 10).await.unwrap(), [due]);
        tx.put_facts(FORUM, &[read("41", "suspended")], seconds(61)).await.unwrap();
        assert_eq!(tx.due_looks(seconds(61), 10).await.unwrap(), []);
    }

    async fn linked_members_come_in_order_with_all_their_accounts(store: Store) {
        places(&store).await;
        link(&store, 30, FORUM, 41).await;
        link(&store, 20, CLUB, 5).await;
        link(&store, 30, CLUB, 6).await;
        let mut tx = store.read().await.unwrap();
        let people = tx.linked_members(CHAT).await.unwrap();
        let seen: Vec<_> = people
            .iter()
            .map(|row| (row.member.0, row.user, row.accounts.iter().map(|account| account.place).collect()))
            .collect();
        assert_eq!(seen, [(1, UserId(30), vec![FORUM, CLUB]), (2, UserId(20), vec![CLUB])]);
        assert_eq!(tx.linked_member(CHAT, MemberId(2)).await.unwrap().as_ref(), people.get(1));
        assert_eq!(tx.subjects_of(CLUB).await.unwrap(), [Subject("5".into()), Subject("6".into())]);
        assert_eq!(tx.user_of(MemberId(1), CHAT).await.unwrap(), Some(UserId(30)));
    }
}
