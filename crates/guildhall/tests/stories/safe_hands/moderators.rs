//! Moderators who may not manage the server: they decide about plans whose every role stands below their own.

use sim::discord::{RoleSpec, permission};

use crate::people::Someone;
use crate::{Engine, Hall, World, person, role};

/// A server in which Tove held Maker, and Rolf the higher Pilot, before the rules for them came. Una may manage roles
/// below Warden, which stands above both; Siv those below Mate, which stands between them.
struct Harbor {
    world: World,
    hall: Hall,
    tove: Someone,
    rolf: Someone,
    una: Someone,
    siv: Someone,
}

impl Harbor {
    async fn open(engine: &Engine) -> Self {
        let plan = World::plan()
            .forum("Harbor", |forum| {
                let forum = forum.user("mira", |_| {}).user("tove", |_| {}).user("rolf", |_| {});
                forum.group("makers", &["mira"]).group("pilots", &["mira"])
            })
            .guild("Harbor", |guild| {
                let manages = |role: &mut RoleSpec| role.permissions = permission::MANAGE_ROLES;
                let guild = guild.role_with("Warden", manages).role("Pilot").role_with("Mate", manages);
                let guild = guild.role("Maker").member_with("una_d", "Warden").member_with("siv_d", "Mate");
                guild.member_with("tove_d", "Maker").member_with("rolf_d", "Pilot")
            });
        let world = plan.start().await.unwrap();
        let rules =
            [role("Maker", "\"makers\" in forum.groups"), role("Pilot", "\"pilots\" in forum.groups")];
        let hall = Hall::start(&world, engine, &rules).await;
        let [tove, rolf, una, siv] =
            ["tove_d", "rolf_d", "una_d", "siv_d"].map(|username| person(&world, username));
        tove.links_with("tove").await;
        hall.settle().await;
        world.transcript();
        Self { world, hall, tove, rolf, una, siv }
    }
}

stories! {
    async fn whose_role_stands_above_every_role_in_a_plan_decides_about_it(engine) {
        let harbor = Harbor::open(&engine).await;
        harbor.siv.runs("/plan").await;
        harbor.siv.runs("/apply").await;
        harbor.siv.runs("/apply plan:1").await;
        let applied = harbor.siv.runs("/apply plan:1 count:1").await;
        harbor.hall.settle().await;
        assert_eq!(harbor.tove.roles(), [""; 0]);
        applied.presses("Undo").await;
        harbor.hall.settle().await;
        assert_eq!(harbor.tove.roles(), ["Maker"]);
        // A look at everybody meanwhile may have taken a number of its own.
        let told = harbor.world.transcript().replace("as plan 2:", "as plan N:").replace("as plan 3:", "as plan N:");
        assert_told!(told, @r"
        siv_d runs /plan
          In **Harbor** 1 change waits for your word, as of <t:…:R>:
          • 1 held the role “Maker” before its rule came, and the rule would take it from them.
          Plan 1: − 1 role taken
          __Waits for your word__
          **− Maker** (1)
          − <@tove_d> (tove): not in the group makers on forum
          [Apply] [Keep Maker] [Remove Maker]
        siv_d runs /apply
          Say which plan, by its number; /plan shows it.
        siv_d runs /apply plan:1
          Plan 1 waits for your word. To agree, type the number of its changes: 1.
        siv_d runs /apply plan:1 count:1
          You said yes to plan 1 with 1 change. What of it is still needed is being written now. /undo plan:1 takes it back.
          [Undo]
        the hall takes Maker from tove_d: Harbor: not in the group makers on forum
        siv_d presses [Undo]
          Plan 1 is being taken back, as plan N: 1 change.
          The rules do not bring it again for a while. /overrides lists who is excepted.
        the hall gives tove_d Maker: Harbor: what the rule did was taken back
        ");
    }

    async fn whose_role_stands_below_one_of_them_is_told_why_they_may_not(engine) {
        let harbor = Harbor::open(&engine).await;
        harbor.rolf.links_with("rolf").await;
        harbor.hall.settle().await;
        harbor.world.transcript();
        let plan = harbor.una.runs("/plan").await;
        harbor.siv.runs("/plan").await;
        harbor.siv.runs("/apply plan:2 count:2").await;
        plan.is_pressed_by(&harbor.siv, "Keep Pilot").await;
        plan.is_pressed_by(&harbor.siv, "Apply").await.types("2").await;
        harbor.hall.settle().await;
        assert_eq!((harbor.tove.roles(), harbor.rolf.roles()), (vec!["Maker".to_owned()], vec!["Pilot".to_owned()]));
        plan.presses("Apply").await.types("2").await;
        harbor.hall.settle().await;
        assert_eq!((harbor.tove.roles(), harbor.rolf.roles()), (vec![], vec![]));
        assert_told!(harbor.world.transcript(), @r"
        una_d runs /plan
          In **Harbor** 2 changes wait for your word, as of <t:…:R>:
          • 1 held the role “Maker” before its rule came, and the rule would take it from them.
          • 1 held the role “Pilot” before its rule came, and the rule would take it from them.
          Plan 2: − 2 roles taken
          __Waits for your word__
          **− Maker** (1)
          − <@tove_d> (tove): not in the group makers on forum
          **− Pilot** (1)
          − <@rolf_d> (rolf): not in the group pilots on forum
          [Apply] [Keep Maker] [Remove Maker] [Keep Pilot] [Remove Pilot]
        siv_d runs /plan
          This needs the permission Manage Server, or Manage Roles and a role of your own above every role it changes.
        siv_d runs /apply plan:2 count:2
          This needs the permission Manage Server, or Manage Roles and a role of your own above every role it changes.
        siv_d presses [Keep Pilot]
          This needs the permission Manage Server, or Manage Roles and a role of your own above every role it changes.
        siv_d presses [Apply]
          (a form) Apply plan 2: How many changes wait in it? Type the number that the plan shows; anything else changes nothing.
        siv_d types 2
          This needs the permission Manage Server, or Manage Roles and a role of your own above every role it changes.
        una_d presses [Apply]
          (a form) Apply plan 2: How many changes wait in it? Type the number that the plan shows; anything else changes nothing.
        una_d types 2
          You said yes to plan 2 with 2 changes. What of it is still needed is being written now. /undo plan:2 takes it back.
          [Undo]
        the hall takes Pilot from rolf_d: Harbor: not in the group pilots on forum
        the hall takes Maker from tove_d: Harbor: not in the group makers on forum
        ");
    }
}
