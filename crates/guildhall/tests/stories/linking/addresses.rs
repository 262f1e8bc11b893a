//! Addresses: how many are open at once, which browser goes on with one, and that e-mail addresses are none.

use super::{harbor, harbor_with, rules};
use crate::people::opens;
use crate::{Hall, person};

stories! {
    async fn a_browser_with_the_cookie_of_an_older_attempt_starts_again_here(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        // An attempt of last week, as far as this browser is concerned.
        let phone = mira.other_browser("phone");
        opens(&phone, &mira.runs("/link").await.address()).await;
        mira.browser().stops_before(Some("/link/discord"));
        let stopped = mira.reaches_the_forum().await;
        let page = opens(&phone, stopped.0.address().as_str()).await;
        assert!(page.says().contains("Start again here"), "{}", page.says());
        let login = page.clicks("Start again here").await.signs_in_to_discord("mira_d").await;
        login.signs_in("mira").await.presses("Link my accounts").await;
        hall.settle().await;
        assert_eq!(mira.roles(), ["Regular"]);
        world.transcript();
    }

    async fn so_many_addresses_are_open_at_once_and_no_more(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        let mut newest = mira.runs("/link").await;
        for _ in 1..9 {
            newest = mira.runs("/link").await;
        }
        assert_eq!(engine.count("select count(*) from tickets").await, 5);
        // Others lose nothing by it, and the newest works.
        person(&world, "tove_d").runs("/link").await.address();
        let login = newest.opens_link().await.signs_in_to_discord("mira_d").await;
        login.signs_in("mira").await.presses("Link my accounts").await;
        hall.settle().await;
        assert_eq!(mira.roles(), ["Regular"]);
        world.transcript();
    }

    async fn accounts_with_the_same_e_mail_address_are_not_linked_by_it(engine) {
        let world = harbor_with(|forum| {
            forum.user("keeper", |keeper| {
                keeper.moderator = true;
                keeper.email = Some("mira_d@discord.invalid".to_owned());
            })
        })
        .await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        assert_eq!((mira.roles(), engine.count("select count(*) from links").await), (vec![], 0));
        mira.links_with("mira").await;
        hall.settle().await;
        assert_eq!(mira.roles(), ["Regular"], "and nothing of the moderator who has her e-mail address");
        assert_eq!(engine.count("select count(*) from links").await, 1);
        assert_eq!(engine.count("select count(*) from accounts where username = 'keeper'").await, 0);
        world.transcript();
    }
}
