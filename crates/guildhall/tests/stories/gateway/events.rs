//! Events that come twice, out of order, or about what is so already.

use super::{SWEEP, harbor};

stories! {
    async fn events_that_come_twice_are_worked_on_once(engine) {
        let harbor = harbor(&engine).await;
        harbor.discord().repeat_events(100);
        harbor.hand("Maker", false);
        harbor.gives_back_what_was_taken().await;
        assert_eq!(harbor.writes(), 1);
    }

    async fn what_the_first_of_two_swapped_events_told_does_not_stay(engine) {
        let harbor = harbor(&engine).await;
        // Each act is told in two events: as a row of the audit log, and as the member it made.
        harbor.discord().reverse_events(4);
        harbor.hand("Music", true);
        harbor.hand("Maker", false);
        // What came last says that she has the role still; who reads the members knows better.
        harbor.hall.settle().await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.mira.roles(), ["Regular", "Maker", "Music"]);
        assert_told!(harbor.world.transcript(), @"the hall gives mira_d Maker: Harbor: in the group makers on forum");
    }

    async fn a_swapped_event_that_hides_a_role_costs_at_most_a_write_and_nothing_else(engine) {
        let harbor = harbor(&engine).await;
        harbor.discord().reverse_events(4);
        harbor.hand("Maker", false);
        harbor.hand("Maker", true);
        harbor.hall.settle().await;
        assert_eq!(harbor.mira.roles(), ["Regular", "Maker"]);
        assert!(harbor.writes() <= 1, "{} writes", harbor.writes());
        harbor.world.transcript();
    }

    async fn somebody_who_joins_while_there_is_no_news(engine) {
        let harbor = harbor(&engine).await;
        harbor.discord().announce_member(harbor.world.guild(), harbor.user("mira_d")).unwrap();
        harbor.hall.settle().await;
        assert_eq!(harbor.discord().calls(), []);
        assert_eq!(harbor.mira.roles(), ["Regular", "Maker"]);
    }
}
