//! What people read when they look at a plan in Discord, decide about it, and take it back.

use sim::discord::{RoleSpec, permission};

use crate::people::Someone;
use crate::{Engine, Hall, World, person, role};

/// A server in which Tove held Maker before its rule came, which would take it from her. Una manages the server, Wade
/// may manage roles that stand below his own, which Maker does not.
struct Harbor {
    world: World,
    hall: Hall,
    tove: Someone,
    una: Someone,
    wade: Someone,
}

impl Harbor {
    async fn open(engine: &Engine) -> Self {
        let plan = World::plan()
            .forum("Harbor", |forum| {
                forum.user("mira", |_| {}).user("tove", |_| {}).group("makers", &["mira"])
            })
            .guild("Harbor", |guild| {
                guild
                    .role_with("Keeper", |keeper: &mut RoleSpec| {
                        keeper.permissions = permission::MANAGE_GUILD;
                    })
                    .role("Maker")
                    .role_with("Warden", |warden: &mut RoleSpec| {
                        warden.permissions = permission::MANAGE_ROLES;
                    })
                    .member("mira_d")
                    .member_with("tove_d", "Maker")
                    .member_with("una_d", "Keeper")
                    .member_with("wade_d", "Warden")
            });
        let world = plan.start().await.unwrap();
        let hall = Hall::start(&world, engine, &[role("Maker", "\"makers\" in forum.groups")]).await;
        let tove = person(&world, "tove_d");
        tove.links_with("tove").await;
        hall.settle().await;
        let (una, wade) = (person(&world, "una_d"), person(&world, "wade_d"));
        world.transcript();
        Self { world, hall, tove, una, wade }
    }
}

