//! Showing: what would change in a guild now, what waits, and why, for people to read.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::ids::{GuildId, PlanId, RevisionId, RoleId, UserId};
use domain::plan::{Act, Because, Change, Finding, Reason};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::plans::NewPlan;

use super::State;
use super::contents::Contents;
use super::ended::end_words;
use super::open::was_shown_long_ago;
use super::park::{Held, park};
use super::weigh::Judged;
use crate::actor::Actor;
use crate::error::Error;
use crate::hall::Hall;

/// Names of more people than these are read all at once.
const NAMES_ONE_BY_ONE_MAX: usize = 200;

/// A plan for people to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanView {
    /// Its number; `None` when there is nothing to number.
    pub plan: Option<PlanId>,
    /// Of which guild.
    pub guild: GuildId,
    /// What the guild is called.
    pub guild_name: String,
    /// By which rules.
    pub revision: Option<RevisionId>,
    /// When it was made.
    pub made_at: Timestamp,
    /// What waits for a person, what is taken first.
    pub waits: Vec<Part>,
    /// Why it waits.
    pub reasons: Vec<String>,
    /// The roles in it that people held before their rule came: the owner may keep or remove each by itself.
    #[serde(default)]
    pub held_before: Vec<HeldBefore>,
    /// The roles in it that need an admin's word for each person.
    #[serde(default)]
    pub unconfirmed: Vec<RoleId>,
    /// What is written without a person's word, what is taken first.
    pub at_once: Vec<Part>,
    /// What cannot or must not be done.
    pub findings: Vec<FindingView>,
    /// How many roles are taken, in all.
    pub takes: usize,
    /// How many are given.
    pub gives: usize,
    /// How many nicknames are written.
    pub renames: usize,
}

/// A role that people held before its rule came, and would lose by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldBefore {
    /// The role's name.
    pub role: String,
    /// The role.
    pub role_id: RoleId,
    /// How many would lose it.
    pub count: usize,
}

/// What is done with one role, or with nicknames.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What.
    pub what: What,
    /// The role's name; empty for nicknames.
    pub role: String,
    /// The role.
    pub role_id: Option<RoleId>,
    /// To whom, and why.
    pub lines: Vec<Line>,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A role is taken.
    Take,
    /// A role is given.
    Give,
    /// A nickname is written.
    Rename,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Who, on Discord.
    pub user: UserId,
    /// What the forum calls them, where they are linked. Untrusted.
    pub name: Option<String>,
    /// The nickname that is written. Untrusted.
    pub nickname: Option<String>,
    /// Why.
    pub because: String,
}

/// A finding with what can be done about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingView {
    /// What it is.
    pub says: String,
    /// What to do.
    pub remedy: String,
}

impl From<&Finding> for FindingView {
    fn from(finding: &Finding) -> Self {
        Self { says: finding.says(), remedy: finding.remedy().to_owned() }
    }
}

impl PlanView {
    /// How many changes wait.
    pub fn waiting(&self) -> usize {
        self.waits.iter().map(|part| part.lines.len()).sum()
    }

    /// Whether nothing would change.
    pub fn is_empty(&self) -> bool {
        self.takes + self.gives + self.renames == 0
    }
}

impl Hall {
    /// What would change in a guild now, from what is known of everybody. What waits for a person has its number
    /// afterwards, by which it can be applied. Refuses while the server's members are being read.
    pub async fn show_plan(&self, guild: GuildId, by: &Actor) -> Result<PlanView, Error> {
        end_words(self, guild).await?;
        let judged = self.judge_for_a_person(guild).await?;
        let held = Held::of(guild, &judged);
        held.refuse_unseen()?;
        let mut tx = self.store.write().await?;
        tx.take_plans_turn().await?;
        park(self, &mut tx, &held, true).await?;
        tx.commit().await?;
        self.wake.notify_one();
        let Judged { plan, braked, guild_name, at, .. } = judged;
        let waits: Vec<&Change> = braked.parked.iter().collect();
        let free: Vec<&Change> = braked.free.iter().map(|(change, _)| change).collect();
        let number = self.number(guild, by, &waits, &braked.reasons, &free).await?;
        let names = self.names_of(plan.changes.iter().map(|change| change.user)).await?;
        let waits = parts(&waits, &names);
        let at_once = parts(&free, &names);
        let count = |what| {
            let of = |part: &&Part| part.what == what;
            waits.iter().chain(&at_once).filter(of).map(|part| part.lines.len()).sum()
        };
        let (takes, gives, renames) = (count(What::Take), count(What::Give), count(What::Rename));
        Ok(PlanView {
            plan: number,
            guild,
            guild_name,
            revision: self.revision(guild),
            made_at: at,
            waits,
            reasons: braked.reasons.iter().map(Reason::says).collect(),
            held_before: braked.reasons.iter().filter_map(held_before).collect(),
            unconfirmed: braked.reasons.iter().filter_map(unconfirmed).collect(),
            at_once,
            findings: self.findings_told(&plan.findings).await?,
            takes,
            gives,
            renames,
        })
    }

