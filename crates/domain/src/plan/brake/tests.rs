//! What waits for a person and what does not.

use super::super::tests::{MIRA, Scene, facts};
use super::super::{Permissions, plan};
use super::*;
use crate::exception::{Overrides, RoleOverride};
use crate::facts::Cell;
use crate::situation::Mode;

const REGULAR: RoleId = RoleId(101);
const MODERATOR: RoleId = RoleId(104);
const LATER: Timestamp = Timestamp(10 * 24 * 3_600_000);

/// Members by trust level, of whom the first so many hold Regular; the rule wants level 2.
fn crowd(holders: u64, low: u64, others: u64) -> Scene {
    let scene = Scene::new().rule("Regular", "forum.trust_level >= 2", Mode::Exact);
    (0..holders + others).fold(scene, |scene, at| {
        let level = if at < low { 1 } else { 3 };
        let held: &[u64] = if at < holders { &[101] } else { &[] };
        scene.member(UserId(1_000 + at), held, facts(Cell::Int(level), Cell::Unknown))
    })
}

/// What the brake is told beside the scene.
#[derive(Default)]
struct Known {
    limits: Limits,
    spent: Spent,
    shrunk: Vec<Shrunk>,
    confirmed: BTreeSet<(UserId, RoleId)>,
    standing: Vec<Reason>,
}

impl Known {
    fn parts(&self, scene: &Scene) -> Braked {
        scene.situated(|situation| {
            let (plan, census) = (plan(situation), Census::of(situation));
            let Self { limits, spent, shrunk, confirmed, standing } = self;
            brake(situation, &plan, &Footing { limits, census: &census, spent, shrunk, confirmed, standing })
        })
    }
}

fn counts(braked: &Braked) -> (usize, usize) {
    (braked.free.len(), braked.parked.len())
}

fn says(braked: &Braked) -> Vec<String> {
    braked.reasons.iter().map(Reason::says).collect()
}

#[test]
fn removals_wait_when_they_are_more_than_ten_and_more_than_five_of_a_hundred() {
    for (holders, low, free) in [
        (5, 1, true),    // a guild of five with one demotion
        (5, 5, true),    // even when everybody is demoted: five are few
        (10, 10, true),  // ten are always allowed
        (11, 11, false), // eleven of eleven are not
        (200, 10, true),
        (200, 11, false),
        (400, 20, true), // five of a hundred
        (400, 21, false),
    ] {
        let mut known = Known::default();
        // What it does to those who keep nothing is asked elsewhere.
        known.limits.stripped.least = 1_000;
        let braked = known.parts(&crowd(holders, low, 0));
        let expected =
            if free { (usize::try_from(low).unwrap(), 0) } else { (0, usize::try_from(low).unwrap()) };
        assert_eq!(counts(&braked), expected, "{low} of {holders}");
        assert_eq!(braked.reasons.is_empty(), free);
    }
}

#[test]
fn what_was_taken_in_the_last_day_counts() {
    let mut known = Known::default();
    known.limits.stripped.least = 1_000;
    known.spent.taken.insert(REGULAR, 8);
    assert_eq!(counts(&known.parts(&crowd(30, 2, 0))), (2, 0));
    let braked = known.parts(&crowd(30, 3, 0));
    assert_eq!(counts(&braked), (0, 3));
    assert_eq!(
        says(&braked),
        [
            "3 would lose the role “Regular” (8 already did in the last 24 hours); without your word at most 10 may in 24 \
          hours."
        ]
    );
}

#[test]
fn losing_the_last_role_waits_when_more_than_five_and_two_of_a_hundred_would() {
    for (linked, low, waits) in [(20, 5, false), (20, 6, true), (400, 8, false), (400, 9, true)] {
        let braked = Known::default().parts(&crowd(linked, low, 0));
        assert_eq!(!braked.parked.is_empty(), waits, "{low} of {linked}");
    }
    let braked = Known::default().parts(&crowd(20, 6, 0));
    assert_eq!(
        says(&braked),
        ["6 would lose every role that the hall looks after; without your word at most 5 may in 24 hours."]
    );
}

#[test]
fn giving_is_never_held_while_taking_waits() {
    let braked = Known::default().parts(&crowd(30, 30, 50));
    assert_eq!(counts(&braked), (50, 30));
    assert!(braked.free.iter().all(|(change, _)| matches!(change.act, Act::Give(_))));
}

#[test]
fn renaming_people_who_just_linked_is_not_counted() {
    let named = |now: Timestamp, people: u64| {
        let mut scene = Scene::new().nickname("{forum.name}");
        scene.now = now;
        for at in 0..people {
            scene = scene.member(UserId(1_000 + at), &[], facts(Cell::Int(1), Cell::Unknown));
        }
        scene
    };
    assert_eq!(counts(&Known::default().parts(&named(Timestamp(0), 50))), (50, 0));
    assert_eq!(counts(&Known::default().parts(&named(LATER, 20))), (20, 0));
    let braked = Known::default().parts(&named(LATER, 50));
    assert_eq!(counts(&braked), (0, 50));
    assert_eq!(says(&braked), ["50 would be renamed; without your word at most 20 may in 24 hours."]);
}

#[test]
fn who_held_a_role_before_its_rule_keeps_it_until_the_owner_says() {
    let mut scene = crowd(3, 2, 0);
    let before =
        RoleOverride { user: UserId(1_000), role: REGULAR, has: true, origin: Origin::Before, until: None };
    scene.overrides = Overrides::of(vec![before], vec![]);
    let braked = Known::default().parts(&scene);
    assert_eq!(counts(&braked), (1, 1));
    assert_eq!(braked.parked[0].user, UserId(1_000));
    assert_eq!(
        says(&braked),
        ["1 held the role “Regular” before its rule came, and the rule would take it from them."]
    );
}

