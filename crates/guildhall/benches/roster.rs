//! What the hall's picture of a server's members costs in memory, and what people decided for some of them.

#![expect(clippy::print_stdout, reason = "a measurement says what it measured")]

use std::alloc::System;
use std::time::{Duration, Instant};

use domain::exception::{Origin, Overrides, RoleOverride};
use domain::ids::{RoleId, UserId};
use domain::roster::{Completeness, Entry, Roster};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static COUNTED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const MEMBERS: u64 = 1_000_000;
const ROLE_SETS: u64 = 10_000;
const RUNS: usize = 5;
const FIRST: u64 = 100_000_000_000_000_000;
const ROSTER_LIMIT: f64 = 48.0;
const OVERRIDES_LIMIT: f64 = 16.0;

/// What stays in memory of what `make` makes, in bytes a member, and how long making it took.
fn costs<T>(make: impl Fn() -> T) -> (f64, Vec<Duration>) {
    let mut took = Vec::new();
    let mut bytes = 0;
    for _ in 0..RUNS {
        let region = Region::new(COUNTED);
        let began = Instant::now();
        let made = make();
        took.push(began.elapsed());
        let change = region.change();
        bytes = change.bytes_allocated - change.bytes_deallocated;
        drop(made);
    }
    took.sort();
    (as_number(bytes) / as_number(MEMBERS), took)
}

/// Both are far below what a float holds exactly.
fn as_number(count: impl TryInto<u32>) -> f64 {
    f64::from(count.try_into().unwrap_or(u32::MAX))
}

/// The member at a place: one of the sets of roles, and of each ten three with a nickname.
fn entry(at: u64) -> Entry {
    let set = at.wrapping_mul(0x9e37_79b9_7f4a_7c15) % ROLE_SETS;
    let roles = (0..1 + set % 8).map(|nth| RoleId(1_000 + set + nth * ROLE_SETS)).collect();
    let nickname = if at % 10 < 3 { at + 1 } else { 0 };
    Entry { user: UserId(FIRST + at), roles, nickname, bot: false, pending: false }
}

fn told(what: &str, (bytes, took): &(f64, Vec<Duration>), limit: f64) {
    let ends = took.first().zip(took.last());
    let (first, last) = ends.map_or_else(Default::default, |(first, last)| (*first, *last));
    println!(
        "{what}: {bytes:.2} bytes a member; limit {limit}; made in {first:.1?} to {last:.1?} ({RUNS} runs)"
    );
}

fn main() {
    let roster = costs(|| Roster::of(Completeness::Full, (0..MEMBERS).map(entry)));
    told("roster of 1,000,000 with 10,000 sets of roles", &roster, ROSTER_LIMIT);
    for some in [0, 1_000, 100_000] {
        let decided = |at: u64| RoleOverride {
            user: UserId(FIRST + at * 7),
            role: RoleId(1_000),
            has: true,
            origin: Origin::Undo,
            until: None,
        };
        let overrides = costs(|| Overrides::of((0..some).map(decided).collect(), Vec::new()));
        told(&format!("overrides for {some} of 1,000,000"), &overrides, OVERRIDES_LIMIT);
    }
}
