//! The table of routes, with who may call each and how it is limited.

use super::{Answer, Call, applications, audit, bans, channels, commands, gateway, guilds, interactions};
use super::{members, messages, roles, users};
use crate::discord::limits::Limit;
use crate::discord::refusal::Refusal;
use crate::discord::state::State;

/// Whose token a route takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::discord) enum Who {
    /// No token, or one inside the path.
    Anyone,
    /// A bot's.
    Bot,
    /// A person's, from OAuth2.
    Person,
    /// Either.
    BotOrPerson,
}

/// One endpoint.
pub(in crate::discord) struct Route {
    pub(in crate::discord) method: &'static str,
    /// Segments in braces are parameters.
    pub(in crate::discord) path: &'static str,
    pub(in crate::discord) who: Who,
    pub(in crate::discord) limit: Limit,
    pub(in crate::discord) run: fn(&mut State, &Call) -> Result<Answer, Refusal>,
}

type Run = fn(&mut State, &Call) -> Result<Answer, Refusal>;

const fn route(method: &'static str, path: &'static str, who: Who, limit: Limit, run: Run) -> Route {
    Route { method, path, who, limit, run }
}

const fn bucket(name: &'static str, uses: u32, window_ms: i64) -> Limit {
    Limit::Bucket { name, uses, window_ms }
}

const NO_HEADERS: Limit = Limit::GlobalOnly;
const HOUR_MS: i64 = 3_600_000;
const MEMBER_ROLES: Limit = bucket("member roles", 10, 10_000);
const MESSAGES: Limit = bucket("messages", 5, 5_000);
const FOLLOW_UPS: Limit = bucket("follow-ups", 5, 2_000);
const COMMANDS: Limit = bucket("commands of all guilds", 2, 60_000);
const GUILD_COMMANDS: Limit = bucket("commands of a guild", 2, 60_000);
const ONE_COMMAND: Limit = bucket("one command", 5, 20_000);

use Who::{Anyone, Bot, BotOrPerson, Person};

