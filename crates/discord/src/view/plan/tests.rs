//! Pages of plans, short and long.

use std::collections::BTreeSet;

use domain::ids::{PlanId, RoleId, UserId};
use serde_json::Value;
use service::plans::HeldBefore;

use super::*;
use crate::tests::empty_plan;

fn line_of(user: u64, because: &str) -> Line {
    Line { user: UserId(user), name: Some("mira_v".to_owned()), nickname: None, because: because.to_owned() }
}

fn part(what: What, role: &str, count: u64, because: &str) -> Part {
    let lines = (1..=count).map(|user| line_of(user, because)).collect();
    Part { what, role: role.to_owned(), role_id: Some(RoleId(22)), lines }
}

fn finding_of(says: &str) -> FindingView {
    FindingView { says: says.to_owned(), remedy: "Move it down.".to_owned() }
}

fn plan(waits: Vec<Part>, at_once: Vec<Part>) -> PlanView {
    let count = |what| {
        waits.iter().chain(&at_once).filter(|part| part.what == what).map(|part| part.lines.len()).sum()
    };
    let (takes, gives, renames) = (count(What::Take), count(What::Give), count(What::Rename));
    PlanView { plan: Some(PlanId(7)), waits, at_once, takes, gives, renames, ..empty_plan() }
}

fn read(message: &Message) -> (String, Vec<String>) {
    let body = message.body();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let card = &body["embeds"][0];
    let parts =
        [&body["content"], &card["title"], &card["description"], &card["footer"]["text"]].map(text).to_vec();
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let rows = body["components"].as_array().unwrap();
    let buttons = rows.iter().flat_map(|row| row["components"].as_array().unwrap());
    (parts.join("\n"), buttons.map(|button| text(&button["custom_id"])).collect())
}

#[test]
fn what_waits_comes_first_with_its_reasons_then_what_is_written_then_what_cannot_be_done() {
    let mut waits = part(What::Take, "Maker", 1, "not in the group makers on forum");
    waits.lines.push(line_of(8, "not in the group *makers*"));
    let names = Part { role_id: None, ..part(What::Rename, "", 1, "the name in the forum") };
    let mut names = names;
    names.lines[0].nickname = Some("Keeper".to_owned());
    let view = PlanView {
        reasons: vec!["2 held the role “Maker” before its rule came.".to_owned()],
        held_before: vec![HeldBefore { role: "Maker".to_owned(), role_id: RoleId(22), count: 2 }],
        findings: vec![finding_of("The role stands above the hall.")],
        ..plan(vec![waits], vec![part(What::Give, "Regular", 1, "trust level 2 on forum"), names])
    };
    let (text, buttons) = read(&page(&view, 1));
    assert_eq!(
        text,
        "In **Harbor** 2 changes wait for your word, as of <t:0:R>:\n\
         • 2 held the role “Maker” before its rule came.\n\
         Plan 7: − 2 roles taken, + 1 role given, ✎ 1 name changed\n\
         __Waits for your word__\n\
         **− Maker** (2)\n\
         − <@1> (mira\\_v): not in the group makers on forum\n\
         − <@8> (mira\\_v): not in the group \\*makers\\*\n\
         __Written without your word__\n\
         **+ Regular** (1)\n\
         + <@1> (mira\\_v): trust level 2 on forum\n\
         **✎ Names** (1)\n\
         ✎ <@1> (mira\\_v) becomes Keeper: the name in the forum\n\
         __Cannot be done__\n\
         • The role stands above the hall. Move it down."
    );
    assert_eq!(buttons, ["release:7", "keep:22", "remove:22"]);
}

#[test]
fn a_plan_of_a_hundred_thousand_changes_is_read_ten_at_a_time() {
    let view =
        plan(Vec::new(), vec![part(What::Take, "Maker", 99_995, "x"), part(What::Give, "Cook", 5, "y")]);
    let view = PlanView { findings: vec![finding_of("one"), finding_of("two")], ..view };
    let (text, buttons) = read(&page(&view, 1));
    assert!(text.contains("− <@1> ") && text.contains("− <@10> ") && !text.contains("<@11>"), "{text}");
    assert_eq!(buttons, ["plan:7:2", "apply:7"]);
    let (text, buttons) = read(&page(&view, 10_000));
    assert!(text.contains("− <@99995> ") && text.contains("+ <@5> ") && !text.contains("<@99990>"), "{text}");
    assert_eq!(buttons, ["plan:7:9999", "plan:7:10001", "apply:7"]);
    let (text, buttons) = read(&page(&view, u32::MAX));
    assert!(text.ends_with("• one Move it down.\n• two Move it down.\nPage 10001 of 10001"), "{text}");
    assert_eq!(buttons, ["plan:7:10000", "apply:7"]);
}

