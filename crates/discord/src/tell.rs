//! Notices on their way: to one person, or to a channel of a guild.

use std::time::Duration;

use domain::ids::{ChannelId, GuildId, UserId};
use service::ports::{GuildError, Notice, Told};

use crate::discord::Discord;
use crate::rest::{Problem, code};
use crate::view;

/// How long the buttons of a notice work.
const OFFERS_LAST: Duration = Duration::from_secs(30 * 86_400);

impl Discord {
    /// Sends a direct message, without what the notice offers: a button outside a server says nothing of what who
    /// presses it may do there.
    pub(crate) async fn tell_person(&self, user: UserId, notice: &Notice) -> Result<Told, GuildError> {
        let rest = &self.inner.rest;
        let sent = async {
            let channel = rest.direct_channel(user).await?;
            rest.message(channel, &view::words(notice).body()).await
        };
        match sent.await {
            Ok(()) => Ok(Told::Delivered),
            Err(problem) if problem.is(code::CANNOT_MESSAGE) => Ok(Told::Closed),
            Err(problem) => Err(problem.into()),
        }
    }

    /// Posts to a channel, unless it is known to be closed; what Discord refuses is remembered until the guild
    /// is seen anew, so that nothing is tried again and again.
    pub(crate) async fn post_notice(
        &self,
        guild: GuildId,
        channel: ChannelId,
        notice: &Notice,
    ) -> Result<Told, GuildError> {
        self.see_channels(guild).await;
        if self.inner.world.closed(guild, channel).is_some() {
            return Ok(Told::Closed);
        }
        let until = self.inner.clock.now().after(OFFERS_LAST);
        match self.inner.rest.message(channel, &view::notice(notice, until).body()).await {
            Ok(()) => Ok(Told::Delivered),
            Err(problem) if problem.is_forbidden() || problem.is(code::UNKNOWN_CHANNEL) => {
                tracing::warn!(%guild, %channel, ?problem, "a notice could not be posted");
                self.inner.world.refuse_channel(guild, channel);
                Ok(Told::Closed)
            }
            Err(problem) => Err(problem.into()),
        }
    }

    /// Reads the channels of a guild, unless the gateway told of them. Nothing depends on it but saying before
    /// what Discord would say after.
    pub(crate) async fn see_channels(&self, guild: GuildId) {
        if self.inner.world.knows_channels(guild) {
            return;
        }
        match self.inner.rest.channels(guild).await {
            Ok(channels) => self.inner.world.put_channels(guild, &channels),
            Err(Problem::TokenRefused) => {}
            Err(problem) => tracing::info!(%guild, ?problem, "could not read the channels"),
        }
    }
}

#[cfg(test)]
mod tests;
