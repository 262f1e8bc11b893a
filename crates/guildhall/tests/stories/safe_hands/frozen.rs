//! A rule whose role gained power that it does not name: it stops, and whoever is in charge hears of it once.

use sim::discord::permission;

use super::guarded::crewed;
use crate::bad_days::SWEEP;

const REGULAR: &str = "[[guild.role]]\nrole = 'Regular'\nwhen = 'forum.trust_level >= 2'\n";

stories! {
    async fn an_owner_hears_once_that_a_rule_stopped_and_again_when_it_stops_again(engine) {
        let mut harbor = crewed(&engine, &[REGULAR]).await;
        let (discord, guild) = (harbor.world.discord_sim().clone(), harbor.world.guild());
        let (owner, role) = (harbor.owner(), harbor.role("Regular"));
        let told = harbor.owner_read().len();
        discord.set_permissions(owner, guild, role, permission::BAN_MEMBERS).unwrap();
        harbor.hall.settle().await;
        harbor.hall.passes(SWEEP).await;
        harbor.hall.restart().await;
        harbor.hall.passes(SWEEP).await;
        let read = harbor.owner_read();
        assert_eq!(read.len(), told + 1, "{read:?}");
        let says = "The role “Regular” carries permissions over the community: BAN_MEMBERS. The rule for it has stopped: \
                    nobody is given the role or loses it.";
        assert!(read[told].replace('\\', "").contains(says), "{read:?}");
        assert!(read[told].contains("Take these permissions from the role"), "{read:?}");
        discord.set_permissions(owner, guild, role, 0).unwrap();
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.owner_read().len(), told + 1);
        discord.set_permissions(owner, guild, role, permission::BAN_MEMBERS).unwrap();
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.owner_read().len(), told + 2);
        harbor.world.transcript();
    }
}
