//! What the limits let through, driven by a model of Discord that keeps them to its own figures.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;

const START: Timestamp = Timestamp(1_000_000);
const GIVE: Route = Route { shape: "PUT /guilds/{}/members/{}/roles/{}", top: 1 };
const TAKE: Route = Route { shape: "DELETE /guilds/{}/members/{}/roles/{}", top: 1 };
const ROLES: Route = Route { shape: "GET /guilds/{}/roles", top: 1 };

fn at(milliseconds: i64) -> Timestamp {
    Timestamp(START.0 + milliseconds)
}

fn with_bucket(name: &str, remaining: u64, reset_after_ms: u64) -> Answered {
    let reset_after = Duration::from_millis(reset_after_ms);
    let headers = Headers { bucket: Some(name.into()), remaining: Some(remaining), reset_after };
    Answered { outcome: Outcome::Answered, forbidden: false, headers }
}

fn without_headers() -> Answered {
    Answered { outcome: Outcome::Answered, forbidden: false, headers: Headers::default() }
}

fn limited(scope: Scope, wait_ms: u64) -> Answered {
    let outcome = Outcome::Limited { scope, wait: Duration::from_millis(wait_ms) };
    Answered { outcome, ..without_headers() }
}

fn forbidden() -> Answered {
    Answered { forbidden: true, ..without_headers() }
}

fn go(limits: &mut Limits, now: Timestamp) -> Vec<Ticket> {
    limits.turn(now).go
}

#[test]
fn the_most_important_goes_first_and_among_equals_the_oldest() {
    let mut limits = Limits::default();
    let name = limits.enqueue(GIVE, Importance::Nickname, START).unwrap();
    let first_give = limits.enqueue(GIVE, Importance::Give, START).unwrap();
    let second_give = limits.enqueue(GIVE, Importance::Give, START).unwrap();
    let urgent = limits.enqueue(GIVE, Importance::Urgent, START).unwrap();
    for expected in [urgent, first_give, second_give, name] {
        assert_eq!(go(&mut limits, START), [expected]);
        limits.answered(expected, &with_bucket("b", 5, 1_000), START);
    }
    assert_eq!(limits.in_hand(), 0);
}

#[test]
fn a_used_up_bucket_opens_when_its_window_does_and_not_before() {
    let mut limits = Limits::default();
    let first = limits.enqueue(GIVE, Importance::Give, START).unwrap();
    assert_eq!(go(&mut limits, START), [first]);
    let second = limits.enqueue(GIVE, Importance::Give, START).unwrap();
    assert_eq!(go(&mut limits, START), [], "one at a time");
    limits.answered(first, &with_bucket("b", 0, 2_500), START);
    assert_eq!(limits.turn(at(2_499)), Turn { look_again: Some(at(2_500)), ..Turn::default() });
    assert_eq!(go(&mut limits, at(2_500)), [second]);
}

#[test]
fn what_was_forbidden_lets_no_crowd_follow_and_what_was_done_without_headers_does() {
    for (answered, follow) in [(forbidden(), 1), (without_headers(), 2)] {
        let mut limits = Limits::default();
        let first = limits.enqueue(GIVE, Importance::Give, START).unwrap();
        assert_eq!(go(&mut limits, START), [first]);
        limits.answered(first, &answered, START);
        for _ in 0..2 {
            limits.enqueue(GIVE, Importance::Give, START).unwrap();
        }
        assert_eq!(go(&mut limits, START).len(), follow, "{answered:?}");
    }
}

#[test]
fn two_routes_that_share_a_bucket_share_its_window() {
    let mut limits = Limits::default();
    for route in [GIVE, TAKE] {
        let ticket = limits.enqueue(route, Importance::Give, START).unwrap();
        assert_eq!(go(&mut limits, START), [ticket]);
        limits.answered(ticket, &with_bucket("shared", 3, 1_000), START);
    }
    let give = limits.enqueue(GIVE, Importance::Give, START).unwrap();
    let take = limits.enqueue(TAKE, Importance::Take, START).unwrap();
    assert_eq!(go(&mut limits, START), [take], "one bucket now, the removal first");
    limits.answered(take, &with_bucket("shared", 0, 1_000), START);
    assert_eq!(go(&mut limits, at(999)), []);
    assert_eq!(go(&mut limits, at(1_000)), [give]);
}

