//! Who is told of what waits, where, and what they can do about it from there.

use sim::discord::{RoleSpec, Snowflake, permission};

use super::rules::SettingsFile;
use crate::gateway::told_with_its_log;
use crate::people::Someone;
use crate::{Engine, Hall, World, person, role};

/// A server with a staff's channel. Tove and Nils held Maker before its rule came, which would take it from them once
/// they link; Una manages the server.
struct Harbor {
    world: World,
    hall: Hall,
    staff: Snowflake,
    rules: Vec<String>,
    tove: Someone,
    una: Someone,
}

impl Harbor {
    /// The day begins with something that somebody does to the channel, or to the owner.
    async fn open(engine: &Engine, begins: impl FnOnce(&World, Snowflake)) -> Self {
        let plan = World::plan()
            .forum("Harbor", |forum| {
                let forum = forum.user("mira", |_| {}).user("tove", |_| {}).user("nils", |_| {});
                forum.group("makers", &["mira"])
            })
            .guild("Harbor", |guild| {
                let manages = |keeper: &mut RoleSpec| keeper.permissions = permission::MANAGE_GUILD;
                let guild = guild.role_with("Keeper", manages).role("Maker");
                let guild = guild.member_with("tove_d", "Maker").member_with("nils_d", "Maker");
                guild.member_with("una_d", "Keeper")
            });
        let world = plan.start().await.unwrap();
        let staff = world.discord_sim().create_channel(world.guild(), "staff");
        begins(&world, staff);
        let rules = vec![format!("staff_channel = '{staff}'\n"), role("Maker", "\"makers\" in forum.groups")];
        let hall = Hall::start(&world, engine, &rules).await;
        world.transcript();
        let (tove, una) = (person(&world, "tove_d"), person(&world, "una_d"));
        Self { world, hall, staff, rules, tove, una }
    }

    /// Tove links, and what the rule says of her is asked about.
    async fn asks(&self) {
        self.tove.links_with("tove").await;
        self.hall.settle().await;
        assert_eq!(self.tove.roles(), ["Maker"]);
    }

    fn owner(&self) -> Snowflake {
        self.world.discord_sim().user_named("owner").unwrap()
    }

    /// Everything that was told since Tove sent off the page on which she linked.
    fn told(&self) -> String {
        let told = self.world.transcript();
        told.split_once("[Link my account]\n").map_or(told.clone(), |(_, after)| after.to_owned())
    }

    /// What the owner reads of plans when they have everything looked at on the machine.
    async fn doctor_says(&self) -> Vec<String> {
        let file = SettingsFile::of(&self.hall, &self.rules);
        let mut doctor = self.hall.program("doctor");
        let output = doctor.arg("--settings").arg(file.path()).output().await.unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let said = said.replace(&self.world.guild().to_string(), "HARBOR");
        let about = ["plan:", "staff channel:", "What to do: In the server"];
        let told = said.lines().map(str::trim).filter(|line| about.iter().any(|what| line.contains(what)));
        told.map(str::to_owned).collect()
    }
}

/// Neither in the staff's channel nor to the owner.
fn nobody_can_be_told(world: &World, staff: Snowflake) {
    closes(world, staff);
    let discord = world.discord_sim();
    discord.close_dms(discord.user_named("owner").unwrap(), true);
}

/// Whoever reads the log is told what nobody else could be: what waits, why, and which command.
#[test]
fn where_nobody_can_be_told_the_log_has_what_waits_and_why_and_what_to_type() {
    told_with_its_log(|engine, log| async move {
        let harbor = Harbor::open(&engine, nobody_can_be_told).await;
        harbor.asks().await;
        let said = log.says_of(&["service::notices"]);
        let said = said.replace(&harbor.world.guild().to_string(), "HARBOR");
        let said = said.replace(&harbor.staff.to_string(), "STAFF");
        assert_told!(said.lines().last().unwrap(), @"WARN: nobody could be told: the owner takes no direct messages; set staff_channel under [[guild]] guild=HARBOR notice=Harbor: plan 1 waits for your word. It has 1 change. • 1 held the role “Maker” before its rule came, and the rule would take it from them. Nothing of it happens by itself. In the server, /plan shows who and why. To agree, type /apply plan:1 count:1 there. Those who held “Maker” before its rule came may keep it: /keep with that role.");
        harbor.world.transcript();
    });
}

