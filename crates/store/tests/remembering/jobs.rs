//! Work is done once by one worker, however many there are and whenever they fall over.

use std::time::Duration;

use domain::time::Timestamp;
use store::Store;
use store::jobs::{Finished, Job, Joining, NewJob};

use crate::engines::{NOON, seconds};

const KINDS: &[&str] = &["look", "tell"];
const LEASE: Duration = Duration::from_secs(60);

fn job(key: &str, priority: i64, run_at: Timestamp) -> NewJob {
    let (kind, key, payload) = ("look".into(), key.into(), format!("{priority}"));
    NewJob { kind, key, payload, priority, run_at, joining: Joining::TakesPayload }
}

async fn enqueue(store: &Store, jobs: &[NewJob]) {
    let mut tx = store.write().await.unwrap();
    for job in jobs {
        tx.enqueue(job).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn claim(store: &Store, holder: &str, most: usize, now: Timestamp) -> Vec<Job> {
    let mut tx = store.write().await.unwrap();
    let jobs = tx.claim(KINDS, most, holder, now, LEASE).await.unwrap();
    tx.commit().await.unwrap();
    jobs
}

async fn finish(store: &Store, job: &Job) -> Finished {
    let mut tx = store.write().await.unwrap();
    let finished = tx.finish(job).await.unwrap();
    tx.commit().await.unwrap();
    finished
}

fn keys(jobs: &[Job]) -> Vec<&str> {
    jobs.iter().map(|job| job.key.as_str()).collect()
}

on_both! {
    async fn the_most_important_and_oldest_work_comes_first(store: Store) {
        let jobs = [job("late", 1, seconds(9)), job("b", 2, NOON), job("c", 1, seconds(2)), job("a", 1, seconds(1))];
        enqueue(&store, &jobs).await;
        assert_eq!(keys(&claim(&store, "w", 2, seconds(5)).await), ["a", "c"]);
        assert_eq!(keys(&claim(&store, "w", 2, seconds(5)).await), ["b"]);
        assert_eq!(store.read().await.unwrap().next_due_at(KINDS).await.unwrap(), Some(seconds(9)));
    }

    async fn equal_work_is_joined(store: Store) {
        enqueue(&store, &[job("a", 5, seconds(5)), job("a", 9, seconds(1)), job("a", 7, seconds(8))]).await;
        let claimed = claim(&store, "w", 9, seconds(2)).await;
        let seen: Vec<_> = claimed.iter().map(|job| (job.priority, job.run_at, job.payload.as_str())).collect();
        assert_eq!(seen, [(5, seconds(1), "7")]);
    }

    async fn only_the_kinds_that_are_named_are_claimed(store: Store) {
        enqueue(&store, &[job("a", 1, NOON), NewJob { kind: "tell".into(), ..job("a", 1, NOON) }]).await;
        let mut tx = store.write().await.unwrap();
        assert_eq!(tx.claim(&["read", "tell"], 9, "w", NOON, LEASE).await.unwrap().len(), 1);
        assert_eq!(tx.claim(&["tell"], 9, "w", NOON, LEASE).await.unwrap().len(), 0);
        assert_eq!(tx.claim(KINDS, 9, "w", NOON, LEASE).await.unwrap().len(), 1);
    }

    async fn work_asked_for_while_it_is_done_is_done_once_more(store: Store) {
        enqueue(&store, &[job("a", 1, NOON)]).await;
        let first = claim(&store, "w", 9, NOON).await.remove(0);
        enqueue(&store, &[job("a", 2, seconds(3)), job("a", 3, seconds(2))]).await;
        assert_eq!(claim(&store, "w", 9, seconds(5)).await, []);
        assert_eq!(finish(&store, &first).await, Finished::Again);
        assert_eq!(store.read().await.unwrap().next_due_at(KINDS).await.unwrap(), Some(seconds(2)));
        let second = claim(&store, "w", 9, seconds(5)).await.remove(0);
        assert_eq!((second.attempts, second.payload.as_str()), (1, "3"));
        assert_eq!(finish(&store, &first).await, Finished::Lost);
        assert_eq!(finish(&store, &second).await, Finished::Done);
        assert_eq!(store.read().await.unwrap().next_due_at(KINDS).await.unwrap(), None);
    }

    async fn work_of_a_worker_who_fell_over_is_claimed_after_the_lease(store: Store) {
        enqueue(&store, &[job("a", 1, NOON)]).await;
        let lost = claim(&store, "w", 9, NOON).await.remove(0);
        assert_eq!(claim(&store, "v", 9, seconds(59)).await, []);
        assert_eq!(store.read().await.unwrap().next_due_at(KINDS).await.unwrap(), Some(seconds(60)));
        let found = claim(&store, "v", 9, seconds(60)).await.remove(0);
        assert_eq!(found.attempts, 2);
        assert_eq!(finish(&store, &lost).await, Finished::Lost);
        let mut tx = store.write().await.unwrap();
        assert!(!tx.retry(&lost, seconds(99), "late").await.unwrap());
        assert!(!tx.bury(&lost, seconds(99), "late").await.unwrap());
        tx.renew_claims("w", &[lost.id], seconds(999)).await.unwrap();
        tx.renew_claims("v", &[], seconds(999)).await.unwrap();
        tx.renew_claims("v", &[found.id], seconds(200)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(claim(&store, "x", 9, seconds(199)).await, []);
        assert_eq!(finish(&store, &found).await, Finished::Done);
    }

    async fn whoever_works_alone_takes_over_what_others_left(store: Store) {
        enqueue(&store, &[job("a", 1, NOON), job("b", 2, NOON), job("c", 3, seconds(9))]).await;
        let theirs = claim(&store, "w", 1, NOON).await.remove(0);
        let mine = claim(&store, "v", 1, NOON).await.remove(0);
        let mut tx = store.write().await.unwrap();
        assert_eq!(tx.release_claims_of_others("v").await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert_eq!(keys(&claim(&store, "v", 9, seconds(1)).await), ["a"]);
        assert_eq!(finish(&store, &theirs).await, Finished::Lost);
        assert_eq!(finish(&store, &mine).await, Finished::Done);
    }

    async fn work_given_back_is_claimed_at_once_and_nobody_elses_is_touched(store: Store) {
        enqueue(&store, &[job("a", 1, NOON), job("b", 2, NOON)]).await;
        let mine = claim(&store, "w", 1, NOON).await.remove(0);
        let other = claim(&store, "v", 1, NOON).await.remove(0);
        let mut tx = store.write().await.unwrap();
        assert_eq!(tx.release_claims("w").await.unwrap(), 1);
        tx.commit().await.unwrap();
        let again = claim(&store, "x", 9, seconds(1)).await.remove(0);
        assert_eq!((again.key.clone(), again.attempts), (mine.key.clone(), 2));
        assert_eq!(finish(&store, &mine).await, Finished::Lost);
        assert_eq!(finish(&store, &other).await, Finished::Done);
        assert_eq!(finish(&store, &again).await, Finished::Done);
    }

    async fn work_put_off_waits_and_counts_its_attempts(store: Store) {
        enqueue(&store, &[job("a", 1, NOON)]).await;
        for attempt in 1..=3 {
            let job = claim(&store, "w", 9, seconds(attempt * 10)).await.remove(0);
            assert_eq!(job.attempts, attempt);
            let mut tx = store.write().await.unwrap();
            assert!(tx.retry(&job, seconds(attempt * 10 + 10), "no answer").await.unwrap());
            tx.commit().await.unwrap();
            assert_eq!(claim(&store, "w", 9, seconds(attempt * 10 + 9)).await, []);
        }
    }

    async fn work_given_up_is_kept_shown_and_done_again_when_asked(store: Store) {
        enqueue(&store, &[job("a", 1, NOON), job("b", 1, NOON)]).await;
        let mut tx = store.write().await.unwrap();
        for job in tx.claim(KINDS, 9, "w", NOON, LEASE).await.unwrap() {
            assert!(tx.bury(&job, seconds(1), "poison").await.unwrap());
        }
        assert_eq!(tx.next_due_at(KINDS).await.unwrap(), None);
        let count = tx.job_counts(NOON).await.unwrap().remove(0);
        assert_eq!((count.due, count.waiting, count.running, count.dead), (0, 0, 0, 2));
        let dead = tx.dead(9).await.unwrap().remove(0);
        assert_eq!((dead.key.as_str(), dead.error.as_str(), dead.attempts), ("b", "poison", 1));
        assert!(tx.replay(dead.id, seconds(5)).await.unwrap());
        assert!(!tx.replay(dead.id, seconds(5)).await.unwrap());
        tx.enqueue(&job("a", 9, seconds(7))).await.unwrap();
        let revived = tx.claim(KINDS, 9, "w", seconds(7), LEASE).await.unwrap();
        let seen: Vec<_> = revived.iter().map(|job| (job.key.as_str(), job.attempts, job.priority)).collect();
        assert_eq!(seen, [("b", 1, 1), ("a", 1, 9)]);
    }

    async fn work_asked_for_while_it_is_given_up_begins_anew(store: Store) {
        enqueue(&store, &[job("a", 1, NOON)]).await;
        let first = claim(&store, "w", 9, NOON).await.remove(0);
        enqueue(&store, &[job("a", 1, seconds(3))]).await;
        let mut tx = store.write().await.unwrap();
        assert!(tx.bury(&first, seconds(2), "poison").await.unwrap());
        assert_eq!(tx.dead(9).await.unwrap(), []);
        assert_eq!(tx.next_due_at(KINDS).await.unwrap(), Some(seconds(3)));
    }

    async fn work_that_waits_keeps_what_it_was_told_when_the_newer_order_says_so(store: Store) {
        let keeping = |priority| NewJob { joining: Joining::KeepsPayload, ..job("a", priority, NOON) };
        enqueue(&store, &[job("a", 9, NOON), keeping(1)]).await;
        let first = claim(&store, "w", 9, NOON).await.remove(0);
        assert_eq!((first.payload.as_str(), first.priority), ("9", 1));
        // What comes meanwhile is told to the next run.
        enqueue(&store, &[keeping(2)]).await;
        assert_eq!(finish(&store, &first).await, Finished::Again);
        assert_eq!(claim(&store, "w", 9, NOON).await.remove(0).payload, "2");
    }

    async fn work_is_counted_by_whether_it_could_begin_waits_for_its_time_or_is_being_done(store: Store) {
        enqueue(&store, &[job("a", 1, NOON), job("b", 2, NOON), job("c", 3, seconds(9))]).await;
        claim(&store, "w", 1, NOON).await;
        let count = store.read().await.unwrap().job_counts(NOON).await.unwrap().remove(0);
        assert_eq!((count.due, count.waiting, count.running, count.dead), (1, 1, 1, 0));
        let count = store.read().await.unwrap().job_counts(seconds(9)).await.unwrap().remove(0);
        assert_eq!((count.due, count.waiting, count.running, count.dead), (2, 0, 1, 0));
    }

    async fn work_and_what_it_did_stand_together_or_not_at_all(store: Store) {
        enqueue(&store, &[job("a", 1, NOON)]).await;
        let job = claim(&store, "w", 9, NOON).await.remove(0);
        let mut tx = store.write().await.unwrap();
        tx.put_meta("effect", "1").await.unwrap();
        assert_eq!(tx.finish(&job).await.unwrap(), Finished::Done);
        drop(tx);
        assert_eq!(store.read().await.unwrap().meta("effect").await.unwrap(), None);
        assert_eq!(finish(&store, &job).await, Finished::Done);
    }

    async fn many_workers_do_all_work_exactly_once(store: Store) {
        const JOBS: usize = 200;
        let jobs: Vec<NewJob> = (0..JOBS).map(|at| job(&format!("{at}"), 1, NOON)).collect();
        enqueue(&store, &jobs).await;
        let workers: Vec<_> = (0..6)
            .map(|worker| {
                let store = store.clone();
                tokio::spawn(async move { work(&store, &format!("w{worker}")).await })
            })
            .collect();
        let mut done = Vec::new();
        for worker in workers {
            done.extend(worker.await.unwrap());
        }
        done.sort();
        let distinct = { let mut keys = done.clone(); keys.dedup(); keys.len() };
        assert_eq!((done.len(), distinct), (JOBS, JOBS));
    }
}

async fn work(store: &Store, holder: &str) -> Vec<String> {
    let mut done = Vec::new();
    loop {
        let jobs = claim(store, holder, 7, NOON).await;
        if jobs.is_empty()
            && store.read().await.unwrap().job_counts(NOON).await.unwrap().iter().all(|count| count.due == 0)
        {
            return done;
        }
        for job in jobs {
            assert_eq!(finish(store, &job).await, Finished::Done);
            done.push(job.key);
        }
    }
}