#[test]
fn who_waited_before_the_name_was_known_waits_under_the_name() {
    let mut limits = Limits::default();
    let tickets: Vec<Ticket> =
        (0..3).map(|_| limits.enqueue(GIVE, Importance::Give, START).unwrap()).collect();
    assert_eq!(go(&mut limits, START), [tickets[0]]);
    limits.answered(tickets[0], &with_bucket("b", 1, 1_000), START);
    assert_eq!(go(&mut limits, START), [tickets[1]]);
    limits.answered(tickets[1], &with_bucket("b", 0, 1_000), START);
    assert_eq!(go(&mut limits, START), []);
    assert_eq!(go(&mut limits, at(1_000)), [tickets[2]]);
}

#[test]
fn the_same_bucket_name_of_another_guild_is_another_bucket() {
    let mut limits = Limits::default();
    let here = limits.enqueue(GIVE, Importance::Give, START).unwrap();
    limits.turn(START);
    limits.answered(here, &with_bucket("b", 0, 60_000), START);
    let there = limits.enqueue(Route { top: 2, ..GIVE }, Importance::Give, START).unwrap();
    assert_eq!(go(&mut limits, START), [there]);
}

#[test]
fn a_route_without_headers_knows_only_the_global_limit() {
    let mut limits = Limits::default();
    let probe = limits.enqueue(ROLES, Importance::Give, START).unwrap();
    assert_eq!(go(&mut limits, START), [probe]);
    limits.answered(probe, &without_headers(), START);
    let mut sent = 1;
    for _ in 0..200 {
        limits.enqueue(ROLES, Importance::Give, START).unwrap();
    }
    loop {
        let tickets = go(&mut limits, START);
        if tickets.is_empty() {
            break;
        }
        sent += tickets.len();
        for ticket in tickets {
            limits.answered(ticket, &without_headers(), START);
        }
    }
    assert_eq!(sent, global::REQUESTS_MAX);
    assert_eq!(limits.turn(at(1)).look_again, Some(at(1_000)));
}

#[test]
fn a_page_from_something_before_discord_unlearns_nothing() {
    let mut limits = Limits::default();
    let first = limits.enqueue(GIVE, Importance::Give, START).unwrap();
    limits.turn(START);
    limits.answered(first, &with_bucket("b", 4, 1_000), START);
    let second = limits.enqueue(GIVE, Importance::Give, START).unwrap();
    limits.turn(START);
    limits.answered(second, &without_headers(), START);
    let (third, _fourth) = (
        limits.enqueue(GIVE, Importance::Give, START).unwrap(),
        limits.enqueue(GIVE, Importance::Give, START).unwrap(),
    );
    assert_eq!(go(&mut limits, START), [third], "still one at a time");
}

/// Who may send after a 429, and who not yet.
#[test]
fn each_scope_of_429_stops_what_it_speaks_of_for_exactly_as_long_as_it_says() {
    for (scope, same_bucket_at, other_bucket_at) in
        [(Scope::User, 3_000, 0), (Scope::Shared, 3_000, 0), (Scope::Global, 3_000, 3_000)]
    {
        for (route, opens) in [(GIVE, same_bucket_at), (ROLES, other_bucket_at)] {
            let mut limits = Limits::default();
            let first = limits.enqueue(GIVE, Importance::Give, START).unwrap();
            limits.turn(START);
            limits.answered(first, &limited(scope, 3_000), START);
            let next = limits.enqueue(route, Importance::Give, START).unwrap();
            if opens > 0 {
                assert_eq!(go(&mut limits, at(opens - 1)), [], "{scope:?} {route:?}");
            }
            assert_eq!(go(&mut limits, at(opens)), [next], "{scope:?} {route:?}");
        }
    }
}

#[test]
fn a_wait_of_a_day_is_refused_at_once_to_those_who_wait_and_to_those_who_come() {
    let day = Duration::from_secs(82_800);
    let mut limits = Limits::default();
    let first = limits.enqueue(GIVE, Importance::Give, START).unwrap();
    let second = limits.enqueue(GIVE, Importance::Give, START).unwrap();
    limits.turn(START);
    limits.answered(first, &limited(Scope::User, 82_800_000), START);
    assert_eq!(limits.turn(START).closed, [(second, Closed::Later(day))]);
    assert_eq!(limits.enqueue(GIVE, Importance::Urgent, START), Err(Closed::Later(day)));
    assert!(limits.enqueue(ROLES, Importance::Give, START).is_ok(), "other buckets go on");
    assert!(limits.enqueue(GIVE, Importance::Give, START.after(day)).is_ok());
}

