//! Which acts are new.

use domain::ids::UserId;
use domain::time::Timestamp;

use super::*;

const SECOND: u64 = 1_000 << 22;

fn act(entry: u64) -> HandAct {
    let (who, user) = (UserId(1), UserId(7));
    HandAct { entry, at: Timestamp(0), who, user, given: Vec::new(), taken: Vec::new() }
}

#[test]
fn the_next_reading_begins_a_minute_before_the_newest_entry_and_knows_what_was_taken_since() {
    let first = Seen::default().and(100 * SECOND, &[act(30 * SECOND), act(50 * SECOND), act(100 * SECOND)]);
    assert_eq!(first, Seen { after: 40 * SECOND, acts: vec![50 * SECOND, 100 * SECOND] });
    let late = first.and(100 * SECOND, &[act(70 * SECOND)]);
    assert_eq!(late.acts, [50 * SECOND, 70 * SECOND, 100 * SECOND]);
}

#[test]
fn a_log_in_which_nothing_is_new_is_not_read_from_further_back() {
    let seen = Seen { after: 40 * SECOND, acts: Vec::new() };
    // What the port gives back where nothing is newer is what it was given.
    assert_eq!(seen.clone().and(40 * SECOND, &[]), seen);
}

#[test]
fn more_acts_within_a_minute_than_are_remembered_are_read_once_all_the_same() {
    let acts: Vec<HandAct> = (1..=2_500).map(|number| act(100 * SECOND + number)).collect();
    let seen = Seen::default().and(100 * SECOND + 2_500, &acts);
    assert_eq!((seen.after, seen.acts.len()), (100 * SECOND + 1_500, SEEN_MAX));
}
