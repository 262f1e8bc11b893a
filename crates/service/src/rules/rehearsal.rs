//! A rehearsal: who would gain and lose what by other rules, against what the present ones give. Writes nothing.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{GuildId, RevisionId, RoleId, UserId};
use domain::plan::{self, Act, Finding, Plan};
use domain::roster::Completeness;
use domain::rules::Truth;
use domain::situation::{LinkedMember, RoleRule, Situation};
use serde::{Deserialize, Serialize};

use super::text::Written;
use super::{difference, today};
use crate::error::Error;
use crate::hall::{GuildSeat, Hall};

/// What other rules would change in a guild.
#[derive(Clone, Debug, Serialize)]
pub struct Rehearsal {
    /// Where.
    pub guild: GuildId,
    /// The number of the rules it is compared with; `None` when nobody has led by them.
    pub revision: Option<RevisionId>,
    /// What the rules say otherwise, a line each.
    pub difference: Vec<String>,
    /// The roles that have no rule any more: whoever holds one keeps it until the owner decides.
    pub released: Vec<String>,
    /// How many linked members are in the guild.
    pub members: usize,
    /// The roles that anybody would gain or lose, or of which that cannot be said: those that somebody would lose
    /// first, then by name.
    pub roles: Vec<RoleRehearsed>,
    /// Who would be called otherwise, by name.
    pub nicknames: Vec<NicknameRehearsed>,
    /// What could not be done by the other rules, and can be by the present ones.
    pub findings: Vec<Finding>,
}

/// What would become of one role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RoleRehearsed {
    /// The role, as Discord calls it.
    pub role: String,
    /// Who would lose it, or not get it any more.
    pub loses: Vec<SomebodyNamed>,
    /// Who would gain it, or keep it after all.
    pub gains: Vec<SomebodyNamed>,
    /// Of how many nothing can be said by the rule, since a fact that it asks for is not known of them.
    pub unknown: usize,
}

/// Somebody on Discord.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SomebodyNamed {
    /// What the forum calls them. Untrusted.
    pub name: Option<String>,
    /// Who.
    pub user: UserId,
}

/// Somebody who would be called otherwise.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct NicknameRehearsed {
    /// Who.
    #[serde(flatten)]
    pub who: SomebodyNamed,
    /// What the present rules write; `None` where they leave it as it is.
    pub was: Option<String>,
    /// What the other rules would write; `None` where they would leave it as it is.
    pub is: Option<String>,
}

/// Where the facts of a rehearsal come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactsFrom {
    /// What was read last. What no rule that holds names is not known of anybody.
    Store,
    /// The sources, where the other rules ask for something new: one reading of everybody each, which is stored
    /// nowhere.
    Sources,
}

impl Hall {
    /// Says who would gain and lose what if a guild followed other rules, by the roster as it is known now.
    pub async fn rehearse(&self, other: &GuildSeat, facts: FactsFrom) -> Result<Rehearsal, Error> {
        let guild = other.id;
        let revision = self.revision(guild);
        let ground = self.ground(guild, None).await?;
        let members = self.members_to_plan(guild, None).await?;
        let present = ground.situation(self, members, Vec::new());
        if present.roster.completeness == Completeness::Partial {
            return Err(Error::refused("The server cannot be read at the moment. Try again in a minute."));
        }
        let mut groups = present.groups.clone();
        let mut present = present;
        if facts == FactsFrom::Sources {
            today::read(self, &other.rules, &mut present.members, &mut groups).await?;
        }
        // Both by the same facts: what differs is because of the rules.
        let present = Situation { groups: &groups, ..present };
        let plan_now = plan::plan(&present);
        let rehearsed = Situation { rules: &other.rules, ..present.clone() };
        let plan_then = plan::plan(&rehearsed);
        let changes = plan_now.changes.iter().chain(&plan_then.changes);
        let names = self.names_of(changes.map(|change| change.user)).await?;
        let named = |user: UserId| SomebodyNamed { name: names.get(&user).cloned(), user };
        let here = |member: &&LinkedMember| present.roster.get(member.user).is_some();
        let (was, is) = (Written::of(&ground.seat), Written::of(other));
        Ok(Rehearsal {
            guild,
            revision,
            difference: difference::lines(&was, &is),
            released: difference::roles_released(&was, &is),
            members: present.members.iter().filter(here).count(),
            roles: roles(&plan_now, &plan_then, unknown(&present, &rehearsed), named),
            nicknames: nicknames(&plan_now, &plan_then, named),
            findings: plan_then.findings.into_iter().filter(|one| !plan_now.findings.contains(one)).collect(),
        })
    }

