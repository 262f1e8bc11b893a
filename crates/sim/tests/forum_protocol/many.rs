//! A forum of many people: what it takes to build, to hold and to serve.

use std::time::{Duration, Instant};

use sim::forum::{GroupSpec, PersonId, PersonSpec};

use crate::harbor::Harbor;

/// What a page may take: far more than it does, also on a machine that is busy with something else.
const PAGE_TAKES_AT_MOST: Duration = Duration::from_secs(10);

/// Bytes of memory that this program holds; none where the system does not say.
fn held_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? * 1024)
}

/// Makes a forum of so many people, half of them in one group, and says what each page took.
async fn measure(people: i64) -> Vec<(String, Duration)> {
    let (before, began) = (held_bytes(), Instant::now());
    let harbor = Harbor::plain().await;
    let sim = &harbor.sim;
    for number in 0..people {
        let level = u8::try_from(number % 5).unwrap();
        sim.create_user(PersonSpec { trust_level: level, ..PersonSpec::new(&format!("hand{number}")) })
            .unwrap();
    }
    let half = (3..people / 2).map(PersonId).collect();
    sim.create_group(sim.admin(), GroupSpec { members: half, ..GroupSpec::new("crew") }).unwrap();
    let mut took = vec![("building".to_owned(), began.elapsed())];
    let last = people / 100;
    for path in [
        "/admin/users/list/active.json?order=created&asc=true&page=1".to_owned(),
        format!("/admin/users/list/active.json?order=created&asc=true&page={last}"),
        "/groups.json".to_owned(),
        "/groups/crew/members.json?limit=1000&offset=0".to_owned(),
        format!("/groups/crew/members.json?limit=1000&offset={}", people / 2 - 1_000),
        "/groups/trust_level_0/members.json?limit=1000&offset=0".to_owned(),
        format!("/groups/trust_level_0/members.json?limit=1000&offset={}", people - 1_000),
        format!("/admin/users/{}.json", people / 2),
        format!("/u/hand{}.json", people / 2),
    ] {
        let began = Instant::now();
        let seen = harbor.get(&path).await;
        took.push((path.clone(), began.elapsed()));
        assert!(seen.status == 200 && seen.text.len() > 2, "{path}: {}", seen.status);
    }
    let began = Instant::now();
    sim.set_trust_level(sim.admin(), PersonId(people / 2), 4).unwrap();
    took.push(("an act".to_owned(), began.elapsed()));
    if let (Some(before), Some(after)) = (before, held_bytes()) {
        let bytes = after.saturating_sub(before) / u64::try_from(people).unwrap();
        took.push((
            format!("{} MiB, {bytes} bytes a person", (after - before) / 1024 / 1024),
            Duration::ZERO,
        ));
    }
    took
}

#[tokio::test]
async fn pages_of_ten_thousand_people_are_quick() {
    for (what, took) in measure(10_000).await.iter().skip(1) {
        assert!(*took < PAGE_TAKES_AT_MOST, "{what} took {took:?}");
    }
}

#[tokio::test]
#[ignore = "a measurement of 100,000 people: run with --release --ignored --nocapture"]
async fn pages_of_a_hundred_thousand_people_are_quick() {
    for (what, took) in measure(100_000).await {
        println!("{took:>12.1?}  {what}");
        assert!(what == "building" || took < PAGE_TAKES_AT_MOST, "{what} took {took:?}");
    }
}
