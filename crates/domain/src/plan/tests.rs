//! What plans say: a table of single members, then the laws.

use std::collections::BTreeMap;

use super::*;
use crate::exception::Overrides;
use crate::facts::{Cell, FactSpec, FactType, Facts, Groups, Row, Schema, SourceSchema};
use crate::ids::{GroupId, GuildId, MemberId, RoleId, SourceName, UserId};
use crate::nickname::{self, Prefer, Template};
use crate::roster::{Entry, Roster};
use crate::rules::{Bindings, check};
use crate::situation::{
    Departure, GuildPicture, GuildRole, GuildRules, LinkedMember, Mode, NicknameBack, NicknameRule,
    NicknameWritten, RoleRule,
};
use crate::time::Timestamp;

mod departures;
mod laws;

const OWNER: UserId = UserId(1);
const BOT: UserId = UserId(2);
pub(super) const MIRA: UserId = UserId(3);

/// A guild in which the hall stands at position 10 and may do what it needs.
#[derive(Debug)]
pub(super) struct Scene {
    schema: Schema,
    pub(super) rules: GuildRules,
    groups: Bindings,
    remembered: BTreeMap<String, RoleId>,
    guild: GuildPicture,
    entries: Vec<Entry>,
    completeness: Completeness,
    pub(super) members: Vec<LinkedMember>,
    pub(super) departures: Vec<Departure>,
    pub(super) overrides: Overrides,
    pub(super) now: Timestamp,
}

fn schema() -> Schema {
    let fact = |name: &'static str, label: &'static str, kind| FactSpec {
        name: name.into(),
        label: label.into(),
        kind,
        about: "".into(),
        example: "".into(),
        range: None,
        private: false,
    };
    let facts = vec![
        fact("trust_level", "trust level", FactType::Int),
        fact("groups", "groups", FactType::Groups),
        fact("name", "name", FactType::Text),
        fact("username", "username", FactType::Text),
    ];
    Schema { sources: vec![SourceSchema { name: SourceName::new("forum").unwrap(), facts }] }
}

fn role(id: u64, name: &str, position: i64, permissions: u64) -> GuildRole {
    GuildRole { id: RoleId(id), name: name.to_owned(), color: 0, position, managed: false, permissions }
}

pub(super) fn facts(trust_level: Cell, groups: Cell) -> Facts {
    let cells = vec![trust_level, groups, Cell::Text("Mira Lind".into()), Cell::Text("mira".into())];
    Facts::of(vec![Some(Row { read_at: Timestamp(0), cells })])
}

impl Scene {
    pub(super) fn new() -> Self {
        let manage = Permissions::MANAGE_ROLES.0 | Permissions::MANAGE_NICKNAMES.0;
        let guild = GuildPicture {
            id: GuildId(100),
            name: "Harbor".to_owned(),
            owner: OWNER,
            bot: BOT,
            bot_roles: vec![RoleId(110)],
            roles: vec![
                role(100, "@everyone", 0, 0),
                role(110, "Guildhall", 10, manage),
                role(101, "Regular", 3, 0),
                role(102, "Makers", 2, 0),
                role(103, "Harbour Staff", 12, 0),
                role(104, "Moderator", 4, 1 << 2),
                role(105, "Twin", 5, 0),
                role(106, "Twin", 6, 0),
            ],
        };
        let mut groups = Bindings::default();
        groups.bind(0, "makers", Some(GroupId(42)));
        Self {
            schema: schema(),
            rules: GuildRules::default(),
            groups,
            remembered: BTreeMap::new(),
            guild,
            entries: Vec::new(),
            completeness: Completeness::Full,
            members: Vec::new(),
            departures: Vec::new(),
            overrides: Overrides::default(),
            now: Timestamp(0),
        }
    }

    pub(super) fn rule(mut self, role: &str, when: &str, mode: Mode) -> Self {
        let when = check(when, &self.schema).unwrap();
        self.rules.roles.push(RoleRule {
            role: role.to_owned(),
            when,
            mode,
            permits: Permissions::default(),
        });
        self
    }

    pub(super) fn nickname(mut self, template: &str) -> Self {
        let template = Template::parse(template, &self.schema).unwrap();
        self.rules.nickname = Some(NicknameRule { template, prefer: Prefer::Name });
        self
    }

    pub(super) fn member(mut self, user: UserId, roles: &[u64], facts: Facts) -> Self {
        let roles = roles.iter().copied().map(RoleId).collect();
        self.entries.push(Entry { user, roles, nickname: 0, bot: false, pending: false });
        let member = MemberId(i64::try_from(user.0).unwrap());
        self.members.push(LinkedMember {
            member,
            user,
            facts,
            nickname: None,
            linked_at: Timestamp(0),
            second_factors: Vec::new(),
        });
        self
    }

