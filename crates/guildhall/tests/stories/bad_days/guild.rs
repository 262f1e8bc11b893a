//! Discord on a bad day: roles that go, a hall that may not, limits, outages, a token that ended.

use std::time::Duration;

use sim::discord::{Fault, FaultRule};

use super::{CREW, MINUTE, NEXT_TRY, STAFF_LOG, SWEEP, harbor, harbor_with};
use crate::people::opens;
use crate::{forum_person, nickname, person};

/// A little longer than an outage is waited for between two looks.
const NEXT_LOOK: Duration = Duration::from_secs(90);

stories! {
    async fn a_role_deleted_midway_is_a_finding_and_the_others_go_on(engine) {
        let mut harbor = harbor(&engine).await;
        let (discord, guild) = (harbor.world.discord_sim().clone(), harbor.world.guild());
        discord.delete_role(harbor.owner(), guild, harbor.role("Maker")).unwrap();
        harbor.hall.settle().await;
        forum_person(&harbor.world, "mira").gets_level(1).unwrap();
        harbor.hall.passes(SWEEP).await;
        assert!(harbor.mira.roles().is_empty());
        harbor.hall.restart().await;
        assert_eq!(harbor.answered_with(404), 0);
        harbor.mira.runs("/why").await;
        assert_told!(harbor.world.transcript(), @r"
        the hall takes Regular from mira_d: Harbor: trust level 1 on forum
        mira_d runs /why
          Why you have what you have
          **Regular**: no, because your trust level is 1.
          **Maker**: no, although you are in the group makers; the hall cannot write this role.
          Read <t:…:R>.
        ");
    }

    async fn a_hall_moved_below_a_role_says_so_and_does_not_try(engine) {
        let harbor = harbor(&engine).await;
        let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
        let top = i64::try_from(discord.roles(guild).len()).unwrap() - 1;
        discord.move_role(harbor.owner(), guild, harbor.role("Maker"), top).unwrap();
        forum_person(&harbor.world, "mira").leaves("makers").unwrap();
        harbor.hall.passes(SWEEP).await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.mira.roles(), ["Maker", "Regular"]);
        assert_eq!(harbor.answered_with(403), 0);
        harbor.mira.runs("/why").await;
        assert_told!(harbor.world.transcript(), @r"
        mira_d runs /why
          Why you have what you have
          **Regular**: yes, because your trust level is 3.
          **Maker**: yes, although you are not in the group makers; the hall cannot write this role.
          Read <t:…:R>.
        ");
    }

    async fn a_revoked_token_ends_all_talk_with_discord_and_nothing_else(engine) {
        let mut harbor = harbor(&engine).await;
        let discord = harbor.world.discord_sim().clone();
        discord.forget_calls();
        harbor.hall.listens(false);
        discord.revoke_token(harbor.world.application()).unwrap();
        for level in [1, 3, 1] {
            forum_person(&harbor.world, "mira").gets_level(level).unwrap();
            harbor.hall.passes(SWEEP).await;
        }
        let refused = harbor.answered_with(401);
        assert!((1..=3).contains(&refused) && discord.calls().len() <= 3, "{:?}", discord.calls());
        let health = opens(&harbor.mira.browser(), &harbor.hall.address("/healthz")).await;
        assert_eq!(health.0.status(), 200);
        discord.renew_token(harbor.world.application()).unwrap();
        harbor.hall.listens(true);
        harbor.hall.restart().await;
        harbor.hall.passes(NEXT_TRY).await;
        assert_eq!(harbor.mira.roles(), ["Maker"]);
        harbor.world.transcript();
    }

    async fn what_is_forbidden_is_tried_at_most_three_times_a_sweep(engine) {
        let harbor = harbor(&engine).await;
        let discord = harbor.world.discord_sim();
        harbor.links_the_crew().await;
        discord.forget_calls();
        discord.fault(FaultRule::next("", "/roles/{role}", Fault::Status(403)).times(1_000));
        // Few enough for the brake to let them go by.
        let few = &CREW[1..];
        for name in few {
            forum_person(&harbor.world, name).gets_level(1).unwrap();
        }
        for span in [STAFF_LOG, SWEEP, SWEEP] {
            harbor.hall.passes(span).await;
            let forbidden = harbor.answered_with(403);
            assert!((1..=3).contains(&forbidden), "asked {forbidden} times");
            discord.forget_calls();
        }
        discord.clear_faults();
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.writes(), few.len());
        harbor.world.transcript();
    }

    async fn what_discord_could_not_take_is_written_later_and_once(engine) {
        let harbor = harbor(&engine).await;
        let discord = harbor.world.discord_sim();
        discord.forget_calls();
        discord.fault(FaultRule::next("", "/", Fault::Html(503)).times(10_000));
        forum_person(&harbor.world, "mira").gets_level(1).unwrap();
        forum_person(&harbor.world, "mira").leaves("makers").unwrap();
        harbor.hall.settle().await;
        harbor.endures(NEXT_TRY).await;
        assert_eq!(harbor.mira.roles(), ["Regular", "Maker"]);
        let asked = discord.calls().len();
        assert!(asked < 60, "a Discord that is down was asked {asked} times");
        discord.clear_faults();
        harbor.endures(NEXT_TRY).await;
        harbor.endures(NEXT_TRY).await;
        assert_eq!(harbor.mira.roles(), [""; 0]);
        assert_eq!(harbor.writes(), 2);
        harbor.world.transcript();
    }

    async fn a_write_whose_answer_was_lost_is_not_repeated_without_need(engine) {
        let harbor = harbor(&engine).await;
        let discord = harbor.world.discord_sim();
        discord.fault(FaultRule::next("DELETE", "/roles/{role}", Fault::Reset).carried_out());
        forum_person(&harbor.world, "mira").gets_level(1).unwrap();
        harbor.hall.settle().await;
        harbor.endures(NEXT_LOOK).await;
        assert_eq!(harbor.mira.roles(), ["Maker"]);
        assert_told!(harbor.world.transcript(), @r"
        the hall takes Regular from mira_d: Harbor: trust level 1 on forum
        ");
    }

    async fn every_kind_of_429_is_waited_for(engine) {
        let harbor = harbor(&engine).await;
        let discord = harbor.world.discord_sim();
        let mira = forum_person(&harbor.world, "mira");
        for (scope, maker, roles) in [
            ("user", false, &["Regular"][..]),
            ("shared", true, &["Regular", "Maker"][..]),
            ("global", false, &["Regular"][..]),
        ] {
            discord.forget_calls();
            let limited = Fault::Limited { scope, retry_after_ms: 60_000 };
            discord.fault(FaultRule::next("", "/roles/{role}", limited));
            let before = harbor.mira.roles();
            if maker { mira.joins("makers") } else { mira.leaves("makers") }.unwrap();
            harbor.hall.settle().await;
            assert_eq!(harbor.mira.roles(), before, "{scope}");
            assert_eq!(harbor.answered_with(429), 1, "{scope}");
            harbor.hall.passes(Duration::from_secs(61)).await;
            assert_eq!(harbor.mira.roles(), roles, "{scope}");
            assert_eq!((harbor.answered_with(429), harbor.writes()), (1, 1), "{scope}");
        }
        harbor.world.transcript();
    }

    async fn who_leaves_in_the_middle_of_a_write_is_left_alone(engine) {
        let harbor = harbor(&engine).await;
        let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
        let limited = Fault::Limited { scope: "user", retry_after_ms: 10_000 };
        discord.fault(FaultRule::next("", "/roles/{role}", limited));
        forum_person(&harbor.world, "mira").leaves("makers").unwrap();
        assert!(tokio::time::timeout(Duration::from_secs(2), harbor.hall.settle()).await.is_err());
        discord.forget_calls();
        discord.leave(guild, harbor.mira.person.user()).unwrap();
        harbor.hall.passes(SWEEP).await;
        harbor.hall.passes(SWEEP).await;
        assert!(harbor.answered_with(404) <= 2, "{:#?}", discord.calls());
        assert_eq!(harbor.writes(), 0);
        assert_told!(harbor.world.transcript(), @"");
    }

    async fn unlinking_in_the_middle_of_writing_leaves_nothing(engine) {
        let grants = |role: &str| {
            format!("[[guild.role]]\nrole = '{role}'\nwhen = 'forum.trust_level >= 2'\nmode = 'grant'\n")
        };
        let rules = [grants("Regular"), grants("Maker"), nickname("{forum.name}")];
        let harbor = harbor_with(&engine, |forum| forum, &rules).await;
        let una = person(&harbor.world, "una_d");
        let limited = Fault::Limited { scope: "user", retry_after_ms: 10_000 };
        harbor.world.discord_sim().fault(FaultRule::next("PUT", "/roles/{role}", limited));
        una.links_with("una").await;
        assert!(tokio::time::timeout(Duration::from_secs(2), harbor.hall.settle()).await.is_err());
        una.runs("/unlink").await.presses("Unlink").await;
        harbor.hall.passes(MINUTE).await;
        assert_eq!((una.roles(), una.nickname()), (Vec::new(), None));
        for table in ["given_roles", "nicknames", "departures"] {
            let left = format!("select count(*) from {table} where user_id = {}", una.person.user());
            assert_eq!(engine.count(&left).await, 0, "{table}");
        }
        harbor.world.transcript();
    }

    async fn work_that_a_stop_cuts_off_goes_on_at_the_next_start(engine) {
        let mut harbor = harbor(&engine).await;
        let limited = Fault::Limited { scope: "user", retry_after_ms: 10_000 };
        harbor.world.discord_sim().fault(FaultRule::next("", "/roles/{role}", limited));
        forum_person(&harbor.world, "mira").leaves("makers").unwrap();
        assert!(tokio::time::timeout(Duration::from_secs(2), harbor.hall.settle()).await.is_err());
        assert_eq!(harbor.mira.roles(), ["Regular", "Maker"]);
        harbor.hall.restart().await;
        assert_eq!(harbor.mira.roles(), ["Regular"]);
        harbor.world.transcript();
    }
}