/// Every route. Where nothing about a route's limit was observed it has none but the global one.
#[rustfmt::skip]
pub(in crate::discord) const ROUTES: &[Route] = &[
    route("GET", "/gateway", Anyone, NO_HEADERS, gateway::address),
    route("GET", "/gateway/bot", Bot, bucket("gateway", 2, 5_000), gateway::for_bot),
    route("GET", "/voice/regions", BotOrPerson, NO_HEADERS, gateway::voice_regions),
    route("GET", "/sticker-packs", Anyone, NO_HEADERS, gateway::sticker_packs),

    route("GET", "/applications/@me", Bot, NO_HEADERS, applications::own),
    route("PATCH", "/applications/@me", Bot, NO_HEADERS, applications::edit),
    route("GET", "/applications/{application}", Bot, NO_HEADERS, applications::get),
    route("GET", "/oauth2/applications/@me", Bot, NO_HEADERS, applications::own),
    route("GET", "/oauth2/@me", Person, NO_HEADERS, applications::authorization),
    route("GET", "/applications/{application}/entitlements", Bot, NO_HEADERS, applications::nothing),
    route("GET", "/applications/{application}/emojis", Bot, NO_HEADERS, applications::emojis),
    route("GET", "/applications/{application}/role-connections/metadata", Bot, NO_HEADERS, applications::metadata),
    route("PUT", "/applications/{application}/role-connections/metadata", Bot, NO_HEADERS, applications::set_metadata),
    route("GET", "/users/@me/applications/{application}/role-connection", Person, NO_HEADERS, applications::connection),
    route("PUT", "/users/@me/applications/{application}/role-connection", Person, NO_HEADERS, applications::set_connection),

    route("GET", "/applications/{application}/commands", Bot, NO_HEADERS, commands::list),
    route("PUT", "/applications/{application}/commands", Bot, COMMANDS, commands::replace),
    route("POST", "/applications/{application}/commands", Bot, ONE_COMMAND, commands::create),
    route("GET", "/applications/{application}/commands/{command}", Bot, NO_HEADERS, commands::get),
    route("PATCH", "/applications/{application}/commands/{command}", Bot, ONE_COMMAND, commands::edit),
    route("DELETE", "/applications/{application}/commands/{command}", Bot, ONE_COMMAND, commands::delete),
    route("GET", "/applications/{application}/guilds/{guild}/commands", Bot, NO_HEADERS, commands::list),
    route("PUT", "/applications/{application}/guilds/{guild}/commands", Bot, GUILD_COMMANDS, commands::replace),
    route("POST", "/applications/{application}/guilds/{guild}/commands", Bot, ONE_COMMAND, commands::create),
    route("GET", "/applications/{application}/guilds/{guild}/commands/permissions", Bot, NO_HEADERS, commands::permissions),
    route("GET", "/applications/{application}/guilds/{guild}/commands/{command}", Bot, NO_HEADERS, commands::get),
    route("PATCH", "/applications/{application}/guilds/{guild}/commands/{command}", Bot, ONE_COMMAND, commands::edit),
    route("DELETE", "/applications/{application}/guilds/{guild}/commands/{command}", Bot, ONE_COMMAND, commands::delete),

    route("POST", "/interactions/{interaction}/{token}/callback", Anyone, Limit::Free, interactions::answer),
    route("POST", "/webhooks/{webhook}/{token}", Anyone, FOLLOW_UPS, interactions::follow_up),
    route("GET", "/webhooks/{webhook}/{token}/messages/{answer}", Anyone, FOLLOW_UPS, interactions::get),
    route("PATCH", "/webhooks/{webhook}/{token}/messages/{answer}", Anyone, FOLLOW_UPS, interactions::edit),
    route("DELETE", "/webhooks/{webhook}/{token}/messages/{answer}", Anyone, FOLLOW_UPS, interactions::delete),

    route("GET", "/users/@me", BotOrPerson, NO_HEADERS, users::own),
    route("PATCH", "/users/@me", Bot, bucket("own user", 2, HOUR_MS), users::edit_own),
    route("GET", "/users/@me/guilds", BotOrPerson, bucket("own guilds", 1, 1_000), users::guilds),
    route("GET", "/users/@me/guilds/{guild}/member", Person, bucket("own member", 5, 300_000), users::own_member),
    route("DELETE", "/users/@me/guilds/{guild}", Bot, NO_HEADERS, users::leave),
    route("GET", "/users/@me/connections", Person, NO_HEADERS, users::connections),
    route("POST", "/users/@me/channels", Bot, bucket("direct lines", 10, 10_000), users::direct_line),
    route("GET", "/users/{user}", Bot, bucket("users", 30, 30_000), users::get),

    route("GET", "/guilds/{guild}", Bot, NO_HEADERS, guilds::get),
    route("GET", "/guilds/{guild}/preview", Bot, NO_HEADERS, guilds::preview),
    route("GET", "/guilds/{guild}/channels", Bot, NO_HEADERS, guilds::channels),
    route("GET", "/guilds/{guild}/threads/active", Bot, NO_HEADERS, guilds::threads),
    route("GET", "/guilds/{guild}/emojis", Bot, NO_HEADERS, guilds::nothing),
    route("GET", "/guilds/{guild}/stickers", Bot, NO_HEADERS, guilds::nothing),
    route("GET", "/guilds/{guild}/webhooks", Bot, NO_HEADERS, guilds::nothing),
    route("GET", "/guilds/{guild}/invites", Bot, NO_HEADERS, guilds::nothing),
    route("GET", "/guilds/{guild}/integrations", Bot, NO_HEADERS, guilds::nothing),
    route("GET", "/guilds/{guild}/audit-logs", Bot, NO_HEADERS, audit::list),

    route("GET", "/guilds/{guild}/members", Bot, bucket("list members", 10, 10_000), members::list),
    route("GET", "/guilds/{guild}/members/search", Bot, bucket("search members", 10, 10_000), members::search),
    route("PATCH", "/guilds/{guild}/members/@me", Bot, bucket("own nickname", 1, 1_000), members::edit_own),
    route("GET", "/guilds/{guild}/members/{user}", Bot, bucket("get member", 5, 1_000), members::get),
    route("PUT", "/guilds/{guild}/members/{user}", Bot, bucket("add member", 10, 10_000), members::add),
    route("PATCH", "/guilds/{guild}/members/{user}", Bot, bucket("edit member", 10, 10_000), members::edit),
    route("DELETE", "/guilds/{guild}/members/{user}", Bot, bucket("kick", 5, 1_000), members::kick),
    route("PUT", "/guilds/{guild}/members/{user}/roles/{role}", Bot, MEMBER_ROLES, members::give_role),
    route("DELETE", "/guilds/{guild}/members/{user}/roles/{role}", Bot, MEMBER_ROLES, members::take_role),

    route("GET", "/guilds/{guild}/roles", Bot, NO_HEADERS, roles::list),
    route("POST", "/guilds/{guild}/roles", Bot, bucket("create role", 250, 48 * HOUR_MS), roles::create),
    route("PATCH", "/guilds/{guild}/roles", Bot, NO_HEADERS, roles::place),
    route("GET", "/guilds/{guild}/roles/member-counts", Bot, NO_HEADERS, roles::member_counts),
    route("GET", "/guilds/{guild}/roles/{role}", Bot, NO_HEADERS, roles::get),
    route("PATCH", "/guilds/{guild}/roles/{role}", Bot, bucket("edit role", 1_000, 24 * HOUR_MS), roles::edit),
    route("DELETE", "/guilds/{guild}/roles/{role}", Bot, NO_HEADERS, roles::delete),

    route("GET", "/guilds/{guild}/bans", Bot, bucket("list bans", 10, 10_000), bans::list),
    route("GET", "/guilds/{guild}/bans/{user}", Bot, NO_HEADERS, bans::get),
    route("PUT", "/guilds/{guild}/bans/{user}", Bot, NO_HEADERS, bans::put),
    route("DELETE", "/guilds/{guild}/bans/{user}", Bot, NO_HEADERS, bans::delete),

    route("GET", "/channels/{channel}", Bot, NO_HEADERS, channels::get),
    route("POST", "/channels/{channel}/typing", Bot, MESSAGES, channels::typing),
    route("GET", "/channels/{channel}/messages", Bot, MESSAGES, messages::list),
    route("POST", "/channels/{channel}/messages", Bot, bucket("post", 5, 5_000), messages::create),
    route("GET", "/channels/{channel}/messages/{message}", Bot, MESSAGES, messages::get),
    route("PATCH", "/channels/{channel}/messages/{message}", Bot, bucket("edit message", 5, 5_000), messages::edit),
    route("DELETE", "/channels/{channel}/messages/{message}", Bot, bucket("delete message", 5, 1_000), messages::delete),
];
