//! What people read.

use domain::ids::{PlanId, SourceName, Subject, UserId};
use domain::plan::{NicknameVerdict, Verdict, VerdictKind};
use domain::rules::{Explanation, Known, Reason, ReasonKind, Truth};
use serde_json::Value;
use service::explain::{Presence, Why};
use service::linking::LinkedAccount;
use service::plans::Waiting;
use service::ports::Profile;

use super::*;
use crate::press::Mine;

fn account(username: &str) -> LinkedAccount {
    LinkedAccount {
        source: SourceName::new("forum").unwrap(),
        address: "https://forum.example".to_owned(),
        subject: Subject("42".to_owned()),
        username: username.to_owned(),
        since: Timestamp(1_700_000_000_000),
    }
}

fn text(message: &Message) -> String {
    let body = message.body();
    assert_eq!(body["allowed_mentions"], serde_json::json!({"parse": []}));
    let card = body["embeds"].get(0).map(|card| card["description"].as_str().unwrap_or_default().to_owned());
    card.unwrap_or_else(|| body["content"].as_str().unwrap().to_owned())
}

fn buttons(message: &Message) -> Vec<Value> {
    message.body()["components"][0]["components"].as_array().cloned().unwrap_or_default()
}

fn reason(label: &str, says: &str, private: bool) -> Reason {
    Reason {
        source: SourceName::new("forum"),
        label: label.to_owned(),
        needs: "3 or more".to_owned(),
        says: says.to_owned(),
        truth: Truth::False,
        private,
        kind: ReasonKind::Value,
        known: Known::Value,
    }
}

fn verdict(role: &str, has: bool, kind: VerdictKind, reason: Reason) -> Verdict {
    let explanation = Explanation { truth: Truth::False, reasons: vec![reason], more: 0 };
    Verdict { role: role.to_owned(), condition: "…".to_owned(), has, kind, exception: None, explanation }
}

fn why(verdicts: Vec<Verdict>) -> Why {
    Why {
        user: UserId(7),
        linked: vec![account("mira")],
        presence: Presence::Here,
        verdicts,
        nickname: Some(NicknameVerdict::InStep("Leader Mira".to_owned())),
        waits: [("Held".to_owned(), Waiting { plan: Some(PlanId(8)) })].into(),
        nickname_waits: None,
        findings: Vec::new(),
        read_at: Some(Timestamp(1_700_000_000_000)),
    }
}

#[test]
fn names_from_outside_are_shown_as_they_are_and_do_nothing() {
    for (name, shown) in [
        ("mira", "mira"),
        ("**bold**", r"\*\*bold\*\*"),
        ("<@123> @everyone", r"\<\@123\> \@everyone"),
        ("[click](https://evil.example)", r"\[click\]\(https\://evil.example\)"),
        ("two\nlines", "two lines"),
        ("right\u{202e}left", "rightleft"),
    ] {
        assert_eq!(markdown::escape(name), shown);
    }
}

#[test]
fn a_link_that_could_break_out_of_its_brackets_is_no_link() {
    for (address, linked) in [
        ("https://forum.example", "[forum](https://forum.example)"),
        ("javascript:alert(1)", "forum"),
        ("https://x) [y](https://evil", "forum"),
    ] {
        assert_eq!(markdown::link("forum", address), linked);
    }
}

#[test]
fn linked_already_says_to_which_account_and_since_when_with_a_button_to_unlink() {
    let mine = Mine { user: UserId(7), source: SourceName::new("forum").unwrap(), until: Timestamp(5) };
    let message = link::already(&[account("mira_l")], &[mine]);
    assert_eq!(
        text(&message),
        r"You are linked to **mira\_l** on [forum.example](https://forum.example), since <t:1700000000:D>."
    );
    let buttons = buttons(&message);
    assert_eq!(
        (&buttons[0]["custom_id"], &buttons[0]["label"]),
        (&"unlink-ask:7:forum:5".into(), &"Unlink".into())
    );
}

