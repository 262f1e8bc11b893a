//! The address that `/link` hands out: made for one Discord account, for ten minutes.

use domain::ids::{SourceName, Subject};
use domain::time::Timestamp;
use store::tickets::Ticket;
use url::Url;

use super::{ADDRESS_LASTS, OPEN_ADDRESSES_MAX, hash};
use crate::error::Error;
use crate::hall::{Asker, Hall};

/// What `/link` answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkOffer {
    /// An address to open in a browser.
    Address {
        /// The address.
        address: Url,
        /// When it stops working.
        until: Timestamp,
        /// The source to be linked.
        source: SourceName,
        /// What is linked already, elsewhere.
        linked: Vec<LinkedAccount>,
    },
    /// Linked already, to these.
    Already(Vec<LinkedAccount>),
}

/// An account that a person has linked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedAccount {
    /// Where.
    pub source: SourceName,
    /// The source's address, for people.
    pub address: String,
    /// The id there.
    pub subject: Subject,
    /// The account's name there.
    pub username: String,
    /// Since when.
    pub since: Timestamp,
}

impl Hall {
    /// Answers `/link`: an address for whoever asks, unless the source (the first that is not linked yet, when
    /// none is named) is linked already.
    pub async fn open_link(&self, asker: &Asker, source: Option<&SourceName>) -> Result<LinkOffer, Error> {
        let linked = self.linked_accounts(asker).await?;
        let is_linked = |name: &SourceName| linked.iter().any(|account| account.source == *name);
        let seat = match source {
            Some(name) => self.source(name)?,
            None => match self.sources.iter().find(|seat| !is_linked(&seat.name)) {
                Some(seat) => seat,
                None if linked.is_empty() => {
                    return Err(Error::refused("No forum is set up here yet; ask the owner of the server."));
                }
                None => return Ok(LinkOffer::Already(linked)),
            },
        };
        if is_linked(&seat.name) {
            return Ok(LinkOffer::Already(linked));
        }
        let token = self.new_ticket(asker, seat.place).await?;
        let until = self.now().after(ADDRESS_LASTS);
        Ok(LinkOffer::Address {
            address: self.page(&format!("l/{token}")),
            until,
            source: seat.name.clone(),
            linked,
        })
    }

    /// What a person on Discord has linked.
    pub async fn linked_accounts(&self, asker: &Asker) -> Result<Vec<LinkedAccount>, Error> {
        let mut tx = self.store.read().await?;
        let links = tx.links_of_user(self.discord_place, &asker.user.into()).await?;
        let accounts = links.into_iter().filter_map(|link| {
            let seat = self.source_at(link.account.place)?;
            Some(LinkedAccount {
                source: seat.name.clone(),
                address: seat.source.address().to_owned(),
                subject: link.account.subject,
                username: link.account.username,
                since: link.linked_at,
            })
        });
        Ok(accounts.collect())
    }

    /// Of the addresses of one person only the newest stay open: the oldest ends when there are too many.
    pub(super) async fn new_ticket(
        &self,
        asker: &Asker,
        place: domain::ids::PlaceId,
    ) -> Result<String, Error> {
        let token = self.token();
        let now = self.now();
        let ticket = Ticket {
            hash: hash(&token),
            user: asker.user,
            guild: Some(asker.guild),
            source: place,
            display_name: asker.username.clone(),
            created_at: now,
            expires_at: now.after(ADDRESS_LASTS),
            used_at: None,
        };
        let mut tx = self.store.write().await?;
        tx.end_oldest_tickets(asker.user, OPEN_ADDRESSES_MAX - 1).await?;
        tx.create_ticket(&ticket).await?;
        tx.commit().await?;
        Ok(token)
    }

    /// An address of the hall.
    pub(crate) fn page(&self, path: &str) -> Url {
        let mut address = self.public_address.clone();
        address.set_path(path);
        address
    }
}
