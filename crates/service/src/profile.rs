//! Who somebody is in the forum, as whoever asks may see it.

use domain::ids::{SourceName, UserId};

use crate::error::Error;
use crate::hall::{Asker, Hall};
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
                let found = seat
                    .source
                    .profile(&WhoseProfile::Username(name.clone()), ProfileViewer::Visitor)
                    .await?;
                let unknown = || {
                    Error::refused(format!(
                        "{} shows no “{name}” to visitors. Is it spelt as in the forum?",
                        seat.source.address()
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
        let found = seat.source.profile(&WhoseProfile::Subject(account.subject), viewer).await?;
        let hidden = || Error::refused("The forum does not show this profile at the moment.");
        Ok((account.source, found.ok_or_else(hidden)?))
    }
}
