//! A line that breaks is taken up where it broke: nothing is lost, and no new session is begun for it.

use super::harbor;
use crate::forum_person;

/// How often the gateway asks for a heartbeat in the story of a dead line, in milliseconds.
const HEARTBEAT_MS: u64 = 2_000;

stories! {
    async fn a_role_taken_by_hand_while_the_line_was_down_comes_back(engine) {
        let harbor = harbor(&engine).await;
        harbor.discord().drop_gateway();
        harbor.hand("Maker", false);
        harbor.gives_back_what_was_taken().await;
        assert_eq!(harbor.sessions_begun(), 1);
    }

    async fn who_left_and_joined_while_the_line_was_down_has_everything_again(engine) {
        let harbor = harbor(&engine).await;
        let (discord, guild, mira) = (harbor.discord(), harbor.world.guild(), harbor.user("mira_d"));
        discord.drop_gateway();
        discord.leave(guild, mira).unwrap();
        discord.join(guild, mira).unwrap();
        harbor.hall.settle().await;
        assert_eq!(harbor.mira.roles(), ["Regular", "Maker"]);
        assert_eq!((harbor.sessions_begun(), harbor.writes()), (1, 2));
        harbor.world.transcript();
    }

    async fn a_reconnect_that_discord_asks_for_loses_nothing(engine) {
        let harbor = harbor(&engine).await;
        harbor.discord().reconnect_gateway();
        harbor.hand("Maker", false);
        harbor.gives_back_what_was_taken().await;
        assert_eq!(harbor.sessions_begun(), 1);
    }

    async fn a_session_that_is_invalid_for_now_is_resumed(engine) {
        let harbor = harbor(&engine).await;
        harbor.discord().invalidate_sessions(true);
        harbor.hand("Maker", false);
        harbor.gives_back_what_was_taken().await;
        assert_eq!(harbor.sessions_begun(), 1);
    }

    async fn after_a_session_that_is_invalid_for_good_everything_is_read_again(engine) {
        let harbor = harbor(&engine).await;
        harbor.discord().invalidate_sessions(false);
        // Nobody is told of it.
        harbor.hand("Maker", false);
        harbor.gives_back_what_was_taken().await;
        assert_eq!(harbor.sessions_begun(), 2);
    }

    async fn a_session_that_discord_forgot_meanwhile_is_begun_anew(engine) {
        let harbor = harbor(&engine).await;
        harbor.discord().forget_sessions();
        harbor.hand("Maker", false);
        harbor.gives_back_what_was_taken().await;
        assert_eq!(harbor.sessions_begun(), 2);
    }

    async fn a_line_that_is_dead_without_a_word_is_noticed_by_its_heartbeat(engine) {
        let harbor = harbor(&engine).await;
        harbor.discord().set_heartbeat_ms(HEARTBEAT_MS);
        harbor.discord().drop_gateway();
        harbor.hand("Music", true);
        harbor.hall.settle().await;
        harbor.discord().freeze_gateway();
        harbor.hand("Maker", false);
        harbor.hall.settle().await;
        assert_eq!(harbor.mira.roles(), ["Regular", "Maker", "Music"]);
        assert_eq!((harbor.sessions_begun(), harbor.writes()), (1, 1));
        harbor.world.transcript();
    }

    async fn a_hall_that_was_stopped_meanwhile_reads_everything_again(engine) {
        let mut harbor = harbor(&engine).await;
        harbor.hall.stop().await;
        harbor.hand("Maker", false);
        forum_person(&harbor.world, "mira").drifts_to_level(1).unwrap();
        harbor.hall.restart().await;
        assert_eq!(harbor.mira.roles(), ["Maker"]);
        harbor.world.transcript();
    }
}
