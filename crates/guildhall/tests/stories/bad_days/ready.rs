//! What `/readyz` says: a line for each thing that is in the way, and nothing of what is not this hall's to do.

use std::time::Duration;

use sim::forum::{Fault, FaultRule};

use super::{Harbor, MINUTE, NEXT_TRY, harbor, rules};
use crate::people::opens;
use crate::{Hall, forum_person};

/// A little longer than a forum may be silent.
const SILENCE: Duration = Duration::from_secs(301);

/// The status of `/readyz`, and its words.
async fn ready(harbor: &Harbor, hall: &Hall) -> (u16, String) {
    let page = opens(&harbor.mira.browser(), &hall.address("/readyz")).await.0;
    (page.status(), String::from_utf8(page.body().to_vec()).unwrap())
}

stories! {
    async fn a_hall_that_can_do_its_work_is_ready(engine) {
        let harbor = harbor(&engine).await;
        assert_eq!(ready(&harbor, &harbor.hall).await, (200, "ready\n".to_owned()));
    }

    async fn a_hall_whose_token_is_refused_is_not_ready_and_says_what_to_do(engine) {
        let mut harbor = harbor(&engine).await;
        harbor.hall.listens(false);
        harbor.world.discord_sim().renew_token(harbor.world.application()).unwrap();
        forum_person(&harbor.world, "mira").gets_level(1).unwrap();
        harbor.hall.settle().await;
        let (status, words) = ready(&harbor, &harbor.hall).await;
        assert_eq!(status, 503);
        assert!(words.contains("Discord: the bot token is not accepted; make a new one"), "{words}");
        harbor.hall.listens(true);
        harbor.hall.restart().await;
        assert_eq!(ready(&harbor, &harbor.hall).await.0, 200);
        harbor.world.transcript();
    }

    async fn a_forum_that_is_silent_for_long_is_named_and_one_that_stumbles_is_not(engine) {
        let harbor = harbor(&engine).await;
        harbor.forum().fault(FaultRule { times: u32::MAX, ..FaultRule::next("/", Fault::Reset) });
        harbor.endures(MINUTE).await;
        assert_eq!(ready(&harbor, &harbor.hall).await.0, 200);
        harbor.endures(SILENCE).await;
        let (status, words) = ready(&harbor, &harbor.hall).await;
        assert_eq!(status, 503);
        assert!(words.contains("forum: it has not answered for") && !words.contains("Discord"), "{words}");
        harbor.forum().clear_faults();
        harbor.endures(NEXT_TRY).await;
        assert_eq!(ready(&harbor, &harbor.hall).await.0, 200);
    }

    async fn a_server_without_the_bot_is_named_with_its_remedy(engine) {
        let mut harbor = harbor(&engine).await;
        harbor.hall.is_set("[[guild]]\n", "[[guild]]\nid = '1180000000000000099'\n[[guild]]\n");
        harbor.hall.restart().await;
        let (status, words) = ready(&harbor, &harbor.hall).await;
        assert_eq!(status, 503);
        assert!(words.contains("the server 1180000000000000099") && words.contains("guildhall invite"), "{words}");
    }

    async fn a_hall_that_waits_for_its_turn_is_ready(engine) {
        let mut harbor = harbor(&engine).await;
        let mut second = Hall::begin(&harbor.world, &engine, &rules(), "http").await;
        second.listens(false);
        assert_eq!(ready(&harbor, &second).await, (200, "ready\n".to_owned()));
        second.stop().await;
        harbor.hall.stop().await;
    }
}
