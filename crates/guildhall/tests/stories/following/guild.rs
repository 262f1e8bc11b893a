//! What changes in Discord: roles and members that come, go and move.

use sim::discord::CallRecord;

use super::{Linked, STAFF_LOG, SWEEP, linked, linked_in, rules};
use crate::{forum_person, person};

stories! {
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

    async fn two_rules_that_come_to_mean_one_role_leave_it_alone(engine) {
        let linked = linked(&engine).await;
        let (world, hall) = (&linked.world, &linked.hall);
        forum_person(world, "mira").joins("makers").unwrap();
        hall.settle().await;
        let (discord, guild) = (world.discord_sim(), world.guild());
        discord.delete_role(linked.owner(), guild, linked.role("Regular")).unwrap();
        discord.rename_role(linked.owner(), guild, linked.role("Maker"), "Regular").unwrap();
        hall.settle().await;
        discord.forget_calls();
        for _ in 0..3 {
            hall.passes(SWEEP).await;
        }
        let writes: Vec<_> = discord.calls().into_iter().filter(CallRecord::writes).collect();
        assert!(writes.is_empty(), "{writes:?}");
        assert_eq!(linked.mira.roles(), ["Regular"]);
        // Once each has its own again, they go on.
        discord.rename_role(linked.owner(), guild, linked.role("Regular"), "Wright").unwrap();
        hall.settle().await;
        forum_person(world, "mira").leaves("makers").unwrap();
        hall.settle().await;
        assert_eq!(linked.mira.roles(), [""; 0]);
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

    async fn who_is_above_the_bot_gets_roles_but_keeps_their_name(engine) {
        let linked = linked(&engine).await;
        let (world, hall, mira) = (&linked.world, &linked.hall, &linked.mira);
        world.discord_sim().lay_roles(world.guild(), mira.person.user(), &[linked.role("Crown")]).unwrap();
        hall.settle().await;
        world.discord_sim().forget_calls();
        forum_person(world, "mira").gets_title("Keeper").unwrap();
        forum_person(world, "mira").joins("makers").unwrap();
        hall.passes(STAFF_LOG).await;
        assert_eq!(mira.roles(), ["Crown", "Maker"]);
        assert_eq!(mira.nickname().as_deref(), Some("Mira"));
        let refused = world.discord_sim().calls().into_iter().filter(|call| call.status == 403);
        assert_eq!(refused.count(), 0);
        assert_told!(world.transcript(), @r"
        the hall gives mira_d Maker: Harbor: in the group makers on forum
        the hall writes to mira_d
          In Harbor your roles follow the forum, but your nickname stays as it is\: Discord lets the hall rename only members below its own role.
        ");
    }

    async fn the_owner_gets_roles_but_keeps_their_name(engine) {
        let Linked { world, hall, .. } = linked_in(
            &engine,
            |forum| forum.user("olga", |olga| (olga.trust_level, olga.title) = (2, Some("Boss".to_owned()))),
            &rules(),
        )
        .await;
        let owner = person(&world, "owner");
        let confirm = owner.reaches_the_forum().await.signs_in("olga").await;
        assert_told!(confirm.says(), @"
        200
        Harbor on Guildhall
        Discord proven
        Forum proven
        Confirm
        Are both of these you?
        Nothing is linked until you press the button. If somebody else sent you here, close this page.
        owner owner on Discord
        olga @olga on 127.0.0.1
        What changes for you in Harbor on Discord
        + Get Regular because your trust level is 2 and you are not suspended
        ✎ Nickname The nickname stays as it is: Discord lets nobody rename the owner. Roles follow all the same.
        [Link my accounts]
        [This is not me]
        Harbor keeps the two ids, your forum name, title, trust level and groups while you are linked. Unlinking deletes them; ids stay in the log for 90 days. What is kept, and why
        ");
        confirm.presses("Link my accounts").await;
        hall.settle().await;
        hall.passes(SWEEP).await;
        assert_eq!((owner.roles(), owner.nickname()), (vec!["Regular".to_owned()], None));
        assert_told!(world.transcript(), @r"
        owner runs /link
          Sign in to Discord and to 127.0.0.1 in one browser, and your roles and your name here follow it.
          The address is for you alone and works until <t:…:t>; forwarding it links nobody else.
          [Link my account]
        the hall gives owner Regular: Harbor: trust level 2 and not suspended on forum
        the hall writes to owner
          In Harbor your roles follow the forum, but your nickname stays as it is\: Discord lets nobody rename the owner of a server.
        the hall writes to owner
          You are linked in Harbor.
          • You have Regular, because your trust level is 2 and you are not suspended.
          In Harbor, /why says this again any time, and /unlink takes it back.
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

    async fn what_is_gone_without_anybody_having_taken_it_comes_back(engine) {
        let linked = linked(&engine).await;
        let (world, hall, mira) = (&linked.world, &linked.hall, &linked.mira);
        forum_person(world, "mira").joins("makers").unwrap();
        hall.settle().await;
        world.transcript();
        let (discord, maker) = (world.discord_sim(), linked.role("Maker"));
        discord.lift_roles(world.guild(), mira.person.user(), &[maker]).unwrap();
        hall.settle().await;
        assert_told!(world.transcript(), @"the hall gives mira_d Maker: Harbor: in the group makers on forum");
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
        let writes: Vec<_> = world.discord_sim().calls().into_iter().filter(CallRecord::writes).collect();
        assert!(writes.is_empty(), "{writes:?}");
    }
}
