//! A ticket works once, for a while; each step of an attempt is taken by one request alone.

use domain::ids::{GuildId, UserId};
use store::Store;
use store::flows::{FlowBegun, FlowStep, NewFlow};
use store::tickets::Ticket;

use crate::engines::{NOON, seconds};
use crate::links::{FORUM, places};

fn ticket(hash: &str) -> Ticket {
    Ticket {
        hash: hash.into(),
        user: UserId(u64::MAX),
        guild: Some(GuildId(9)),
        source: FORUM,
        display_name: "Mira".into(),
        created_at: NOON,
        expires_at: seconds(600),
        used_at: None,
    }
}

fn new_flow(hash: &str) -> NewFlow {
    NewFlow {
        hash: hash.into(),
        ticket_hash: "t".into(),
        stage: "chat".into(),
        nonce: "n1".into(),
        verifier: "v1".into(),
        created_at: NOON,
        expires_at: seconds(600),
    }
}

fn to_forum() -> FlowStep {
    FlowStep {
        stage: "forum".into(),
        nonce: "n2".into(),
        verifier: "v2".into(),
        user_identity: Some("{}".into()),
        other_identity: None,
    }
}

async fn begin(store: &Store) {
    places(store).await;
    let mut tx = store.write().await.unwrap();
    tx.create_ticket(&ticket("t")).await.unwrap();
    assert_eq!(tx.create_flow(&new_flow("f"), 3).await.unwrap(), FlowBegun::Begun);
    tx.commit().await.unwrap();
}

on_both! {
    async fn a_ticket_works_once_and_for_a_while(store: Store) {
        begin(&store).await;
        let mut tx = store.write().await.unwrap();
        assert_eq!(tx.ticket("t").await.unwrap(), Some(ticket("t")));
        assert!(!tx.use_ticket("t", seconds(600)).await.unwrap(), "too late");
        assert!(tx.use_ticket("t", seconds(599)).await.unwrap());
        assert!(!tx.use_ticket("t", seconds(599)).await.unwrap(), "used");
        assert!(!tx.ticket("t").await.unwrap().unwrap().is_open(seconds(1)));
        assert_eq!(tx.create_flow(&new_flow("g"), 3).await.unwrap(), FlowBegun::Refused);
    }

    async fn of_the_tickets_of_a_person_the_newest_stay(store: Store) {
        begin(&store).await;
        let mut tx = store.write().await.unwrap();
        for (hash, second) in [("u", 1), ("v", 2), ("w", 3)] {
            let ticket = Ticket { created_at: seconds(second), ..ticket(hash) };
            tx.create_ticket(&ticket).await.unwrap();
        }
        tx.end_oldest_tickets(UserId(u64::MAX), 2).await.unwrap();
        let mut left = Vec::new();
        for hash in ["t", "u", "v", "w"] {
            left.extend(tx.ticket(hash).await.unwrap().map(|ticket| ticket.hash));
        }
        assert_eq!(left, ["v", "w"]);
    }

    async fn a_ticket_has_only_so_many_attempts(store: Store) {
        begin(&store).await;
        let mut tx = store.write().await.unwrap();
        for (hash, begun) in [("g", FlowBegun::Begun), ("h", FlowBegun::Begun), ("i", FlowBegun::Refused)] {
            assert_eq!(tx.create_flow(&new_flow(hash), 3).await.unwrap(), begun, "{hash}");
        }
    }

    async fn a_callback_that_comes_many_times_at_once_is_taken_once(store: Store) {
        begin(&store).await;
        let callbacks: Vec<_> = (0..8)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move {
                    let mut tx = store.write().await.unwrap();
                    let flow = tx.take_flow("f", "chat", "asking chat", seconds(1)).await.unwrap();
                    tx.commit().await.unwrap();
                    flow.map(|flow| flow.verifier)
                })
            })
            .collect();
        let mut taken = Vec::new();
        for callback in callbacks {
            taken.extend(callback.await.unwrap());
        }
        assert_eq!(taken, ["v1"]);
    }

    async fn an_attempt_goes_on_step_by_step_and_never_back(store: Store) {
        begin(&store).await;
        let mut tx = store.write().await.unwrap();
        assert!(tx.take_flow("f", "chat", "asking chat", seconds(600)).await.unwrap().is_none(), "too late");
        assert!(tx.take_flow("f", "chat", "asking chat", seconds(1)).await.unwrap().is_some());
        let flow = tx.advance_flow("f", "asking chat", &to_forum(), seconds(2)).await.unwrap().unwrap();
        assert_eq!((flow.stage.as_str(), flow.nonce.as_str()), ("forum", "n2"));
        assert!(tx.advance_flow("f", "asking chat", &to_forum(), seconds(2)).await.unwrap().is_none());
        assert!(tx.take_flow("f", "chat", "asking chat", seconds(2)).await.unwrap().is_none());
        let proven = FlowStep { user_identity: None, other_identity: Some("[]".into()), ..to_forum() };
        let flow = tx.advance_flow("f", "forum", &proven, seconds(3)).await.unwrap().unwrap();
        assert_eq!((flow.user_identity.as_deref(), flow.other_identity.as_deref()), (Some("{}"), Some("[]")));
        assert_eq!(tx.flow("f", seconds(3)).await.unwrap(), Some(flow));
        assert_eq!(tx.flow("f", seconds(600)).await.unwrap(), None);
    }

    async fn ending_everything_of_a_person_ends_other_addresses_and_attempts(store: Store) {
        begin(&store).await;
        let mut tx = store.write().await.unwrap();
        tx.create_ticket(&ticket("t2")).await.unwrap();
        tx.create_ticket(&Ticket { user: UserId(2), ..ticket("other") }).await.unwrap();
        tx.end_all_of_user(UserId(u64::MAX)).await.unwrap();
        assert_eq!(tx.ticket("t2").await.unwrap(), None);
        assert_eq!(tx.flow("f", NOON).await.unwrap(), None);
        assert!(tx.ticket("other").await.unwrap().is_some());
    }

    async fn what_has_run_out_is_forgotten(store: Store) {
        begin(&store).await;
        let mut tx = store.write().await.unwrap();
        assert_eq!((tx.prune_flows(seconds(599)).await.unwrap(), tx.prune_tickets(seconds(599)).await.unwrap()), (0, 0));
        tx.end_flow("f").await.unwrap();
        assert_eq!((tx.prune_flows(seconds(600)).await.unwrap(), tx.prune_tickets(seconds(600)).await.unwrap()), (0, 1));
    }
}
