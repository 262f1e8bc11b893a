//! One browser on its way: Discord first, then the forum.

use domain::facts::Row;
use domain::ids::{SourceName, UserId};
use domain::plan::Permissions;
use serde::{Deserialize, Serialize};
use store::flows::{Flow, FlowBegun, FlowStep, NewFlow};
use store::tickets::Ticket;
use url::Url;

use super::{FLOWS_PER_TICKET_MAX, Stopped, hash};
use crate::error::Error;
use crate::hall::{Asker, GuildSeat, Hall, SourceSeat};
use crate::ports::{Callback, Identity, Person, ProofSecrets};

/// The secret that binds an attempt to one browser.
#[derive(Clone, PartialEq, Eq)]
pub struct Cookie(pub String);

/// An attempt that has begun.
pub struct Begun {
    /// To be set in the browser.
    pub cookie: Cookie,
    /// Where the browser goes next.
    pub to: Url,
}

/// What the forum proved, with the facts that decide the roles to come.
#[derive(Serialize, Deserialize)]
pub(super) struct Proven {
    pub(super) identity: Identity,
    pub(super) row: Option<Row>,
}

impl Hall {
    /// A browser opens the address from `/link`: it is bound by a cookie and sent to Discord.
    pub async fn begin_linking(&self, token: &str) -> Result<Begun, Stopped> {
        let now = self.now();
        let ticket = self.open_ticket(&hash(token)).await?;
        let cookie = Cookie(self.token());
        let secrets = self.secrets();
        let to = self.discord_proof.begin(&secrets, &self.page(DISCORD_RETURN), false)?;
        let mut tx = self.store.write().await?;
        let flow = NewFlow {
            hash: hash(&cookie.0),
            ticket_hash: ticket.hash,
            stage: Stage::Discord.name().to_owned(),
            nonce: secrets.nonce,
            verifier: secrets.verifier,
            created_at: now,
            expires_at: ticket.expires_at,
        };
        if tx.create_flow(&flow, FLOWS_PER_TICKET_MAX).await? == FlowBegun::Refused {
            return Err(Stopped::Used);
        }
        tx.commit().await?;
        Ok(Begun { cookie, to })
    }

    /// Discord sends the browser back: the account must be the asker's. Gives the address of the forum's sign-in.
    pub async fn discord_proven(&self, cookie: Option<&Cookie>, callback: &Callback) -> Result<Url, Stopped> {
        let nonce = self.discord_proof.nonce_of(callback);
        let (flow, ticket) = self.spend(cookie, Stage::Discord, nonce).await?;
        let identity =
            self.discord_proof.complete(callback, &secrets_of(&flow), &self.page(DISCORD_RETURN)).await?;
        if identity.subject.0 != ticket.user.to_string() {
            return Err(Stopped::NotYours { made_for: ticket.display_name, signed_in_as: identity.username });
        }
        let seat = self.seat_of(&ticket)?;
        let secrets = self.secrets();
        let to = seat.proof.begin(&secrets, &self.forum_return(&seat.name), self.gives_power(&ticket))?;
        let step = FlowStep {
            stage: Stage::Forum.name().to_owned(),
            nonce: secrets.nonce,
            verifier: secrets.verifier,
            user_identity: Some(encode(&identity)?),
            other_identity: None,
        };
        self.advance(&flow, &step).await?;
        Ok(to)
    }

    /// Whether some rule gives a role with power over the community: then a second factor is asked for, since
    /// nobody knows before the sign-in who will be given it.
    fn gives_power(&self, ticket: &Ticket) -> bool {
        let rules = self.rules.now();
        let here = ticket.guild.and_then(|guild| rules.guild(guild).ok());
        let gives =
            |seat: &GuildSeat| seat.rules.roles.iter().any(|rule| rule.permits != Permissions::default());
        here.is_some_and(|seat| gives(&seat))
    }

    /// The forum sends the browser back. The account's facts are read once, for the page that follows.
    pub async fn forum_proven(
        &self,
        cookie: Option<&Cookie>,
        source: &SourceName,
        callback: &Callback,
    ) -> Result<Url, Stopped> {
        let nonce = self.source(source).ok().and_then(|seat| seat.proof.nonce_of(callback));
        let (flow, ticket) = self.spend(cookie, Stage::Forum, nonce).await?;
        let seat = self.seat_of(&ticket)?;
        if seat.name != *source {
            return Err(Stopped::Used);
        }
        let identity = seat.proof.complete(callback, &secrets_of(&flow), &self.forum_return(source)).await?;
        self.refuse_if_linked(seat, &identity, ticket.user).await?;
        let row = match seat.source.one_asked(&identity.subject).await {
            Ok(Person::Here(read)) => Some(self.rules.now().named_only(seat.index, &read.row)),
            // The page says that the roles are not known yet; linking does not wait for the forum's mood.
            Ok(Person::Gone) | Err(_) => None,
        };
        let proven = Proven { identity, row };
        let step = FlowStep {
            stage: Stage::Confirm.name().to_owned(),
            nonce: String::new(),
            verifier: String::new(),
            user_identity: flow.user_identity.clone(),
            other_identity: Some(encode(&proven)?),
        };
        self.advance(&flow, &step).await?;
        Ok(self.page(CONFIRM))
    }

    /// Says no: the attempt ends.
    pub async fn decline_linking(&self, cookie: Option<&Cookie>) -> Result<(), Stopped> {
        self.spend(cookie, Stage::Confirm, None).await.map(|_| ())
    }

