//! `[[guild]]`: a Discord server that follows, with its nickname and its roles.

use std::time::Duration;

use domain::ids::GuildId;
use domain::nickname::{Prefer, Template};
use domain::rules::Condition;
use domain::situation::{GuildRules, Mode, NicknameRule, RoleRule};

use super::kinds::{Choice, Choices, NicknameTemplate, RoleName, RuleText, Snowflake, Span};
use super::reader::TableReader;
use super::section::{Section, Times, section};
use super::unique::refuse_twins;

/// The most servers of one hall.
pub const GUILDS_MAX: usize = 100;

/// The most rules of one server: it has no more roles (Discord docs: Guild, 250 roles).
pub const ROLES_MAX: usize = 250;

/// A Discord server that follows, and its rules.
#[derive(Clone, Debug)]
pub struct Guild {
    /// The server's id.
    pub id: GuildId,
    /// How often everything is read anew.
    pub sweep_every: Duration,
    /// What it follows.
    pub rules: GuildRules,
}

section! {
    /// A Discord server that follows. One section for each, its rules behind it.
    pub(super) struct GuildSection in "guild" Times::List(GUILDS_MAX),
        parts &[NicknameSection::OUTLINE, RoleSection::OUTLINE];

    /// The server's id.
    id: GuildId = Snowflake::<GuildId>::found(
        "in Discord: switch on the developer mode under Advanced, right-click the server, Copy Server ID"
    ), Required "\"1180000000000000002\"";

    /// How often everything is read anew. In between, the hall follows what it is told.
    sweep_every: Duration = Span::seconds_to_days(60, 7), Default "\"60m\"";
}

section! {
    /// How linked members are called in this server. May be left out: nicknames are then left alone.
    struct NicknameSection in "guild.nickname" Times::Maybe;

    /// What the nickname is made of. What is missing leaves no hole, and 32 characters are the most.
    template: Template = NicknameTemplate, Required "\"{forum.title} {forum.name}\"";

    /// What stands where the template says name: the name, or the username.
    prefer: Prefer = Choice::<Prefer>::NEW, Default "\"name\"";
}

section! {
    /// A role and who gets it. One section for each role of this server.
    struct RoleSection in "guild.role" Times::List(ROLES_MAX);

    /// The role, as it is called in Discord. The hall remembers its id, so that it may be renamed.
    role: String = RoleName, Required "\"Leader\"";

    /// Who gets it: a condition on what the sources say. All facts and operators: docs/reference/facts.md.
    when: Condition = RuleText, Required "\"forum.trust_level == 4\"";

    /// Whether the rule gives and takes ("exact"), or gives only ("grant").
    mode: Mode = Choice::<Mode>::NEW, Default "\"exact\"";
}

impl Choices for Prefer {
    const WORDS: &'static [(&'static str, Self)] = &[("name", Self::Name), ("username", Self::Username)];
}

impl Choices for Mode {
    const WORDS: &'static [(&'static str, Self)] = &[("exact", Self::Exact), ("grant", Self::Grant)];
}

/// Reads all servers; one id twice is refused.
pub(super) fn read_all(whole: &TableReader<'_>) -> Vec<Option<Guild>> {
    let tables = whole.list(GuildSection::OUTLINE);
    refuse_twins(&tables, "id", str::to_owned, "one section for each server: put its rules together");
    tables.iter().map(read).collect()
}

/// Reads everything before it gives up, so that all problems are told.
fn read(table: &TableReader<'_>) -> Option<Guild> {
    let guild = GuildSection::read(table);
    let nickname = match table.part(NicknameSection::OUTLINE) {
        None => Some(None),
        Some(part) => NicknameSection::read(&part).map(Some),
    };
    let roles = table.list(RoleSection::OUTLINE);
    refuse_twins(&roles, "role", str::to_owned, "one rule for each role: join the conditions with ||");
    let roles: Vec<Option<RoleSection>> = roles.iter().map(RoleSection::read).collect();

    let GuildSection { id, sweep_every } = guild?;
    let nickname = nickname?.map(|NicknameSection { template, prefer }| NicknameRule { template, prefer });
    let roles = roles.into_iter().map(|role| {
        let RoleSection { role, when, mode } = role?;
        Some(RoleRule { role, when, mode })
    });
    let roles = roles.collect::<Option<Vec<RoleRule>>>()?;
    Some(Guild { id, sweep_every, rules: GuildRules { roles, nickname } })
}
