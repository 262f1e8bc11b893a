//! Reading members, and writing their roles and nicknames. (Discord docs: Guild Resource.)

use std::sync::Arc;

use domain::ids::{GuildId, RoleId, UserId};
use domain::plan::Importance;
use serde_json::json;

use super::{Call, Problem, Rest};
use crate::breaker::Breaker;
use crate::wire::Member;

/// The most members that one page has.
pub(crate) const PAGE_MEMBERS_MAX: usize = 1_000;

/// Who is written to, how soon, and what the audit log shall say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Writing<'a> {
    pub(crate) guild: GuildId,
    pub(crate) user: UserId,
    pub(crate) importance: Importance,
    pub(crate) reason: &'a str,
    pub(crate) breaker: &'a Arc<Breaker>,
}

impl Rest {
    /// One member.
    pub(crate) async fn member(&self, guild: GuildId, user: UserId) -> Result<Member, Problem> {
        let call = Call::new("GET /guilds/{}/members/{}", &[&guild, &user], guild.0);
        self.json(&call.important(Importance::Urgent)).await
    }

    /// The members after an id, in the order of their ids, at most [`PAGE_MEMBERS_MAX`].
    pub(crate) async fn members_after(&self, guild: GuildId, after: UserId) -> Result<Vec<Member>, Problem> {
        let call = Call::new("GET /guilds/{}/members", &[&guild], guild.0);
        self.json(&call.query("limit", &PAGE_MEMBERS_MAX).query("after", &after)).await
    }

    /// Gives one role, whatever the others are.
    pub(crate) async fn give_role(&self, to: Writing<'_>, role: RoleId) -> Result<(), Problem> {
        self.role("PUT /guilds/{}/members/{}/roles/{}", to, role).await
    }

    /// Takes one role, whatever the others are.
    pub(crate) async fn take_role(&self, from: Writing<'_>, role: RoleId) -> Result<(), Problem> {
        self.role("DELETE /guilds/{}/members/{}/roles/{}", from, role).await
    }

    /// Writes the nickname and nothing else; gives back the member as Discord has them now.
    pub(crate) async fn rename(
        &self,
        whom: Writing<'_>,
        name: Option<&str>,
    ) -> Result<Option<Member>, Problem> {
        let call = Call::new("PATCH /guilds/{}/members/{}", &[&whom.guild, &whom.user], whom.guild.0)
            .important(whom.importance)
            .because(whom.reason)
            .unless_open(whom.breaker)
            .body(&json!({ "nick": name }))?;
        let body = self.send(&call).await?;
        // Discord documents 204 as well, which says nothing of what became of the name.
        if body.is_empty() {
            return Ok(None);
        }
        serde_json::from_slice(&body).map(Some).map_err(|error| Problem::nonsense(&error))
    }

    async fn role(&self, shape: &'static str, who: Writing<'_>, role: RoleId) -> Result<(), Problem> {
        let call = Call::new(shape, &[&who.guild, &who.user, &role], who.guild.0);
        let call = call.important(who.importance).because(who.reason).unless_open(who.breaker);
        self.send(&call).await.map(drop)
    }
}
