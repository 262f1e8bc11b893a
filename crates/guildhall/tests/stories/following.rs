//! Following: what changes in the forum changes in Discord, by the way that brings the news.

use std::time::Duration;

use sim::discord::Snowflake;
use sim::world::ForumPlan;

use crate::people::Someone;
use crate::{Engine, Hall, World, forum_person, nickname, person, role};

/// A little longer than the staff log waits to be read again.
const STAFF_LOG: Duration = Duration::from_secs(31);
/// A little longer than the sweep waits.
const SWEEP: Duration = Duration::from_secs(3_601);

fn rules() -> Vec<String> {
    vec![
        role("Leader", "forum.trust_level == 4"),
        role("Regular", "forum.trust_level >= 2 && !forum.suspended"),
        role("Staff", "forum.admin || forum.moderator"),
        role("Maker", "\"makers\" in forum.groups"),
        nickname("{forum.title} {forum.name}"),
    ]
}

/// A harbour in which mira is linked, and everything read.
struct Linked {
    world: World,
    hall: Hall,
    mira: Someone,
}

async fn linked(engine: &Engine) -> Linked {
    linked_in(engine, |forum| forum, &rules()).await
}

async fn linked_in(engine: &Engine, more: impl FnOnce(ForumPlan) -> ForumPlan, rules: &[String]) -> Linked {
    let plan = World::plan()
        .forum("Harbor", |forum| {
            more(forum.user("mira", |mira| mira.name = Some("Mira".to_owned())).user("tove", |_| {}))
                .group("makers", &["tove"])
        })
        .guild("Harbor", |guild| {
            guild
                .role_above_bot("Crown")
                .role("Leader")
                .role("Regular")
                .role("Staff")
                .role("Maker")
                .role("Music")
                .member("mira_d")
                .member("tove_d")
        });
    let world = plan.start().await.unwrap();
    let hall = Hall::start(&world, engine, rules).await;
    let mira = person(&world, "mira_d");
    mira.links_with("mira").await;
    hall.settle().await;
    world.transcript();
    Linked { world, hall, mira }
}

impl Linked {
    fn role(&self, name: &str) -> Snowflake {
        self.world.discord_sim().role_named(self.world.guild(), name).unwrap()
    }

