//! A forum that suddenly has far fewer people takes nothing away until somebody says that this is right.

use std::time::Duration;

use sim::forum::PersonSpec;

use super::guarded::two_fewer;
use crate::bad_days::{Harbor, SWEEP, harbor_with};
use crate::{Engine, forum_person};

/// A little longer than what a forum lost counts.
const DAY: Duration = Duration::from_secs(86_401);
/// A regular by trust level.
const REGULAR: &str = "[[guild.role]]\nrole = 'Regular'\nwhen = 'forum.trust_level >= 2'\n";

/// Una is no regular any more, on a day on which two people are gone from the forum.
async fn shrunk(engine: &Engine) -> Harbor {
    let harbor = two_fewer(engine, REGULAR).await;
    forum_person(&harbor.world, "una").drifts_to_level(1).unwrap();
    harbor.hall.passes(SWEEP).await;
    assert_eq!(harbor.holders("Regular").len(), 7);
    let read = harbor.owner_read();
    assert_eq!(read.len(), 1, "{read:?}");
    assert!(read[0].contains("until you say that this is right, nothing is taken away"), "{read:?}");
    harbor
}

/// Mira is linked, and with her the forum counts a hundred people.
async fn a_hundred(engine: &Engine) -> Harbor {
    let harbor = harbor_with(engine, |forum| forum, &[REGULAR.to_owned()]).await;
    harbor.hall.passes(SWEEP).await;
    let counted = engine.count("select population from places where kind = 'discourse'").await;
    for number in counted..100 {
        harbor.forum().create_user(PersonSpec::new(&format!("guest{number}"))).unwrap();
    }
    harbor.hall.passes(SWEEP).await;
    assert_eq!(engine.count("select population from places where kind = 'discourse'").await, 100);
    harbor
}

impl Harbor {
    /// So many guests are deleted; Mira drifts below the rule; everybody is read.
    async fn loses(&self, guests: usize) {
        let known = self.forum().users().into_iter().map(|known| known.username);
        for name in known.filter(|name| name.starts_with("guest")).take(guests).collect::<Vec<_>>() {
            forum_person(&self.world, &name).is_deleted().unwrap();
        }
        forum_person(&self.world, "mira").drifts_to_level(1).unwrap();
        self.hall.passes(SWEEP).await;
    }
}

stories! {
    async fn a_forum_with_nine_of_a_hundred_fewer_goes_on(engine) {
        let harbor = a_hundred(&engine).await;
        harbor.loses(9).await;
        assert_eq!((harbor.mira.roles().len(), harbor.owner_read().len()), (0, 0));
        harbor.world.transcript();
    }

    async fn a_forum_with_eleven_of_a_hundred_fewer_takes_nothing_away(engine) {
        let harbor = a_hundred(&engine).await;
        harbor.loses(11).await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.mira.roles(), ["Regular"]);
        let read = harbor.owner_read();
        assert_eq!(read.len(), 1, "{read:?}");
        assert!(read[0].contains("forum had 100 people and has 89 now; until you say that this is right"), "{read:?}");
        harbor.world.transcript();
    }

    async fn what_a_forum_loses_bit_by_bit_within_a_day_adds_up(engine) {
        let harbor = a_hundred(&engine).await;
        let mira = forum_person(&harbor.world, "mira");
        harbor.loses(6).await;
        assert_eq!(harbor.mira.roles(), [""; 0]);
        mira.drifts_to_level(2).unwrap();
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.mira.roles(), ["Regular"]);
        harbor.loses(5).await;
        assert_eq!((harbor.mira.roles(), harbor.owner_read().len()), (vec!["Regular".to_owned()], 1));
        harbor.applies(Some(1)).await.unwrap();
        assert_eq!(harbor.mira.roles(), [""; 0]);
        harbor.world.transcript();
    }

    async fn what_a_forum_lost_yesterday_does_not_count_today(engine) {
        let harbor = a_hundred(&engine).await;
        harbor.loses(6).await;
        assert_eq!(harbor.mira.roles(), [""; 0]);
        harbor.hall.passes(DAY).await;
        forum_person(&harbor.world, "mira").drifts_to_level(2).unwrap();
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.mira.roles(), ["Regular"]);
        harbor.loses(5).await;
        assert_eq!((harbor.mira.roles().len(), harbor.owner_read().len()), (0, 0));
        harbor.world.transcript();
    }

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
