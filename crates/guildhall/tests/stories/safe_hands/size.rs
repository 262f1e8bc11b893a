//! A forum that shrank while nothing would be taken because of it: its new size is accepted by the number zero.

use super::guarded::two_fewer;
use crate::bad_days::{Harbor, SWEEP};
use crate::{Engine, person};

const REGULAR: &str = "[[guild.role]]\nrole = 'Regular'\nwhen = 'forum.trust_level >= 2'\n";

/// Two people of ten are gone from the forum, and everybody who is linked has what the rules say.
async fn smaller(engine: &Engine) -> Harbor {
    let harbor = two_fewer(engine, REGULAR).await;
    harbor.hall.passes(SWEEP).await;
    harbor.world.transcript();
    harbor
}

stories! {
    async fn the_owner_accepts_a_new_size_in_discord(engine) {
        let harbor = smaller(&engine).await;
        person(&harbor.world, "owner").runs("/plan").await.presses("Apply").await.types("0").await;
        harbor.hall.settle().await;
        assert_eq!(engine.count("select count(*) from plans where state = 'parked'").await, 0);
        assert_told!(harbor.world.transcript(), @r"
        owner runs /plan
          In **Harbor** something waits for your word, as of <t:…:R>:
          • forum had 11 people and has 9 now; until you say that this is right, nothing is taken away because of it.
          Plan 8: no changes
          [Apply]
        owner presses [Apply]
          (a form) Apply plan 8: How many changes wait in it? Type the number that the plan shows; anything else changes nothing.
        owner types 0
          You said yes to plan 8 with 0 changes. What of it is still needed is being written now. /undo plan:8 takes it back.
          [Undo]
        ");
    }
}
