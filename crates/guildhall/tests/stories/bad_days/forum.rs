//! A forum that does not answer, or answers nonsense, or does not know somebody any more: nothing is taken.

use sim::forum::{Fault, FaultRule, GroupSpec};

use super::{Harbor, NEXT_TRY, SWEEP, harbor};
use crate::{Engine, forum_person};

/// Every answer of the forum goes wrong from now on.
fn always(fault: Fault) -> FaultRule {
    FaultRule { times: u32::MAX, ..FaultRule::next("/", fault) }
}

/// Mira loses her level while every answer goes wrong; when the forum is itself again, she loses the role.
async fn nothing_is_taken_until_it_recovers(harbor: &Harbor, fault: Fault) {
    let mira = forum_person(&harbor.world, "mira");
    harbor.forum().fault(always(fault.clone()));
    mira.gets_level(1).unwrap();
    harbor.endures(SWEEP).await;
    harbor.endures(SWEEP).await;
    assert_eq!(harbor.mira.roles(), ["Regular", "Maker"], "while the forum says {fault:?}");
    harbor.forum().clear_faults();
    harbor.endures(NEXT_TRY).await;
    assert_eq!(harbor.mira.roles(), ["Maker"], "after {fault:?}");
    mira.gets_level(3).unwrap();
    harbor.endures(NEXT_TRY).await;
    assert_eq!(harbor.mira.roles(), ["Regular", "Maker"], "after {fault:?}");
    harbor.world.transcript();
}

/// By the sweep or by id: what a wrong key is told is word for word what is said of nobody.
async fn nobody_is_gone_when_the_key_ends_after(calls: u32, engine: &Engine) {
    let harbor = harbor(engine).await;
    harbor.forum().fault(FaultRule { after: calls, ..FaultRule::next("/", Fault::KeyRevoked) });
    harbor.endures(SWEEP).await;
    forum_person(&harbor.world, "mira").calls_themselves("Mira V").unwrap();
    harbor.endures(SWEEP).await;
    assert_eq!(harbor.mira.roles(), ["Regular", "Maker"]);
    assert_eq!(engine.count("select count(*) from accounts where vanished_at_ms is not null").await, 0);
    harbor.world.transcript();
}

stories! {
    async fn a_forum_that_answers_nonsense_takes_nothing(engine) {
        let harbor = harbor(&engine).await;
        for fault in [
            Fault::HtmlOk,
            Fault::EmptyList,
            Fault::Truncated(40),
            Fault::Status(502),
        ] {
            nothing_is_taken_until_it_recovers(&harbor, fault).await;
        }
    }

    async fn a_forum_that_cannot_be_reached_takes_nothing(engine) {
        let harbor = harbor(&engine).await;
        for fault in [Fault::Reset, Fault::BrokenAfter(40)] {
            nothing_is_taken_until_it_recovers(&harbor, fault).await;
        }
    }

    async fn an_empty_list_in_the_middle_of_a_sweep_takes_nothing(engine) {
        let harbor = harbor(&engine).await;
        for path in ["/groups", "/groups/trust_level_0", "/groups/trust_level_2", "/groups/makers", "/admin/users"] {
            harbor.forum().fault(FaultRule { times: u32::MAX, ..FaultRule::next(path, Fault::EmptyList) });
            harbor.endures(SWEEP).await;
            assert_eq!(harbor.mira.roles(), ["Regular", "Maker"], "{path}");
            harbor.forum().clear_faults();
        }
    }

    async fn a_slow_forum_is_waited_for(engine) {
        let harbor = harbor(&engine).await;
        harbor.forum().fault(FaultRule { times: 40, ..FaultRule::next("/", Fault::Late(300)) });
        forum_person(&harbor.world, "mira").drifts_to_level(1).unwrap();
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.mira.roles(), ["Maker"]);
        harbor.world.transcript();
    }

    async fn a_key_revoked_before_a_sweep_makes_nobody_gone(engine) {
        nobody_is_gone_when_the_key_ends_after(0, &engine).await;
    }

    async fn a_key_revoked_in_the_middle_of_a_sweep_makes_nobody_gone(engine) {
        nobody_is_gone_when_the_key_ends_after(3, &engine).await;
    }

    async fn who_was_destroyed_in_the_forum_keeps_link_and_roles_and_why_says_unknown(engine) {
        let harbor = harbor(&engine).await;
        forum_person(&harbor.world, "mira").is_deleted().unwrap();
        harbor.hall.settle().await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(engine.count("select count(*) from links").await, 1);
        assert_eq!(harbor.mira.roles(), ["Regular", "Maker"]);
        harbor.mira.runs("/why").await;
        harbor.mira.runs("/sync").await;
        harbor.hall.settle().await;
        assert_eq!(harbor.mira.roles(), ["Regular", "Maker"]);
        assert_told!(harbor.world.transcript(), @r"
        mira_d runs /why
          Why you have what you have
          **Regular**: stays as it is, yes; your trust level is not known at the moment.
          **Maker**: stays as it is, yes; whether you are in the group makers is not known at the moment.
        mira_d runs /sync
          Looked again: everything is as it should be
        ");
    }

    async fn a_deleted_group_takes_no_role(engine) {
        let harbor = harbor(&engine).await;
        let group = harbor.forum().group_named("makers").unwrap().id;
        harbor.forum().delete_group(harbor.forum().admin(), group).unwrap();
        harbor.hall.settle().await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.mira.roles(), ["Regular", "Maker"]);
        harbor.mira.runs("/why").await;
        assert_told!(harbor.world.transcript(), @r"
        mira_d runs /why
          Why you have what you have
          **Regular**: yes, because your trust level is 3.
          **Maker**: stays as it is, yes; whether you are in the group makers is not known at the moment.
          Read <t:…:R>.
        ");
    }

    async fn a_new_group_under_the_old_name_is_another_group(engine) {
        let harbor = harbor(&engine).await;
        let group = harbor.forum().group_named("makers").unwrap().id;
        harbor.forum().rename_group(harbor.forum().admin(), group, "builders").unwrap();
        forum_person(&harbor.world, "mira").leaves("builders").unwrap();
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.mira.roles(), ["Regular"]);
        harbor.forum().create_group(harbor.forum().admin(), GroupSpec::new("makers")).unwrap();
        forum_person(&harbor.world, "mira").joins("makers").unwrap();
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.mira.roles(), ["Regular"]);
        harbor.world.transcript();
    }
}
