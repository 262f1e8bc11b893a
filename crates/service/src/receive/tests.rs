//! When a delivery is looked into.

use super::*;

fn delivery(event_id: &str) -> Delivery {
    Delivery { event_id: event_id.to_owned(), event: "user_updated".to_owned(), said_hash: "b".to_owned() }
}

/// The moments, in seconds, at which the same body under ever new numbers is looked into.
fn looks(arrivals: impl IntoIterator<Item = i64>) -> Vec<i64> {
    let mut before: Option<Delivered> = None;
    let mut looks = Vec::new();
    for (number, at) in arrivals.into_iter().enumerate() {
        let came = arrival(before.as_ref(), &delivery(&number.to_string()), Timestamp(at * 1_000));
        before = came.or(before);
        looks.push(before.as_ref().unwrap().look_at.0 / 1_000);
    }
    looks.dedup();
    looks
}

#[test]
fn the_same_body_under_other_numbers_is_looked_into_once_a_while() {
    let table: [(&str, Vec<i64>, &[i64]); 5] = [
        ("once", vec![0], &[0]),
        ("at once and again", vec![0, 0, 0], &[0, 5]),
        ("after its wait", vec![0, 7], &[0, 7]),
        ("every second", (0..200).collect(), &[0, 5, 10, 70, 130, 190, 250]),
        ("after a long silence", vec![0, 0, 0, 0, 0, 0, 0, 0, 601, 602], &[0, 5, 601, 606]),
    ];
    for (case, arrivals, expected) in table {
        assert_eq!(looks(arrivals), expected, "{case}");
    }
}

#[test]
fn a_delivery_that_is_sent_again_is_nothing() {
    let first = arrival(None, &delivery("7"), Timestamp(0)).unwrap();
    assert_eq!(arrival(Some(&first), &delivery("7"), Timestamp(1)), None);
    let renamed = Delivery { event: "user_destroyed".to_owned(), ..delivery("7") };
    assert!(arrival(Some(&first), &renamed, Timestamp(1)).is_some());
}
