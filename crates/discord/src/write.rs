//! The port `Guilds`: what the hall reads by hand, and the few things it writes.

use std::sync::Arc;

use async_trait::async_trait;
use domain::ids::{ChannelId, GuildId, UserId};
use domain::plan::{Act, Importance};
use domain::roster::Roster;
use domain::situation::GuildPicture;
use service::ports::{ByHand, GuildError, Guilds, MemberNow, Notice, Told};

use crate::discord::Discord;
use crate::line::TOKEN_REFUSED;
use crate::rest::{PAGE_MEMBERS_MAX, Problem, Writing, code};
use crate::roster::{member_now, nickname_fingerprint};
use crate::world::PageError;

/// How often a reading is begun before it is given up: an outage in the middle spoils it, and so does an event that is
/// newer than the answer.
const READINGS_MAX: u32 = 3;

#[async_trait]
impl Guilds for Discord {
    fn picture(&self, guild: GuildId) -> Option<Arc<GuildPicture>> {
        self.inner.world.picture(guild)
    }

    fn roster(&self, guild: GuildId) -> Arc<Roster> {
        self.inner.world.roster(guild)
    }

    fn trouble(&self) -> Option<String> {
        let refused = self.inner.rest.token_refused().then_some(TOKEN_REFUSED);
        refused.or_else(|| self.inner.line.trouble()).map(str::to_owned)
    }

    async fn refresh(&self, guild: GuildId) -> Result<(), GuildError> {
        let bot = self.bot().await?;
        self.read_guild(guild, bot).await?;
        self.see_channels(guild).await;
        if self.inner.world.knows_all_members() {
            self.read_members(guild).await?;
        }
        Ok(())
    }

    async fn member(&self, guild: GuildId, user: UserId) -> Result<Option<MemberNow>, GuildError> {
        match self.inner.rest.member(guild, user).await {
            Ok(member) => {
                self.inner.world.put_member(guild, user, Some(&member));
                Ok(Some(member_now(&member)))
            }
            Err(problem) if problem.is(code::UNKNOWN_MEMBER) || problem.is(code::UNKNOWN_USER) => {
                self.inner.world.put_member(guild, user, None);
                Ok(None)
            }
            Err(problem) => Err(problem.into()),
        }
    }

    async fn write(
        &self,
        guild: GuildId,
        user: UserId,
        act: &Act,
        importance: Importance,
        reason: &str,
    ) -> Result<Option<MemberNow>, GuildError> {
        let breaker = self.inner.world.breaker(guild);
        let writing = Writing { guild, user, importance, reason, breaker: &breaker };
        let written = self.write_act(writing, act).await;
        if let Err(problem) = &written
            && (problem.is(code::UNKNOWN_MEMBER) || problem.is(code::UNKNOWN_USER))
        {
            self.inner.world.put_member(guild, user, None);
        }
        written.map_err(GuildError::from)
    }

    async fn by_hand(&self, guild: GuildId, after: Option<u64>) -> Result<ByHand, GuildError> {
        self.hands_since(guild, after).await
    }

    async fn tell(&self, user: UserId, notice: &Notice) -> Result<Told, GuildError> {
        self.tell_person(user, notice).await
    }

    async fn post(&self, guild: GuildId, channel: ChannelId, notice: &Notice) -> Result<Told, GuildError> {
        self.post_notice(guild, channel, notice).await
    }

    fn cannot_post(&self, guild: GuildId, channel: ChannelId) -> Option<String> {
        self.inner.world.closed(guild, channel)
    }
}

impl Discord {
    /// One act, and the roster after it. Roles one by one: a list of roles would overwrite what others do at
    /// the same moment.
    async fn write_act(&self, writing: Writing<'_>, act: &Act) -> Result<Option<MemberNow>, Problem> {
        let Writing { guild, user, .. } = writing;
        let (rest, world) = (&self.inner.rest, &self.inner.world);
        match act {
            Act::Give(role) => {
                rest.give_role(writing, role.id()).await?;
                world.put_role(guild, user, role.id(), true);
                Ok(None)
            }
            Act::Take(role) => {
                rest.take_role(writing, role.id()).await?;
                world.put_role(guild, user, role.id(), false);
                Ok(None)
            }
            Act::Nickname(name) => {
                let name = name.as_deref();
                let Some(member) = rest.rename(writing, name).await? else {
                    world.put_nickname(guild, user, nickname_fingerprint(name));
                    return Ok(None);
                };
                world.put_member(guild, user, Some(&member));
                Ok(Some(member_now(&member)))
            }
        }
    }

    /// The bot's own account, asked for once.
    pub(crate) async fn bot(&self) -> Result<UserId, Problem> {
        if let Some(bot) = self.inner.world.bot() {
            return Ok(bot);
        }
        let bot = self.inner.rest.me().await?.id();
        self.inner.world.set_bot(bot);
        Ok(bot)
    }

    /// Reads a guild itself. What events tell meanwhile is newer than the answer, which is then asked for again; a
    /// guild that changes all the time is what its events say.
    async fn read_guild(&self, guild: GuildId, bot: UserId) -> Result<(), Problem> {
        let (rest, world) = (&self.inner.rest, &self.inner.world);
        for _ in 0..READINGS_MAX {
            let told = world.told_of(guild);
            let read = rest.guild(guild).await?;
            let bot_member = rest.member(guild, bot).await?;
            if world.put_guild_as_of(&read, &bot_member, told) {
                return Ok(());
            }
        }
        match world.picture(guild) {
            Some(_) => Ok(()),
            None => {
                Err(Problem::Later { why: "the server changed while it was read".to_owned(), wait: None })
            }
        }
    }

    /// Reads every page of members. The roster is full only when each page was there and none contradicted
    /// another; what happened meanwhile outdoes the pages.
    pub(crate) async fn read_members(&self, guild: GuildId) -> Result<(), Problem> {
        let _one = self.inner.one_reading.lock().await;
        for _ in 0..READINGS_MAX {
            let mut reading = self.inner.world.begin_reading(guild);
            while let Some(after) = reading.next_after() {
                let page = self.inner.rest.members_after(guild, after).await?;
                reading.page(&page).map_err(broken_page)?;
            }
            if self.inner.world.finish_reading(guild, reading) {
                return Ok(());
            }
        }
        Err(Problem::Later { why: "the server went away while its members were read".to_owned(), wait: None })
    }
}

fn broken_page(error: PageError) -> Problem {
    let why = match error {
        PageError::OutOfOrder => "a page of members whose ids do not rise".to_owned(),
        PageError::TooMany => {
            format!("a page of more than {PAGE_MEMBERS_MAX} members, or members without end")
        }
    };
    Problem::Later { why, wait: None }
}

#[cfg(test)]
mod tests;
