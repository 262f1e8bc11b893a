//! Keeping guilds in step: everything known, put into one situation, planned, and written member by member.

mod arrived;
pub(crate) mod departure;
mod read;
mod settle;
mod view;
mod write;

pub(crate) use read::{bind_groups, known_facts, refresh_now, refresh_person, refresh_source};
pub(crate) use settle::settle;

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::exception::Overrides;
use domain::facts::{FactTable, Facts, Row};
use domain::ids::{GuildId, RoleId, UserId};
use domain::plan::{self, Plan};
use domain::roster::{Completeness, Roster};
use domain::rules::Bindings;
use domain::situation::{Departure, GuildPicture, LinkedMember, NicknameWritten, Situation};

use store::linked::LinkedRow;

use crate::error::{Error, Failed};
use crate::facts;
use crate::hall::{GuildSeat, Hall};
use crate::overrides;

/// What a guild's plan is made from beside its members.
pub(crate) struct Ground {
    /// The guild with the rules that held when this was made.
    pub(crate) seat: Arc<GuildSeat>,
    guild: Arc<GuildPicture>,
    roster: Arc<Roster>,
    groups: Bindings,
    remembered_roles: BTreeMap<String, RoleId>,
    overrides: Overrides,
}

impl Ground {
    /// The situation of some members on this ground.
    pub(crate) fn situation<'a>(
        &'a self,
        hall: &'a Hall,
        members: Vec<LinkedMember>,
        departures: Vec<Departure>,
    ) -> Situation<'a> {
        Situation {
            now: hall.clock.now(),
            schema: &hall.schema,
            rules: &self.seat.rules,
            groups: &self.groups,
            remembered_roles: &self.remembered_roles,
            guild: &self.guild,
            roster: &self.roster,
            members,
            departures,
            overrides: &self.overrides,
        }
    }
}

impl Hall {
    /// What would change in a guild now, for everybody.
    pub async fn plan(&self, guild: GuildId) -> Result<Plan, Error> {
        let members = self.members_to_plan(guild, None).await?;
        let departures = self.departures(guild, None).await?;
        self.plan_for(guild, members, departures).await
    }

    /// What would change for some members.
    pub(crate) async fn plan_for(
        &self,
        guild: GuildId,
        members: Vec<LinkedMember>,
        departures: Vec<Departure>,
    ) -> Result<Plan, Error> {
        let ground = self.ground(guild, None).await?;
        Ok(plan::plan(&ground.situation(self, members, departures)))
    }

    /// The guild as last seen, and which groups and roles its rules mean.
    ///
    /// With the overrides of everybody, or of one member. A role found by its name for the first time is remembered
    /// by its id from here on, with those who hold it already.
    pub(crate) async fn ground(&self, guild: GuildId, only: Option<UserId>) -> Result<Ground, Error> {
        let seat = self.guild(guild)?;
        let picture = self.discord.picture(guild).ok_or_else(|| {
            Failed::Guild(crate::ports::GuildError::Later {
                why: "the server has not been read yet".to_owned(),
                wait: None,
            })
        })?;
        let mut tx = self.store.read().await?;
        let remembered_roles = tx.role_bindings(guild).await?;
        let mut groups = Bindings::default();
        for source in &self.sources {
            for binding in tx.group_bindings(source.place).await? {
                // A hidden group that is gone is still not to be named.
                if binding.hidden_at.is_some() {
                    groups.hide(source.index, binding.name.as_str());
                }
                if binding.gone_at.is_none() {
                    groups.bind(source.index, binding.name, Some(binding.group));
                }
            }
        }
        drop(tx);
        let roster = self.discord.roster(guild);
        self.remember_roles(&seat, &picture, &roster, &remembered_roles).await?;
        let now = self.clock.now();
        let overrides = overrides::standing(&mut self.store.read().await?, guild, only, now).await?;
        Ok(Ground { seat, roster, guild: picture, groups, remembered_roles, overrides })
    }

    async fn remember_roles(
        &self,
        seat: &GuildSeat,
        picture: &GuildPicture,
        roster: &Roster,
        remembered: &BTreeMap<String, RoleId>,
    ) -> Result<(), Error> {
        // Who holds a role can be noted only once everybody who can be seen is: until then none is bound.
        if roster.completeness == Completeness::Partial {
            return Ok(());
        }
        let (bindings, _) = plan::bind_roles(&seat.rules, picture, remembered);
        let new: Vec<_> = bindings
            .into_iter()
            .filter(|binding| !binding.shared)
            .filter_map(|binding| Some((binding.name, binding.id?)))
            .filter(|(name, id)| remembered.get(name) != Some(id))
            .collect();
        if new.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        for (name, id) in new {
            tx.bind_role(seat.id, &name, id, now).await?;
            let goes_on = remembered.values().any(|known| *known == id);
            overrides::note_holders(&mut tx, seat.id, roster, (id, goes_on), now).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The linked members of a guild (or one of them) with their facts.
    pub(crate) async fn members_to_plan(
        &self,
        guild: GuildId,
        only: Option<UserId>,
    ) -> Result<Vec<LinkedMember>, Error> {
        let mut tx = self.store.read().await?;
        let rows = match only {
            Some(user) => match tx.member_by_subject(self.discord_place, &user.into()).await? {
                Some(member) => tx.linked_member(self.discord_place, member).await?.into_iter().collect(),
                None => Vec::new(),
            },
            None => tx.linked_members(self.discord_place).await?,
        };
        let nicknames = match only {
            Some(user) => tx.nickname(guild, user).await?.into_iter().collect(),
            None => tx.nicknames_in(guild).await?,
        };
        let written: BTreeMap<UserId, NicknameWritten> = nicknames
            .into_iter()
            .map(|row| (row.user, NicknameWritten { asked: row.asked_print, became: row.became_print }))
            .collect();
        let facts = FactTable::of(rows.iter().map(|row| self.said(row)));
        let member = |(row, facts)| self.linked_member(row, facts, &written);
        Ok(rows.iter().zip(facts).map(member).collect())
    }

    /// What is still to be taken back from those who unlinked (or from one of them).
    pub(crate) async fn departures(
        &self,
        guild: GuildId,
        only: Option<UserId>,
    ) -> Result<Vec<Departure>, Error> {
        let mut tx = self.store.read().await?;
        let rows = match only {
            Some(user) => tx.departure(guild, user).await?.into_iter().collect(),
            None => tx.departures_in(guild).await?,
        };
        rows.iter().map(|row| departure::decode(&row.departure)).collect()
    }

    /// What each source said of somebody.
    fn said(&self, row: &LinkedRow) -> Vec<Option<Row>> {
        let mut said = vec![None; self.sources.len()];
        for account in &row.accounts {
            let Some(seat) = self.source_at(account.place) else { continue };
            // What is known of an account that vanished says nothing about today.
            let known = account.facts.as_ref().filter(|_| account.vanished_at.is_none());
            let (Some(known), Some(slot)) = (known, said.get_mut(seat.index)) else { continue };
            *slot = Some(facts::decode(seat.source.schema(), &known.facts, known.read_at));
        }
        said
    }

    fn linked_member(
        &self,
        row: &LinkedRow,
        facts: Facts,
        written: &BTreeMap<UserId, NicknameWritten>,
    ) -> LinkedMember {
        let shown = row.accounts.iter().filter(|account| account.second_factor);
        let second_factors = shown.filter_map(|at| Some(self.source_at(at.place)?.index)).collect();
        LinkedMember {
            member: row.member,
            user: row.user,
            facts,
            nickname: written.get(&row.user).copied(),
            linked_at: row.linked_at,
            second_factors,
        }
    }
}
