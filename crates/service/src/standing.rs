//! What waits for people to decide, counted for whoever watches the hall.

use domain::ids::GuildId;
use store::Tx;

use crate::hall::Hall;

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
    pub(crate) async fn standing(&self, _tx: &mut Tx) -> Result<Standing, store::Error> {
        // Until plans are stored, none waits.
        Ok(Standing::default())
    }
}
