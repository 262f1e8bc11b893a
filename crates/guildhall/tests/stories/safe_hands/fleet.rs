//! A harbour with many members, linked without a browser each: what waits is many changes, and stays one plan.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::ids::{PlaceId, Subject};
use domain::time::Timestamp;
use store::Store;
use store::links::{NewAccount, NewLink};

use crate::bad_days::{Harbor, SWEEP, harbor_with};
use crate::{Engine, forum_person, person, role};

/// So many within one minute are what a forum's admin clicks through.
const DEMOTED: usize = 30;
/// The hints come in so many parts of that minute.
const PARTS: usize = 3;
/// A part of it.
const PART: Duration = Duration::from_secs(20);
/// A little longer than what was written counts for the brake.
const DAY: Duration = Duration::from_secs(86_401);
/// How many changes a page of a plan has.
const A_PAGE: usize = 10;

/// Mira and a fleet are linked, and have what the rules say as far as it does not wait.
async fn fleet(engine: &Engine, sailors: usize, rules: &[String]) -> Harbor {
    let names: Vec<String> = sailors_of(sailors).collect();
    let users = |forum: sim::world::ForumPlan| {
        names.iter().fold(forum, |forum, name| forum.user(name, |sailor| sailor.trust_level = 2))
    };
    let harbor = harbor_with(engine, users, rules).await;
    let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
    let store = Store::open(engine.address()).await.unwrap();
    let places = ["discord", "discourse"].map(|kind| format!("select id from places where kind = '{kind}'"));
    let [here, forum] = [PlaceId(engine.count(&places[0]).await), PlaceId(engine.count(&places[1]).await)];
    let account = |place, subject: String, name: &str| NewAccount {
        place,
        subject: Subject(subject),
        username: name.to_owned(),
        name: None,
    };
    let mut tx = store.write().await.unwrap();
    for name in &names {
        let user = discord.create_user(&format!("{name}_d"), None);
        discord.join(guild, user).unwrap();
        let subject = forum_person(&harbor.world, name).id().0.to_string();
        let link = NewLink {
            user: account(here, user.to_string(), &format!("{name}_d")),
            other: account(forum, subject, name),
            proven_by: "a story".to_owned(),
            second_factor: false,
            at: Timestamp(harbor.world.clock().now_ms()),
        };
        tx.link(&link).await.unwrap();
    }
    tx.commit().await.unwrap();
    store.close().await;
    harbor.hall.passes(SWEEP).await;
    harbor.world.transcript();
    harbor
}

fn sailors_of(count: usize) -> impl Iterator<Item = String> {
    (1..=count).map(|number| format!("sailor{number:03}"))
}

fn regulars(harbor: &Harbor) -> usize {
    let members = harbor.world.discord_sim().members(harbor.world.guild());
    members.iter().filter(|member| member.roles.iter().any(|role| role == "Regular")).count()
}

/// Whose names stand on a page of a plan.
fn sailors_on(page: &str) -> Vec<String> {
    let lines = page.lines().filter(|line| line.trim_start().starts_with("+ <@"));
    let name = |line: &str| Some(line.split_once('(')?.1.split_once(')')?.0.to_owned());
    lines.filter_map(name).collect()
}

stories! {
    async fn thirty_who_are_demoted_within_a_minute_wait_in_one_plan_and_nothing_trickles_through(engine) {
        let harbor = fleet(&engine, DEMOTED, &[role("Regular", "forum.trust_level >= 2")]).await;
        assert_eq!(regulars(&harbor), DEMOTED + 1);
        let names: Vec<String> = sailors_of(DEMOTED).collect();
        for part in names.chunks(DEMOTED / PARTS) {
            for name in part {
                forum_person(&harbor.world, name).gets_level(1).unwrap();
            }
            harbor.hall.passes(PART).await;
        }
        harbor.hall.passes(PART).await;
        let left = regulars(&harbor) - 1;
        // As the settings have it by themselves, five may lose the last role that they have.
        assert_eq!((left, harbor.plan().await.waiting()), (DEMOTED - 5, DEMOTED - 5));
        assert_eq!(engine.count("select count(*) from plans where state = 'parked'").await, 1);
        let read = harbor.owner_read();
        assert_eq!(read.len(), 1, "{read:#?}");
        // What is written does not count any more after a day, and still nobody slips through.
        harbor.hall.passes(DAY).await;
        harbor.hall.passes(SWEEP).await;
        assert_eq!((regulars(&harbor) - 1, harbor.plan().await.waiting()), (left, left));
        harbor.applies(Some(left)).await.unwrap();
        assert_eq!(regulars(&harbor), 1);
        harbor.world.transcript();
    }

    async fn a_long_plan_is_read_forwards_and_backwards_and_has_everybody_once(engine) {
        let rules = ["changes = 'when asked'\n".to_owned(), role("Regular", "forum.trust_level >= 2")];
        let harbor = fleet(&engine, 249, &rules).await;
        let mut page = person(&harbor.world, "owner").runs("/plan").await;
        let (mut names, mut pages) = (Vec::new(), 1);
        assert!(page.text().contains("250 changes wait for your word"), "{}", page.text());
        loop {
            let said = harbor.world.transcript();
            assert!(said.contains(&format!("Page {pages} of 25")), "{said}");
            assert_eq!(sailors_on(&said).len(), A_PAGE, "{said}");
            names.extend(sailors_on(&said));
            if pages == 25 {
                break;
            }
            page = page.presses("▶").await;
            pages += 1;
        }
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), 250);
        while pages > 1 {
            page = page.presses("◀").await;
            pages -= 1;
            let said = harbor.world.transcript();
            assert!(said.contains(&format!("Page {pages} of 25")), "{said}");
            assert_eq!(sailors_on(&said), names[(pages - 1) * A_PAGE..pages * A_PAGE]);
        }
        assert_eq!(regulars(&harbor), 0);
        harbor.world.transcript();
    }
}