#[test]
fn a_source_that_shrank_takes_nothing_and_says_so_even_when_nobody_waits_for_it() {
    let shrunk = vec![Shrunk { index: 0, name: SourceName::new("forum").unwrap(), was: 100, now: 89 }];
    let known = Known { shrunk, ..Known::default() };
    let braked = known.parts(&crowd(3, 1, 2));
    assert_eq!(counts(&braked), (2, 1));
    let says_so = "forum had 100 people and has 89 now; until you say that this is right, nothing is taken away because \
                   of it.";
    assert_eq!(says(&braked), [says_so]);
    assert_eq!(says(&known.parts(&crowd(3, 0, 0))), [says_so]);
}

fn moderators(people: u64, second_factor: bool) -> Scene {
    let mut scene = Scene::new().rule("Moderator", "forum.trust_level >= 3", Mode::Exact);
    scene.rules.roles[0].permits = Permissions::named("ban_members").unwrap();
    for at in 0..people {
        scene = scene.member(UserId(1_000 + at), &[], facts(Cell::Int(4), Cell::Unknown));
    }
    for member in &mut scene.members {
        member.second_factors = if second_factor { vec![0] } else { Vec::new() };
    }
    scene
}

#[test]
fn power_needs_a_second_factor_or_an_admins_word() {
    assert_eq!(counts(&Known::default().parts(&moderators(2, true))), (2, 0));
    let braked = Known::default().parts(&moderators(2, false));
    assert_eq!(counts(&braked), (0, 2));
    assert_eq!(
        says(&braked),
        [
            "2 would be given the role “Moderator”, which carries power over the community, and did not show a second \
          factor when they linked."
        ]
    );
    let known = Known { confirmed: [(UserId(1_000), MODERATOR)].into(), ..Known::default() };
    assert_eq!(counts(&known.parts(&moderators(2, false))), (1, 1));
    let mut elsewhere = moderators(1, true);
    elsewhere.members[0].second_factors = vec![1];
    assert_eq!(
        counts(&Known::default().parts(&elsewhere)),
        (0, 1),
        "another source does not vouch for this one"
    );
}

#[test]
fn power_for_more_than_three_waits() {
    assert_eq!(counts(&Known::default().parts(&moderators(3, true))), (3, 0));
    let braked = Known::default().parts(&moderators(4, true));
    assert_eq!(counts(&braked), (0, 4));
    assert_eq!(
        says(&braked),
        ["4 would be given power over the community; without your word at most 3 may in 24 hours."]
    );
}

#[test]
fn one_members_change_waits_while_everybodys_does() {
    let standing = Known::default().parts(&crowd(30, 30, 0)).reasons;
    let known = Known { standing, ..Known::default() };
    assert_eq!(counts(&known.parts(&crowd(30, 1, 0))), (0, 1));
}

#[test]
fn an_owner_who_wants_to_be_asked_is_asked_about_everything() {
    let mut known = Known::default();
    known.limits.everything = true;
    let braked = known.parts(&crowd(2, 1, 1));
    assert_eq!(counts(&braked), (0, 2));
    assert_eq!(says(&braked), ["This server changes nothing unless asked; 2 changes wait."]);
}

#[test]
fn what_people_decided_and_what_members_want_themselves_is_never_held() {
    let mut scene = crowd(30, 0, 0);
    let decided = scene.members.iter().map(|member| RoleOverride {
        user: member.user,
        role: REGULAR,
        has: false,
        origin: Origin::Undo,
        until: None,
    });
    scene.overrides = Overrides::of(decided.collect(), vec![]);
    assert_eq!(counts(&Known::default().parts(&scene)), (30, 0));
    let mut scene = Scene::new().rule("Regular", "forum.trust_level >= 2", Mode::Exact);
    for at in 0..30 {
        scene = scene.member(UserId(1_000 + at), &[101], facts(Cell::Int(1), Cell::Unknown));
        let user = UserId(1_000 + at);
        scene.members.pop();
        let (roles, nickname, released) = (vec![REGULAR], None, false);
        scene.departures.push(crate::situation::Departure { user, roles, nickname, released });
    }
    assert_eq!(counts(&Known::default().parts(&scene)), (30, 0));
}

#[test]
fn mira_loses_nothing_that_a_hand_gave_and_gets_no_power_from_one() {
    let by_hand = |role, has| RoleOverride {
        user: MIRA,
        role,
        has,
        origin: Origin::Hand(UserId(1)),
        until: Some(LATER),
    };
    let mut scene = Scene::new()
        .rule("Regular", "forum.trust_level >= 2", Mode::Exact)
        .rule("Makers", "forum.trust_level >= 1", Mode::Exact)
        .rule("Moderator", "forum.trust_level >= 3", Mode::Exact)
        .member(MIRA, &[101], facts(Cell::Int(1), Cell::Unknown));
    scene.rules.roles[2].permits = Permissions::named("BAN_MEMBERS").unwrap();
    scene.overrides = Overrides::of(
        vec![by_hand(REGULAR, true), by_hand(RoleId(102), false), by_hand(MODERATOR, true)],
        vec![],
    );
    assert_eq!(scene.plan().changes, vec![]);
    scene.now = LATER;
    assert_eq!(counts(&Known::default().parts(&scene)), (2, 0));
}
