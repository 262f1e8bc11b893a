//! Roles whose rule was deleted: in Discord the staff says whether those whom the hall gave them keep them.

use sim::discord::{RoleSpec, permission};

use crate::people::Someone;
use crate::{Engine, Hall, World, person, role};

/// The rule that is deleted.
const MAKER: &str = "[[guild.role]]\nrole = 'Maker'\nwhen = '\"makers\" in forum.groups'\n";
/// The one that is left.
const REGULAR: &str = "[[guild.role]]\nrole = 'Regular'\nwhen = 'forum.trust_level >= 2'\n";

/// A server whose rule for Maker was deleted after the hall gave it to Mira and Ove. Tove had it from somebody else
/// before. Una manages the server.
struct Harbor {
    world: World,
    hall: Hall,
    mira: Someone,
    ove: Someone,
    tove: Someone,
    una: Someone,
}

impl Harbor {
    async fn open(engine: &Engine) -> Self {
        let plan = World::plan()
            .forum("Harbor", |forum| {
                forum.user("mira", |_| {}).user("ove", |_| {}).group("makers", &["mira", "ove"])
            })
            .guild("Harbor", |guild| {
                let manages = |keeper: &mut RoleSpec| keeper.permissions = permission::MANAGE_GUILD;
                let guild = guild.role_with("Keeper", manages).role("Regular").role("Maker");
                let guild = guild.member("mira_d").member("ove_d").member_with("una_d", "Keeper");
                guild.member_with("tove_d", "Maker")
            });
        let world = plan.start().await.unwrap();
        let rules = [role("Maker", "\"makers\" in forum.groups")];
        let mut hall = Hall::start(&world, engine, &rules).await;
        let [mira, ove, tove, una] =
            ["mira_d", "ove_d", "tove_d", "una_d"].map(|username| person(&world, username));
        for (somebody, name) in [(&mira, "mira"), (&ove, "ove")] {
            somebody.links_with(name).await;
            hall.settle().await;
            assert_eq!(somebody.roles(), ["Maker"]);
        }
        hall.is_set(MAKER, REGULAR);
        hall.restart().await;
        hall.passes(crate::bad_days::SWEEP).await;
        world.transcript();
        Self { world, hall, mira, ove, tove, una }
    }

    /// Ove unlinks, and what the hall gave him is taken back.
    async fn ove_unlinks(&self) {
        self.ove.runs("/unlink").await.presses("Unlink").await;
        self.hall.settle().await;
        self.world.transcript();
    }
}

stories! {
    async fn those_who_were_given_a_role_whose_rule_is_gone_keep_it_when_the_staff_says_keep(engine) {
        let harbor = Harbor::open(&engine).await;
        harbor.una.runs("/keep role:&Maker").await;
        harbor.una.runs("/keep role:&Maker").await;
        assert_told!(harbor.world.transcript(), @r"
        una_d runs /keep role:&Maker
          2 members keep <@&Maker>, whatever the rules say.
        una_d runs /keep role:&Maker
          There is nothing to decide about the role “Maker”. /plan shows what waits.
        ");
        harbor.ove_unlinks().await;
        for somebody in [&harbor.mira, &harbor.ove, &harbor.tove] {
            assert_eq!(somebody.roles(), ["Maker"]);
        }
    }

    async fn those_who_were_given_a_role_whose_rule_is_gone_lose_it_when_the_staff_says_remove(engine) {
        let harbor = Harbor::open(&engine).await;
        harbor.una.runs("/remove role:&Maker").await;
        harbor.una.runs("/remove role:&Maker count:3").await;
        harbor.hall.settle().await;
        assert_eq!((harbor.mira.roles(), harbor.ove.roles()), (vec!["Maker".to_owned()], vec!["Maker".to_owned()]));
        harbor.una.runs("/remove role:&Maker count:2").await;
        harbor.hall.settle().await;
        harbor.una.runs("/remove role:&Maker count:2").await;
        assert_eq!((harbor.mira.roles(), harbor.ove.roles()), (vec![], vec![]));
        assert_eq!(harbor.tove.roles(), ["Maker"], "the hall never gave it to her");
        assert_told!(harbor.world.transcript(), @r"
        una_d runs /remove role:&Maker
          2 members would lose this role. To take it, type that number: 2.
        una_d runs /remove role:&Maker count:3
          2 members would lose this role. To take it, type that number: 2.
        una_d runs /remove role:&Maker count:2
          <@&Maker> is being taken from 2 members.
        the hall takes Maker from mira_d: Harbor: its rule was deleted
        the hall takes Maker from ove_d: Harbor: its rule was deleted
        una_d runs /remove role:&Maker count:2
          There is nothing to decide about the role “Maker”. /plan shows what waits.
        ");
    }

    async fn of_a_role_that_one_was_given_the_staff_reads_one(engine) {
        let harbor = Harbor::open(&engine).await;
        harbor.ove_unlinks().await;
        assert_eq!(harbor.ove.roles(), [""; 0]);
        harbor.una.runs("/remove role:&Maker").await;
        harbor.una.runs("/remove role:&Maker count:1").await;
        harbor.hall.settle().await;
        assert_eq!(harbor.mira.roles(), [""; 0]);
        assert_told!(harbor.world.transcript(), @r"
        una_d runs /remove role:&Maker
          1 member would lose this role. To take it, type that number: 1.
        una_d runs /remove role:&Maker count:1
          <@&Maker> is being taken from 1 member.
        the hall takes Maker from mira_d: Harbor: its rule was deleted
        ");
    }
}
