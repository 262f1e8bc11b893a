//! A forum that suddenly has far fewer people takes nothing away until somebody says that this is right.

use sim::forum::PersonSpec;

use super::guarded::crewed;
use crate::bad_days::{Harbor, SWEEP};
use crate::{Engine, forum_person};

/// A forum may lose a tenth of its people, however few they are.
const A_TENTH: &str = "[guild.brake]\nshrink_least = 0\n";
/// A regular by trust level.
const REGULAR: &str = "[[guild.role]]\nrole = 'Regular'\nwhen = 'forum.trust_level >= 2'\n";

/// Una is no regular any more, on a day on which two people are gone from the forum.
async fn shrunk(engine: &Engine) -> Harbor {
    let harbor = crewed(engine, &[A_TENTH, REGULAR]).await;
    for name in ["ebb", "flow"] {
        harbor.forum().create_user(PersonSpec::new(name)).unwrap();
    }
    harbor.hall.passes(SWEEP).await;
    for name in ["ebb", "flow"] {
        forum_person(&harbor.world, name).is_deleted().unwrap();
    }
    forum_person(&harbor.world, "una").drifts_to_level(1).unwrap();
    harbor.hall.passes(SWEEP).await;
    assert_eq!(harbor.holders("Regular").len(), 7);
    let read = harbor.owner_read();
    assert_eq!(read.len(), 1, "{read:?}");
    assert!(read[0].contains("until you say that this is right, nothing is taken away"), "{read:?}");
    harbor
}

stories! {
    async fn a_forum_that_shrank_takes_nothing_until_its_size_is_accepted(engine) {
        let harbor = shrunk(&engine).await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!((harbor.holders("Regular").len(), harbor.owner_read().len()), (7, 1));
        harbor.applies(Some(1)).await.unwrap();
        assert_eq!(harbor.holders("Regular").len(), 6);
        forum_person(&harbor.world, "ove").drifts_to_level(1).unwrap();
        harbor.hall.passes(SWEEP).await;
        assert_eq!((harbor.holders("Regular").len(), harbor.owner_read().len()), (5, 1));
        harbor.world.transcript();
    }

    async fn a_forum_that_comes_back_to_its_size_needs_nobody(engine) {
        let harbor = shrunk(&engine).await;
        for name in ["tide", "surf"] {
            harbor.forum().create_user(PersonSpec::new(name)).unwrap();
        }
        harbor.hall.passes(SWEEP).await;
        assert_eq!((harbor.holders("Regular").len(), harbor.owner_read().len()), (6, 1));
        assert_eq!(engine.count("select count(*) from plans where state = 'parked'").await, 0);
        harbor.world.transcript();
    }
}
