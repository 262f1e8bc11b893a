//! Our own database on a bad day.

use sqlx::Connection as _;

use super::{SWEEP, harbor};
use crate::engines::on_sqlite;
use crate::{forum_person, person};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_is_locked_nothing_is_thanked_for_and_afterwards_nothing_is_missing() {
    on_sqlite(async |engine| {
        let harbor = harbor(&engine).await;
        let lock = engine.locked().await;
        forum_person(&harbor.world, "mira").leaves("makers").unwrap();
        person(&harbor.world, "tove_d").runs("/link").await;
        let answer = harbor.world.transcript();
        assert!(answer.contains("Something went wrong here. Try again in a minute."), "{answer}");
        harbor.forum().quiet().await;
        let refused = harbor.forum().deliveries().into_iter().rfind(|delivery| delivery.status.is_some());
        assert_eq!(refused.and_then(|delivery| delivery.status), Some(503));
        assert_eq!(harbor.mira.roles(), ["Regular", "Maker"]);
        lock.close().await.unwrap();
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.mira.roles(), ["Regular"]);
        assert_told!(harbor.world.transcript(), @"the hall takes Maker from mira_d: Harbor: not in the group makers on forum");
    })
    .await;
}
