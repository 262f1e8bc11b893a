//! What people read about an override: that it stands, who made it, and when it ends.

use std::time::Duration;

use super::guarded::crewed;
use super::machine::{dateless, harbor, rules};
use crate::person;

/// A regular by trust level.
const REGULAR: &str = "[[guild.role]]\nrole = 'Regular'\nwhen = 'forum.trust_level >= 2'\n";
/// A little longer than what is decided by hand stands.
const THIRTY_DAYS: Duration = Duration::from_secs(30 * 86_400 + 1);

stories! {
    async fn what_was_taken_by_hand_says_so_until_it_ends_and_the_staff_reads_who_did_it(engine) {
        let harbor = crewed(&engine, &[REGULAR]).await;
        let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
        let una = person(&harbor.world, "una_d");
        discord.take_role_by_hand(harbor.owner(), guild, una.person.user(), harbor.role("Regular")).unwrap();
        harbor.hall.settle().await;
        harbor.world.transcript();
        una.runs("/why").await;
        person(&harbor.world, "owner").runs("/why member:@una_d").await;
        assert_told!(harbor.world.transcript(), @r"
        una_d runs /why
          Why you have what you have
          **Regular**: no, because somebody took it by hand, until <t:…:f>. The rule alone would give it: your trust level is 2.
          Read <t:…:R>.
        owner runs /why member:@una_d
          Why they have what they have
          **Regular**: no, because <@owner> took it by hand, until <t:…:f>. The rule alone would give it: trust level 2 on forum.
          Read <t:…:R>.
        ");
        let made = harbor.hall.inside().overrides(harbor.guild()).await.unwrap()[0].made_at;
        let ends = made.after(Duration::from_secs(30 * 86_400)).0.div_euclid(1_000);
        let told = una.runs("/why").await.text();
        assert!(told.contains(&format!("until <t:{ends}:f>")), "{told}");
        harbor.hall.passes(THIRTY_DAYS).await;
        assert!(harbor.has("una", "Regular"));
        let told = una.runs("/why").await.text();
        assert!(told.contains("**Regular**: yes, because your trust level is 2."), "{told}");
        harbor.world.transcript();
    }

    async fn on_the_machine_why_names_who_did_it_and_until_when_it_stands(engine) {
        let harbor = harbor(&engine, &rules()).await;
        let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
        let (regular, owner) = (discord.role_named(guild, "Regular").unwrap(), discord.user_named("owner").unwrap());
        discord.take_role_by_hand(owner, guild, harbor.mira.person.user(), regular).unwrap();
        harbor.hall.settle().await;
        let (done, said) = harbor.runs("why", &["mira"]).await;
        assert!(done, "{said}");
        assert_told!(dateless(&said.replace(&owner.to_string(), "OWNER")), @r"
        The member MIRA, linked with mira at forum, as read at DAY TIME UTC

        Regular: does not have it
          because trust level 2 on forum
          override: OWNER took it by hand; until DAY TIME UTC
        ");
    }
}
