//! What moderators and other bots do by hand stays, however badly the audit log tells of it.

use sim::discord::{DiscordSim, RoleSpec, Snowflake, permission};

use crate::bad_days::{STAFF_LOG, SWEEP};
use crate::people::Someone;
use crate::{Engine, Hall, World, forum_person, person, role};

/// A server in which Mira has the role Maker by a rule.
struct Harbor {
    world: World,
    hall: Hall,
    mira: Someone,
    maker: Snowflake,
}

impl Harbor {
    async fn open(engine: &Engine) -> Self {
        let plan = World::plan()
            .forum("Harbor", |forum| forum.user("mira", |_| {}).group("makers", &["mira"]))
            .guild("Harbor", |guild| guild.role("Maker").member("mira_d").member("warden_d"));
        let world = plan.start().await.unwrap();
        let hall = Hall::start(&world, engine, &[role("Maker", "\"makers\" in forum.groups")]).await;
        let mira = person(&world, "mira_d");
        mira.links_with("mira").await;
        hall.settle().await;
        world.transcript();
        let maker = world.discord_sim().role_named(world.guild(), "Maker").unwrap();
        Self { world, hall, mira, maker }
    }

    fn discord(&self) -> &DiscordSim {
        self.world.discord_sim()
    }

    /// Somebody takes Maker from Mira.
    async fn is_taken_by(&self, actor: Snowflake) {
        self.discord()
            .take_role_by_hand(actor, self.world.guild(), self.mira.person.user(), self.maker)
            .unwrap();
        self.hall.settle().await;
    }

    fn owner(&self) -> Snowflake {
        self.discord().user_named("owner").unwrap()
    }

    /// Another bot, whose role stands above Maker.
    fn another_bot(&self) -> Snowflake {
        let (discord, guild) = (self.discord(), self.world.guild());
        let warden = discord.create_application("warden", self.owner());
        discord.invite_bot(guild, warden, permission::MANAGE_ROLES).unwrap();
        let above = RoleSpec { position: 9, ..RoleSpec::named("Wardens") };
        let above = discord.add_role(guild, &above).unwrap();
        discord.lay_roles(guild, warden, &[above]).unwrap();
        warden
    }

    /// The role is gone, and no sweep brings it back.
    async fn stays_taken(&self) {
        self.hall.settle().await;
        assert_eq!(self.mira.roles(), [""; 0]);
        self.hall.passes(SWEEP).await;
        assert_eq!(self.mira.roles(), [""; 0]);
        self.world.transcript();
    }
}

stories! {
    async fn what_a_moderator_takes_stays_taken_although_the_gateway_says_nothing(engine) {
        let harbor = Harbor::open(&engine).await;
        harbor.discord().untold_audit(1);
        harbor.is_taken_by(harbor.owner()).await;
        harbor.stays_taken().await;
    }

    async fn what_the_log_has_late_is_taken_back_once_and_stays_then(engine) {
        let harbor = Harbor::open(&engine).await;
        harbor.discord().late_audit(1);
        harbor.is_taken_by(harbor.owner()).await;
        assert_eq!(harbor.mira.roles(), ["Maker"], "nobody knows yet that it was a moderator");
        // The entry that comes late stands below the hall's own.
        harbor.discord().write_late_rows();
        harbor.stays_taken().await;
    }

    async fn what_another_bot_gives_is_given_back_once_the_log_says_so_however_late(engine) {
        let harbor = Harbor::open(&engine).await;
        forum_person(&harbor.world, "mira").leaves("makers").unwrap();
        harbor.hall.passes(STAFF_LOG).await;
        assert_eq!(harbor.mira.roles(), [""; 0]);
        let (discord, guild) = (harbor.discord(), harbor.world.guild());
        let warden = harbor.another_bot();
        discord.late_audit(1);
        discord.give_role_by_hand(warden, guild, harbor.mira.person.user(), harbor.maker).unwrap();
        harbor.hall.settle().await;
        assert_eq!(harbor.mira.roles(), [""; 0], "nobody knows yet that it was somebody");
        discord.write_late_rows();
        harbor.hall.settle().await;
        assert_eq!(harbor.mira.roles(), ["Maker"]);
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.mira.roles(), ["Maker"]);
        harbor.world.transcript();
    }

    async fn what_comes_into_the_log_long_after_others_changes_nothing_any_more(engine) {
        let harbor = Harbor::open(&engine).await;
        harbor.discord().late_audit(1);
        harbor.is_taken_by(harbor.owner()).await;
        assert_eq!(harbor.mira.roles(), ["Maker"]);
        harbor.hall.passes(SWEEP).await;
        harbor.is_taken_by(harbor.owner()).await;
        assert_eq!(harbor.mira.roles(), [""; 0]);
        harbor.discord().give_role_by_hand(harbor.owner(), harbor.world.guild(), harbor.mira.person.user(), harbor.maker).unwrap();
        harbor.hall.settle().await;
        assert_eq!(harbor.mira.roles(), ["Maker"]);
        harbor.discord().write_late_rows();
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.mira.roles(), ["Maker"], "what was done since counts");
        harbor.world.transcript();
    }

    async fn what_the_log_never_says_is_what_the_rules_say(engine) {
        let harbor = Harbor::open(&engine).await;
        harbor.discord().lose_audit(1);
        harbor.is_taken_by(harbor.owner()).await;
        assert_eq!(harbor.mira.roles(), ["Maker"]);
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.mira.roles(), ["Maker"]);
        harbor.world.transcript();
    }

    async fn what_another_bot_takes_stays_taken(engine) {
        let harbor = Harbor::open(&engine).await;
        harbor.is_taken_by(harbor.another_bot()).await;
        harbor.stays_taken().await;
    }

    async fn what_was_done_while_the_hall_was_away_stays_done(engine) {
        let mut harbor = Harbor::open(&engine).await;
        harbor.hall.stop().await;
        harbor
            .discord()
            .take_role_by_hand(harbor.owner(), harbor.world.guild(), harbor.mira.person.user(), harbor.maker)
            .unwrap();
        harbor.hall.restart().await;
        harbor.stays_taken().await;
    }
}
