//! A server of 1,000,000 members: what the hall's picture of it costs in memory, and how long a plan for it takes.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement that cannot go on ends there, and says what it measured"
)]

use std::alloc::System;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use domain::exception::{Origin, Overrides, RoleOverride};
use domain::facts::{Cell, FactTable, Facts, Groups, Row, Schema, SourceSchema};
use domain::ids::{GroupId, GuildId, MemberId, RoleId, SourceName, UserId};
use domain::nickname::{Prefer, Template};
use domain::plan::{Permissions, plan};
use domain::roster::{Completeness, Entry, Roster};
use domain::rules::{Bindings, check};
use domain::situation::{
    GuildPicture, GuildRole, GuildRules, LinkedMember, Mode, NicknameRule, RoleRule, Situation,
};
use domain::time::Timestamp;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static COUNTED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const MEMBERS: u64 = 1_000_000;
const ROLE_SETS: u64 = 10_000;
const GROUP_SETS: u64 = 5_000;
const RUNS: usize = 5;
const FIRST: u64 = 100_000_000_000_000_000;
const NOW: Timestamp = Timestamp(1_700_000_000_000);
const ROSTER_LIMIT: f64 = 48.0;
const OVERRIDES_LIMIT: f64 = 16.0;
const PLAN_LIMIT: Duration = Duration::from_secs(1);

/// What stays in memory of what `make` makes, in bytes, and how long making it took.
fn costs<T>(make: impl Fn() -> T) -> (usize, Vec<Duration>) {
    let mut took = Vec::new();
    let mut bytes = 0;
    for _ in 0..RUNS {
        let region = Region::new(COUNTED);
        let began = Instant::now();
        let made = make();
        took.push(began.elapsed());
        let change = region.change();
        bytes = change.bytes_allocated - change.bytes_deallocated;
        drop(made);
    }
    took.sort();
    (bytes, took)
}

fn spread(took: &[Duration]) -> String {
    let [first, middle, last] = [0, took.len() / 2, took.len() - 1].map(|at| took.get(at).unwrap());
    format!("median {middle:.1?}, from {first:.1?} to {last:.1?} ({RUNS} runs)")
}

/// Both are far below what a float holds exactly.
fn a_member(bytes: usize) -> f64 {
    let as_number = |count: u64| f64::from(u32::try_from(count).unwrap());
    as_number(bytes.try_into().unwrap()) / as_number(MEMBERS)
}

/// Numbers that look drawn and are the same each time.
fn drawn(at: u64, of: u64) -> u64 {
    (at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20) % of
}

fn managed_role(nth: u64) -> RoleId {
    RoleId(1_000 + nth)
}

/// The member at a place: one of the sets of roles, and of each ten three with a nickname.
fn entry(at: u64) -> Entry {
    let set = drawn(at, ROLE_SETS);
    let roles = (0..1 + set % 8).map(|nth| RoleId(10_000 + set + nth * ROLE_SETS)).collect();
    let nickname = if at % 10 < 3 { at + 1 } else { 0 };
    Entry { user: UserId(FIRST + at), roles, nickname, bot: false, pending: false }
}

fn memory() {
    let (bytes, took) = costs(|| Roster::of(Completeness::Full, (0..MEMBERS).map(entry)));
    println!(
        "roster of {MEMBERS} with {ROLE_SETS} sets of roles: {:.1} bytes a member; limit {ROSTER_LIMIT}; made in {}",
        a_member(bytes),
        spread(&took)
    );
    for some in [0, 1_000, 100_000] {
        let decided = |at: u64| RoleOverride {
            user: UserId(FIRST + at * 7),
            role: managed_role(0),
            has: true,
            origin: Origin::Undo,
            until: None,
        };
        let (bytes, _) = costs(|| Overrides::of((0..some).map(decided).collect(), Vec::new()));
        println!(
            "overrides for {some} of {MEMBERS}: {:.3} bytes a member; limit {OVERRIDES_LIMIT}",
            a_member(bytes)
        );
    }
}

/// 16 rules over the trust level, flags and groups, 3 over the date of joining, 1 over the title.
fn rules(schema: &Schema) -> GuildRules {
    let standing = (0..16).map(|nth| match nth % 4 {
        0 => format!("forum.trust_level >= {}", nth / 4 + 1),
        1 => format!("\"group{nth}\" in forum.groups && !forum.suspended"),
        2 => format!("forum.trust_level >= 2 && \"group{nth}\" in forum.groups"),
        _ => format!("(forum.admin || forum.moderator) && \"group{nth}\" in forum.groups"),
    });
    let joined = (1..=3).map(|years| format!("now - forum.joined_at >= duration(\"{}h\")", years * 8_766));
    let titled = ["forum.title.startsWith(\"Chief\")".to_owned()];
    let texts = standing.chain(joined).chain(titled);
    let role = |(nth, text): (usize, String)| RoleRule {
        role: format!("Role {nth}"),
        when: check(&text, schema).unwrap(),
        mode: Mode::Exact,
        permits: Permissions::default(),
    };
    GuildRules { roles: texts.enumerate().map(role).collect(), nickname: None }
}

