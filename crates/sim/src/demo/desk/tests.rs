//! What the desk takes from the hall's log and plans.

use serde_json::{Value, json};

use super::{Desk, Run};

#[test]
fn what_was_agreed_to_can_be_taken_back_until_it_was() {
    let mut desk = Desk { plan: Some(json!({})), ..Desk::default() };
    desk.heard(&json!({ "id": 1, "act": "apply", "details": { "plan": 3, "changes": 2 } }));
    assert_eq!(desk.runs, [Run { plan: 3, changes: 2, undone_by: None }]);
    assert_eq!(desk.plan, None, "what was agreed to waits no more");
    desk.heard(&json!({ "id": 2, "act": "undo", "details": { "plan": 3, "by": 4, "changes": 2 } }));
    assert_eq!(desk.runs, [Run { plan: 3, changes: 2, undone_by: Some(4) }]);
    assert!(desk.is_stale, "taking back leaves overrides");
}

#[test]
fn the_hall_is_asked_once_and_only_about_changes_that_stay() {
    let mut desk = Desk::default();
    let (none, one, two) = (json!([]), json!([{ "user": 1 }]), json!([{ "user": 1 }, { "user": 2 }]));
    let steps: [(&Value, bool); 8] = [
        (&none, false),
        (&none, false),
        (&one, false),
        (&two, false),
        (&two, true),
        (&two, false),
        (&none, false),
        (&none, false),
    ];
    for (step, (changes, asks)) in steps.into_iter().enumerate() {
        assert_eq!(desk.should_ask(changes), asks, "step {step}");
    }
}

#[test]
fn a_change_waits_when_the_plan_says_so_of_this_role_and_this_person() {
    let waits = json!([
        { "what": "take", "role": "Veteran", "lines": [{ "user": 7 }] },
        { "what": "rename", "role": "", "lines": [{ "user": "8" }] },
    ]);
    let desk = Desk { plan: Some(json!({ "waits": waits })), ..Desk::default() };
    for (user, role, holds) in
        [("7", Some("Veteran"), true), ("7", Some("Regular"), false), ("8", None, true), ("7", None, false)]
    {
        assert_eq!(desk.holds(user, role), holds, "{user} {role:?}");
    }
}
