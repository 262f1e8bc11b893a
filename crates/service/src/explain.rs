//! Why somebody has, or does not have, each role; and looking again on request.

use std::collections::{BTreeMap, HashMap};

use domain::exception::{Origin, RoleOverride};
use domain::ids::{GuildId, UserId};
use domain::plan::{self, Finding, NicknameVerdict, Plan, RoleBinding, Verdict, VerdictKind};
use domain::roster::Completeness;
use domain::situation::Situation;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::hall::{Asker, Hall};
use crate::linking::LinkedAccount;
use crate::plans::{FindingView, Waiting, Waits};
use crate::reconcile::refresh_now;

/// The answer to "why".
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// Who.
    pub user: UserId,
    /// What they have linked; nothing when they are not linked.
    pub linked: Vec<LinkedAccount>,
    /// Whether they are in the guild: to nobody else the rules say anything.
    pub presence: Presence,
    /// Each rule of the guild, in the order of the settings; nothing for somebody who is not in the guild.
    pub verdicts: Vec<Verdict>,
    /// What the nickname rule comes to, if there is one.
    pub nickname: Option<NicknameVerdict>,
    /// What of it waits for a person, by the role as the settings name it.
    pub waits: BTreeMap<String, Waiting>,
    /// Whether the new nickname waits for a person.
    pub nickname_waits: Option<Waiting>,
    /// What cannot be done here.
    pub findings: Vec<Finding>,
    /// When the oldest of the facts was read.
    pub read_at: Option<Timestamp>,
}

/// Whether somebody is in the guild, as far as the hall sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// They are.
    Here,
    /// They are not.
    Absent,
    /// The guild cannot be read at the moment.
    Unread,
}

/// The same, in words that others may read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhyView {
    /// Who, on Discord.
    pub user: UserId,
    /// The names of their linked accounts, by source. Untrusted.
    pub linked: Vec<(String, String)>,
    /// Whether they are in the guild, as far as the hall sees; `None` while it cannot be read.
    pub here: Option<bool>,
    /// Each rule, in the order of the settings.
    pub roles: Vec<RoleView>,
    /// What the nickname rule comes to. Untrusted.
    pub nickname: Option<String>,
    /// What cannot be done here.
    pub findings: Vec<FindingView>,
    /// When the oldest of the facts was read.
    pub read_at: Option<Timestamp>,
}

/// One rule for one member, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleView {
    /// The role.
    pub role: String,
    /// Whether they have it.
    pub has: bool,
    /// What follows: `in_step`, `give`, `take`, `unknown`, `kept`, `cannot_write`.
    pub follows: VerdictKind,
    /// Why.
    pub because: String,
    /// That it waits for a person, where it does.
    #[serde(default)]
    pub waits: Option<Waiting>,
    /// Why somebody decided otherwise, and until when.
    pub exception: Option<(String, Option<Timestamp>)>,
}

impl WhyView {
    /// In words; `names` has what the forum calls those who decided something by hand.
    fn of(why: Why, names: &HashMap<UserId, String>) -> Self {
        let role = |verdict: Verdict| RoleView {
            waits: why.waits.get(&verdict.role).copied(),
            has: verdict.has,
            follows: verdict.kind,
            because: verdict.explanation.third_person(),
            exception: verdict.exception.map(|known| (decided(known, names), known.until)),
            role: verdict.role,
        };
        let nickname = why.nickname.map(|nickname| match nickname {
            NicknameVerdict::InStep(name) => format!("{name}, as in the forum"),
            NicknameVerdict::Becomes(name) => match why.nickname_waits {
                Some(waits) => format!("{name} {waits}"),
                None => format!("becomes {name}"),
            },
            NicknameVerdict::Cannot(finding) => finding.says(),
            NicknameVerdict::Unknown => "what it should be is not known at the moment; it stays".to_owned(),
            NicknameVerdict::Decided { name, .. } => {
                format!(
                    "{}, because a change of it was taken back",
                    name.unwrap_or_else(|| "none".to_owned())
                )
            }
        });
        let linked = why.linked.into_iter().map(|account| (account.source.to_string(), account.username));
        Self {
            user: why.user,
            linked: linked.collect(),
            here: match why.presence {
                Presence::Here => Some(true),
                Presence::Absent => Some(false),
                Presence::Unread => None,
            },
            roles: why.verdicts.into_iter().map(role).collect(),
            nickname,
            findings: why.findings.iter().map(FindingView::from).collect(),
            read_at: why.read_at,
        }
    }
}

impl Hall {
    /// Explains every rule of a guild for somebody who is named: by a Discord id, or by a name in the forum. Refuses
    /// a name that nobody who is linked has.
    pub async fn why(&self, guild: GuildId, member: &str) -> Result<WhyView, Error> {
        let user = self.somebody(member).await?;
        let why = self.explain(guild, user).await?;
        let names = self.names_of(why.verdicts.iter().filter_map(by_hand)).await?;
        Ok(WhyView::of(why, &names))
    }