#[test]
fn every_change_and_every_finding_stands_on_exactly_one_page() {
    for (takes, gives, findings) in [(0, 0, 7), (1, 0, 5), (9, 3, 1), (10, 10, 0), (13, 24, 11)] {
        let view = plan(vec![part(What::Take, "A", takes, "x")], vec![part(What::Give, "B", gives, "y")]);
        let findings: Vec<FindingView> =
            (0..findings).map(|number| finding_of(&format!("f{number}f"))).collect();
        let view = PlanView { findings, ..view };
        let mut read_in_all = String::new();
        let mut next = 1;
        loop {
            let (text, buttons) = read(&page(&view, next));
            read_in_all.push_str(&text);
            next += 1;
            if !buttons.contains(&format!("plan:7:{next}")) {
                break;
            }
        }
        let count = |what: &str| u64::try_from(read_in_all.matches(what).count()).unwrap();
        assert_eq!((count("− <@"), count("+ <@")), (takes, gives), "{read_in_all}");
        for finding in &view.findings {
            assert_eq!(count(&finding.says), 1, "{} in {read_in_all}", finding.says);
        }
    }
}

#[test]
fn the_longest_page_loses_no_line() {
    let long = "*".repeat(400);
    let parts = (0..10).map(|_| part(What::Take, &long, 1, &long)).collect();
    let view = PlanView { reasons: vec![long.clone(); 30], ..plan(parts, Vec::new()) };
    let (text, _) = read(&page(&view, 1));
    assert_eq!(text.matches("− <@1>").count(), 10, "{text}");
}

/// Discord docs: Embed Limits, Components, Message; lengths in UTF-16 units, of which no text has fewer.
fn assert_fits(message: &Message) {
    let body = message.body();
    let units = |value: &Value| value.as_str().map_or(0, |text| text.encode_utf16().count());
    let card = &body["embeds"][0];
    let lengths = [&card["title"], &card["description"], &card["footer"]["text"]].map(units);
    assert!(units(&body["content"]) <= 2_000 && lengths[0] <= 256 && lengths[1] <= 4_096, "{body}");
    assert!(lengths.iter().sum::<usize>() <= 6_000, "{body}");
    let rows = body["components"].as_array().unwrap();
    assert!(rows.len() <= 5, "{body}");
    for row in rows {
        let buttons = row["components"].as_array().unwrap();
        assert!(!buttons.is_empty() && buttons.len() <= 5, "{body}");
        assert!(buttons.iter().all(|one| units(&one["label"]) <= 80 && units(&one["custom_id"]) <= 100));
    }
    let ids: BTreeSet<String> = rows
        .iter()
        .flat_map(|row| row["components"].as_array().unwrap())
        .map(|one| one["custom_id"].to_string())
        .collect();
    let buttons: usize = rows.iter().map(|row| row["components"].as_array().unwrap().len()).sum();
    assert_eq!(ids.len(), buttons, "no two buttons of a message carry the same");
}

#[test]
fn no_page_of_a_hundred_thousand_of_the_longest_changes_outgrows_discord() {
    let long = "*🦀".repeat(400);
    let part = |what, count: u64| {
        let line =
            |user| Line { name: Some(long.clone()), ..line_of(u64::MAX - user, "*".repeat(300).as_str()) };
        Part { lines: (0..count).map(line).collect(), ..part(what, &long, 0, "") }
    };
    let held = |role| HeldBefore { role: long.clone(), role_id: RoleId(u64::MAX - role), count: 9 };
    let view = PlanView {
        plan: Some(PlanId(i64::MAX)),
        reasons: vec![long.clone(); 30],
        held_before: (0..9).map(held).collect(),
        findings: vec![finding_of(&long); 9],
        guild_name: long.clone(),
        ..plan(vec![part(What::Take, 60_000)], vec![part(What::Give, 39_995), part(What::Rename, 5)])
    };
    assert_eq!(view.takes + view.gives + view.renames, 100_000);
    for number in [0, 1, 2, 5_999, 6_000, 6_001, 9_999, 10_000, 10_001, 10_002, u32::MAX] {
        assert_fits(&page(&view, number));
    }
}

#[test]
fn a_server_in_which_nothing_would_change_is_told_so() {
    let (text, buttons) = read(&page(&empty_plan(), 1));
    assert_eq!(text, "Nothing would change: everybody here is as the rules say.");
    assert_eq!(buttons, [""; 0]);
}
