//! Laws that hold for every situation.

use proptest::prelude::*;

use super::*;

const UNMANAGED: u64 = 102;

/// A few people: their trust level, whether they hold the role, whether they hold another's.
fn people() -> impl Strategy<Value = Vec<(Option<i64>, bool, bool)>> {
    prop::collection::vec((prop::option::of(0..5_i64), any::<bool>(), any::<bool>()), 0..8)
}

fn scene(levels: &[(Option<i64>, bool, bool)]) -> Scene {
    let start = Scene::new().rule("Regular", "forum.trust_level >= 2", Mode::Exact).nickname("{forum.name}");
    levels.iter().enumerate().fold(start, |scene, (at, (level, holds, other))| {
        let level = level.map_or(Cell::Unknown, Cell::Int);
        let mut held = Vec::new();
        held.extend(holds.then_some(101));
        held.extend(other.then_some(UNMANAGED));
        scene.member(UserId(10 + u64::try_from(at).unwrap()), &held, facts(level, Cell::Unknown))
    })
}

/// What the guild looks like once a plan was written.
fn apply(scene: &mut Scene, plan: &Plan) {
    for change in &plan.changes {
        let entry = scene.entries.iter_mut().find(|entry| entry.user == change.user).unwrap();
        match &change.act {
            Act::Give(role) => entry.roles.push(role.id()),
            Act::Take(role) => entry.roles.retain(|held| *held != role.id()),
            Act::Nickname(name) => entry.nickname = name.as_deref().map_or(0, nickname::fingerprint),
        }
    }
}

const NAMES: [&str; 5] = ["Regular", "Makers", "Leader", "Old Name", "Harbour Staff"];
const ROLES: [u64; 4] = [101, 102, 103, 104];

/// Any roles remembered for any rules, and people who hold any of them, some of whom have left something behind.
fn tangle() -> impl Strategy<Value = Scene> {
    let some_roles = || prop::sample::subsequence(ROLES.to_vec(), 0..=ROLES.len());
    let rule = (prop::option::of(prop::sample::select(ROLES.to_vec())), 0..5_i64, any::<bool>());
    let rules = prop::collection::vec(rule, NAMES.len());
    let one = (prop::option::of(0..5_i64), some_roles(), prop::option::of(some_roles()), any::<bool>());
    (rules, prop::collection::vec(one, 0..5)).prop_map(|(rules, people)| {
        let mut scene = Scene::new();
        for (name, (remembered, level, exact)) in NAMES.into_iter().zip(rules) {
            let mode = if exact { Mode::Exact } else { Mode::Grant };
            scene = scene.rule(name, &format!("forum.trust_level >= {level}"), mode);
            scene.remembered.extend(remembered.map(|id| (name.to_owned(), RoleId(id))));
        }
        for (at, (level, held, left, linked)) in people.into_iter().enumerate() {
            let user = UserId(10 + u64::try_from(at).unwrap());
            let level = level.map_or(Cell::Unknown, Cell::Int);
            scene = scene.member(user, &held, facts(level, Cell::Unknown));
            if !linked {
                scene.members.pop();
            }
            let roles = left.map(|roles| roles.into_iter().map(RoleId).collect());
            scene.departures.extend(roles.map(|roles| Departure {
                user,
                roles,
                nickname: None,
                released: false,
            }));
        }
        scene
    })
}

proptest! {
    #[test]
    fn whatever_is_bound_no_role_is_written_twice_and_what_was_applied_is_done(mut scene in tangle()) {
        let first = scene.plan();
        let mut written = std::collections::BTreeSet::new();
        for change in &first.changes {
            if let Act::Give(role) | Act::Take(role) = &change.act {
                prop_assert!(written.insert((change.user, role.id())), "{:?} twice", change);
            }
        }
        apply(&mut scene, &first);
        prop_assert_eq!(scene.plan().changes, vec![]);
    }

    #[test]
    fn a_plan_that_was_applied_leaves_nothing_to_do(levels in people()) {
        let mut scene = scene(&levels);
        let first = scene.plan();
        apply(&mut scene, &first);
        prop_assert_eq!(scene.plan().changes, vec![]);
    }

    #[test]
    fn a_role_that_no_rule_names_is_never_written(levels in people()) {
        for change in scene(&levels).plan().changes {
            if let Act::Give(role) | Act::Take(role) = change.act {
                prop_assert_eq!(role.id(), RoleId(101));
            }
        }
    }

    #[test]
    fn nothing_is_taken_because_of_what_is_unknown(levels in people()) {
        let scene = scene(&levels);
        for change in scene.plan().changes {
            let at = scene.members.iter().position(|member| member.user == change.user).unwrap();
            let taken = matches!(change.act, Act::Take(_));
            prop_assert!(!taken || levels[at].0.is_some());
        }
    }

    #[test]
    fn the_order_people_are_known_in_changes_nothing(levels in people()) {
        let scene = scene(&levels);
        let mut turned = Scene { members: scene.members.iter().rev().cloned().collect(), ..Scene::new() };
        turned.rules = scene.rules.clone();
        turned.entries = scene.entries.iter().rev().cloned().collect();
        prop_assert_eq!(turned.plan(), scene.plan());
    }
}
