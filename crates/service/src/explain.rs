//! Why somebody has, or does not have, each role; and looking again on request.

use domain::ids::{GuildId, UserId};
use domain::plan::{self, Finding, NicknameVerdict, Plan, Verdict};
use domain::roster::Completeness;
use domain::situation::Situation;
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
    /// Whether they are in the guild: to nobody else the rules say anything.
    pub presence: Presence,
    /// Each rule of the guild, in the order of the settings; nothing for somebody who is not in the guild.
    pub verdicts: Vec<Verdict>,
    /// What the nickname rule comes to, if there is one.
    pub nickname: Option<NicknameVerdict>,
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

impl Hall {
    /// Explains every rule of a guild for one person.
    pub async fn explain(&self, guild: GuildId, user: UserId) -> Result<Why, Error> {
        self.guild(guild)?;
        let asker = Asker { guild, user, username: String::new() };
        let linked = self.linked_accounts(&asker).await?;
        let seen = self.see(guild, user).await;
        let ground = self.ground(guild).await?;
        let members = self.members_to_plan(guild, Some(user)).await?;
        let situation = ground.situation(self, members, Vec::new());
        let presence = seen.map_or(Presence::Unread, |()| presence(&situation, user));
        let (bindings, findings) =
            plan::bind_roles(situation.rules, situation.guild, situation.remembered_roles);
        let Some(member) = situation.members.first() else {
            let (verdicts, nickname, read_at) = (Vec::new(), None, None);
            return Ok(Why { user, linked, presence, verdicts, nickname, findings, read_at });
        };
        let verdicts = plan::verdicts(&situation, &bindings, member);
        let read_at = member.facts.iter().flatten().map(|row| row.read_at).min();
        let nickname = plan::nickname_verdict(&situation, member);
        Ok(Why { user, linked, presence, verdicts, nickname, findings, read_at })
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
        let ground = self.ground(guild).await?;
        for account in &linked {
            refresh_now(self, &account.source, &account.subject).await?;
        }
        let members = self.members_to_plan(guild, Some(user)).await?;
        Ok(plan::plan(&ground.situation(self, members, Vec::new())))
    }
}

fn presence(situation: &Situation<'_>, user: UserId) -> Presence {
    match (situation.roster.get(user), situation.roster.completeness) {
        (Some(_), _) => Presence::Here,
        (None, Completeness::Partial) => Presence::Unread,
        (None, Completeness::Full | Completeness::LinkedOnly) => Presence::Absent,
    }
}
