//! What waits for people to decide, counted for whoever watches the hall.

use domain::ids::GuildId;
use store::Tx;
use store::plans::NewPlan;

use crate::hall::Hall;
use crate::plans::State;

/// How many plans there are and how much waits. What is not named is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Plans of a guild in a state, by the state's word in the store; few words, and no others than the hall's own.
    pub(crate) plans: Vec<(GuildId, String, usize)>,
    /// Changes of a guild that are parked.
    pub(crate) parked_changes: Vec<(GuildId, usize)>,
}

impl Hall {
    /// How it stands now.
    pub(crate) async fn standing(&self, tx: &mut Tx) -> Result<Standing, store::Error> {
        let mut standing = Standing::default();
        for guild in self.guild_ids() {
            let counts = tx.plan_counts(guild).await?;
            standing.plans.extend(counts.into_iter().map(|(state, count)| (guild, state, count)));
            if let Some(parked) = tx.plan_in_state(guild, State::Parked.word()).await? {
                let NewPlan { takes, gives, renames, .. } = parked.plan;
                standing.parked_changes.push((guild, takes + gives + renames));
            }
        }
        Ok(standing)
    }
}
