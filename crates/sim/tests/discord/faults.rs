//! Answers that go wrong, and tokens that end.

use serde_json::Value;
use sim::discord::{Fault, FaultRule};

use crate::harbor::Harbor;

#[tokio::test]
async fn a_fault_spoils_so_many_answers_and_an_act_may_be_carried_out_all_the_same() {
    let harbor = Harbor::quiet().await;
    let role = format!("{}/roles/{}", harbor.member(harbor.mira), harbor.below);
    harbor.sim.fault(FaultRule::next("PUT", "/roles/", Fault::Html(502)));
    harbor.sim.fault(FaultRule::next("PUT", "/roles/", Fault::Status(500)).carried_out());
    assert_eq!(harbor.call("PUT", &role, Value::Null).await.0, 502);
    assert!(harbor.sim.roles_of(harbor.guild, harbor.mira).is_empty());
    assert_eq!(harbor.call("PUT", &role, Value::Null).await.0, 500);
    assert_eq!(harbor.sim.roles_of(harbor.guild, harbor.mira), ["Below"]);
    let statuses: Vec<u16> = harbor.sim.calls().iter().map(|call| call.status).collect();
    assert_eq!(statuses, [502, 500]);
}

#[tokio::test]
async fn a_revoked_token_is_refused() {
    let harbor = Harbor::quiet().await;
    assert_eq!(harbor.call("GET", "/users/@me", Value::Null).await.0, 200);
    harbor.sim.revoke_token(harbor.application).unwrap();
    assert_eq!(harbor.call("GET", "/users/@me", Value::Null).await, (401, 0));
}