    fn owner(&self) -> Snowflake {
        self.world.discord_sim().user_named("owner").unwrap()
    }
}

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

    async fn admins_and_moderators_are_found_in_the_staff_log(engine) {
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

    async fn a_renamed_role_goes_on(engine) {
        let linked = linked(&engine).await;
        let (world, hall) = (&linked.world, &linked.hall);
        world.discord_sim().rename_role(linked.owner(), world.guild(), linked.role("Maker"), "Wright").unwrap();
        hall.settle().await;
        forum_person(world, "mira").joins("makers").unwrap();
        hall.settle().await;
        assert_eq!(linked.mira.roles(), ["Wright"]);
        world.transcript();
    }

    async fn a_deleted_role_leaves_the_others_alone(engine) {
        let linked = linked(&engine).await;
        let (world, hall) = (&linked.world, &linked.hall);
        world.discord_sim().delete_role(linked.owner(), world.guild(), linked.role("Maker")).unwrap();
        hall.settle().await;
        forum_person(world, "mira").joins("makers").unwrap();
        forum_person(world, "mira").gets_level(2).unwrap();
        hall.passes(STAFF_LOG).await;
        assert_eq!(linked.mira.roles(), ["Regular"]);
        world.transcript();
    }

    async fn a_role_above_the_bot_is_left_alone_until_it_comes_down(engine) {
        let linked = linked(&engine).await;
        let (world, hall) = (&linked.world, &linked.hall);
        let top = i64::try_from(world.discord_sim().roles(world.guild()).len()).unwrap() - 1;
        let maker = linked.role("Maker");
        world.discord_sim().move_role(linked.owner(), world.guild(), maker, top).unwrap();
        hall.settle().await;
        forum_person(world, "mira").joins("makers").unwrap();
        hall.settle().await;
        assert_eq!(linked.mira.roles(), [""; 0]);
        world.discord_sim().move_role(linked.owner(), world.guild(), maker, 1).unwrap();
        hall.settle().await;
        assert_eq!(linked.mira.roles(), ["Maker"]);
        world.transcript();
    }

    async fn who_leaves_and_comes_back_has_everything_again(engine) {
        let Linked { world, hall, mira } = linked(&engine).await;
        forum_person(&world, "mira").joins("makers").unwrap();
        hall.settle().await;
        world.transcript();
        let (guild, user) = (world.guild(), mira.person.user());
        world.discord_sim().leave(guild, user).unwrap();
        hall.settle().await;
        forum_person(&world, "mira").drifts_to_level(2).unwrap();
        hall.settle().await;
        world.discord_sim().join(guild, user).unwrap();
        hall.settle().await;
        assert_told!(world.transcript(), @r#"
        the hall gives mira_d Regular: Harbor: trust level 2 and not suspended on forum
        the hall gives mira_d Maker: Harbor: in the group makers on forum
        the hall calls mira_d "Mira": Harbor: the name in the forum
        "#);
        assert_eq!(mira.roles(), ["Regular", "Maker"]);
    }

    async fn the_owner_gets_roles_but_keeps_their_name(engine) {
        let Linked { world, hall, .. } = linked_in(
            &engine,
            |forum| forum.user("olga", |olga| (olga.trust_level, olga.title) = (2, Some("Boss".to_owned()))),
            &rules(),
        )
        .await;
        let owner = person(&world, "owner");
        owner.links_with("olga").await;
        hall.settle().await;
        hall.passes(SWEEP).await;
        assert_eq!((owner.roles(), owner.nickname()), (vec!["Regular".to_owned()], None));
        assert_told!(world.transcript(), @r"
        owner runs /link
          Sign in to Discord and to http\://127.0.0.1 in one browser, and your roles and your name here follow it.
          The address is for you alone and works until <t:…:t>; forwarding it links nobody else.
          [Link my account]
        the hall gives owner Regular: Harbor: trust level 2 and not suspended on forum
        ");
    }

    async fn roles_that_no_rule_names_are_never_touched(engine) {
        let linked = linked(&engine).await;
        let (world, hall, mira) = (&linked.world, &linked.hall, &linked.mira);
        let (discord, guild, user) = (world.discord_sim(), world.guild(), mira.person.user());
        let music = linked.role("Music");
        for round in 0..6 {
            // Another bot writes at the same moment.
            if round % 2 == 0 {
                forum_person(world, "mira").joins("makers").unwrap();
                discord.give_role_by_hand(linked.owner(), guild, user, music).unwrap();
            } else {
                forum_person(world, "mira").leaves("makers").unwrap();
                discord.take_role_by_hand(linked.owner(), guild, user, music).unwrap();
            }
            hall.settle().await;
            let expected: &[&str] = if round % 2 == 0 { &["Maker", "Music"] } else { &[] };
            assert_eq!(mira.roles(), expected, "round {round}");
        }
        let written = discord.calls().into_iter().filter(|call| call.writes() && call.path.contains(&music.to_string()));
        assert_eq!(written.count(), 0);
        world.transcript();
    }

    async fn what_somebody_takes_by_hand_comes_back(engine) {
        let linked = linked(&engine).await;
        let (world, hall, mira) = (&linked.world, &linked.hall, &linked.mira);
        forum_person(world, "mira").joins("makers").unwrap();
        hall.settle().await;
        world.transcript();
        let (discord, maker) = (world.discord_sim(), linked.role("Maker"));
        discord.take_role_by_hand(linked.owner(), world.guild(), mira.person.user(), maker).unwrap();
        hall.settle().await;
        assert_told!(world.transcript(), @"the hall gives mira_d Maker: Harbor: in the group makers on forum");
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

    async fn what_has_settled_is_written_no_more(engine) {
        let Linked { world, hall, .. } = linked(&engine).await;
        forum_person(&world, "mira").joins("makers").unwrap();
        hall.settle().await;
        world.transcript();
        world.discord_sim().forget_calls();
        for _ in 0..3 {
            hall.passes(SWEEP).await;
        }
        let writes: Vec<_> = world.discord_sim().calls().into_iter().filter(|call| call.writes()).collect();
        assert!(writes.is_empty(), "{writes:?}");
    }
}
