//! The recorded Harbor's categories and topics, under the same numbers.

use sim::forum::{CategorySpec, ForumSim, GroupId, PersonId, Refused, STAFF, TopicStatus};

const CAPTAIN: PersonId = PersonId(1);
const MATE: PersonId = PersonId(2);
const MIRA: PersonId = PersonId(4);
const LEO: PersonId = PersonId(5);
const NILS: PersonId = PersonId(6);
const ANA: PersonId = PersonId(7);

const WORKSHOP: i64 = 5;
const BRIDGE: i64 = 7;

/// Answers in the long conversation.
const ANSWERS: usize = 46;

/// Makes what had been written before this was recorded.
pub(crate) fn write(sim: &ForumSim, name: &str) {
    categories(sim);
    for number in 1..=19 {
        topic(sim, CAPTAIN, 1, &format!("An older topic with the number {number}"));
    }
    if name.starts_with("topics/") {
        return ropes(sim);
    }
    let filler = topic(sim, CAPTAIN, 1, "One more topic that is older");
    for _ in 0..3 {
        sim.reply(CAPTAIN, filler, "And on it goes", None).unwrap();
    }
    if name != "actions/topic-create" {
        hull(sim, name);
    }
}

fn categories(sim: &ForumSim) {
    let spec = |name: &str, parent, permissions| CategorySpec {
        name: Some(name.to_owned()),
        parent,
        permissions,
        ..CategorySpec::default()
    };
    for (name, parent, permissions) in [
        ("Workshop", None, Vec::new()),
        ("Hulls", Some(WORKSHOP), Vec::new()),
        ("Bridge (staff)", None, vec![(STAFF, 1)]),
        ("Makers only", None, vec![(GroupId(41), 1)]),
    ] {
        sim.create_category(CAPTAIN, spec(name, parent, permissions)).unwrap();
    }
}

fn topic(sim: &ForumSim, by: PersonId, category: i64, title: &str) -> i64 {
    sim.begin_topic(by, category, title, "Long enough to be read", None).unwrap()
}

/// Topic 21 of posts 24 to 28, and those after it.
fn hull(sim: &ForumSim, name: &str) {
    let hull = topic(sim, MIRA, WORKSHOP, "How do you mend a leaking hull");
    sim.reply(LEO, hull, "Tar, and [patience](https://tar.test). See the *manual*.", None).unwrap();
    sim.reply(NILS, hull, "How long does it take?", Some(2)).unwrap();
    sim.whisper(MATE, hull, "Staff only: watch this one").unwrap();
    sim.reply(CAPTAIN, hull, "one more reply before close", None).unwrap();
    if !name.starts_with("read/category") {
        topic(sim, MATE, BRIDGE, "Staff matters of the last month");
    }
    sim.write_message(MIRA, &[LEO], "A word in private", "Between us two only").unwrap();
    if name != "actions/topic-create-by-trust-level-0" {
        topic(sim, ANA, WORKSHOP, "Please approve this topic");
    }
    if name != "actions/post-create-with-external-id" {
        let title = "Topic with an external id";
        sim.begin_topic(CAPTAIN, WORKSHOP, title, "created with an external id", Some("hall-0001")).unwrap();
    }
    for (part, act) in HISTORY {
        if name.contains(part) {
            act(sim, hull).unwrap();
        }
    }
}

/// Something that had happened to the topic.
type Past = fn(&ForumSim, i64) -> Result<(), Refused>;

const HISTORY: &[(&str, Past)] = &[
    ("read/post-deleted", |sim, _| sim.delete_post(CAPTAIN, 26)),
    ("read/topic-deleted", |sim, hull| sim.delete_topic(CAPTAIN, hull)),
    ("topic-recover", |sim, hull| sim.delete_topic(CAPTAIN, hull)),
    ("read/topic-moved-private", |sim, hull| sim.move_topic(CAPTAIN, hull, BRIDGE)),
    ("reply-create-in-closed-topic", |sim, hull| {
        sim.set_topic_status(CAPTAIN, hull, TopicStatus::Closed, true)
    }),
    ("actions/post-unlike", |sim, _| sim.like(MIRA, 25)),
    ("actions/tag-rename", |sim, hull| sim.set_tags(CAPTAIN, hull, &["hull", "wood"])),
    ("actions/tag-delete", |sim, hull| sim.set_tags(CAPTAIN, hull, &["hull", "timber"])),
    ("read/tag-topics", |sim, hull| sim.set_topic_status(CAPTAIN, hull, TopicStatus::Pinned, true)),
    ("read/tag", |sim, hull| sim.set_tags(CAPTAIN, hull, &["hull", "wood"])),
    ("actions/category-rename", |sim, _| sails(sim)),
    ("actions/category-delete", |sim, _| sails(sim)),
];

fn sails(sim: &ForumSim) -> Result<(), Refused> {
    let spec = CategorySpec { name: Some("Sails".to_owned()), ..CategorySpec::default() };
    sim.create_category(CAPTAIN, spec).map(|id| assert_eq!(id, 9))
}

/// Acts whose deliveries were recorded without the act itself.
pub(crate) fn acts_beside(sim: &ForumSim) {
    let hull = topic(sim, MIRA, WORKSHOP, "A hull that was archived once");
    for on in [true, false] {
        sim.set_topic_status(CAPTAIN, hull, TopicStatus::Archived, on).unwrap();
    }
    let answer = sim.reply(NILS, hull, "Came and went and came", None).unwrap();
    sim.delete_post(CAPTAIN, answer).unwrap();
    sim.recover_post(CAPTAIN, answer).unwrap();
    for category in [1, WORKSHOP] {
        let spec = CategorySpec { color: Some("0088CC".to_owned()), ..CategorySpec::default() };
        sim.update_category(CAPTAIN, category, spec).unwrap();
    }
}

/// Topic 20: one question and many answers.
fn ropes(sim: &ForumSim) {
    for person in [LEO, NILS, CAPTAIN] {
        sim.edit_user(person, |person| person.title = Some("Old Salt".to_owned())).unwrap();
    }
    for _ in 0..3 {
        sim.reply(CAPTAIN, 19, "And on it goes", None).unwrap();
    }
    let ropes = topic(sim, MIRA, WORKSHOP, "A long conversation about ropes");
    for number in 1..=ANSWERS {
        let by = [LEO, NILS, CAPTAIN][number % 3];
        let to_post = (number % 3 == 0).then_some(number - 1).filter(|number| *number > 0);
        sim.reply(by, ropes, &format!("Answer number {number} about ropes"), to_post).unwrap();
    }
}