/// Nobody may write in a channel but those whom a role lets do everything.
fn closes(world: &World, channel: Snowflake) {
    world.discord_sim().overwrite(channel, world.guild(), 0, permission::SEND_MESSAGES);
}

stories! {
    async fn what_waits_is_told_in_the_staffs_channel_and_agreed_to_from_there(engine) {
        let harbor = Harbor::open(&engine, |_, _| {}).await;
        harbor.asks().await;
        let notice = harbor.una.reads("staff");
        notice.is_pressed_by(&harbor.tove, "Show the plan").await;
        let form = notice.presses("Show the plan").await.presses("Apply").await;
        assert_eq!(harbor.tove.roles(), ["Maker"]);
        form.types("1").await;
        harbor.hall.settle().await;
        assert_eq!(harbor.tove.roles(), [""; 0]);
        assert!(harbor.world.discord_sim().dms(harbor.owner()).is_empty());
        assert_told!(harbor.told(), @r"
        the hall writes in staff
          Harbor\: plan 1 waits for your word. It has 1 change.
          • 1 held the role “Maker” before its rule came, and the rule would take it from them.
          Nothing of it happens by itself. In the server, /plan shows who and why. To agree, type /apply plan\:1 count\:1 there. Those who held “Maker” before its rule came may keep it\: /keep with that role.
          [Show the plan]
        the hall writes to tove_d
          You are linked in Harbor.
          At the moment no role follows from that.
          In Harbor, /why says this again any time, and /unlink takes it back.
        tove_d presses [Show the plan]
          This needs the permission Manage Server, or Manage Roles and a role of your own above every role it changes.
        una_d presses [Show the plan]
          In **Harbor** 1 change waits for your word, as of <t:…:R>:
          • 1 held the role “Maker” before its rule came, and the rule would take it from them.
          Plan 1: − 1 role taken
          __Waits for your word__
          **− Maker** (1)
          − <@tove_d> (tove): not in the group makers on forum
          [Apply] [Keep Maker] [Remove Maker]
        una_d presses [Apply]
          (a form) Apply plan 1: How many changes wait in it? Type the number that the plan shows; anything else changes nothing.
        una_d types 1
          You said yes to plan 1 with 1 change. What of it is still needed is being written now. /undo plan:1 takes it back.
          [Undo]
        the hall takes Maker from tove_d: Harbor: not in the group makers on forum
        ");
    }

    async fn where_the_hall_may_not_write_in_the_staffs_channel_the_owner_is_told(engine) {
        let harbor = Harbor::open(&engine, closes).await;
        harbor.asks().await;
        assert_told!(harbor.told(), @r"
        the hall writes to owner
          Harbor\: plan 1 waits for your word. It has 1 change.
          • 1 held the role “Maker” before its rule came, and the rule would take it from them.
          Nothing of it happens by itself. In the server, /plan shows who and why. To agree, type /apply plan\:1 count\:1 there. Those who held “Maker” before its rule came may keep it\: /keep with that role.
        the hall writes to tove_d
          You are linked in Harbor.
          At the moment no role follows from that.
          In Harbor, /why says this again any time, and /unlink takes it back.
        ");
        let said = harbor.doctor_says().await;
        assert_told!(said.join("\n"), @r"
        BROKEN  staff channel: The hall may not write in the channel staff in Harbor. In Discord, open Edit Channel, Permissions, and allow the bot's role View Channel and Send Messages.
        warn    plan: Plan 1 of the server HARBOR waits for your word: it would take 1 role. 1 held the role “Maker” before its rule came, and the rule would take it from them.
        What to do: In the server, /plan shows it, and /apply agrees to it; on this machine `guildhall plan` and `guildhall apply` do the same.
        ");
    }

    async fn a_staffs_channel_that_is_opened_again_is_written_in_again(engine) {
        let harbor = Harbor::open(&engine, closes).await;
        harbor.world.discord_sim().overwrite(harbor.staff, harbor.world.guild(), 0, 0);
        harbor.hall.settle().await;
        harbor.asks().await;
        assert!(harbor.world.discord_sim().dms(harbor.owner()).is_empty());
        assert!(harbor.una.reads("staff").text().contains("waits for your word"));
        harbor.world.transcript();
    }

    async fn a_staffs_channel_that_is_deleted_leaves_the_owner_to_be_told(engine) {
        let harbor = Harbor::open(&engine, |_, _| {}).await;
        harbor.world.discord_sim().delete_channel(harbor.staff).unwrap();
        harbor.hall.settle().await;
        harbor.asks().await;
        assert_eq!(harbor.world.discord_sim().dms(harbor.owner()).len(), 1);
        harbor.world.transcript();
    }

    async fn where_nobody_can_be_told_the_plan_waits_and_doctor_says_so(engine) {
        let harbor = Harbor::open(&engine, nobody_can_be_told).await;
        harbor.asks().await;
        assert_told!(harbor.told(), @r"
        the hall writes to tove_d
          You are linked in Harbor.
          At the moment no role follows from that.
          In Harbor, /why says this again any time, and /unlink takes it back.
        ");
        let said = harbor.doctor_says().await;
        assert_told!(said.join("\n"), @r"
        BROKEN  staff channel: The hall may not write in the channel staff in Harbor. In Discord, open Edit Channel, Permissions, and allow the bot's role View Channel and Send Messages.
        warn    plan: Plan 1 of the server HARBOR waits for your word: it would take 1 role. 1 held the role “Maker” before its rule came, and the rule would take it from them.
        What to do: In the server, /plan shows it, and /apply agrees to it; on this machine `guildhall plan` and `guildhall apply` do the same.
        ");
        let plan = harbor.una.runs("/plan").await;
        plan.presses("Apply").await.types("1").await;
        harbor.hall.settle().await;
        assert_eq!(harbor.tove.roles(), [""; 0]);
        assert_eq!(harbor.doctor_says().await.len(), 1, "of the channel, and of no plan");
        harbor.world.transcript();
    }

    async fn who_owns_the_server_next_is_told_and_what_the_last_one_decided_stands(engine) {
        let harbor = Harbor::open(&engine, |world, staff| world.discord_sim().delete_channel(staff).unwrap()).await;
        harbor.asks().await;
        let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
        person(&harbor.world, "owner").runs("/apply plan:1 count:1").await;
        harbor.hall.settle().await;
        assert_eq!(harbor.tove.roles(), [""; 0]);
        assert_eq!(discord.dms(harbor.owner()).len(), 1);
        harbor.world.transcript();
        let una = harbor.una.person.user();
        discord.set_owner(guild, una).unwrap();
        discord.leave(guild, harbor.owner()).unwrap();
        harbor.hall.passes(crate::bad_days::SWEEP).await;
        assert_eq!(harbor.tove.roles(), [""; 0]);
        person(&harbor.world, "nils_d").links_with("nils").await;
        harbor.hall.settle().await;
        let told = discord.dms(una);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].content.contains("1 held the role “Maker” before its rule came"), "{told:?}");
        assert_eq!(discord.dms(harbor.owner()).len(), 1);
        harbor.una.runs("/undo plan:1").await;
        harbor.hall.settle().await;
        assert_eq!(harbor.tove.roles(), ["Maker"]);
        harbor.world.transcript();
    }
}
