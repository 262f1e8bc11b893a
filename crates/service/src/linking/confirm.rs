//! The last step: both identities named, what will change and why, and one button.

use domain::facts::{Facts, Row};
use domain::ids::{MemberId, RoleId, SourceName, UserId};
use domain::plan::{self, Finding, Plan, VerdictKind};
use domain::situation::{LinkedMember, Situation};
use store::facts::FactsRead;
use store::flows::Flow;
use store::links::{self, NewAccount, NewLink};
use store::tickets::Ticket;

use super::flow::{Proven, Stage};
use super::{Cookie, Stopped, hash};
use crate::audit::Entry;
use crate::hall::{Hall, SourceSeat};
use crate::jobs::{self, refresh_member};
use crate::plans::Waits;
use crate::ports::Identity;

/// What the page before linking shows.
#[derive(Clone, Debug)]
pub struct ConfirmView {
    /// The community.
    pub community: String,
    /// The guild's name on Discord, where it is known.
    pub guild: Option<String>,
    /// Who on Discord.
    pub discord: FaceView,
    /// Who in the forum.
    pub forum: FaceView,
    /// Which source that is.
    pub source: SourceName,
    /// The forum's address, for people.
    pub forum_address: String,
    /// What would change; `None` when the forum could not be read just now.
    pub plan: Option<Plan>,
    /// What of it would wait for a person.
    pub waits: Waits,
    /// What the form must carry: shows that the button was pressed on this page.
    pub form_token: String,
}

/// One identity, for people to recognise. All text is untrusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaceView {
    /// The name people see.
    pub name: String,
    /// The account's name.
    pub username: String,
    /// The picture's own address; to be fetched and served by the hall, never linked to.
    pub picture: Option<String>,
}

/// What linking did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// Which source.
    pub source: SourceName,
    /// The account's name there.
    pub username: String,
    /// Where in Discord the person came from.
    pub guild: Option<domain::ids::GuildId>,
}

impl Hall {
    /// The page that names both identities. Changes nothing; may be looked at again.
    pub async fn confirm_view(&self, cookie: Option<&Cookie>) -> Result<ConfirmView, Stopped> {
        let cookie = cookie.ok_or(Stopped::OtherBrowser { again: None })?;
        let (flow, ticket) = self.look(cookie, Stage::Confirm).await?;
        let seat = self.seat_of(&ticket)?;
        let (discord, proven) = identities(&flow)?;
        let second_factor = proven.identity.second_factor;
        let preview = match proven.row {
            Some(row) => self.preview(&ticket, seat, row, second_factor).await?,
            None => None,
        };
        let (plan, waits) = preview.unzip();
        Ok(ConfirmView {
            community: self.name.clone(),
            guild: ticket.guild.and_then(|guild| self.discord.picture(guild)).map(|guild| guild.name.clone()),
            discord: face(discord),
            forum: face(proven.identity),
            source: seat.name.clone(),
            forum_address: seat.source.address().to_owned(),
            plan,
            waits: waits.unwrap_or_default(),
            form_token: form_token(cookie),
        })
    }

    /// Makes the link. `form_token` must be the one of the page in this browser.
    ///
    /// Whoever comes second for one account is told so; nothing half-made stays. Every other open address of
    /// this person ends.
    pub async fn confirm_linking(&self, cookie: Option<&Cookie>, token: &str) -> Result<Linked, Stopped> {
        let owner = cookie.ok_or(Stopped::OtherBrowser { again: None })?;
        if aws_lc_rs::constant_time::verify_slices_are_equal(form_token(owner).as_bytes(), token.as_bytes())
            .is_err()
        {
            return Err(Stopped::Used);
        }
        let (flow, ticket) = self.spend(cookie, Stage::Confirm, None).await?;
        let seat = self.seat_of(&ticket)?;
        let (discord, proven) = identities(&flow)?;
        let now = self.now();
        let link = NewLink {
            user: account(self.discord_place, &discord),
            other: account(seat.place, &proven.identity),
            proven_by: format!("discord oauth2 and {} sign-in in one browser", seat.name),
            second_factor: proven.identity.second_factor,
            at: now,
        };
        let mut tx = self.store.write().await?;
        let made = tx.link(&link).await?;
        let member = match made {
            links::Linked::Made { member } => member,
            links::Linked::Already { .. } | links::Linked::UserTaken { .. } => {
                return Err(Stopped::Already {
                    source_name: seat.name.clone(),
                    username: proven.identity.username,
                });
            }
            links::Linked::OtherTaken { .. } => {
                return Err(Stopped::Taken {
                    source_name: seat.name.clone(),
                    username: proven.identity.username,
                });
            }
        };
        tx.end_all_of_user(ticket.user).await?;
        if let Some(row) = &proven.row {
            let read = FactsRead {
                subject: proven.identity.subject.clone(),
                username: proven.identity.username.clone(),
                name: proven.identity.name.clone(),
                facts: seat.encoded(&self.rules.now(), row),
                look_again: None,
            };
            tx.put_facts(seat.place, &[read], row.read_at).await?;
        }
        Entry::linked(ticket.user, member, seat.place, &proven.identity.subject).write(&mut tx, now).await?;
        let order = refresh_member::order(&seat.name, &proven.identity.subject, true, now);
        jobs::order(&mut tx, order.hinted(Some(now))).await?;
        tx.commit().await?;
        tracing::info!(user = %ticket.user, source = %seat.name, "an account was linked");
        self.wake.notify_one();
        Ok(Linked { source: seat.name.clone(), username: proven.identity.username, guild: ticket.guild })
    }

