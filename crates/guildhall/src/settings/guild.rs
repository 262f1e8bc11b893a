//! `[[guild]]`: a Discord server that follows, with its nickname and its roles.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::ids::{ChannelId, GuildId};
use domain::nickname::{Prefer, Template};
use domain::plan::{Limit, Limits, Permissions};
use domain::rules::Condition;
use domain::situation::{GuildRules, Mode, NicknameRule, RoleRule};

use service::Care;

use super::kinds::{
    Choice, Choices, MaybeSnowflake, NicknameTemplate, PermissionNames, RoleName, RuleText, Snowflake, Span,
    Switch, WholeNumber,
};
use super::reader::TableReader;
use super::section::{Section, Times, section};
use super::unique::refuse_twins;

/// The most servers of one hall.
pub const GUILDS_MAX: usize = 100;

/// The most rules of one server: it has no more roles (Discord docs: Guild, 250 roles).
pub const ROLES_MAX: usize = 250;

/// How often a server would be swept that follows nothing. No hall leads by that.
const SWEEP_UNRULED: Duration = Duration::from_secs(7 * 86_400);

/// A Discord server that follows, and its rules.
#[derive(Clone, Debug)]
pub struct Guild {
    /// The server's id.
    pub id: GuildId,
    /// How often everything is read anew.
    pub sweep_every: Duration,
    /// What it follows.
    pub rules: GuildRules,
    /// How careful the hall is in it.
    pub care: Care,
}

section! {
    /// A Discord server that follows. One section for each, its rules behind it.
    pub(super) struct GuildSection in "guild" Times::List(GUILDS_MAX),
        parts &[BrakeSection::OUTLINE, TellSection::OUTLINE, NicknameSection::OUTLINE, RoleSection::OUTLINE];

    /// The server's id.
    id: GuildId = Snowflake::<GuildId>::found(
        "in Discord: switch on the developer mode under Advanced, right-click the server, Copy Server ID"
    ), Required "\"1180000000000000002\"";

    /// How often everything is read anew. In between, the hall follows what it is told.
    sweep_every: Duration = Span::seconds_to_days(60, 7), Default "\"60m\"";

    /// Whether changes are made at once, or wait until somebody applies them (`/apply`).
    changes: Changes = Choice::<Changes>::NEW, Default "\"at once\"";

    /// How long what moderators do by hand stands against the rules.
    overrides_last: Duration = Span::seconds_to_days(3_600, 3_650), Default "\"30d\"";

    /// The channel in which the hall tells the staff what waits for them. Without one it writes to the owner.
    staff_channel: Option<ChannelId> = MaybeSnowflake(Snowflake::<ChannelId>::found(
        "in Discord: switch on the developer mode under Advanced, right-click the channel, Copy Channel ID"
    )), Default "\"\"";
}

section! {
    /// How much may happen in 24 hours before a plan waits for your word. May be left out.
    /// Each limit is a share with a number below which the share does not matter.
    struct BrakeSection in "guild.brake" Times::Once;

    /// So many of a role's holders may always lose it …
    removals_least: u32 = HOW_MANY, Default "10";

    /// … and so many of a hundred.
    removals_percent: u32 = PERCENT, Default "5";

    /// So many linked members may always lose their last role …
    stripped_least: u32 = HOW_MANY, Default "5";

    /// … and so many of a hundred.
    stripped_percent: u32 = PERCENT, Default "2";

    /// So many linked members may always be renamed …
    nicknames_least: u32 = HOW_MANY, Default "20";

    /// … and so many of a hundred.
    nicknames_percent: u32 = PERCENT, Default "30";

    /// So many members may be given roles with permissions over the community.
    dangerous_most: u32 = HOW_MANY, Default "3";

    /// A forum may always lose so many people between two readings …
    shrink_least: u32 = HOW_MANY, Default "10";

    /// … and so many of a hundred. When it lost more, nothing is taken away because of it.
    shrink_percent: u32 = PERCENT, Default "10";
}

section! {
    /// What members are told by direct message. May be left out.
    struct TellSection in "guild.tell" Times::Once;

    /// After linking: which roles came and why, and what could not follow.
    linked: bool = Switch, Default "true";

    /// That a role was taken away, and why.
    removals: bool = Switch, Default "false";
}

/// When changes are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Changes {
    AtOnce,
    WhenAsked,
}

impl Choices for Changes {
    const WORDS: &'static [(&'static str, Self)] =
        &[("at once", Self::AtOnce), ("when asked", Self::WhenAsked)];
}

const HOW_MANY: WholeNumber =
    WholeNumber { least: 0, most: 1_000_000, because: "no server has more members that could be meant" };

const PERCENT: WholeNumber = WholeNumber { least: 0, most: 100, because: "it is a share of a hundred" };

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

    /// Which permissions over the community the role may carry. A role that carries any other is left alone.
    permits: Permissions = PermissionNames, Default "[]";
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

/// The servers that can be told apart, following nothing.
pub(super) fn without_rules(whole: &TableReader<'_>) -> Vec<Guild> {
    let tables = whole.list(GuildSection::OUTLINE);
    let ids: BTreeSet<GuildId> =
        tables.iter().filter_map(|table| table.raw_text("id")?.0.parse().ok()).collect();
    let guild = |id| {
        let rules = GuildRules { roles: Vec::new(), nickname: None };
        Guild { id, sweep_every: SWEEP_UNRULED, rules, care: Care::default() }
    };
    ids.into_iter().map(guild).collect()
}

/// Reads everything before it gives up, so that all problems are told.
fn read(table: &TableReader<'_>) -> Option<Guild> {
    let guild = GuildSection::read(table);
    let nickname = match table.part(NicknameSection::OUTLINE) {
        None => Some(None),
        Some(part) => NicknameSection::read(&part).map(Some),
    };
    let brake = table.section::<BrakeSection>();
    let tell = table.section::<TellSection>();
    let roles = table.list(RoleSection::OUTLINE);
    refuse_twins(&roles, "role", str::to_owned, "one rule for each role: join the conditions with ||");
    let roles: Vec<Option<RoleSection>> = roles.iter().map(RoleSection::read).collect();

    let GuildSection { id, sweep_every, changes, overrides_last, staff_channel } = guild?;
    let limits = limits(&brake?, changes == Changes::WhenAsked);
    let TellSection { linked: tell_linked, removals: tell_removals } = tell?;
    let care = Care { limits, overrides_last, staff_channel, tell_linked, tell_removals };
    let nickname = nickname?.map(|NicknameSection { template, prefer }| NicknameRule { template, prefer });
    let roles = roles.into_iter().map(|role| {
        let RoleSection { role, when, mode, permits } = role?;
        Some(RoleRule { role, when, mode, permits })
    });
    let roles = roles.collect::<Option<Vec<RoleRule>>>()?;
    Some(Guild { id, sweep_every, rules: GuildRules { roles, nickname }, care })
}

fn limits(brake: &BrakeSection, everything: bool) -> Limits {
    let limit = |least, percent| Limit { least, percent };
    Limits {
        removals: limit(brake.removals_least, brake.removals_percent),
        stripped: limit(brake.stripped_least, brake.stripped_percent),
        nicknames: limit(brake.nicknames_least, brake.nicknames_percent),
        dangerous: brake.dangerous_most,
        shrink: limit(brake.shrink_least, brake.shrink_percent),
        everything,
    }
}