    /// Reads a guild anew for somebody who does not listen to it: its roles, and its members as far as the hall may.
    pub async fn read_guild(&self, guild: GuildId) -> Result<(), Error> {
        self.guild(guild)?;
        self.discord.refresh(guild).await?;
        if self.discord.roster(guild).completeness == Completeness::LinkedOnly {
            for member in self.members_to_plan(guild, None).await? {
                self.see(guild, member.user).await?;
            }
        }
        Ok(())
    }
}

/// Whether a plan gives somebody a role or takes it, and what the role is called.
type RoleActs<'a> = BTreeMap<(RoleId, UserId), (bool, &'a str)>;

fn role_acts(plan: &Plan) -> RoleActs<'_> {
    let mut acts = RoleActs::new();
    for change in &plan.changes {
        match &change.act {
            Act::Give(role) => acts.insert((role.id(), change.user), (true, role.name())),
            Act::Take(role) => acts.insert((role.id(), change.user), (false, role.name())),
            Act::Nickname(_) => None,
        };
    }
    acts
}

fn roles(
    now: &Plan,
    then: &Plan,
    unknown: BTreeMap<String, usize>,
    named: impl Fn(UserId) -> SomebodyNamed,
) -> Vec<RoleRehearsed> {
    let (now, then) = (role_acts(now), role_acts(then));
    let mut roles: BTreeMap<String, RoleRehearsed> = BTreeMap::new();
    for (role, unknown) in unknown {
        roles.entry(role).or_default().unknown = unknown;
    }
    let both: BTreeSet<_> = now.keys().chain(then.keys()).collect();
    for key in both {
        let (was, is) = (now.get(key), then.get(key));
        // What both write, or neither, is the same by both.
        if was.map(|(gives, _)| gives) == is.map(|(gives, _)| gives) {
            continue;
        }
        let Some((_, name)) = is.or(was) else { continue };
        // What is not taken any more is kept.
        let gains = is.map_or_else(|| was.is_some_and(|(gave, _)| !gave), |(gives, _)| *gives);
        let role = roles.entry((*name).to_owned()).or_default();
        let side = if gains { &mut role.gains } else { &mut role.loses };
        side.push(named(key.1));
    }
    let mut roles: Vec<RoleRehearsed> =
        roles.into_iter().map(|(name, role)| RoleRehearsed { role: name, ..role }).collect();
    for role in &mut roles {
        role.loses.sort();
        role.gains.sort();
    }
    roles.sort_by_key(|role| role.loses.is_empty());
    roles
}

fn nicknames(now: &Plan, then: &Plan, named: impl Fn(UserId) -> SomebodyNamed) -> Vec<NicknameRehearsed> {
    let (now, then) = (names_written(now), names_written(then));
    let both: BTreeSet<&UserId> = now.keys().chain(then.keys()).collect();
    let differing = both.into_iter().filter(|user| now.get(user) != then.get(user));
    let name = |names: &BTreeMap<UserId, &Option<String>>, user| names.get(user).copied().cloned().flatten();
    let mut nicknames: Vec<NicknameRehearsed> = differing
        .map(|user| NicknameRehearsed { who: named(*user), was: name(&now, user), is: name(&then, user) })
        .collect();
    nicknames.sort();
    nicknames
}

fn names_written(plan: &Plan) -> BTreeMap<UserId, &Option<String>> {
    let mut names = BTreeMap::new();
    for change in &plan.changes {
        if let Act::Nickname(name) = &change.act {
            names.insert(change.user, name);
        }
    }
    names
}

/// Of how many people nothing can be said by each rule that says something new, by its role.
fn unknown(present: &Situation<'_>, rehearsed: &Situation<'_>) -> BTreeMap<String, usize> {
    let (bindings, _) = plan::bind_roles(rehearsed.rules, rehearsed.guild, rehearsed.remembered_roles);
    let is_old = |rule: &RoleRule| {
        present.rules.roles.iter().any(|old| old.role == rule.role && old.when.text() == rule.when.text())
    };
    let mut unknown = BTreeMap::new();
    for (rule, binding) in rehearsed.rules.roles.iter().zip(bindings).filter(|(rule, _)| !is_old(rule)) {
        let when = rule.when.bind(rehearsed.groups);
        let is_unknown = |member: &&LinkedMember| {
            let here = rehearsed.roster.get(member.user).is_some();
            here && when.evaluate(&member.facts, rehearsed.now) == Truth::Unknown
        };
        let people = rehearsed.members.iter().filter(is_unknown).count();
        if people > 0 {
            let name = binding.role.as_ref().map_or(&*rule.role, |role| role.name());
            unknown.insert(name.to_owned(), people);
        }
    }
    unknown
}
