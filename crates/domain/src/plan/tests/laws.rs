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

proptest! {
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
