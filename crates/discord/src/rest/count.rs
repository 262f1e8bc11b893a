//! What is counted of each request, for whoever watches the hall by numbers.

use service::Metrics;

use super::{Answer, Call, Problem};
use crate::limits::{Answered, Outcome, Scope};

/// Counts what became of a request.
pub(super) fn count(metrics: &Metrics, call: &Call, read: &Result<Answer, Problem>, answered: &Answered) {
    let status = read.as_ref().ok().map(|answer| answer.status.as_u16());
    metrics.discord_answered(family(call.route.shape), status);
    if let Outcome::Limited { scope, .. } = answered.outcome {
        metrics.discord_limited(word(scope));
    }
    if answered.counts_as_invalid() {
        metrics.discord_invalid();
    }
}

/// The family of a route, by its shape: `PUT /guilds/{}/members/{}/roles/{}` is one of `roles`.
fn family(shape: &str) -> &'static str {
    let path = shape.split_once(' ').map_or(shape, |(_, path)| path);
    match path.trim_start_matches('/').split('/').collect::<Vec<_>>().as_slice() {
        ["guilds", _, "members", _, "roles", ..] => "roles",
        ["guilds", _, "members", ..] => "members",
        ["guilds", _, "audit-logs", ..] => "audit_log",
        ["guilds", ..] => "guilds",
        ["channels", ..] | ["users", "@me", "channels"] => "messages",
        ["users" | "applications", "@me", ..] => "users",
        ["applications", _, "commands", ..] => "commands",
        ["interactions" | "webhooks", ..] => "interactions",
        ["gateway", ..] => "gateway",
        _ => "other",
    }
}

fn word(scope: Scope) -> &'static str {
    match scope {
        Scope::User => "user",
        Scope::Shared => "shared",
        Scope::Global => "global",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_belongs_to_the_family_of_what_it_is_about() {
        for (shape, expected) in [
            ("PUT /guilds/{}/members/{}/roles/{}", "roles"),
            ("PATCH /guilds/{}/members/{}", "members"),
            ("GET /guilds/{}/members", "members"),
            ("GET /guilds/{}/audit-logs", "audit_log"),
            ("GET /guilds/{}", "guilds"),
            ("POST /channels/{}/messages", "messages"),
            ("POST /users/@me/channels", "messages"),
            ("GET /users/@me", "users"),
            ("PUT /applications/{}/commands", "commands"),
            ("PATCH /webhooks/{}/{}/messages/@original", "interactions"),
            ("GET /gateway/bot", "gateway"),
            ("HEAD /stickers/{}", "other"),
        ] {
            assert_eq!(family(shape), expected, "{shape}");
        }
    }
}
