//! Discord closes the line: for a moment, for good, or until somebody changes a setting.

use std::time::Duration;

use super::log::told_with_its_log;
use super::{Harbor, SWEEP, harbor, harbor_in, rules, world};
use crate::people::opens;
use crate::{Hall, forum_person};

/// A little longer than a day, in which Discord counts sessions.
const DAY: Duration = Duration::from_secs(86_401);

/// The rest of the hall answers as ever.
async fn the_rest_goes_on(harbor: &Harbor) {
    for path in ["/healthz", "/"] {
        let page = opens(&harbor.mira.browser(), &harbor.hall.address(path)).await;
        assert_eq!(page.0.status(), 200, "{path}");
    }
}

/// Whoever watches the hall is told.
async fn is_not_ready(harbor: &Harbor, words: &str) {
    let page = opens(&harbor.mira.browser(), &harbor.hall.address("/readyz")).await;
    assert_eq!(page.0.status(), 503);
    assert!(page.0.text().contains(words), "{}", page.0.text());
}

stories! {
    async fn after_every_code_that_means_come_again_the_hall_comes_again(engine) {
        let harbor = harbor(&engine).await;
        for code in [1_000, 4_000, 4_001, 4_002, 4_003, 4_005, 4_007, 4_008, 4_009] {
            harbor.discord().close_gateway(code, "come again");
            harbor.hand("Maker", false);
            harbor.hall.settle().await;
            assert_eq!(harbor.mira.roles(), ["Regular", "Maker"], "{code}");
        }
        harbor.world.transcript();
    }

    async fn where_the_member_intent_is_off_the_linked_are_kept_in_step_all_the_same(engine) {
        let world = world().await;
        let (discord, bot) = (world.discord_sim(), world.application());
        discord.set_intents(bot, false, false, false).unwrap();
        let harbor = harbor_in(world.clone(), &engine).await;
        forum_person(&world, "mira").leaves("makers").unwrap();
        harbor.hall.settle().await;
        assert_eq!(harbor.mira.roles(), ["Regular"]);
        // Nothing tells of it but the next look.
        harbor.hand("Regular", false);
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.mira.roles(), ["Regular"]);
        let lists = discord.calls().into_iter().filter(|call| call.route == "/guilds/{guild}/members");
        assert_eq!(lists.count(), 0, "what is refused is not asked for");
        world.transcript();
    }

    async fn the_last_session_of_a_day_is_kept_rather_than_the_token_lost(engine) {
        let world = world().await;
        let (discord, bot) = (world.discord_sim().clone(), world.application());
        discord.leave_identifies(bot, 1);
        let mut harbor = harbor_in(world, &engine).await;
        discord.invalidate_sessions(false);
        // Longer than two sessions in a row are apart.
        let lost = discord.eventually(6_000, |discord| discord.bot_token(bot).is_none().then_some(())).await;
        assert_eq!(lost, None, "one session too many ends the token");
        // Who cannot listen looks.
        harbor.hall.listens(false);
        forum_person(&harbor.world, "mira").leaves("makers").unwrap();
        harbor.hall.settle().await;
        assert_eq!(harbor.mira.roles(), ["Regular"]);
        harbor.world.transcript();
    }

    async fn a_spent_day_of_sessions_is_waited_for(engine) {
        let world = world().await;
        let (discord, bot) = (world.discord_sim().clone(), world.application());
        discord.leave_identifies(bot, 0);
        let mut hall = Hall::begin(&world, &engine, &rules(), "http").await;
        let asked = |discord: &sim::discord::DiscordSim| {
            discord.calls().iter().any(|call| call.route == "/gateway/bot").then_some(())
        };
        discord.eventually(60_000, asked).await.unwrap();
        hall.listens(false);
        hall.settle().await;
        assert!(discord.bot_token(bot).is_some(), "one session too many ends the token");
        hall.listens(true);
        hall.passes(DAY).await;
        assert_eq!(discord.identifies(bot), 1);
    }
}

#[test]
fn a_token_that_is_not_accepted_any_more_is_said_and_the_rest_goes_on() {
    told_with_its_log(async |engine, log| {
        let mut harbor = harbor(&engine).await;
        harbor.hall.listens(false);
        harbor.discord().renew_token(harbor.world.application()).unwrap();
        forum_person(&harbor.world, "mira").gets_level(1).unwrap();
        harbor.hall.settle().await;
        the_rest_goes_on(&harbor).await;
        is_not_ready(&harbor, "the bot token is not accepted").await;
        assert_told!(log.says(), @"ERROR: Discord does not accept the bot token; make a new one in the developer portal (Bot, Reset Token), put it into the environment variable BOT_TOKEN, and restart");
        harbor.hall.listens(true);
        harbor.hall.restart().await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.mira.roles(), ["Maker"]);
        harbor.world.transcript();
    });
}

#[test]
fn a_member_intent_that_is_switched_off_meanwhile_is_said_and_done_without() {
    told_with_its_log(async |engine, log| {
        let harbor = harbor(&engine).await;
        harbor.discord().set_intents(harbor.world.application(), false, false, false).unwrap();
        harbor.hand("Maker", false);
        harbor.hall.settle().await;
        assert_eq!(harbor.mira.roles(), ["Regular", "Maker"]);
        assert_told!(log.says(), @r#"ERROR: Discord refuses the member intent; switch on "Server Members Intent" for the application in the developer portal and restart, or set members_intent = false. Going on with linked members alone"#);
        the_rest_goes_on(&harbor).await;
        harbor.world.transcript();
    });
}

#[test]
fn a_close_for_good_is_said_and_roles_follow_the_forum_all_the_same() {
    told_with_its_log(async |engine, log| {
        let mut harbor = harbor(&engine).await;
        harbor.hall.listens(false);
        harbor.discord().close_gateway(4_013, "Invalid intent(s).");
        forum_person(&harbor.world, "mira").leaves("makers").unwrap();
        harbor.hall.settle().await;
        assert_eq!(harbor.mira.roles(), ["Regular"]);
        harbor.hand("Regular", false);
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.mira.roles(), ["Regular"]);
        assert_told!(log.says(), @"ERROR: Discord closed the gateway for good; restart with a newer Guildhall: this one asks for something that Discord does not know any more. Until then only the sweep sees what changes in Discord code=4013");
        is_not_ready(&harbor, "restart with a newer Guildhall").await;
        the_rest_goes_on(&harbor).await;
        harbor.world.transcript();
    });
}