    /// Takes the stage so that nobody takes it again, and the attempt with it.
    pub(super) async fn spend(
        &self,
        cookie: Option<&Cookie>,
        stage: Stage,
        nonce: Option<String>,
    ) -> Result<(Flow, Ticket), Stopped> {
        let now = self.now();
        if let Some(elsewhere) = self.elsewhere(cookie, nonce).await? {
            return Err(elsewhere);
        }
        let mut tx = self.store.write().await?;
        let taken = match cookie {
            Some(cookie) => tx.take_flow(&hash(&cookie.0), stage.name(), SPENT, now).await?,
            None => None,
        };
        let Some(flow) = taken else {
            return Err(if cookie.is_some() { Stopped::Used } else { Stopped::OtherBrowser { again: None } });
        };
        let ticket =
            tx.ticket(&flow.ticket_hash).await?.filter(|ticket| ticket.is_open(now)).ok_or(Stopped::Used)?;
        tx.commit().await?;
        Ok((flow, ticket))
    }

    /// Leads a spent attempt on to its next stage; one that was ended meanwhile stays ended.
    async fn advance(&self, flow: &Flow, step: &FlowStep) -> Result<(), Stopped> {
        let mut tx = self.store.write().await?;
        tx.advance_flow(&flow.hash, SPENT, step, self.now()).await?.ok_or(Stopped::Used)?;
        tx.commit().await?;
        Ok(())
    }

    /// Whether a callback belongs to an attempt of another browser (a phone that came back elsewhere, with or
    /// without the cookie of an older attempt). A fresh address for the same Discord account is safe to offer
    /// then: whoever follows it must prove that account again. What this browser has begun is left alone.
    async fn elsewhere(
        &self,
        cookie: Option<&Cookie>,
        nonce: Option<String>,
    ) -> Result<Option<Stopped>, Stopped> {
        let Some(nonce) = nonce else { return Ok(None) };
        let own = cookie.map(|cookie| hash(&cookie.0)).unwrap_or_default();
        let found = self.store.read().await?.ticket_of_nonce(&nonce, &own, self.now()).await?;
        let Some((ticket, guild)) = found.and_then(|ticket| ticket.guild.map(|guild| (ticket, guild))) else {
            return Ok(None);
        };
        let asker = Asker { guild, user: ticket.user, username: ticket.display_name };
        let again = match self.new_ticket(&asker, ticket.source).await {
            Ok(token) => Some(format!("/l/{token}")),
            Err(Error::Refused(_)) => None,
            Err(error) => return Err(error.into()),
        };
        Ok(Some(Stopped::OtherBrowser { again }))
    }

    async fn open_ticket(&self, ticket: &str) -> Result<Ticket, Stopped> {
        let mut tx = self.store.read().await?;
        tx.ticket(ticket).await?.filter(|ticket| ticket.is_open(self.now())).ok_or(Stopped::Used)
    }

    pub(super) fn seat_of(&self, ticket: &Ticket) -> Result<&SourceSeat, Stopped> {
        self.source_at(ticket.source).ok_or(Stopped::Used)
    }

    async fn refuse_if_linked(
        &self,
        seat: &SourceSeat,
        identity: &Identity,
        user: UserId,
    ) -> Result<(), Stopped> {
        let mut tx = self.store.read().await?;
        let theirs = tx.links_of_user(self.discord_place, &user.into()).await?;
        if let Some(link) = theirs.into_iter().find(|link| link.account.place == seat.place) {
            return Err(Stopped::Already { source_name: seat.name.clone(), username: link.account.username });
        }
        if tx.member_by_subject(seat.place, &identity.subject).await?.is_some() {
            return Err(Stopped::Taken {
                source_name: seat.name.clone(),
                username: identity.username.clone(),
            });
        }
        Ok(())
    }

    fn secrets(&self) -> ProofSecrets {
        ProofSecrets { nonce: self.token(), verifier: self.token() }
    }

    fn forum_return(&self, source: &SourceName) -> Url {
        self.page(&format!("{FORUM_RETURN}/{source}"))
    }
}

/// What an attempt waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Discord's answer.
    Discord,
    /// The forum's answer.
    Forum,
    /// The button.
    Confirm,
}

impl Stage {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Discord => "discord",
            Self::Forum => "forum",
            Self::Confirm => "confirm",
        }
    }
}

/// Taken, and not led on: whoever comes now finds nothing to take.
const SPENT: &str = "spent";

/// The address to which Discord sends browsers back, as the developer portal must have it.
pub fn discord_return(public_address: &Url) -> Url {
    under(public_address, DISCORD_RETURN)
}

/// The address to which a forum sends browsers back.
pub fn forum_return(public_address: &Url, source: &SourceName) -> Url {
    under(public_address, &format!("{FORUM_RETURN}/{source}"))
}

fn under(public_address: &Url, path: &str) -> Url {
    let mut address = public_address.clone();
    address.set_path(path);
    address
}

/// Where Discord sends the browser back to.
pub(crate) const DISCORD_RETURN: &str = "link/discord";
/// Where a forum sends the browser back to, followed by the source's name.
pub(crate) const FORUM_RETURN: &str = "link/forum";
/// The page that names both identities.
pub(crate) const CONFIRM: &str = "link";

fn secrets_of(flow: &Flow) -> ProofSecrets {
    ProofSecrets { nonce: flow.nonce.clone(), verifier: flow.verifier.clone() }
}

fn encode(value: &impl Serialize) -> Result<String, Stopped> {
    serde_json::to_string(value).map_err(|error| Stopped::Failed(crate::Failed::Broken(error.to_string())))
}
