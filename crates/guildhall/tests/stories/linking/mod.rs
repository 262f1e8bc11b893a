//! Linking, the whole way and every way it can go.

mod addresses;
mod callbacks;
mod kept;
mod strangers;
mod unlinking;
mod ways;

use sim::world::ForumPlan;

use crate::{World, nickname, role};

/// A forum with two people and a guild with theirs.
async fn harbor() -> World {
    harbor_with(|forum| forum).await
}

async fn harbor_with(more: impl FnOnce(ForumPlan) -> ForumPlan) -> World {
    let plan = World::plan()
        .forum("Harbor", |forum| {
            more(forum)
                .user("mira", |mira| {
                    (mira.name, mira.title) = (Some("Mira Vale".to_owned()), Some("Keeper".to_owned()));
                    mira.trust_level = 2;
                })
                .user("tove", |tove| tove.trust_level = 1)
        })
        .guild("Harbor", |guild| guild.role("Regular").role("Staff").member("mira_d").member("tove_d"));
    plan.start().await.unwrap()
}

fn rules() -> [String; 3] {
    [
        role("Regular", "forum.trust_level >= 2"),
        role("Staff", "forum.admin || forum.moderator"),
        nickname("{forum.title} {forum.name}"),
    ]
}
