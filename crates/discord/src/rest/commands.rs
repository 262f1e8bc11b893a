//! The list of slash commands. (Discord docs: Application Commands.)

use super::{Call, Problem, Rest};
use crate::register::Registration;

impl Rest {
    /// The commands that are registered for every guild.
    pub(crate) async fn commands(&self) -> Result<Vec<Registration>, Problem> {
        self.json(&Call::new("GET /applications/{}/commands", &[&self.application_id], 0)).await
    }

    /// Registers these commands in place of all that were.
    pub(crate) async fn replace_commands(&self, commands: &[Registration]) -> Result<(), Problem> {
        let call = Call::new("PUT /applications/{}/commands", &[&self.application_id], 0);
        self.send(&call.body(&commands)?).await.map(drop)
    }
}
