//! What people ask for in Discord.

use std::sync::Arc;

use service::Hall;

use crate::discord::Discord;

/// A question.
pub(crate) type Interaction = serde_json::Value;

/// Answers a question.
pub(crate) async fn dispatch(discord: &Discord, _hall: &Arc<Hall>, _interaction: Interaction) {
    _ = discord;
}

impl Discord {
    /// Registers the commands where they differ.
    pub(crate) async fn register_commands(&self) {}
}
