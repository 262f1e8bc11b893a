//! Commands, and the answers to them.

use serde_json::{Value, json};
use sim::discord::{DiscordSim, Interaction};

use crate::harbor::Harbor;

#[tokio::test]
async fn an_application_that_does_not_answer_is_said_not_to_respond() {
    let harbor = Harbor::quiet().await;
    let commands = format!("/applications/{}/commands", harbor.application);
    let command = json!([{ "name": "why", "description": "Why?", "default_member_permissions": "0" }]);
    assert_eq!(harbor.call("PUT", &commands, command).await.0, 200);
    let why = || Interaction::Command { name: "why".into(), options: Value::Null };
    let hidden = harbor.sim.interact(harbor.mira, harbor.guild, why()).await;
    assert_eq!(hidden.problem.as_deref(), Some("You do not see the command /why."));
    let asks = harbor.sim.interact(harbor.owner, harbor.guild, why());
    let late = async {
        let (id, token) = harbor.sim.eventually(2_000, DiscordSim::last_interaction).await.unwrap();
        harbor.clock.advance_ms(3_001);
        let answer = json!({ "type": 4, "data": { "content": "late" } });
        harbor.call("POST", &format!("/interactions/{id}/{token}/callback"), answer).await
    };
    let (reply, late) = tokio::join!(asks, late);
    assert_eq!(reply.problem.as_deref(), Some("The application did not respond"));
    assert_eq!(late, (404, 10062));
}
