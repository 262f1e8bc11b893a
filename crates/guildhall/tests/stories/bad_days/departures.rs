//! Unlinking on a bad day: what cannot be taken back now is taken back later, and nothing is mixed up.

use sim::discord::{Fault, FaultRule};

use super::{Harbor, MINUTE, NEXT_TRY, SWEEP, harbor, harbor_with, rules};
use crate::nickname;

/// A rule that never takes a role which somebody has.
const WELCOME: &str = "[[guild.role]]\nrole = 'Music'\nwhen = 'forum.trust_level >= 2'\nmode = 'grant'\n";

/// What the rules of these stories say beside roles.
fn with_names() -> Vec<String> {
    let more = [WELCOME.to_owned(), nickname("{forum.name}")];
    rules().into_iter().chain(more).collect()
}

impl Harbor {
    /// Lets Discord be down, or up again, for everything about members of the server.
    fn members_are_away(&self, away: bool) {
        let discord = self.world.discord_sim();
        discord.clear_faults();
        if away {
            discord.fault(FaultRule::next("", "/members/", Fault::Status(503)).times(10_000));
        }
    }

    async fn unlinks(&self) {
        self.mira.runs("/unlink").await.presses("Unlink").await;
    }

    /// Links once more: the forum still knows her.
    async fn links_again(&self) {
        self.mira.reaches_the_forum().await.presses("Link my accounts").await;
    }

    fn moves(&self, role: &str, position: i64) {
        let (discord, guild) = (self.world.discord_sim(), self.world.guild());
        discord.move_role(self.owner(), guild, self.role(role), position).unwrap();
    }

    fn calls_herself(&self, name: &str) {
        let (discord, guild) = (self.world.discord_sim(), self.world.guild());
        discord.set_nick(self.owner(), guild, self.mira.person.user(), Some(name)).unwrap();
    }
}

stories! {
    async fn what_cannot_be_taken_back_is_taken_back_once_it_can(engine) {
        let harbor = harbor(&engine).await;
        let discord = harbor.world.discord_sim();
        let top = i64::try_from(discord.roles(harbor.world.guild()).len()).unwrap() - 1;
        harbor.moves("Maker", top);
        harbor.hall.settle().await;
        discord.forget_calls();
        harbor.unlinks().await;
        harbor.hall.settle().await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.mira.roles(), ["Maker"]);
        assert_eq!(harbor.answered_with(403), 0);
        assert_eq!(engine.count("select count(*) from departures").await, 1);
        // What was taken back already may be given by hand, and stays.
        let (owner, regular) = (harbor.owner(), harbor.role("Regular"));
        discord.give_role_by_hand(owner, harbor.world.guild(), harbor.mira.person.user(), regular).unwrap();
        harbor.moves("Maker", 1);
        harbor.hall.settle().await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.mira.roles(), ["Regular"]);
        assert_eq!(engine.count("select count(*) from departures").await, 0);
        harbor.world.transcript();
    }

    async fn a_departure_is_over_when_somebody_else_took_the_role(engine) {
        let harbor = harbor(&engine).await;
        let (discord, guild, owner) = (harbor.world.discord_sim(), harbor.world.guild(), harbor.owner());
        let top = i64::try_from(discord.roles(guild).len()).unwrap() - 1;
        harbor.moves("Maker", top);
        harbor.unlinks().await;
        harbor.hall.settle().await;
        let (mira, maker) = (harbor.mira.person.user(), harbor.role("Maker"));
        discord.take_role_by_hand(owner, guild, mira, maker).unwrap();
        harbor.hall.passes(SWEEP).await;
        assert_eq!(engine.count("select count(*) from departures").await, 0);
        harbor.world.transcript();
    }

    async fn who_unlinks_twice_while_discord_is_down_has_their_own_name_back(engine) {
        let harbor = harbor_with(&engine, |forum| forum, &with_names()).await;
        assert_eq!(harbor.mira.roles(), ["Regular", "Maker", "Music"]);
        harbor.unlinks().await;
        harbor.hall.settle().await;
        assert_eq!((harbor.mira.roles(), harbor.mira.nickname()), (vec![], None));
        harbor.calls_herself("Captain");
        harbor.hall.passes(MINUTE).await;
        harbor.links_again().await;
        harbor.hall.settle().await;
        assert_eq!(harbor.mira.nickname().as_deref(), Some("mira"));
        harbor.members_are_away(true);
        harbor.unlinks().await;
        harbor.endures(MINUTE).await;
        harbor.links_again().await;
        harbor.endures(MINUTE).await;
        harbor.unlinks().await;
        harbor.endures(MINUTE).await;
        harbor.members_are_away(false);
        harbor.endures(NEXT_TRY).await;
        harbor.endures(SWEEP).await;
        assert_eq!((harbor.mira.roles(), harbor.mira.nickname().as_deref()), (vec![], Some("Captain")));
        assert_eq!(engine.count("select count(*) from departures").await, 0);
        harbor.world.transcript();
    }

    async fn who_links_again_before_all_was_taken_back_has_their_own_name_back_at_last(engine) {
        let harbor = harbor_with(&engine, |forum| forum, &with_names()).await;
        harbor.unlinks().await;
        harbor.hall.settle().await;
        harbor.calls_herself("Captain");
        harbor.hall.passes(MINUTE).await;
        harbor.links_again().await;
        harbor.hall.settle().await;
        harbor.members_are_away(true);
        harbor.unlinks().await;
        harbor.endures(MINUTE).await;
        harbor.links_again().await;
        harbor.endures(MINUTE).await;
        harbor.members_are_away(false);
        harbor.endures(NEXT_TRY).await;
        assert_eq!(harbor.mira.roles(), ["Regular", "Maker", "Music"]);
        assert_eq!(harbor.mira.nickname().as_deref(), Some("mira"));
        assert_eq!(engine.count("select count(*) from departures").await, 0);
        harbor.unlinks().await;
        harbor.endures(MINUTE).await;
        assert_eq!((harbor.mira.roles(), harbor.mira.nickname().as_deref()), (vec![], Some("Captain")));
        harbor.world.transcript();
    }
}
