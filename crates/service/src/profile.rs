//! Who somebody is in the forum, as whoever asks may see it.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::ids::{SourceName, UserId};
use domain::time::Timestamp;

use crate::error::Error;
use crate::hall::{Asker, Hall, SourceSeat};
use crate::ports::{Profile, ProfileViewer, WhoseProfile};

/// Whose profile somebody asks for in Discord.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Their own.
    Own,
    /// A member's.
    Member(UserId),
    /// By the name in the forum.
    Named(String),
}

impl Hall {
    /// Reads a profile. Others see only what the forum shows a visitor who is not signed in.
    pub async fn profile(
        &self,
        asker: &Asker,
        whose: &Whose,
        source: Option<&SourceName>,
    ) -> Result<(SourceName, Profile), Error> {
        match whose {
            Whose::Named(name) => {
                let seat = match source {
                    Some(name) => self.source(name)?,
                    None => {
                        self.sources.first().ok_or_else(|| Error::refused("No forum is set up here yet."))?
                    }
                };
                let asked = WhoseProfile::Username(name.clone());
                let found = self.shown(seat, asked, ProfileViewer::Visitor).await?;
                let unknown = || {
                    Error::refused(format!(
                        "{} shows no “{name}” to visitors. Is it spelt as in the forum?",
                        crate::hall::host(seat.source.address())
                    ))
                };
                Ok((seat.name.clone(), found.ok_or_else(unknown)?))
            }
            Whose::Own => self.profile_of(asker, asker.user, ProfileViewer::Themselves, source).await,
            Whose::Member(user) if *user == asker.user => {
                self.profile_of(asker, asker.user, ProfileViewer::Themselves, source).await
            }
            Whose::Member(user) => self.profile_of(asker, *user, ProfileViewer::Visitor, source).await,
        }
    }

    async fn profile_of(
        &self,
        asker: &Asker,
        user: UserId,
        viewer: ProfileViewer,
        source: Option<&SourceName>,
    ) -> Result<(SourceName, Profile), Error> {
        let subject_of = Asker { user, ..asker.clone() };
        let mut linked = self.linked_accounts(&subject_of).await?;
        linked.retain(|account| source.is_none_or(|name| account.source == *name));
        let Some(account) = linked.into_iter().next() else {
            let words = match viewer {
                ProfileViewer::Themselves => {
                    "You have not linked your forum account yet. /link does it in half a minute."
                }
                ProfileViewer::Visitor => "This member has not linked a forum account.",
            };
            return Err(Error::refused(words));
        };
        let seat = self.source(&account.source)?;
        let found = self.shown(seat, WhoseProfile::Subject(account.subject), viewer).await?;
        let hidden = || Error::refused("The forum does not show this profile at the moment.");
        Ok((account.source, found.ok_or_else(hidden)?))
    }
    /// Reads a profile, unless somebody was shown the same a moment ago.
    async fn shown(
        &self,
        seat: &SourceSeat,
        whose: WhoseProfile,
        viewer: ProfileViewer,
    ) -> Result<Option<Profile>, Error> {
        let now = self.clock.now();
        let asked = (seat.index, whose, viewer);
        if let Some(shown) = self.profiles.get(&asked, now) {
            return Ok(shown);
        }
        let found = seat.source.profile(&asked.1, viewer).await?;
        self.profiles.put(asked, now, found.clone());
        Ok(found)
    }
}

/// How long a profile is shown as it was read.
const SHOWN_FOR: Duration = Duration::from_secs(60);
/// How many are kept in mind; of more the oldest go.
const SHOWN_MAX: usize = 256;

type Asked = (usize, WhoseProfile, ProfileViewer);

/// Profiles that were read a moment ago, so that asking again costs the forum nothing.
#[derive(Default)]
pub(crate) struct ShownProfiles(Mutex<VecDeque<(Asked, Timestamp, Option<Profile>)>>);

impl ShownProfiles {
    fn get(&self, asked: &Asked, now: Timestamp) -> Option<Option<Profile>> {
        let mut shown = self.locked();
        shown.retain(|(_, at, _)| now.since(*at) < SHOWN_FOR && *at <= now);
        shown.iter().find(|(known, ..)| known == asked).map(|(.., profile)| profile.clone())
    }

    fn put(&self, asked: Asked, at: Timestamp, profile: Option<Profile>) {
        let mut shown = self.locked();
        if shown.len() >= SHOWN_MAX {
            shown.pop_front();
        }
        shown.push_back((asked, at, profile));
    }

    fn locked(&self) -> MutexGuard<'_, VecDeque<(Asked, Timestamp, Option<Profile>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