stories! {
    async fn plans_are_for_those_who_may_write_every_role_in_them(engine) {
        let harbor = Harbor::open(&engine).await;
        for command in ["/plan", "/apply", "/undo plan:1", "/overrides", "/keep role:&Maker", "/remove role:&Maker"] {
            harbor.tove.runs(command).await;
        }
        for command in ["/plan", "/apply", "/apply plan:1 count:1", "/keep role:&Maker", "/remove role:&Maker count:1"] {
            harbor.wade.runs(command).await;
        }
        harbor.hall.settle().await;
        assert_eq!(harbor.tove.roles(), ["Maker"]);
        assert_told!(harbor.world.transcript(), @r"
        tove_d runs /plan
          This needs the permission Manage Server, or Manage Roles and a role of your own above every role it changes.
        tove_d runs /apply
          This needs the permission Manage Server, or Manage Roles and a role of your own above every role it changes.
        tove_d runs /undo plan:1
          This needs the permission Manage Server, or Manage Roles and a role of your own above every role it changes.
        tove_d runs /overrides
          This needs the permission Manage Server, or Manage Roles and a role of your own above every role it changes.
        tove_d runs /keep role:&Maker
          This needs the permission Manage Server, or Manage Roles and a role of your own above every role it changes.
        tove_d runs /remove role:&Maker
          This needs the permission Manage Server, or Manage Roles and a role of your own above every role it changes.
        wade_d runs /plan
          This needs the permission Manage Server, or Manage Roles and a role of your own above every role it changes.
        wade_d runs /apply
          Say which plan, by its number; /plan shows it.
        wade_d runs /apply plan:1 count:1
          This needs the permission Manage Server, or Manage Roles and a role of your own above every role it changes.
        wade_d runs /keep role:&Maker
          This needs the permission Manage Server, or Manage Roles and a role of your own above every role it changes.
        wade_d runs /remove role:&Maker count:1
          This needs the permission Manage Server, or Manage Roles and a role of your own above every role it changes.
        ");
    }

    async fn what_waits_is_written_once_somebody_types_how_much_it_is_and_can_be_taken_back(engine) {
        let harbor = Harbor::open(&engine).await;
        let plan = harbor.una.runs("/plan").await;
        let form = plan.presses("Apply").await;
        form.types("many").await;
        form.types("7").await;
        harbor.hall.settle().await;
        assert_eq!(harbor.tove.roles(), ["Maker"]);
        let applied = form.types("1").await;
        harbor.hall.settle().await;
        assert_eq!(harbor.tove.roles(), [""; 0]);
        applied.presses("Undo").await;
        harbor.hall.settle().await;
        assert_eq!(harbor.tove.roles(), ["Maker"]);
        harbor.una.runs("/plan").await;
        harbor.una.runs("/overrides").await.presses("End 1").await;
        harbor.hall.settle().await;
        assert_eq!(harbor.tove.roles(), [""; 0]);
        // A look at everybody meanwhile may have taken a number of its own.
        let told = [2, 3].into_iter().fold(harbor.world.transcript(), |told, number| {
            told.replace(&format!("as plan {number}:"), "as plan N:")
        });
        assert_told!(told, @r"
        una_d runs /plan
          In **Harbor** 1 change waits for your word, as of <t:…:R>:
          • 1 held the role “Maker” before its rule came, and the rule would take it from them.
          Plan 1: − 1 role taken
          __Waits for your word__
          **− Maker** (1)
          − <@tove_d> (tove): not in the group makers on forum
          [Apply] [Keep Maker] [Remove Maker]
        una_d presses [Apply]
          (a form) Apply plan 1: How many changes wait in it? Type the number that the plan shows; anything else changes nothing.
        una_d types many
          Type the number by itself, such as 12. Nothing was changed.
        una_d types 7
          Plan 1 has 1 change, not 7. Look at it again, and type the number of changes that you agree to.
        una_d types 1
          You said yes to plan 1 with 1 change. What of it is still needed is being written now. /undo plan:1 takes it back.
          [Undo]
        the hall takes Maker from tove_d: Harbor: not in the group makers on forum
        una_d presses [Undo]
          Plan 1 is being taken back, as plan N: 1 change.
          The rules do not bring it again for a while. /overrides lists who is excepted.
        the hall gives tove_d Maker: Harbor: what the rule did was taken back
        una_d runs /plan
          Nothing would change: everybody here is as the rules say.
        una_d runs /overrides
          1 decision against the rules
          1\. <@tove_d> has **Maker**: a plan was taken back, until <t:…:f>.
          [End 1]
        una_d presses [End 1]
          The override of <@tove_d> for <@&Maker> has ended. The rules say again whether they have it.
        the hall takes Maker from tove_d: Harbor: not in the group makers on forum
        ");
    }

    async fn a_role_is_kept_by_those_who_held_it_before_its_rule(engine) {
        let harbor = Harbor::open(&engine).await;
        harbor.una.runs("/plan").await.presses("Keep Maker").await;
        harbor.hall.settle().await;
        harbor.una.runs("/plan").await;
        harbor.una.runs("/overrides member:@tove_d").await;
        harbor.una.runs("/keep role:&Maker").await;
        harbor.hall.settle().await;
        assert_eq!(harbor.tove.roles(), ["Maker"]);
        assert_told!(harbor.world.transcript(), @r"
        una_d runs /plan
          In **Harbor** 1 change waits for your word, as of <t:…:R>:
          • 1 held the role “Maker” before its rule came, and the rule would take it from them.
          Plan 1: − 1 role taken
          __Waits for your word__
          **− Maker** (1)
          − <@tove_d> (tove): not in the group makers on forum
          [Apply] [Keep Maker] [Remove Maker]
        una_d presses [Keep Maker]
          1 member keeps <@&Maker>, whatever the rules say.
        una_d runs /plan
          Nothing would change: everybody here is as the rules say.
        una_d runs /overrides member:@tove_d
          1 decision against the rules
          1\. <@tove_d> has **Maker**: held before its rule came, and kept, until somebody ends it.
          [End 1]
        una_d runs /keep role:&Maker
          There is nothing to decide about the role “Maker”. /plan shows what waits.
        ");
    }

    async fn a_role_is_removed_from_those_who_held_it_before_its_rule(engine) {
        let harbor = Harbor::open(&engine).await;
        harbor.una.runs("/remove role:&Maker").await;
        harbor.hall.settle().await;
        assert_eq!(harbor.tove.roles(), ["Maker"]);
        harbor.una.runs("/plan").await.presses("Remove Maker").await.types("1").await;
        harbor.hall.settle().await;
        assert_eq!(harbor.tove.roles(), [""; 0]);
        assert_told!(harbor.world.transcript(), @r"
        una_d runs /remove role:&Maker
          1 member would lose this role. To take it, type that number: 1.
        una_d runs /plan
          In **Harbor** 1 change waits for your word, as of <t:…:R>:
          • 1 held the role “Maker” before its rule came, and the rule would take it from them.
          Plan 1: − 1 role taken
          __Waits for your word__
          **− Maker** (1)
          − <@tove_d> (tove): not in the group makers on forum
          [Apply] [Keep Maker] [Remove Maker]
        una_d presses [Remove Maker]
          (a form) Take the role away: How many members lose it? Type the number that the plan shows; anything else changes nothing.
        una_d types 1
          <@&Maker> is being taken from 1 member.
        the hall takes Maker from tove_d: Harbor: not in the group makers on forum
        ");
    }
}
