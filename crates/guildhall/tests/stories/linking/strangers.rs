//! Addresses and accounts in the wrong hands.

use super::{harbor, rules};
use crate::people::opens;
use crate::{Hall, person};

stories! {
    async fn a_forwarded_address_links_nobody(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let (mira, tove) = (person(&world, "mira_d"), person(&world, "tove_d"));
        let address = tove.runs("/link").await.address();
        let page = opens(&mira.browser(), &address).await.signs_in_to_discord("mira_d").await;
        assert_told!(page.says(), @"
        403
        Harbor on Guildhall
        This address was made for somebody else
        It was made for tove_d on Discord, and you are signed in there as mira_d. Nothing was linked.
        If both are you, sign in to Discord as the first and type /link again. If somebody sent you this address, they may have wanted their Discord account to get your roles: tell a moderator.
        Back to Discord
        ");
        hall.settle().await;
        assert_eq!(engine.count("select count(*) from links").await, 0);
        assert_eq!((mira.roles(), tove.roles()), (vec![], vec![]));
        world.transcript();
    }

    async fn a_phone_that_comes_back_in_another_browser_starts_again_there(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        let app = mira.browser();
        app.stops_before(Some("/link/discord"));
        let stopped = mira.reaches_the_forum().await;
        let other = mira.other_browser("what the phone opens");
        let page = opens(&other, stopped.0.address().as_str()).await;
        assert_told!(page.says(), @"
        401
        Harbor on Guildhall
        You came back in another browser
        You began in one browser or app and came back in this one. Nothing was changed.
        Start again here and stay in this browser. You will be asked to sign in to Discord once more. If somebody else sent you this address, close the page.
        Start again hereBack to Discord
        ");
        let login = page.clicks("Start again here").await.signs_in_to_discord("mira_d").await;
        login.signs_in("mira").await.presses("Link my accounts").await;
        hall.settle().await;
        assert_eq!(mira.roles(), ["Regular"]);
        world.transcript();
    }

    async fn starting_again_still_asks_for_the_same_discord_account(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let (mira, tove) = (person(&world, "mira_d"), person(&world, "tove_d"));
        mira.browser().stops_before(Some("/link/discord"));
        let stopped = mira.reaches_the_forum().await;
        let page = opens(&tove.browser(), stopped.0.address().as_str()).await;
        let page = page.clicks("Start again here").await.signs_in_to_discord("tove_d").await;
        assert_eq!(page.0.status(), 403);
        hall.settle().await;
        assert_eq!(engine.count("select count(*) from links").await, 0);
        world.transcript();
    }

    async fn of_two_people_who_race_for_one_account_one_gets_it(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let (mira, tove) = (person(&world, "mira_d"), person(&world, "tove_d"));
        let one = mira.reaches_the_forum().await.signs_in("mira").await;
        let other = tove.reaches_the_forum().await.signs_in("mira").await;
        let (one, other) = tokio::join!(one.presses("Link my accounts"), other.presses("Link my accounts"));
        let mut outcomes = [one.0.status(), other.0.status()];
        outcomes.sort_unstable();
        assert_eq!(outcomes, [200, 409]);
        hall.settle().await;
        assert_eq!(engine.count("select count(*) from links").await, 1);
        world.transcript();
    }

    async fn an_account_of_somebody_else_is_refused_in_words(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let (mira, tove) = (person(&world, "mira_d"), person(&world, "tove_d"));
        mira.links_with("mira").await;
        let page = tove.reaches_the_forum().await.signs_in("mira").await;
        assert_told!(page.says(), @"
        409
        Harbor on Guildhall
        That account is linked already
        @mira in the forum is linked to another Discord account. Nothing was changed.
        If that Discord account is yours, type /unlink there first. If it is not, tell a moderator.
        Back to Discord
        ");
        hall.settle().await;
        assert_eq!(engine.count("select count(*) from links").await, 1);
        world.transcript();
    }

    async fn success_ends_every_other_address_of_the_person(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        let (early, open) = (mira.runs("/link").await, mira.runs("/link").await);
        let phone = mira.other_browser("phone");
        let half = opens(&phone, &open.address()).await.signs_in_to_discord("mira_d").await;
        mira.links_with("mira").await;
        assert_eq!(early.opens_link().await.0.status(), 401);
        assert_eq!(half.signs_in("tove").await.0.status(), 401);
        hall.settle().await;
        assert_eq!(engine.count("select count(*) from links").await, 1);
        world.transcript();
    }
}