#[test]
fn a_refused_token_stops_everything_for_good() {
    let mut limits = Limits::default();
    let first = limits.enqueue(GIVE, Importance::Give, START).unwrap();
    let waiting = limits.enqueue(GIVE, Importance::Give, START).unwrap();
    limits.turn(START);
    limits.answered(first, &Answered { outcome: Outcome::TokenRefused, ..forbidden() }, START);
    assert_eq!(limits.turn(START).closed, [(waiting, Closed::TokenRefused)]);
    let much_later = START.after(Duration::from_secs(1_000_000));
    assert_eq!(limits.enqueue(ROLES, Importance::Urgent, much_later), Err(Closed::TokenRefused));
}

#[test]
fn the_fuse_stops_everything_far_below_what_gets_an_address_banned() {
    for (answer, stops) in [
        (forbidden(), true),
        (limited(Scope::User, 0), true),
        (limited(Scope::Shared, 0), false),
        (without_headers(), false),
    ] {
        let mut limits = Limits::default();
        let mut now = START;
        for sent in 0..fuse::INVALID_MAX {
            now = at(i64::try_from(sent).unwrap() * 100);
            let ticket = limits.enqueue(GIVE, Importance::Give, now).unwrap();
            assert_eq!(go(&mut limits, now), [ticket]);
            limits.answered(ticket, &answer, now);
        }
        let refused = limits.enqueue(ROLES, Importance::Urgent, now).is_err();
        assert_eq!(refused, stops, "{answer:?}");
        let ten_minutes_after_the_first = START.after(Duration::from_secs(600));
        assert!(limits.enqueue(ROLES, Importance::Urgent, ten_minutes_after_the_first).is_ok());
    }
}

#[test]
fn when_discord_does_not_answer_one_looks_now_and_then_and_the_rest_come_again() {
    let mut limits = Limits::default();
    let mut now = START;
    let mut looks = 0;
    let end = START.after(Duration::from_secs(6 * 3_600));
    while now < end {
        for top in 0..5 {
            _ = limits.enqueue(Route { top, ..GIVE }, Importance::Give, now);
        }
        let turn = limits.turn(now);
        for ticket in turn.go {
            looks += 1;
            limits.answered(ticket, &Answered::broken(), now);
        }
        now = now.after(Duration::from_secs(1));
    }
    assert!((300..400).contains(&looks), "about one a minute for six hours, not {looks}");
    let back = now.after(Duration::from_secs(60));
    let ticket = limits.enqueue(GIVE, Importance::Give, back).unwrap();
    let mut went = Vec::new();
    loop {
        let turn = go(&mut limits, back);
        turn.iter().for_each(|ticket| limits.answered(*ticket, &with_bucket("b", 5, 1_000), back));
        if turn.is_empty() {
            break;
        }
        went.extend(turn);
    }
    assert!(went.contains(&ticket) && limits.in_hand() == 0);
}

#[test]
fn a_request_that_was_given_up_makes_room_for_the_next() {
    let mut limits = Limits::default();
    let first = limits.enqueue(GIVE, Importance::Give, START).unwrap();
    let second = limits.enqueue(GIVE, Importance::Give, START).unwrap();
    assert_eq!(go(&mut limits, START), [first]);
    limits.abandon(first);
    assert_eq!(go(&mut limits, START), [second]);
}