    /// The number of what waits; else of what was shown, which is the one from before while it shows the same.
    async fn number(
        &self,
        guild: GuildId,
        by: &Actor,
        waits: &[&Change],
        reasons: &[Reason],
        free: &[&Change],
    ) -> Result<Option<PlanId>, Error> {
        let mut tx = self.store.write().await?;
        if !waits.is_empty() || !reasons.is_empty() {
            return Ok(tx.plan_in_state(guild, State::Parked.word()).await?.map(|row| row.id));
        }
        let contents = Contents::of(free.iter().copied());
        if contents.is_empty() {
            return Ok(None);
        }
        if let Some(shown) = tx.plan_in_state(guild, State::Shown.word()).await?
            && !was_shown_long_ago(&shown, self.clock.now())
            && tx.plan_contents(shown.id).await?.as_deref() == Some(&contents.text())
        {
            return Ok(Some(shown.id));
        }
        let plan = self.new_plan(guild, "command", State::Shown, &contents);
        let id = tx.put_plan(&NewPlan { actor: by.to_string(), ..plan }).await?;
        tx.commit().await?;
        Ok(Some(id))
    }

    /// Findings for whoever reads a plan of everybody: those about one member say who that is.
    async fn findings_told(&self, findings: &[Finding]) -> Result<Vec<FindingView>, Error> {
        let about = |finding: &Finding| match finding {
            Finding::NicknameCannotFollow { user, .. } => Some(*user),
            _ => None,
        };
        let names = self.names_of(findings.iter().filter_map(about)).await?;
        let told = findings.iter().map(|finding| {
            let view = FindingView::from(finding);
            let Some(user) = about(finding) else { return view };
            let who = names.get(&user).map_or_else(|| user.to_string(), |name| format!("{name} ({user})"));
            FindingView { says: format!("{who}: {}", view.says), ..view }
        });
        Ok(told.collect())
    }

    /// What the forum calls people, for whoever reads a plan.
    pub(crate) async fn names_of(
        &self,
        users: impl IntoIterator<Item = UserId>,
    ) -> Result<HashMap<UserId, String>, Error> {
        let wanted: HashSet<UserId> = users.into_iter().collect();
        let mut tx = self.store.read().await?;
        if wanted.len() > NAMES_ONE_BY_ONE_MAX {
            let names = tx.names_at_sources(self.discord_place).await?;
            return Ok(names.into_iter().filter(|(user, _)| wanted.contains(user)).collect());
        }
        let mut names = HashMap::with_capacity(wanted.len());
        for user in wanted {
            if let Some(name) = tx.name_at_source(self.discord_place, user).await? {
                names.insert(user, name);
            }
        }
        Ok(names)
    }
}

fn held_before(reason: &Reason) -> Option<HeldBefore> {
    match reason {
        Reason::HeldBefore { role, id, count } => {
            Some(HeldBefore { role: role.clone(), role_id: *id, count: *count })
        }
        _ => None,
    }
}

fn unconfirmed(reason: &Reason) -> Option<RoleId> {
    match reason {
        Reason::Unconfirmed { id, .. } => Some(*id),
        _ => None,
    }
}

/// Changes by what they do, removals first, each role by itself.
fn parts(changes: &[&Change], names: &HashMap<UserId, String>) -> Vec<Part> {
    let mut parts: BTreeMap<(What, String, Option<RoleId>), Vec<Line>> = BTreeMap::new();
    for change in changes {
        let (key, nickname) = match &change.act {
            Act::Take(role) => ((What::Take, role.name().to_owned(), Some(role.id())), None),
            Act::Give(role) => ((What::Give, role.name().to_owned(), Some(role.id())), None),
            Act::Nickname(name) => {
                ((What::Rename, String::new(), None), Some(name.clone().unwrap_or_default()))
            }
        };
        let (user, name) = (change.user, names.get(&change.user).cloned());
        parts.entry(key).or_default().push(Line { user, name, nickname, because: because(&change.because) });
    }
    let part = |((what, role, role_id), lines)| Part { what, role, role_id, lines };
    parts.into_iter().map(part).collect()
}

/// Why a change is made, as others may read it.
pub(crate) fn because(because: &Because) -> String {
    match because {
        Because::Rule { explanation, .. } => explanation.third_person(),
        Because::Template => "the name in the forum".to_owned(),
        Because::Unlinked => "unlinked".to_owned(),
        Because::Released => "its rule was deleted".to_owned(),
        Because::Override(known) => known.says().to_owned(),
        Because::NameOverride { .. } => "a change of the name was taken back".to_owned(),
    }
}
