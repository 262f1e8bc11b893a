//! Members who ask again and again: what they may cost the forum has an end, and hints go before them.

use super::{MINUTE, harbor};
use crate::{forum_person, person};

stories! {
    async fn who_asks_again_and_again_is_told_to_wait_and_hints_go_on(engine) {
        let harbor = harbor(&engine).await;
        harbor.hall.passes(MINUTE).await;
        let before = harbor.forum().calls().len();
        let mut answers = Vec::new();
        for _ in 0..12 {
            answers.push(harbor.mira.runs("/sync").await.text());
        }
        assert!(answers.last().is_some_and(|answer| answer.contains("Try again")), "{answers:?}");
        let asked = harbor.forum().calls().len() - before;
        assert!(asked <= 12, "{asked} calls");
        // A hint is followed all the same.
        forum_person(&harbor.world, "mira").leaves("makers").unwrap();
        harbor.hall.settle().await;
        assert_eq!(harbor.mira.roles(), ["Regular"]);
        // A minute later, asking is answered again.
        harbor.hall.passes(MINUTE).await;
        assert!(!harbor.mira.runs("/sync").await.text().contains("Try again"));
        harbor.world.transcript();
    }

    async fn a_profile_that_was_shown_a_moment_ago_is_not_read_again(engine) {
        let harbor = harbor(&engine).await;
        harbor.hall.passes(MINUTE).await;
        let tove = person(&harbor.world, "tove_d");
        let first = tove.runs("/profile name:mira").await.text();
        let before = harbor.forum().calls().len();
        for name in CREW_WHO_ASK {
            assert_eq!(person(&harbor.world, name).runs("/profile name:mira").await.text(), first);
        }
        assert_eq!(harbor.forum().calls().len(), before);
        harbor.hall.passes(MINUTE).await;
        let before = harbor.forum().calls().len();
        assert_eq!(tove.runs("/profile name:mira").await.text(), first);
        assert_eq!(harbor.forum().calls().len(), before + 1);
        harbor.world.transcript();
    }
}

/// Who is curious about Mira beside Tove.
const CREW_WHO_ASK: [&str; 3] = ["una_d", "ove_d", "pia_d"];
