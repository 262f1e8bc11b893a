//! Why somebody has, or does not have, each role; and looking again on request.

use domain::ids::{GuildId, UserId};
use domain::nickname::{self, Rendered};
use domain::plan::{self, Finding, Plan, Standing, Verdict};
use domain::time::Timestamp;

use crate::error::Error;
use crate::hall::{Asker, Hall};
use crate::linking::LinkedAccount;
use crate::reconcile::refresh_now;

/// The answer to "why".
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// Who.
    pub user: UserId,
    /// What they have linked; nothing when they are not linked.
    pub linked: Vec<LinkedAccount>,
    /// Each rule of the guild, in the order of the settings; nothing for somebody who is not in the guild.
    pub verdicts: Vec<Verdict>,
    /// What the nickname rule comes to, if there is one.
    pub nickname: Option<NicknameWhy>,
    /// What cannot be done here.
    pub findings: Vec<Finding>,
    /// When the oldest of the facts was read.
    pub read_at: Option<Timestamp>,
}

/// What the nickname rule comes to for a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NicknameWhy {
    /// It is as it should be.
    InStep(String),
    /// It will be written.
    Becomes(String),
    /// It cannot be written.
    Cannot(Finding),
    /// The facts it is made of are not known.
    Unknown,
}

impl Hall {
    /// Explains every rule of a guild for one person.
    pub async fn explain(&self, guild: GuildId, user: UserId) -> Result<Why, Error> {
        let seat = self.guild(guild)?;
        let asker = Asker { guild, user, username: String::new() };
        let linked = self.linked_accounts(&asker).await?;
        let ground = self.ground(guild).await?;
        let members = self.members_to_plan(guild, Some(user)).await?;
        let situation = ground.situation(self, seat, members, Vec::new());
        let (bindings, findings) = plan::bind_roles(&seat.rules, situation.guild, situation.remembered_roles);
        let Some(member) = situation.members.first() else {
            let (verdicts, nickname, read_at) = (Vec::new(), None, None);
            return Ok(Why { user, linked, verdicts, nickname, findings, read_at });
        };
        let verdicts = plan::verdicts(&situation, &bindings, member);
        let read_at = member.facts.iter().flatten().map(|row| row.read_at).min();
        let nickname = seat.rules.nickname.as_ref().map(|rule| {
            match rule.template.render(member.facts.as_slice(), rule.prefer) {
                Rendered::Name(name) => judge_nickname(&situation, member, name),
                _ => NicknameWhy::Unknown,
            }
        });
        Ok(Why { user, linked, verdicts, nickname, findings, read_at })
    }

    /// Reads everything about one person now and has what follows written first. Says what that is.
    pub async fn sync(&self, guild: GuildId, user: UserId) -> Result<Plan, Error> {
        let asker = Asker { guild, user, username: String::new() };
        let linked = self.linked_accounts(&asker).await?;
        if linked.is_empty() {
            return Err(Error::refused(
                "Not linked yet, so there is nothing to look at. /link links accounts.",
            ));
        }
        self.discord.member(guild, user).await?;
        // As it stands before anything is read: what follows may be written before it is told.
        let (seat, ground) = (self.guild(guild)?, self.ground(guild).await?);
        for account in &linked {
            refresh_now(self, &account.source, &account.subject).await?;
        }
        let members = self.members_to_plan(guild, Some(user)).await?;
        Ok(plan::plan(&ground.situation(self, seat, members, Vec::new())))
    }
}

fn judge_nickname(
    situation: &domain::situation::Situation<'_>,
    member: &domain::situation::LinkedMember,
    name: String,
) -> NicknameWhy {
    let Some(seen) = situation.roster.get(member.user) else { return NicknameWhy::Unknown };
    if nickname::fingerprint(&name) == seen.nickname {
        return NicknameWhy::InStep(name);
    }
    match Standing::of(situation.guild).cannot_rename(situation.guild, member.user, seen.roles) {
        Some(finding) => NicknameWhy::Cannot(finding),
        None => NicknameWhy::Becomes(name),
    }
}
