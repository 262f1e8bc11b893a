//! The ways to link: however the forum itself signs people in.

use super::{harbor, harbor_with, rules};
use crate::people::opens;
use crate::{Hall, World, person, role};

stories! {
    async fn a_person_links_by_password_and_has_their_role_and_name(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        // Looking at the page again changes nothing.
        let confirm = mira.reaches_the_forum().await.signs_in("mira").await.reloads().await;
        assert_told!(confirm.says(), @"
        200
        Harbor on Guildhall
        Discord proven
        Forum proven
        Confirm
        Are both of these you?
        Nothing is linked until you press the button. If somebody else sent you here, close this page.
        mira_d mira_d on Discord
        Mira Vale @mira on 127.0.0.1
        What changes for you in Harbor on Discord
        + Get Regular because your trust level is 2
        ✎ Nickname becomes Keeper Mira Vale; it comes back as it was if you unlink
        [Link my accounts]
        [This is not me]
        Harbor keeps the two ids, your forum name, title, trust level and groups while you are linked. Unlinking deletes them; ids stay in the log for 90 days. What is kept, and why
        ");
        let done = confirm.presses("Link my accounts").await;
        assert_told!(done.says(), @"
        200
        Harbor on Guildhall
        Your accounts are linked
        What the rules give you is on its way; it follows the forum by itself from now on.
        In Discord, /why shows each role and its reason, /unlink takes everything back.
        Back to Discord
        ");
        hall.settle().await;
        assert_eq!(mira.roles(), ["Regular"]);
        assert_eq!(mira.nickname().as_deref(), Some("Keeper Mira Vale"));
        assert_told!(world.transcript(), @r#"
        mira_d runs /link
          Sign in to Discord and to 127.0.0.1 in one browser, and your roles and your name here follow it.
          The address is for you alone and works until <t:…:t>; forwarding it links nobody else.
          [Link my account]
        the hall gives mira_d Regular: Harbor: trust level 2 on forum
        the hall calls mira_d "Keeper Mira Vale": Harbor: the name in the forum
        the hall writes to mira_d
          You are linked in Harbor.
          • You have Regular, because your trust level is 2.
          In Harbor, /why says this again any time, and /unlink takes it back.
        "#);
    }

    async fn a_role_out_of_reach_is_named_only_to_whom_it_is_meant_for(engine) {
        let plan = World::plan()
            .forum("Harbor", |forum| {
                forum
                    .user("mira", |mira| mira.trust_level = 2)
                    .user("tove", |tove| tove.moderator = true)
            })
            .guild("Harbor", |guild| guild.role_above_bot("Pilot").member("mira_d").member("tove_d"));
        let world = plan.start().await.unwrap();
        let hall = Hall::start(&world, &engine, &[role("Pilot", "forum.moderator")]).await;
        for (who, forum_name, is_told) in [("mira_d", "mira", false), ("tove_d", "tove", true)] {
            let confirm = person(&world, who).reaches_the_forum().await.signs_in(forum_name).await;
            assert_eq!(confirm.says().contains("! Not yet Pilot"), is_told, "{}", confirm.says());
        }
        hall.settle().await;
        world.transcript();
    }

    async fn who_is_signed_in_already_only_confirms(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        opens(&mira.browser(), &forum_login(&world)).await.signs_in("mira").await;
        let confirm = mira.reaches_the_forum().await;
        assert_eq!(confirm.0.title(), "Link your accounts · Harbor");
        confirm.presses("Link my accounts").await;
        hall.settle().await;
        assert_eq!(mira.roles(), ["Regular"]);
        world.transcript();
    }

    async fn a_second_factor_is_the_forums_own_affair(engine) {
        let world = harbor_with(|forum| forum.user("saga", |saga| saga.second_factor = true)).await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let tove = person(&world, "tove_d");
        let login = tove.reaches_the_forum().await;
        let confirm = login.fills("Authentication code", "123456").signs_in("saga").await;
        confirm.presses("Link my accounts").await;
        hall.settle().await;
        assert_eq!(engine.count("select count(*) from links").await, 1);
        world.transcript();
    }

    async fn a_person_may_sign_in_to_the_forum_through_somebody_else(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        let provider = mira.reaches_the_forum().await.presses("Sign in with Example ID").await;
        provider.clicks("mira").await.presses("Link my accounts").await;
        hall.settle().await;
        assert_eq!(mira.roles(), ["Regular"]);
        world.transcript();
    }

    async fn a_forum_behind_a_login_links_like_any_other(engine) {
        let world = harbor_with(|forum| forum.set(|settings| settings.login_required = true)).await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        mira.links_with("mira").await;
        hall.settle().await;
        assert_eq!(mira.roles(), ["Regular"]);
        world.transcript();
    }

    async fn an_attempt_outlives_a_restart_of_the_hall(engine) {
        let world = harbor().await;
        let mut hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        let login = mira.reaches_the_forum().await;
        hall.restart().await;
        let confirm = login.signs_in("mira").await;
        hall.restart().await;
        confirm.presses("Link my accounts").await;
        hall.restart().await;
        assert_eq!(mira.roles(), ["Regular"]);
        world.transcript();
    }

    async fn a_person_may_link_an_account_of_each_forum(engine) {
        let plan = World::plan()
            .forum("Harbor", |forum| forum.user("mira", |mira| mira.trust_level = 2))
            .forum("Haven", |forum| forum.user("mirabel", |_| {}).user("mira", |mira| mira.trust_level = 4))
            .guild("Harbor", |guild| guild.role("Regular").role("Captain").member("mira_d"));
        let world = plan.start().await.unwrap();
        let rules = [
            role("Regular", "forum.trust_level >= 2"),
            role("Captain", "forum_2.trust_level == 4 && forum.trust_level == 2"),
        ];
        let hall = Hall::start(&world, &engine, &rules).await;
        let mira = person(&world, "mira_d");
        mira.links_with("mira").await;
        hall.settle().await;
        assert_eq!(mira.roles(), ["Regular"]);
        // The second forum knows nothing of the first one's session.
        mira.browser().forgets();
        mira.links_with("mira").await;
        hall.settle().await;
        assert_eq!(mira.roles(), ["Regular", "Captain"]);
        assert_eq!(engine.count("select count(*) from links").await, 2);
        mira.runs("/unlink forum:forum_2").await.presses("Unlink").await;
        hall.settle().await;
        assert_eq!(mira.roles(), ["Regular"]);
        world.transcript();
    }

    async fn the_pages_ask_nobody_else_for_anything(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        let confirm = mira.reaches_the_forum().await.signs_in("mira").await;
        let parts = confirm.0.parts();
        assert!(parts.iter().any(|part| part.path() == "/link/picture/forum"), "{parts:?}");
        for part in parts.iter().filter(|part| part.scheme() != "data") {
            assert_eq!(part.host_str(), Some("hall.localhost"), "{part}");
            let loaded = opens(&mira.browser(), part.as_str()).await;
            assert_eq!(loaded.0.status(), 200, "{part}");
        }
        hall.settle().await;
        world.transcript();
    }

    async fn behind_https_the_cookie_is_bound_to_the_host(engine) {
        let world = harbor().await;
        let hall = Hall::begin(&world, &engine, &rules(), "https").await;
        hall.settle().await;
        let mira = person(&world, "mira_d");
        let public = mira.runs("/link").await.address();
        assert!(public.starts_with("https://hall.localhost/l/"), "{public}");
        let browser = mira.browser();
        // Nobody speaks TLS for the hall here: asked directly, it answers as it would to the one who does.
        browser.stops_before(Some("/oauth2/authorize"));
        let path = public.trim_start_matches("https://hall.localhost");
        let page = opens(&browser, &hall.address(path)).await;
        let set = page.0.cookies_set().join("\n");
        assert!(set.starts_with("__Host-guildhall-link="), "{set}");
        assert!(set.ends_with("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure"), "{set}");
        world.transcript();
    }
}

fn forum_login(world: &World) -> String {
    format!("{}/login", world.forums()[0].1.url())
}