    /// Whom a person means: by a Discord id, or by a name in the forum. Refuses a name that nobody who is linked has.
    pub(crate) async fn somebody(&self, member: &str) -> Result<UserId, Error> {
        let name = member.trim().trim_start_matches("<@").trim_start_matches('@').trim_end_matches('>');
        if let Ok(user) = name.parse() {
            return Ok(user);
        }
        let known = self.store.read().await?.user_called(self.discord_place, name).await?;
        let refused = || {
            Error::refused(format!(
                "Nobody who is linked is called “{name}” in the forum. A Discord id finds everybody."
            ))
        };
        known.ok_or_else(refused)
    }

    /// Explains every rule of a guild for one person.
    pub async fn explain(&self, guild: GuildId, user: UserId) -> Result<Why, Error> {
        self.guild(guild)?;
        let asker = Asker { guild, user, username: String::new() };
        let linked = self.linked_accounts(&asker).await?;
        let seen = self.see(guild, user).await;
        let ground = self.ground(guild, Some(user)).await?;
        let members = self.members_to_plan(guild, Some(user)).await?;
        let situation = ground.situation(self, members, Vec::new());
        let presence = seen.map_or(Presence::Unread, |()| presence(&situation, user));
        let (bindings, findings) =
            plan::bind_roles(situation.rules, situation.guild, situation.remembered_roles);
        let Some(member) = situation.members.first() else {
            return Ok(Why::silent(user, linked, presence, findings));
        };
        let verdicts = plan::verdicts(&situation, &bindings, member);
        let read_at = member.facts.oldest_reading();
        let nickname = plan::nickname_verdict(&situation, member);
        let held = self.waits_of(&ground.seat, &situation, &plan::plan(&situation), user).await?;
        let waits = |binding: &RoleBinding| Some((binding.name.clone(), held.role(binding.id?)?));
        let (waits, nickname_waits) = (bindings.iter().filter_map(waits).collect(), held.nickname());
        Ok(Why { user, linked, presence, verdicts, nickname, waits, nickname_waits, findings, read_at })
    }

    /// Reads everything about one person now and has what follows written first. Says what that is, and what of it
    /// waits for a person.
    pub async fn sync(&self, guild: GuildId, user: UserId) -> Result<(Plan, Waits), Error> {
        let asker = Asker { guild, user, username: String::new() };
        let linked = self.linked_accounts(&asker).await?;
        if linked.is_empty() {
            return Err(Error::refused(
                "Not linked yet, so there is nothing to look at. /link links accounts.",
            ));
        }
        self.discord.member(guild, user).await?;
        // As it stands before anything is read: what follows may be written before it is told.
        let ground = self.ground(guild, Some(user)).await?;
        for account in &linked {
            refresh_now(self, &account.source, &account.subject).await?;
        }
        let members = self.members_to_plan(guild, Some(user)).await?;
        let situation = ground.situation(self, members, Vec::new());
        let plan = plan::plan(&situation);
        let waits = self.waits_of(&ground.seat, &situation, &plan, user).await?;
        Ok((plan, waits))
    }
}

impl Why {
    /// Of somebody about whom the rules say nothing.
    fn silent(user: UserId, linked: Vec<LinkedAccount>, presence: Presence, findings: Vec<Finding>) -> Self {
        Self {
            user,
            linked,
            presence,
            verdicts: Vec::new(),
            nickname: None,
            waits: BTreeMap::new(),
            nickname_waits: None,
            findings,
            read_at: None,
        }
    }
}

/// Who gave or took a role by hand, where that stands.
fn by_hand(verdict: &Verdict) -> Option<UserId> {
    match verdict.exception?.origin {
        Origin::Hand(by) => Some(by),
        Origin::Before | Origin::Kept | Origin::Undo => None,
    }
}

/// Why an override stands, with who made it where that was somebody in Discord.
fn decided(known: RoleOverride, names: &HashMap<UserId, String>) -> String {
    let Origin::Hand(by) = known.origin else { return known.says().to_owned() };
    let who = names.get(&by).map_or_else(|| by.to_string(), |name| format!("{name} ({by})"));
    let did = if known.has { "gave" } else { "took" };
    format!("{who} {did} it by hand")
}

fn presence(situation: &Situation<'_>, user: UserId) -> Presence {
    match (situation.roster.get(user), situation.roster.completeness) {
        (Some(_), _) => Presence::Here,
        (None, Completeness::Partial) => Presence::Unread,
        (None, Completeness::Full | Completeness::LinkedOnly) => Presence::Absent,
    }
}