fn said(at: u64, schema: &Schema) -> Vec<Option<Row>> {
    let set = drawn(at, GROUP_SETS);
    let member_of = (0..16).filter(|nth| (set >> (nth % 12)) & 1 == 1).map(GroupId);
    let cells = schema.sources.first().unwrap().facts.iter().map(|fact| match fact.name.as_ref() {
        "trust_level" => Cell::Int(i64::try_from(drawn(at, 5)).unwrap()),
        "admin" => Cell::Bool(at.is_multiple_of(10_000)),
        "moderator" => Cell::Bool(at.is_multiple_of(1_000)),
        "suspended" => Cell::Bool(at.is_multiple_of(500)),
        "groups" => {
            let of_the_set = [GroupId(1_000 + i64::try_from(set).unwrap())];
            Cell::Groups(Groups::all(member_of.clone().chain(of_the_set)))
        }
        "title" => Cell::text_or_null((at.is_multiple_of(50)).then_some("Chief Keeper")),
        "joined_at" => Cell::Time(Timestamp(NOW.0 - i64::try_from(drawn(at, 150_000_000_000)).unwrap())),
        "username" => Cell::Text(format!("member{at}").into()),
        _ => Cell::Unknown,
    });
    vec![Some(Row { read_at: NOW, cells: cells.collect() })]
}

fn picture(roles: usize) -> GuildPicture {
    let role = |id: RoleId, name: String, position, permissions: Permissions| GuildRole {
        id,
        name,
        color: 0,
        position,
        managed: false,
        permissions: permissions.0,
    };
    let hall = Permissions(Permissions::MANAGE_ROLES.0 | Permissions::MANAGE_NICKNAMES.0);
    let given = (0..roles).map(|nth| {
        let place = u64::try_from(nth).unwrap();
        role(managed_role(place), format!("Role {nth}"), 1, Permissions::default())
    });
    let own = [
        role(RoleId(1), "@everyone".to_owned(), 0, Permissions::default()),
        role(RoleId(2), "Guildhall".to_owned(), 10, hall),
    ];
    GuildPicture {
        id: GuildId(1),
        name: "Harbor".to_owned(),
        owner: UserId(1),
        bot: UserId(2),
        bot_roles: vec![RoleId(2)],
        roles: own.into_iter().chain(given).collect(),
    }
}

fn member(at: u64, facts: Facts) -> LinkedMember {
    LinkedMember {
        member: MemberId(i64::try_from(at).unwrap()),
        user: UserId(FIRST + at),
        facts,
        nickname: None,
        linked_at: Timestamp(0),
        second_factors: Vec::new(),
    }
}

/// A plan for everybody, who are as the rules say but for one of each hundred.
fn planned() {
    let name = SourceName::new("forum").unwrap();
    let schema = Schema { sources: vec![SourceSchema { name, facts: discourse::facts() }] };
    let rules = rules(&schema);
    let picture = picture(rules.roles.len());
    let groups: Bindings = (0..16).map(|nth| (0, format!("group{nth}"), Some(GroupId(nth)))).collect();
    let region = Region::new(COUNTED);
    let facts = FactTable::of((0..MEMBERS).map(|at| said(at, &schema)));
    let members: Vec<LinkedMember> = (0..).zip(facts).map(|(at, facts)| member(at, facts)).collect();
    let change = region.change();
    println!(
        "what the forum said of {MEMBERS}, with whom they are: {:.1} bytes a member",
        a_member(change.bytes_allocated - change.bytes_deallocated)
    );
    let bare = Roster::of(Completeness::Full, (0..MEMBERS).map(entry));
    let remembered: BTreeMap<String, RoleId> = BTreeMap::new();
    let overrides = Overrides::default();
    let mut situation = Situation {
        now: NOW,
        schema: &schema,
        rules: &rules,
        groups: &groups,
        remembered_roles: &remembered,
        guild: &picture,
        roster: &bare,
        members,
        departures: Vec::new(),
        overrides: &overrides,
    };
    let mut entries: Vec<Entry> = (0..MEMBERS).map(entry).collect();
    for change in plan(&situation).changes {
        if let domain::plan::Act::Give(role) = change.act {
            let at = usize::try_from(change.user.0 - FIRST).unwrap();
            let in_step = !at.is_multiple_of(100);
            entries.get_mut(at).filter(|_| in_step).unwrap_or(&mut entry(0)).roles.push(role.id());
        }
    }
    let roster = Roster::of(Completeness::Full, entries);
    situation.roster = &roster;
    let (bytes, took) = costs(|| plan(&situation));
    let changes = plan(&situation).changes.len();
    println!(
        "plan of {MEMBERS} by {} rules, {changes} changes: {}; limit {PLAN_LIMIT:?}; {bytes} bytes stay",
        rules.roles.len(),
        spread(&took)
    );
    let template = Template::parse("{forum.title} {forum.username}", &schema).unwrap();
    let nickname = Some(NicknameRule { template, prefer: Prefer::Username });
    let named = GuildRules { roles: Vec::new(), nickname };
    let situation = Situation { rules: &named, ..situation };
    let (_, took) = costs(|| plan(&situation));
    println!("nicknames of {MEMBERS} by a template, each other than it is: {}", spread(&took));
}

fn main() {
    memory();
    planned();
}
