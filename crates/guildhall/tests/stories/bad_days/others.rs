//! Others who write at the same moment: another bot in the guild, another hall on the same database.

use std::time::Duration;

use super::{harbor, rules};
use crate::{Hall, forum_person};

/// How many interleavings with another bot are driven.
const INTERLEAVINGS: u64 = 30;
/// How many changes of Discord the other bot lets go by at most before it acts.
const CHANGES_MAX: u64 = 7;

stories! {
    async fn the_role_of_another_bot_survives_any_interleaving(engine) {
        let harbor = harbor(&engine).await;
        let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
        let (mira, music) = (harbor.mira.person.user(), harbor.role("Music"));
        let forum_mira = forum_person(&harbor.world, "mira");
        for seed in 0..INTERLEAVINGS {
            let (maker, plays) = (seed % 2 == 1, seed % 3 != 0);
            let let_go_by = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
            let mut changes = discord.changes();
            if maker { forum_mira.joins("makers") } else { forum_mira.leaves("makers") }.unwrap();
            let other_bot = async {
                for _ in 0..let_go_by % CHANGES_MAX {
                    changes.changed().await.unwrap();
                }
            };
            tokio::select! {
                () = other_bot => {}
                () = harbor.hall.settle() => {}
            }
            if plays {
                discord.lay_roles(guild, mira, &[music]).unwrap();
            } else {
                discord.take_role_by_hand(harbor.owner(), guild, mira, music).unwrap();
            }
            harbor.hall.passes(Duration::from_secs(31)).await;
            let parts = [Some("Regular"), maker.then_some("Maker"), plays.then_some("Music")];
            let expected: Vec<&str> = parts.into_iter().flatten().collect();
            assert_eq!(harbor.mira.roles(), expected, "interleaving {seed}");
        }
        harbor.world.transcript();
    }

    async fn of_two_halls_on_one_database_one_writes_and_the_other_takes_over(engine) {
        let mut harbor = harbor(&engine).await;
        let discord = harbor.world.discord_sim().clone();
        let second = Hall::begin(&harbor.world, &engine, &rules(), "http").await;
        discord.forget_calls();
        forum_person(&harbor.world, "mira").leaves("makers").unwrap();
        harbor.hall.settle().await;
        assert_eq!(harbor.mira.roles(), ["Regular"]);
        assert_eq!(harbor.writes(), 1);
        assert_eq!(discord.deliveries().iter().filter(|line| line.connected).count(), 1);
        harbor.hall.stop().await;
        second.passes(Duration::from_secs(6)).await;
        discord.forget_calls();
        forum_person(&harbor.world, "mira").joins("makers").unwrap();
        second.settle().await;
        assert_eq!(harbor.mira.roles(), ["Regular", "Maker"]);
        assert_eq!(harbor.writes(), 1);
        harbor.world.transcript();
    }
}
