//! Reading guilds. (Discord docs: Guild Resource.)

use domain::ids::GuildId;
use domain::plan::Importance;

use super::{Call, Problem, Rest};
use crate::wire::{Channel, Guild};

impl Rest {
    /// A guild with its roles.
    pub(crate) async fn guild(&self, guild: GuildId) -> Result<Guild, Problem> {
        self.json(&Call::new("GET /guilds/{}", &[&guild], guild.0).important(Importance::Take)).await
    }

    /// The channels of a guild, threads left out.
    pub(crate) async fn channels(&self, guild: GuildId) -> Result<Vec<Channel>, Problem> {
        self.json(&Call::new("GET /guilds/{}/channels", &[&guild], guild.0)).await
    }
}
