//! Plans, what was written under them, and overrides come back as they were given.

use domain::ids::{GuildId, PlanId, RevisionId, RoleId, UserId};
use store::Store;
use store::overrides::StoredOverride;
use store::plans::NewPlan;
use store::written::{Counted, NewWritten, Unknown};

use crate::engines::{NOON, seconds};
use crate::links::{FORUM, places};

const GUILD: GuildId = GuildId(u64::MAX);
const USER: UserId = UserId(u64::MAX - 1);
const ROLE: RoleId = RoleId(u64::MAX - 2);

fn plan(state: &str) -> NewPlan {
    NewPlan {
        guild: GUILD,
        revision: Some(RevisionId(3)),
        cause: "sweep".into(),
        actor: "hall".into(),
        state: state.into(),
        made_at: NOON,
        reasons: "[]".into(),
        contents: "{}".into(),
        takes: 1,
        gives: 2,
        renames: 3,
    }
}

fn written(plan: PlanId, at: i64) -> NewWritten {
    NewWritten {
        plan,
        guild: GUILD,
        user: USER,
        act: "take".into(),
        role: Some(ROLE),
        before: None,
        after: None,
        counts: [true, true, false, false],
        counted: true,
        at: seconds(at),
    }
}

on_both! {
    async fn a_plan_comes_back_and_only_one_of_two_decides(store: Store) {
        let mut tx = store.write().await.unwrap();
        tx.take_plans_turn().await.unwrap();
        let id = tx.put_plan(&plan("parked")).await.unwrap();
        let row = tx.plan(id).await.unwrap().unwrap();
        assert_eq!(row.plan, NewPlan { contents: String::new(), ..plan("parked") });
        assert_eq!(tx.plan_contents(id).await.unwrap().as_deref(), Some("{}"));
        assert_eq!(tx.plan_in_state(GUILD, "parked").await.unwrap().map(|row| row.id), Some(id));
        assert!(tx.move_plan(id, "parked", "released", Some(("user 1", NOON))).await.unwrap());
        assert!(!tx.move_plan(id, "parked", "released", Some(("user 2", NOON))).await.unwrap());
        let row = tx.plan(id).await.unwrap().unwrap();
        assert_eq!((row.plan.state.as_str(), row.decided_by.as_deref()), ("released", Some("user 1")));
        let other = tx.put_plan(&plan("released")).await.unwrap();
        tx.move_other_plans(GUILD, "released", "done", Some(other)).await.unwrap();
        assert_eq!(tx.plan_counts(GUILD).await.unwrap().len(), 2);
        assert_eq!(tx.latest_plans(GUILD, Some(other), 5).await.unwrap().len(), 1);
    }

    async fn what_was_written_counts_for_a_while_and_is_taken_back_once(store: Store) {
        let mut tx = store.write().await.unwrap();
        let plan_id = tx.put_plan(&plan("running")).await.unwrap();
        let first = tx.begin_written(&written(plan_id, 1)).await.unwrap();
        let other = NewWritten { user: UserId(5), ..written(plan_id, 2) };
        let second = tx.begin_written(&other).await.unwrap();
        let again = tx.begin_written(&written(plan_id, 1)).await.unwrap();
        tx.forget_written(again).await.unwrap();
        let counted = |takes| Counted { role: Some(ROLE), takes, strips: takes, renames: 0, empowers: 0 };
        assert_eq!(tx.written_count(plan_id).await.unwrap(), 0);
        assert_eq!((tx.counted_since(GUILD, NOON).await.unwrap(), tx.last_written(plan_id).await.unwrap()), (vec![], None));
        assert_eq!(tx.unknown_since(GUILD, NOON).await.unwrap().len(), 2);
        tx.written_is_done(first, None).await.unwrap();
        let unknown = Unknown { user: UserId(5), act: "take".into(), role: Some(ROLE), counts: written(plan_id, 2).counts };
        assert_eq!(tx.unknown_since(GUILD, NOON).await.unwrap(), [unknown]);
        tx.written_is_done(second, None).await.unwrap();
        assert_eq!(tx.last_written(plan_id).await.unwrap(), Some(seconds(2)));
        assert_eq!(tx.counted_since(GUILD, NOON).await.unwrap(), [counted(2)]);
        assert_eq!(tx.counted_since(GUILD, seconds(1)).await.unwrap(), [counted(1)]);
        assert_eq!(tx.stripped_since(GUILD, NOON, None).await.unwrap(), 2);
        assert_eq!(tx.stripped_since(GUILD, NOON, Some(USER)).await.unwrap(), 1);
        tx.forget_written(second).await.unwrap();
        let under: Vec<_> = tx.written_under(plan_id).await.unwrap();
        assert_eq!(under.iter().map(|row| (row.id, row.role, row.undone_by)).collect::<Vec<_>>(), [(
            first,
            Some(ROLE),
            None
        )]);
        let undo = tx.put_plan(&plan("running")).await.unwrap();
        assert_eq!(tx.written_is_undone(plan_id, undo).await.unwrap(), 1);
        assert_eq!(tx.written_is_undone(plan_id, undo).await.unwrap(), 0);
        assert_eq!(tx.prune_plans(seconds(9)).await.unwrap(), 0, "they are being written");
        assert!(tx.move_plan(plan_id, "running", "done", None).await.unwrap());
        assert!(tx.move_plan(undo, "running", "done", Some(("user 7", seconds(3)))).await.unwrap());
        assert_eq!(tx.prune_plans(seconds(1)).await.unwrap(), 0, "of one something was written since");
        assert_eq!(tx.prune_plans(seconds(3)).await.unwrap(), 1, "about one somebody decided since");
        assert_eq!(tx.written_under(plan_id).await.unwrap(), []);
        assert_eq!(tx.prune_plans(seconds(4)).await.unwrap(), 1);
    }

    async fn an_override_stands_until_it_is_replaced_or_ends(store: Store) {
        let mut tx = store.write().await.unwrap();
        let known = |role, origin: &str, until| StoredOverride {
            guild: GUILD,
            user: USER,
            role,
            has: true,
            name: None,
            origin: origin.into(),
            by: Some(UserId(7)),
            made_at: NOON,
            until,
            beneath: None,
        };
        tx.put_overrides(GUILD, &[known(ROLE, "before", None)]).await.unwrap();
        tx.put_overrides(GUILD, &[known(RoleId(5), "hand", Some(seconds(9)))]).await.unwrap();
        assert_eq!(tx.keep_held_before(GUILD, ROLE, NOON).await.unwrap(), 1);
        let expected = [known(RoleId(5), "hand", Some(seconds(9))), known(ROLE, "kept", None)];
        let mut found = tx.overrides_in(GUILD).await.unwrap();
        found.sort_by_key(|known| known.role);
        assert_eq!(found, expected);
        assert_eq!(tx.prune_overrides(seconds(10)).await.unwrap(), 1);
        assert!(tx.end_override(GUILD, USER, ROLE).await.unwrap());
        assert!(!tx.end_override(GUILD, USER, ROLE).await.unwrap());
        assert_eq!(tx.overrides_of(GUILD, USER).await.unwrap(), []);
        tx.confirm_role(GUILD, USER, ROLE, "user 7", NOON).await.unwrap();
        assert_eq!(tx.confirmed_roles(GUILD, Some(USER)).await.unwrap(), [(USER, ROLE)]);
        tx.forget_confirmed(GUILD, USER, ROLE).await.unwrap();
        assert_eq!(tx.confirmed_roles(GUILD, None).await.unwrap(), []);
    }

    async fn what_lies_beneath_an_override_stands_again_once_it_ends(store: Store) {
        let mut tx = store.write().await.unwrap();
        let before = |user: u64| StoredOverride {
            guild: GUILD,
            user: UserId(user),
            role: ROLE,
            has: true,
            name: None,
            origin: "before".into(),
            by: None,
            made_at: NOON,
            until: None,
            beneath: None,
        };
        let over = |user: u64| StoredOverride {
            has: false,
            origin: "hand".into(),
            by: Some(UserId(7)),
            until: Some(seconds(9)),
            beneath: Some("before".into()),
            ..before(user)
        };
        tx.put_overrides(GUILD, &[over(1), over(2), over(3), before(4)]).await.unwrap();
        assert_eq!(tx.overrides_of(GUILD, UserId(1)).await.unwrap(), [over(1)]);
        assert!(tx.end_override(GUILD, UserId(1), ROLE).await.unwrap());
        assert_eq!(tx.overrides_of(GUILD, UserId(1)).await.unwrap(), [before(1)]);
        for user in [2, 4] {
            tx.membership_ended(GUILD, UserId(user)).await.unwrap();
        }
        assert_eq!(tx.prune_overrides(seconds(10)).await.unwrap(), 2);
        assert_eq!(tx.overrides_in(GUILD).await.unwrap(), [before(1), before(3)]);
        tx.put_overrides(GUILD, &[over(3)]).await.unwrap();
        assert_eq!(tx.keep_held_before(GUILD, ROLE, NOON).await.unwrap(), 2);
        assert!(tx.end_override(GUILD, UserId(3), ROLE).await.unwrap());
        let origins: Vec<String> =
            tx.overrides_in(GUILD).await.unwrap().into_iter().map(|known| known.origin).collect();
        assert_eq!(origins, ["kept", "kept"]);
        tx.confirm_role(GUILD, USER, ROLE, "user 7", NOON).await.unwrap();
        assert_eq!(tx.forget_roles_but(GUILD, &[ROLE]).await.unwrap(), 0);
        assert_eq!(tx.forget_roles_but(GUILD, &[RoleId(5)]).await.unwrap(), 3);
    }

    async fn a_question_is_answered_once(store: Store) {
        let mut tx = store.write().await.unwrap();
        let id = tx.ask("{}", "command mira", seconds(5)).await.unwrap();
        assert_eq!(tx.open_requests(seconds(5)).await.unwrap(), []);
        assert_eq!(tx.open_requests(seconds(4)).await.unwrap().len(), 1);
        assert_eq!(tx.answered(id).await.unwrap(), None);
        assert!(tx.answer(id, "yes", seconds(6)).await.unwrap());
        assert!(!tx.answer(id, "no", seconds(7)).await.unwrap());
        assert_eq!(tx.answered(id).await.unwrap().as_deref(), Some("yes"));
        tx.forget_request(id).await.unwrap();
        assert_eq!(tx.prune_requests(seconds(60)).await.unwrap(), 0);
    }

    async fn a_source_that_shrank_is_remembered_until_its_size_is_accepted(store: Store) {
        places(&store).await;
        let mut tx = store.write().await.unwrap();
        let population = |people| store::places::Population { people, at: NOON };
        tx.put_population(FORUM, population(100)).await.unwrap();
        assert_eq!(tx.shrunk(FORUM, GUILD).await.unwrap(), None);
        tx.put_shrunk(FORUM, 80).await.unwrap();
        assert_eq!(tx.shrunk(FORUM, GUILD).await.unwrap(), Some((100, 80)));
        tx.accept_size(FORUM, GUILD, 80).await.unwrap();
        assert_eq!(tx.shrunk(FORUM, GUILD).await.unwrap(), Some((80, 80)));
        assert_eq!(tx.shrunk(FORUM, GuildId(1)).await.unwrap(), Some((100, 80)));
        tx.put_population(FORUM, population(80)).await.unwrap();
        assert_eq!(tx.shrunk(FORUM, GUILD).await.unwrap(), None);
        assert!(tx.accepted_sizes(FORUM).await.unwrap().is_empty());
    }
}