    async fn look(&self, cookie: &Cookie, stage: Stage) -> Result<(Flow, Ticket), Stopped> {
        let now = self.now();
        let mut tx = self.store.read().await?;
        let flow = tx
            .flow(&hash(&cookie.0), now)
            .await?
            .filter(|flow| flow.stage == stage.name())
            .ok_or(Stopped::Used)?;
        let ticket =
            tx.ticket(&flow.ticket_hash).await?.filter(|ticket| ticket.is_open(now)).ok_or(Stopped::Used)?;
        Ok((flow, ticket))
    }

    /// What linking would change in the guild the person came from, and what of it would wait for a person; `None`
    /// while the guild cannot be read.
    async fn preview(
        &self,
        ticket: &Ticket,
        seat: &SourceSeat,
        row: Row,
        second_factor: bool,
    ) -> Result<Option<(Plan, Waits)>, Stopped> {
        let Some(guild) = ticket.guild.filter(|guild| self.discord.picture(*guild).is_some()) else {
            return Ok(None);
        };
        let known = self.members_to_plan(guild, Some(ticket.user)).await?;
        let mut member = known.into_iter().next().unwrap_or_else(|| self.newcomer(ticket.user));
        member.facts = member.facts.with(seat.index, row);
        member.second_factors.extend(second_factor.then_some(seat.index));
        let ground = self.ground(guild, Some(ticket.user)).await?;
        let situation = ground.situation(self, vec![member], Vec::new());
        let mut plan = plan::plan(&situation);
        let meant = out_of_reach(&situation);
        plan.findings.retain(|finding| match finding {
            Finding::RoleTooHigh { role, id } => {
                meant.iter().any(|(name, known)| name == role || *known == Some(*id))
            }
            _ => true,
        });
        let waits = self.waits_of(&ground.seat, &situation, &plan, ticket.user).await?;
        Ok(Some((plan, waits)))
    }

    fn newcomer(&self, user: UserId) -> LinkedMember {
        LinkedMember {
            member: MemberId(0),
            user,
            facts: Facts::of(Vec::new()),
            nickname: None,
            linked_at: self.now(),
            second_factors: Vec::new(),
        }
    }
}

/// The roles that the rules mean for those of a situation and that the hall cannot give: by their names in the
/// settings, and by what they are bound to.
fn out_of_reach(situation: &Situation<'_>) -> Vec<(String, Option<RoleId>)> {
    let (bindings, _) = plan::bind_roles(situation.rules, situation.guild, situation.remembered_roles);
    let judged = |member| plan::verdicts(situation, &bindings, member).into_iter().zip(&bindings);
    let verdicts = situation.members.iter().flat_map(judged);
    let cannot = verdicts.filter(|(verdict, _)| verdict.kind == VerdictKind::CannotWrite && !verdict.has);
    cannot.map(|(_, binding)| (binding.name.clone(), binding.id)).collect()
}

fn identities(flow: &Flow) -> Result<(Identity, Proven), Stopped> {
    let discord = flow.user_identity.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let forum = flow.other_identity.as_deref().and_then(|text| serde_json::from_str(text).ok());
    discord.zip(forum).ok_or(Stopped::Used)
}

fn account(place: domain::ids::PlaceId, identity: &Identity) -> NewAccount {
    NewAccount {
        place,
        subject: identity.subject.clone(),
        username: identity.username.clone(),
        name: identity.name.clone(),
    }
}

fn face(identity: Identity) -> FaceView {
    let name =
        identity.name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| identity.username.clone());
    FaceView { name, username: identity.username, picture: identity.picture }
}

/// Nobody who does not hold the cookie can make it, and it does not give the cookie away.
fn form_token(cookie: &Cookie) -> String {
    hash(&format!("confirm {}", cookie.0))
}
