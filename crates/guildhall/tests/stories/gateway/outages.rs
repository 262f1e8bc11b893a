//! A server that Discord cannot reach, and a bot that was thrown out: the one is not the other.

use super::{Harbor, SWEEP, harbor};
use crate::forum_person;

stories! {
    async fn while_a_server_is_unavailable_nobody_has_left_it(engine) {
        let harbor = harbor(&engine).await;
        let (discord, guild) = (harbor.discord(), harbor.world.guild());
        discord.set_unavailable(guild, true);
        forum_person(&harbor.world, "mira").leaves("makers").unwrap();
        harbor.hall.settle().await;
        assert_eq!((harbor.mira.roles(), harbor.writes()), (both(), 0));
        discord.set_unavailable(guild, false);
        harbor.takes_what_ended().await;
    }

    async fn a_new_session_in_the_middle_of_an_outage_waits_for_its_end(engine) {
        let harbor = harbor(&engine).await;
        let (discord, guild) = (harbor.discord(), harbor.world.guild());
        discord.set_unavailable(guild, true);
        discord.forget_sessions();
        forum_person(&harbor.world, "mira").leaves("makers").unwrap();
        harbor.hall.settle().await;
        assert_eq!((harbor.mira.roles(), harbor.writes(), harbor.sessions_begun()), (both(), 0, 2));
        discord.set_unavailable(guild, false);
        harbor.takes_what_ended().await;
    }

    async fn an_outage_of_hours_is_asked_about_twice_a_sweep_at_most(engine) {
        let harbor = harbor(&engine).await;
        let (discord, guild) = (harbor.discord(), harbor.world.guild());
        discord.set_unavailable(guild, true);
        harbor.hall.settle().await;
        for _ in 0..6 {
            harbor.hall.passes(SWEEP).await;
        }
        let refused = discord.calls().iter().filter(|call| call.status == 403).count();
        assert!(refused <= 12, "{refused} refused calls in six hours");
        discord.set_unavailable(guild, false);
        forum_person(&harbor.world, "mira").leaves("makers").unwrap();
        harbor.takes_what_ended().await;
    }

    async fn a_bot_that_is_thrown_out_while_nobody_listens_finds_out_when_it_comes_back(engine) {
        let mut harbor = harbor(&engine).await;
        let (guild, owner) = (harbor.world.guild(), harbor.user("owner"));
        harbor.hall.stop().await;
        harbor.discord().kick(owner, guild, harbor.world.application()).unwrap();
        forum_person(&harbor.world, "mira").leaves("makers").unwrap();
        harbor.hall.restart().await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!((harbor.mira.roles(), harbor.writes()), (both(), 0));
        let refused = harbor.discord().calls().iter().filter(|call| call.status == 403).count();
        assert!(refused <= 6, "a server that is not its own was asked for {refused} times");
    }

    async fn a_bot_that_is_thrown_out_and_invited_again_goes_on(engine) {
        let harbor = harbor(&engine).await;
        let (discord, guild) = (harbor.discord(), harbor.world.guild());
        let (owner, bot) = (harbor.user("owner"), harbor.world.application());
        let may = discord.permissions_of(guild, bot);
        discord.kick(owner, guild, bot).unwrap();
        forum_person(&harbor.world, "mira").leaves("makers").unwrap();
        harbor.hall.settle().await;
        assert_eq!((harbor.mira.roles(), harbor.writes()), (both(), 0));
        discord.invite_bot(guild, bot, may).unwrap();
        let own = discord.role_named(guild, "Guildhall").unwrap();
        let top = i64::try_from(discord.roles(guild).len()).unwrap() - 1;
        discord.move_role(owner, guild, own, top).unwrap();
        harbor.takes_what_ended().await;
    }
}

fn both() -> Vec<String> {
    vec!["Regular".to_owned(), "Maker".to_owned()]
}

impl Harbor {
    /// The hall takes the role that its holder should not have any more.
    async fn takes_what_ended(&self) {
        self.hall.settle().await;
        assert_eq!(self.mira.roles(), ["Regular"]);
        assert_told!(self.world.transcript(), @"the hall takes Maker from mira_d: Harbor: not in the group makers on forum");
    }
}
