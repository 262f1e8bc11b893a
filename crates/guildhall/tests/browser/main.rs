//! Stories in a real browser: a headless Chromium links accounts the way a person does, and looks at every page.
//!
//! `GUILDHALL_TEST_CHROMEDRIVER` and `GUILDHALL_TEST_CHROMIUM` name the two programs; otherwise they are looked
//! for where Debian puts them. Pictures of all pages go to `target/screenshots/`, for people to look at.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a story that cannot go on has failed, and says what it left out; what JSON does not have is null"
)]

#[expect(dead_code, unused_macros, reason = "these stories need one database, the others need both")]
#[path = "../stories/engines.rs"]
mod engines;

#[path = "../stories/clock.rs"]
mod clock;

#[expect(dead_code, reason = "these stories only start a hall")]
#[path = "../stories/hall.rs"]
mod hall;

mod axe;
mod chromium;
mod demo;
mod driver;
mod linking;
mod looks;
mod network;
mod pages;

use driver::{Driver, left_out};
use engines::{Engine, on_sqlite};
use hall::{Hall, nickname, role};
use sim::world::World;

/// The password of everybody in the forum.
const PASSWORD: &str = "correct horse battery 9";

/// Tells a story about one world and hall with browsers, or says that it was left out.
async fn told<F: Future<Output = ()>>(story: impl FnOnce(World, Hall, Driver) -> F) {
    let Some(driver) = Driver::start() else { return left_out() };
    on_sqlite(|engine: Engine| async move {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        story(world, hall, driver).await;
    })
    .await;
}

/// A forum with two people and a guild with theirs. One of them is hard to lay out.
async fn harbor() -> World {
    let plan = World::plan()
        .forum("Harbor", |forum| {
            forum
                .user("mira", |mira| {
                    (mira.name, mira.title) = (Some("Mira Vale".to_owned()), Some("Keeper".to_owned()));
                    (mira.trust_level, mira.avatar) = (2, true);
                })
                .user("tove_with_twenty_abc", |tove| {
                    tove.name = Some("Tovewithoutanyspacebetweenherlettersatall".repeat(2));
                    (tove.trust_level, tove.moderator) = (4, true);
                })
        })
        .guild("Harbor", |guild| {
            guild
                .role_with("Staff of the harbour and of all the lighthouses", |staff| {
                    staff.color = 0xe6_7e_22;
                })
                .role_with("Donaudampfschifffahrtsgesellschaftskapitän", |captain| {
                    captain.color = 0x1f_8b_4c;
                })
                .role("Regular")
                .role_above_bot("Harbour master")
                .member("mira_d")
                .member("tove_with_32_letters_in_her_name")
        });
    plan.start().await.unwrap()
}

fn rules() -> [String; 5] {
    [
        role("Harbour master", "forum.trust_level >= 1"),
        role("Regular", "forum.trust_level >= 2"),
        role("Staff of the harbour and of all the lighthouses", "forum.admin || forum.moderator"),
        role("Donaudampfschifffahrtsgesellschaftskapitän", "forum.trust_level == 4"),
        nickname("{forum.title} {forum.name}"),
    ]
}