#[test]
fn link_offers_one_button_to_the_address_and_says_until_when() {
    let address = "https://hall.example/l/abc".parse().unwrap();
    let message = link::offer("https://forum.example", &address, Timestamp(1_700_000_600_000), &[]);
    assert!(text(&message).contains("works until <t:1700000600:t>"), "{}", text(&message));
    let buttons = buttons(&message);
    assert_eq!((buttons.len(), &buttons[0]["url"]), (1, &"https://hall.example/l/abc".into()));
}

#[test]
fn why_speaks_to_the_person_and_hides_private_facts_from_others() {
    let verdicts = || {
        vec![
            verdict("Regular", true, VerdictKind::InStep, reason("trust level", "3", false)),
            verdict("Leader", false, VerdictKind::InStep, reason("trust level", "2", false)),
            verdict("Quiet", true, VerdictKind::Take, reason("warning count", "5", true)),
            verdict("Held", true, VerdictKind::Take, reason("warning count", "5", true)),
        ]
    };
    assert_eq!(
        text(&why::reasons(&why(verdicts()), why::To::Themselves, false)),
        "**Regular**: yes, because your trust level is 3.\n\
         **Leader**: no, because your trust level is 2.\n\
         **Quiet**: will be taken, because your warning count is 5.\n\
         **Held**: still yes; taking it waits for the staff's word (plan 8), because your warning count is 5.\n\
         Name: **Leader Mira**, as in the forum.\n\
         Read <t:1700000000:R>."
    );
    let to_others = text(&why::reasons(&why(verdicts()), why::To::Another, false));
    assert!(!to_others.contains('5'), "{to_others}");
}

#[test]
fn why_of_somebody_who_is_not_there_says_so() {
    for (presence, to, says) in [
        (Presence::Here, why::To::Themselves, "No rule of this server says anything here."),
        (Presence::Absent, why::To::Themselves, "As far as the hall sees you are not in this server"),
        (Presence::Absent, why::To::Another, "As far as the hall sees they are not in this server"),
        (Presence::Unread, why::To::Another, "The server cannot be read at the moment"),
    ] {
        let text = text(&why::reasons(&Why { presence, ..why(Vec::new()) }, to, false));
        assert!(text.starts_with(says), "{text}");
    }
}

#[test]
fn why_names_a_hidden_group_to_nobody() {
    let hidden = Reason {
        label: "groups".to_owned(),
        needs: "in the group crew-secret".to_owned(),
        kind: ReasonKind::Group,
        ..reason("groups", "in crew-secret", true)
    };
    let why = why(vec![verdict("Crew", true, VerdictKind::InStep, hidden)]);
    for (to, first) in [
        (why::To::Themselves, "**Crew**: yes, because a hidden group decides it."),
        (why::To::Another, "**Crew**: yes, because something private on forum."),
    ] {
        let text = text(&why::reasons(&why, to, true));
        assert_eq!(text.lines().next(), Some(first));
        assert!(!text.contains("crew-secret"), "{text}");
    }
}

#[test]
fn why_of_somebody_with_hundreds_of_roles_says_how_many_more() {
    let many =
        (0..300).map(|_| verdict("Regular", true, VerdictKind::InStep, reason("trust level", "3", false)));
    let text = text(&why::reasons(&why(many.collect()), why::To::Themselves, false));
    assert!(text.encode_utf16().count() <= 4_096 && text.ends_with(" more"), "{text}");
}

#[test]
fn a_profile_shows_what_is_there_and_leaves_no_empty_field() {
    let profile = Profile {
        username: "discobot".to_owned(),
        page: "https://forum.example/u/discobot".to_owned(),
        picture: Some("https://forum.example/bot.png".to_owned()),
        trust_level: Some(4),
        automatic: true,
        ..Profile::default()
    };
    let body = profile::card(&profile).body();
    let card = &body["embeds"][0];
    assert_eq!(
        (&card["title"], &card["url"]),
        (&"discobot".into(), &"https://forum.example/u/discobot".into())
    );
    let fields: Vec<&str> =
        card["fields"].as_array().unwrap().iter().map(|f| f["value"].as_str().unwrap()).collect();
    assert_eq!(fields, ["4, leader"]);
}