#[test]
fn answers_of_each_kind_are_read_for_what_they_say_about_limits() {
    let user = Outcome::Limited { scope: Scope::User, wait: Duration::from_millis(1_337 + 1) };
    let shared = Outcome::Limited { scope: Scope::Shared, wait: Duration::from_millis(1_337 + 1) };
    let global = Outcome::Limited { scope: Scope::Global, wait: Duration::from_millis(1_337 + 1) };
    let page = Outcome::Limited { scope: Scope::Global, wait: Duration::from_millis(30_000 + 1) };
    let json = r#"{"message":"…","retry_after":1.337,"global":false}"#;
    let json_global = r#"{"message":"…","retry_after":1.337,"global":true}"#;
    for (status, header, body, by_bot, outcome) in [
        (429, ("x-ratelimit-scope", "user"), json, true, user),
        (429, ("x-ratelimit-scope", "shared"), json, true, shared),
        (429, ("x-ratelimit-scope", "global"), json, true, global),
        (429, ("x-ratelimit-global", "true"), json, true, global),
        (429, ("via", "1.1 google"), json_global, true, global),
        (429, ("retry-after", "30"), "<html>error 1015", true, page),
        (401, ("via", "x"), "{}", true, Outcome::TokenRefused),
        (401, ("via", "x"), "<html>", true, Outcome::Broken),
        (401, ("via", "x"), "{}", false, Outcome::Answered),
        (502, ("via", "x"), "<html>", true, Outcome::Broken),
        (404, ("via", "x"), "{}", true, Outcome::Answered),
    ] {
        let mut headers = http::HeaderMap::new();
        headers.insert(header.0, header.1.parse().unwrap());
        let status = http::StatusCode::from_u16(status).unwrap();
        let read = Answered::read(status, &headers, body.as_bytes(), by_bot);
        assert_eq!(read.outcome, outcome, "{status} {header:?} {body}");
    }
}

/// Discord as it keeps its limits: windows that begin with the first request in them.
struct Discord {
    limit: u64,
    window_ms: i64,
    opened: HashMap<&'static str, (Timestamp, u64)>,
    refused: usize,
}

impl Discord {
    fn answer(&mut self, bucket: &'static str, now: Timestamp) -> Answered {
        let fresh = (now, 0);
        let (mut began, mut used) = *self.opened.get(bucket).unwrap_or(&fresh);
        if now.0 >= began.0 + self.window_ms {
            (began, used) = fresh;
        }
        let left_ms = u64::try_from(began.0 + self.window_ms - now.0).unwrap();
        if used >= self.limit {
            self.refused += 1;
            let limited = limited(Scope::User, left_ms);
            return Answered { headers: with_bucket(bucket, 0, left_ms).headers, ..limited };
        }
        self.opened.insert(bucket, (began, used + 1));
        with_bucket(bucket, self.limit - used - 1, left_ms)
    }
}

proptest! {
    /// Whatever the figures, nobody is refused for them; when they change without notice, once.
    #[test]
    fn one_429_for_each_unannounced_change_of_a_bucket_is_the_most(
        limit in 1..12_u64,
        window_ms in 50..3_000_i64,
        change_at in 0..60_usize,
        changed_limit in 1..12_u64,
        changed_window_ms in 50..3_000_i64,
    ) {
        let mut discord = Discord { limit, window_ms, opened: HashMap::new(), refused: 0 };
        let mut limits = Limits::default();
        let mut waiting: HashMap<Ticket, ()> = HashMap::new();
        for _ in 0..60 {
            waiting.insert(limits.enqueue(GIVE, Importance::Give, START).unwrap(), ());
        }
        let (mut now, mut done) = (START, 0);
        while done < 60 {
            let turn = limits.turn(now);
            for ticket in turn.go {
                if done == change_at {
                    (discord.limit, discord.window_ms) = (changed_limit, changed_window_ms);
                }
                let answered = discord.answer("b", now);
                limits.answered(ticket, &answered, now);
                if answered.outcome == Outcome::Answered {
                    done += 1;
                } else {
                    limits.enqueue(GIVE, Importance::Give, now).unwrap();
                }
            }
            now = limits.turn_would_come(now);
        }
        prop_assert!(discord.refused <= 1, "{} refusals", discord.refused);
    }

    /// In any second, never more than the documented fifty, over any number of routes.
    #[test]
    fn never_more_than_the_global_limit_in_any_second(tops in prop::collection::vec(0..40_u64, 1..300)) {
        let mut limits = Limits::default();
        for top in &tops {
            limits.enqueue(Route { top: *top, ..ROLES }, Importance::Give, START).unwrap();
        }
        let (mut now, mut sent) = (START, Vec::new());
        while sent.len() < tops.len() {
            for ticket in limits.turn(now).go {
                sent.push(now);
                limits.answered(ticket, &without_headers(), now);
            }
            now = limits.turn_would_come(now);
        }
        for window in sent.windows(global::REQUESTS_MAX + 1) {
            let (first, last) = (window.first().unwrap(), window.last().unwrap());
            prop_assert!(last.since(*first) >= Duration::from_secs(1));
        }
    }
}

impl Limits {
    /// The next moment at which somebody may go.
    fn turn_would_come(&self, now: Timestamp) -> Timestamp {
        self.look_again(now).unwrap_or(now).max(now)
    }
}