    pub(super) fn plan(&self) -> Plan {
        self.situated(plan)
    }

    pub(super) fn situated<T>(&self, ask: impl FnOnce(&Situation<'_>) -> T) -> T {
        let roster = Roster::of(self.completeness, self.entries.iter().cloned());
        ask(&Situation {
            now: self.now,
            schema: &self.schema,
            rules: &self.rules,
            groups: &self.groups,
            remembered_roles: &self.remembered,
            guild: &self.guild,
            roster: &roster,
            members: self.members.clone(),
            departures: self.departures.clone(),
            overrides: &self.overrides,
        })
    }
}

fn says(plan: &Plan) -> Vec<String> {
    let changes = plan.changes.iter().map(|change| match &change.act {
        Act::Give(role) => format!("{} + {}", change.user, role.name()),
        Act::Take(role) => format!("{} - {}", change.user, role.name()),
        Act::Nickname(name) => format!("{} = {}", change.user, name.as_deref().unwrap_or("nothing")),
    });
    changes.chain(plan.findings.iter().map(|finding| format!("! {}", finding.says()))).collect()
}

#[track_caller]
fn check_plan(scene: &Scene, expected: &[&str]) {
    assert_eq!(says(&scene.plan()), expected);
}

fn int(value: i64) -> Cell {
    Cell::Int(value)
}

#[test]
fn a_rule_gives_takes_leaves_and_waits() {
    let regular = "forum.trust_level >= 2";
    let cases: [(Mode, Cell, &[u64], &[&str]); 8] = [
        (Mode::Exact, int(2), &[], &["3 + Regular"]),
        (Mode::Exact, int(2), &[101], &[]),
        (Mode::Exact, int(1), &[101], &["3 - Regular"]),
        (Mode::Exact, int(1), &[], &[]),
        (Mode::Grant, int(2), &[], &["3 + Regular"]),
        (Mode::Grant, int(1), &[101], &[]),
        (Mode::Exact, Cell::Unknown, &[101], &[]),
        (Mode::Exact, Cell::Unknown, &[], &[]),
    ];
    for (mode, level, held, expected) in cases {
        let scene =
            Scene::new().rule("Regular", regular, mode).member(MIRA, held, facts(level, Cell::Unknown));
        check_plan(&scene, expected);
    }
}

#[test]
fn a_group_that_was_not_read_takes_nothing_and_one_that_was_does() {
    let makers = |groups| {
        Scene::new().rule("Makers", "\"makers\" in forum.groups", Mode::Exact).member(
            MIRA,
            &[102],
            facts(int(1), Cell::Groups(groups)),
        )
    };
    check_plan(&makers(Groups::all([GroupId(42)])), &[]);
    check_plan(&makers(Groups::all([])), &["3 - Makers"]);
    check_plan(&makers(Groups::among([], [GroupId(7)])), &[]);
    check_plan(&makers(Groups::among([], [GroupId(42)])), &["3 - Makers"]);
    let mut gone = makers(Groups::all([]));
    gone.groups.bind(0, "makers", None);
    check_plan(&gone, &[]);
}

#[test]
fn roles_that_must_not_be_written_are_findings_and_the_others_go_on() {
    let anyone = "forum.trust_level >= 0";
    let scene = ["Harbour Staff", "Moderator", "Twin", "Nobody", "Makers"]
        .into_iter()
        .fold(Scene::new(), |scene, name| scene.rule(name, anyone, Mode::Exact))
        .member(MIRA, &[], facts(int(1), Cell::Unknown));
    check_plan(
        &scene,
        &[
            "3 + Makers",
            "! There is no role named “Nobody”.",
            "! 2 roles are named “Twin”.",
            "! The role “Harbour Staff” stands above the hall's own role.",
            "! The role “Moderator” carries permissions over the community: BAN_MEMBERS.",
        ],
    );
    let mut integration =
        Scene::new().rule("Makers", anyone, Mode::Exact).member(MIRA, &[], facts(int(1), Cell::Null));
    integration.guild.roles[3].managed = true;
    check_plan(
        &integration,
        &["! The role “Makers” is owned by an integration: Discord lets nobody else give it."],
    );
}

#[test]
fn a_role_is_bound_by_id_and_a_renamed_one_goes_on() {
    let mut scene = Scene::new().rule("Old Name", "forum.trust_level >= 2", Mode::Exact).member(
        MIRA,
        &[],
        facts(int(2), Cell::Null),
    );
    check_plan(&scene, &["! There is no role named “Old Name”."]);
    scene.remembered.insert("Old Name".to_owned(), RoleId(101));
    check_plan(
        &scene,
        &["3 + Regular", "! The role “Old Name” is called “Regular” on Discord now; the rule goes on."],
    );
    scene.remembered.insert("Old Name".to_owned(), RoleId(999));
    check_plan(&scene, &["! There is no role named “Old Name”."]);
}

#[test]
fn two_rules_that_mean_one_role_write_it_no_more_and_say_so() {
    let mut scene = Scene::new()
        .rule("Leader", "forum.trust_level >= 4", Mode::Exact)
        .rule("Regular", "forum.trust_level >= 2", Mode::Exact)
        .rule("Makers", "forum.trust_level >= 2", Mode::Exact)
        .member(MIRA, &[], facts(int(2), Cell::Null))
        .member(UserId(4), &[101], facts(int(0), Cell::Null));
    scene.remembered.insert("Leader".to_owned(), RoleId(101));
    check_plan(
        &scene,
        &[
            "3 + Makers",
            "! The rules for “Leader” and “Regular” all mean the role that is called “Regular” on Discord now; none \
             of them changes it.",
        ],
    );
    let (bindings, _) = bind_roles(&scene.rules, &scene.guild, &scene.remembered);
    assert_eq!(bindings.iter().map(|binding| binding.shared).collect::<Vec<_>>(), [true, true, false]);
    scene.guild.roles[2].name = "Leader".to_owned();
    check_plan(&scene, &["4 - Leader", "3 + Makers", "! There is no role named “Regular”."]);
}

#[test]
fn the_owner_and_members_above_get_roles_but_no_nickname() {
    let scene = Scene::new()
        .rule("Regular", "forum.trust_level >= 2", Mode::Exact)
        .nickname("{forum.name}")
        .member(OWNER, &[], facts(int(2), Cell::Null))
        .member(MIRA, &[], facts(int(2), Cell::Null))
        .member(UserId(9), &[103], facts(int(2), Cell::Null));
    check_plan(
        &scene,
        &[
            "1 + Regular",
            "3 + Regular",
            "9 + Regular",
            "3 = Mira Lind",
            "! The nickname stays as it is: Discord lets nobody rename the owner. Roles follow all the same.",
            "! The nickname stays as it is: Discord lets the hall rename only members below its own role. Roles \
             follow all the same.",
        ],
    );
}

#[test]
fn a_nickname_that_discord_wrote_its_own_way_is_not_written_again() {
    let mut scene = Scene::new().nickname("{forum.name}").member(MIRA, &[], facts(int(2), Cell::Null));
    let became = nickname::fingerprint("something of Discord's");
    scene.entries[0].nickname = became;
    check_plan(&scene, &["3 = Mira Lind"]);
    let verdict = |scene: &Scene| scene.situated(|situation| nickname_verdict(situation, &scene.members[0]));
    assert_eq!(verdict(&scene), Some(NicknameVerdict::Becomes("Mira Lind".to_owned())));
    scene.members[0].nickname = Some(NicknameWritten { asked: nickname::fingerprint("Mira Lind"), became });
    check_plan(&scene, &[]);
    assert_eq!(verdict(&scene), Some(NicknameVerdict::InStep("Mira Lind".to_owned())));
}

#[test]
fn nobody_outside_the_guild_no_bot_and_nobody_in_screening_is_planned_for() {
    let mut scene = Scene::new().rule("Regular", "forum.trust_level >= 2", Mode::Exact).member(
        MIRA,
        &[],
        facts(int(2), Cell::Null),
    );
    scene.entries[0].pending = true;
    check_plan(&scene, &[]);
    scene.entries[0] = Entry { pending: false, bot: true, ..scene.entries[0].clone() };
    check_plan(&scene, &[]);
    scene.entries.clear();
    check_plan(&scene, &[]);
}

#[test]
fn a_guild_that_cannot_be_read_is_left_alone() {
    let mut scene = Scene::new().rule("Regular", "forum.trust_level >= 2", Mode::Exact).member(
        MIRA,
        &[101],
        facts(int(1), Cell::Null),
    );
    scene.completeness = Completeness::Partial;
    check_plan(&scene, &["! The server cannot be read at the moment; nothing is changed."]);
    scene.completeness = Completeness::LinkedOnly;
    check_plan(&scene, &["3 - Regular"]);
}

#[test]
fn without_permission_nothing_is_planned_and_the_owner_is_told() {
    let mut scene = Scene::new()
        .rule("Regular", "forum.trust_level >= 2", Mode::Exact)
        .nickname("{forum.name}")
        .member(MIRA, &[], facts(int(2), Cell::Null));
    scene.guild.roles[1].permissions = 0;
    check_plan(
        &scene,
        &[
            "! The hall lacks the permission Manage Nicknames: nicknames cannot follow.",
            "! The hall lacks the permission Manage Roles: roles can be neither given nor taken.",
        ],
    );
}
