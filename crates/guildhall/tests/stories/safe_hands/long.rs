//! What people read when everything that could be long is as long as it may be.

use serde_json::Value;
use sim::discord::{RoleSpec, Seen, permission};
use sim::world::ForumPlan;

use crate::bad_days::{CREW, Harbor, SWEEP, harbor_with};
use crate::{Engine, person};

/// A rule for a role that nobody has.
const NO_RULE: &str = "[[guild.role]]\nrole = 'Music'\nwhen = 'forum.trust_level >= 4'\n";
/// So many roles were held before their rules came, each of which is a reason of its own.
const ROLES: usize = 9;
/// The length of a role's name. (Discord docs: Role Object.)
const ROLE_CHARS_MAX: usize = 100;
/// So many groups are in each rule.
const GROUPS: usize = 9;

/// A group's name, as long as they are where somebody means it.
fn group(number: usize) -> String {
    format!("keepers_of_the_lamp{number}")
}

/// A role's name, which has to be escaped wherever it is written.
fn name(number: usize) -> String {
    let name: String = format!("{number} *k_e*e_p*e_r* ~of~ ").chars().cycle().take(ROLE_CHARS_MAX).collect();
    name.trim_end().to_owned() + &"!".repeat(name.len() - name.trim_end().len())
}

/// The rules: each role for whoever is in one of many groups, and one with power besides.
fn rules() -> String {
    let groups: Vec<String> =
        (1..=GROUPS).map(|number| format!("\"{}\" in forum.groups", group(number))).collect();
    let rule =
        |number| format!("[[guild.role]]\nrole = '{}'\nwhen = '{}'\n", name(number), groups.join(" || "));
    let warden = format!(
        "[[guild.role]]\nrole = '{}'\nwhen = 'forum.trust_level >= 2'\npermits = ['ban_members']\n",
        name(0)
    );
    (1..=ROLES).map(rule).chain([warden]).collect()
}

/// Mira and two of the crew held every one of the roles, and then all the rules come.
async fn everything_is_long(engine: &Engine) -> Harbor {
    let groups =
        |forum: ForumPlan| (1..=GROUPS).fold(forum, |forum, number| forum.group(&group(number), &[]));
    let mut harbor = harbor_with(engine, groups, &[NO_RULE.to_owned()]).await;
    harbor.links_the_crew().await;
    let (discord, guild) = (harbor.world.discord_sim().clone(), harbor.world.guild());
    let roles: Vec<_> =
        (1..=ROLES).map(|number| discord.add_role(guild, &RoleSpec::named(&name(number))).unwrap()).collect();
    let warden = RoleSpec { permissions: permission::BAN_MEMBERS, ..RoleSpec::named(&name(0)) };
    discord.add_role(guild, &warden).unwrap();
    for who in ["mira"].into_iter().chain(CREW).take(3) {
        discord.lay_roles(guild, person(&harbor.world, &format!("{who}_d")).person.user(), &roles).unwrap();
    }
    let staff = discord.create_channel(guild, "staff");
    harbor.hall.is_set(NO_RULE, format!("staff_channel = '{staff}'\n{}", rules()).leak());
    harbor.hall.restart().await;
    harbor.hall.passes(SWEEP).await;
    harbor
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::Object(fields) => fields.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// Discord takes it (Discord docs: Create Message, Embed Limits, Components), and whoever reads it sees where
/// something is left out.
fn is_whole(message: &Seen) {
    assert!(units(&message.content) <= 2_000, "{}", units(&message.content));
    let mut lines: Vec<&str> = message.content.lines().collect();
    for embed in &message.embeds {
        let description = embed["description"].as_str().unwrap_or_default();
        assert!(units(description) <= 4_096 && units(embed["title"].as_str().unwrap_or_default()) <= 256);
        assert!(texts(embed).iter().map(|text| units(text)).sum::<usize>() <= 6_000);
        assert!(embed["fields"].as_array().is_none_or(|fields| fields.len() <= 25));
        lines.extend(description.lines());
    }
    for line in lines {
        let ends = ['.', ':', '…', ')', '_', '*'].iter().any(|end| line.ends_with(*end));
        assert!(ends || line.ends_with(" more"), "this breaks off: {line}");
    }
    assert!(message.components.len() <= 5);
    for row in &message.components {
        let buttons = row["components"].as_array().unwrap();
        assert!(buttons.len() <= 5);
        for label in buttons.iter().filter_map(|button| button["label"].as_str()) {
            assert!(!label.is_empty() && units(label) <= 80, "{label}");
        }
    }
}

stories! {
    async fn a_plan_for_more_long_reasons_than_fit_is_told_and_shown_within_discords_limits(engine) {
        let harbor = everything_is_long(&engine).await;
        let (discord, owner) = (harbor.world.discord_sim(), person(&harbor.world, "owner"));
        let waiting = harbor.plan().await;
        assert_eq!(waiting.reasons.len(), ROLES + 1, "{:?}", waiting.reasons);
        let posts = discord.posts(harbor.world.guild(), harbor.world.application());
        let (channel, notice) = posts.last().unwrap();
        assert_eq!(channel, "staff");
        is_whole(notice);
        let told = notice.content.replace('\\', "");
        let plan = waiting.plan.unwrap();
        let more = told.lines().find_map(|line| line.strip_prefix("and ")?.strip_suffix(" more")?.parse().ok());
        let said = told.lines().filter(|line| line.starts_with('•')).count();
        assert_eq!(said + more.unwrap_or(0), ROLES + 1, "{told}");
        assert!(more.is_some(), "{told}");
        assert!(told.contains(&format!("type /apply plan:{plan} count:{} there.", waiting.waiting())), "{told}");
        is_whole(&owner.runs("/plan").await.message());
        harbor.world.transcript();
    }

    async fn where_the_staff_has_no_channel_the_owner_reads_as_much_and_what_to_type(engine) {
        let harbor = everything_is_long(&engine).await;
        let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
        let staff = discord.channel_named(guild, "staff").unwrap();
        let before = discord.dms(harbor.owner()).len();
        discord.delete_channel(staff).unwrap();
        harbor.hall.settle().await;
        // Somebody else waits for power, which is news.
        let tove = person(&harbor.world, "tove_d");
        crate::forum_person(&harbor.world, "tove").gets_level(2).unwrap();
        tove.links_with("tove").await;
        harbor.hall.passes(SWEEP).await;
        let read = discord.dms(harbor.owner());
        assert_eq!(read.len(), before + 1);
        read.iter().for_each(is_whole);
        let told = read.last().unwrap().content.replace('\\', "");
        let waiting = harbor.plan().await;
        let types = format!("type /apply plan:{} count:{} there.", waiting.plan.unwrap(), waiting.waiting());
        assert!(told.contains(&types), "{told}");
        harbor.world.transcript();
    }
}
