//! A hall that Discord shows no list of members: who is linked is asked for by name, each for themselves.

use sim::discord::{Fault, FaultRule};

use super::{MINUTE, SWEEP, harbor};
use crate::{forum_person, person};

stories! {
    async fn without_the_member_intent_a_restart_loses_nobody(engine) {
        let mut harbor = harbor(&engine).await;
        let discord = harbor.world.discord_sim().clone();
        let una = person(&harbor.world, "una_d");
        harbor.hall.passes(MINUTE).await;
        una.links_with("una").await;
        harbor.hall.settle().await;
        harbor.hall.stop().await;
        discord.set_intents(harbor.world.application(), false, false, false).unwrap();
        forum_person(&harbor.world, "mira").drifts_to_level(0).unwrap();
        harbor.hall.restart().await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!((harbor.mira.roles(), una.roles()), (vec!["Maker".to_owned()], vec!["Regular".to_owned()]));
        // Nobody tells the hall: it sees for itself.
        let regular = harbor.role("Regular");
        discord.lay_roles(harbor.world.guild(), harbor.mira.person.user(), &[regular]).unwrap();
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.mira.roles(), ["Maker"]);
        harbor.world.transcript();
    }

    async fn who_unlinks_before_a_restart_without_the_member_intent_keeps_nothing(engine) {
        let mut harbor = harbor(&engine).await;
        let discord = harbor.world.discord_sim().clone();
        discord.fault(FaultRule::next("", "/members/", Fault::Status(503)).times(10_000));
        harbor.mira.runs("/unlink").await.presses("Unlink").await;
        harbor.endures(MINUTE).await;
        harbor.hall.stop().await;
        discord.clear_faults();
        discord.set_intents(harbor.world.application(), false, false, false).unwrap();
        harbor.hall.restart().await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.mira.roles(), [""; 0]);
        harbor.world.transcript();
    }

    async fn one_member_who_cannot_be_read_keeps_nobody_waiting(engine) {
        let mut harbor = harbor(&engine).await;
        let discord = harbor.world.discord_sim().clone();
        let una = person(&harbor.world, "una_d");
        harbor.hall.passes(MINUTE).await;
        una.links_with("una").await;
        harbor.hall.settle().await;
        harbor.hall.stop().await;
        discord.set_intents(harbor.world.application(), false, false, false).unwrap();
        harbor.hall.restart().await;
        harbor.hall.passes(MINUTE).await;
        // Only the sweep brings it.
        harbor.forum().set_hook_faults(sim::forum::HookFaults { drop_next: 100, ..Default::default() });
        for name in ["mira", "una"] {
            forum_person(&harbor.world, name).drifts_to_level(0).unwrap();
        }
        // The first of them that is asked for; before comes the hall's own.
        let one = FaultRule::next("GET", "/members/{user}", Fault::Status(403));
        discord.fault(FaultRule { after: 1, ..one });
        harbor.hall.passes(SWEEP).await;
        let regulars = [&harbor.mira, &una].into_iter().filter(|one| one.roles().contains(&"Regular".to_owned()));
        assert_eq!(regulars.count(), 1);
        harbor.hall.passes(MINUTE).await;
        assert_eq!((harbor.mira.roles(), una.roles()), (vec!["Maker".to_owned()], vec![]));
        harbor.world.transcript();
    }
}
