//! What changes in the forum, and by which way the news arrives.

use std::time::Duration;

use super::{Linked, STAFF_LOG, SWEEP, linked};
use crate::forum_person;

/// What staff, the forum or the person does.
type Act<'a> = &'a (dyn Fn() -> Result<(), sim::forum::Refused> + Send + Sync);

/// A webhook says it.
const AT_ONCE: bool = true;
/// Only the staff log says it.
const LATER: bool = false;

stories! {
    async fn a_trust_level_that_staff_sets_arrives_by_webhook_or_log(engine) {
        let Linked { world, hall, mira } = linked(&engine).await;
        forum_person(&world, "mira").gets_level(4).unwrap();
        hall.passes(STAFF_LOG).await;
        assert_eq!(mira.roles(), ["Leader", "Regular"]);
        assert_told!(world.transcript(), @"
        the hall gives mira_d Leader: Harbor: trust level 4 on forum
        the hall gives mira_d Regular: Harbor: trust level 4 and not suspended on forum
        ");
        forum_person(&world, "mira").gets_level(1).unwrap();
        hall.passes(STAFF_LOG).await;
        assert_told!(world.transcript(), @"
        the hall takes Leader from mira_d: Harbor: trust level 1 on forum
        the hall takes Regular from mira_d: Harbor: trust level 1 on forum
        ");
    }

    async fn a_promotion_by_the_forum_itself_arrives_by_webhook(engine) {
        let Linked { world, hall, mira } = linked(&engine).await;
        forum_person(&world, "mira").drifts_to_level(2).unwrap();
        hall.settle().await;
        assert_eq!(mira.roles(), ["Regular"]);
        world.transcript();
    }

    async fn a_demotion_by_the_forum_itself_is_found_by_the_sweep(engine) {
        let Linked { world, hall, mira } = linked(&engine).await;
        forum_person(&world, "mira").drifts_to_level(2).unwrap();
        hall.settle().await;
        forum_person(&world, "mira").drifts_to_level(1).unwrap();
        hall.passes(STAFF_LOG).await;
        assert_eq!(mira.roles(), ["Regular"]);
        hall.passes(SWEEP).await;
        assert_eq!(mira.roles(), [""; 0]);
        world.transcript();
    }

    async fn groups_give_and_take_at_once(engine) {
        let Linked { world, hall, mira } = linked(&engine).await;
        forum_person(&world, "mira").joins("makers").unwrap();
        hall.settle().await;
        assert_told!(world.transcript(), @"the hall gives mira_d Maker: Harbor: in the group makers on forum");
        forum_person(&world, "mira").leaves("makers").unwrap();
        hall.settle().await;
        assert_told!(world.transcript(), @"the hall takes Maker from mira_d: Harbor: not in the group makers on forum");
        assert_eq!(mira.roles(), [""; 0]);
    }

    async fn admins_and_moderators_have_their_role_while_they_are(engine) {
        let Linked { world, hall, mira } = linked(&engine).await;
        forum_person(&world, "mira").is_moderator(true).unwrap();
        hall.passes(STAFF_LOG).await;
        assert_eq!(mira.roles(), ["Staff"]);
        forum_person(&world, "mira").is_moderator(false).unwrap();
        hall.passes(STAFF_LOG).await;
        assert_eq!(mira.roles(), [""; 0]);
        forum_person(&world, "mira").is_admin(true).unwrap();
        hall.passes(STAFF_LOG).await;
        assert_eq!(mira.roles(), ["Staff"]);
        forum_person(&world, "mira").is_admin(false).unwrap();
        hall.passes(STAFF_LOG).await;
        assert_eq!(mira.roles(), [""; 0]);
        world.transcript();
    }

    async fn title_and_name_make_the_nickname(engine) {
        let Linked { world, hall, mira } = linked(&engine).await;
        assert_eq!(mira.nickname().as_deref(), Some("Mira"));
        forum_person(&world, "mira").gets_title("Keeper").unwrap();
        hall.passes(STAFF_LOG).await;
        forum_person(&world, "mira").calls_themselves("Mira Vale").unwrap();
        hall.passes(STAFF_LOG).await;
        forum_person(&world, "mira").gets_title("").unwrap();
        hall.passes(STAFF_LOG).await;
        assert_told!(world.transcript(), @r#"
        the hall calls mira_d "Keeper Mira": Harbor: the name in the forum
        the hall calls mira_d "Keeper Mira Vale": Harbor: the name in the forum
        the hall calls mira_d "Mira Vale": Harbor: the name in the forum
        "#);
    }

    async fn a_suspension_ends_by_itself(engine) {
        let Linked { world, hall, mira } = linked(&engine).await;
        forum_person(&world, "mira").gets_level(2).unwrap();
        hall.passes(STAFF_LOG).await;
        assert_eq!(mira.roles(), ["Regular"]);
        let till_ms = world.clock().now_ms() + 600_000;
        forum_person(&world, "mira").is_suspended_until(till_ms).unwrap();
        hall.passes(STAFF_LOG).await;
        assert_eq!(mira.roles(), [""; 0]);
        hall.passes(Duration::from_secs(600)).await;
        assert_eq!(mira.roles(), ["Regular"]);
        world.transcript();
    }

    async fn a_renamed_group_goes_on(engine) {
        let Linked { world, hall, mira } = linked(&engine).await;
        let (_, forum) = &world.forums()[0];
        let makers = forum.group_named("makers").unwrap().id;
        forum_person(&world, "mira").joins("makers").unwrap();
        hall.settle().await;
        world.transcript();
        forum.rename_group(forum.admin(), makers, "builders").unwrap();
        hall.passes(STAFF_LOG).await;
        hall.passes(SWEEP).await;
        assert_eq!(mira.roles(), ["Maker"]);
        forum_person(&world, "mira").leaves("builders").unwrap();
        hall.settle().await;
        assert_told!(world.transcript(), @"the hall takes Maker from mira_d: Harbor: not in the group makers on forum");
    }

    async fn a_group_that_is_deleted_takes_nothing(engine) {
        let Linked { world, hall, mira } = linked(&engine).await;
        let (_, forum) = &world.forums()[0];
        forum_person(&world, "mira").joins("makers").unwrap();
        hall.settle().await;
        world.transcript();
        forum.delete_group(forum.admin(), forum.group_named("makers").unwrap().id).unwrap();
        hall.passes(STAFF_LOG).await;
        hall.passes(SWEEP).await;
        assert_eq!(mira.roles(), ["Maker"]);
    }

    async fn each_act_arrives_by_its_own_way(engine) {
        let linked = linked(&engine).await;
        let (world, hall, mira) = (&linked.world, &linked.hall, &linked.mira);
        let person = forum_person(world, "mira");
        let in_ten_days_ms = world.clock().now_ms() + 864_000_000;
        let acts: [(&str, Act, bool); 13] = [
            ("a promotion by the forum", &|| person.drifts_to_level(2), AT_ONCE),
            ("a level set by staff", &|| person.gets_level(4), AT_ONCE),
            ("a level lowered by staff", &|| person.gets_level(2), LATER),
            ("a group joined", &|| person.joins("makers"), AT_ONCE),
            ("a group left", &|| person.leaves("makers"), AT_ONCE),
            ("a title", &|| person.gets_title("Keeper"), AT_ONCE),
            ("a name", &|| person.calls_themselves("Mira Vale"), AT_ONCE),
            ("an admin made", &|| person.is_admin(true), AT_ONCE),
            ("an admin unmade", &|| person.is_admin(false), AT_ONCE),
            ("a moderator made", &|| person.is_moderator(true), AT_ONCE),
            ("a moderator unmade", &|| person.is_moderator(false), AT_ONCE),
            ("a suspension", &|| person.is_suspended_until(in_ten_days_ms), AT_ONCE),
            ("the end of a suspension", &|| person.is_let_back(), LATER),
        ];
        let mut wrong = Vec::new();
        for (what, act, at_once) in acts {
            let before = (mira.roles(), mira.nickname());
            act().unwrap();
            hall.settle().await;
            let seen_at_once = before != (mira.roles(), mira.nickname());
            hall.passes(STAFF_LOG).await;
            let seen_later = before != (mira.roles(), mira.nickname());
            if seen_at_once != at_once || !seen_later {
                wrong.push(format!("{what}: at once {seen_at_once}, at last {seen_later}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        world.transcript();
    }

    async fn when_all_hints_are_lost_the_sweep_brings_it(engine) {
        let Linked { world, hall, mira } = linked(&engine).await;
        let (_, forum) = &world.forums()[0];
        forum.set_hook_faults(sim::forum::HookFaults { drop_next: 100, ..Default::default() });
        forum_person(&world, "mira").drifts_to_level(2).unwrap();
        hall.settle().await;
        assert_eq!(mira.roles(), [""; 0]);
        hall.passes(SWEEP).await;
        assert_eq!(mira.roles(), ["Regular"]);
        world.transcript();
    }
}
