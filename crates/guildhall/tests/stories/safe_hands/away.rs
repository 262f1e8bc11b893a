//! Members who leave while the hall is not there to see it.

use domain::ids::RoleId;
use sim::discord::{RoleSpec, Snowflake};

use super::guarded::crewed;
use crate::bad_days::{Harbor, MINUTE, SWEEP};
use crate::{Engine, person};

/// A regular by trust level.
const REGULAR: &str = "[[guild.role]]\nrole = 'Regular'\nwhen = 'forum.trust_level >= 2'\n";
/// Mira is to be in the band, and nobody else.
const BAND: &str = "[[guild.role]]\nrole = 'Band'\nwhen = 'forum.trust_level >= 3'\n";

/// The owner gave Una the role Band by hand, and took Regular from her.
async fn decided_about_una(engine: &Engine) -> (Harbor, Snowflake) {
    let harbor = crewed(engine, &[REGULAR, BAND]).await;
    let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
    let band = discord.add_role(guild, &RoleSpec::named("Band")).unwrap();
    harbor.hall.passes(SWEEP).await;
    harbor.hall.passes(MINUTE).await;
    let una = person(&harbor.world, "una_d").person.user();
    discord.give_role_by_hand(harbor.owner(), guild, una, band).unwrap();
    harbor.hall.settle().await;
    discord.take_role_by_hand(harbor.owner(), guild, una, harbor.role("Regular")).unwrap();
    harbor.hall.settle().await;
    assert_eq!(person(&harbor.world, "una_d").roles(), ["Band"]);
    harbor.hall.passes(MINUTE).await;
    (harbor, una)
}

/// What stands for Una: where it comes from, which role, and whether she has it.
async fn stands(harbor: &Harbor) -> Vec<(String, Option<RoleId>, bool)> {
    let known = harbor.hall.inside().overrides(harbor.guild()).await.unwrap();
    known.into_iter().map(|known| (known.origin, known.role, known.has)).collect()
}

/// What was given to Una is over, and what was taken stays taken, whatever passes.
async fn only_the_no_stands(harbor: &Harbor) {
    let regular = RoleId(harbor.role("Regular").get());
    for _ in 0..2 {
        assert_eq!(person(&harbor.world, "una_d").roles(), [""; 0]);
        assert_eq!(stands(harbor).await, [("hand".to_owned(), Some(regular), false)]);
        harbor.hall.passes(SWEEP).await;
    }
    harbor.world.transcript();
}

stories! {
    async fn who_left_while_the_hall_was_closed_and_comes_back_later_has_nothing_of_what_was_given_by_hand(engine) {
        let (mut harbor, una) = decided_about_una(&engine).await;
        let (discord, guild) = (harbor.world.discord_sim().clone(), harbor.world.guild());
        harbor.hall.stop().await;
        discord.leave(guild, una).unwrap();
        harbor.hall.restart().await;
        harbor.hall.passes(SWEEP).await;
        discord.join(guild, una).unwrap();
        harbor.hall.settle().await;
        only_the_no_stands(&harbor).await;
    }

    async fn who_left_and_came_back_while_the_hall_was_closed_has_nothing_of_what_was_given_by_hand(engine) {
        let (mut harbor, una) = decided_about_una(&engine).await;
        let (discord, guild) = (harbor.world.discord_sim().clone(), harbor.world.guild());
        harbor.hall.stop().await;
        discord.leave(guild, una).unwrap();
        harbor.hall.time_passes(MINUTE);
        discord.join(guild, una).unwrap();
        harbor.hall.restart().await;
        only_the_no_stands(&harbor).await;
    }
}
