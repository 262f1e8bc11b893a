//! Answers to what people ask. (Discord docs: Receiving and Responding to Interactions.)

use domain::plan::Importance;
use serde::Serialize;
use twilight_model::http::interaction::InteractionResponse;

use super::{By, Call, Problem, Rest};

/// Which interaction is answered. The token is good for fifteen minutes.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Ask {
    pub(crate) id: u64,
    pub(crate) token: String,
}

impl Rest {
    /// The first answer; Discord waits three seconds for it.
    pub(crate) async fn answer(&self, ask: &Ask, answer: &InteractionResponse) -> Result<(), Problem> {
        let call = Call::new("POST /interactions/{}/{}/callback", &[&ask.id, &ask.token], ask.id);
        self.send(&call.by(By::Address).beside_limits().body(answer)?).await.map(drop)
    }

    /// Writes over the first answer, which may have been "thinking".
    pub(crate) async fn edit_answer(&self, ask: &Ask, message: &impl Serialize) -> Result<(), Problem> {
        let shape = "PATCH /webhooks/{}/{}/messages/@original";
        let call = Call::new(shape, &[&self.application_id, &ask.token], ask.id);
        self.send(&call.by(By::Address).important(Importance::Urgent).body(message)?).await.map(drop)
    }
}
