//! What is to be said of what was seen. Makes no call.

use std::collections::BTreeMap;

use domain::ids::RoleId;
use domain::plan::{Finding, Permissions, Standing, bind_roles};
use domain::situation::GuildRules;
use service::checkup::Check;
use url::Url;

use super::{BotSeen, ServerSeen};

/// The application's flags for the server members intent: granted after a review, or switched on in the portal
/// for a bot in fewer than a hundred servers. (Discord docs: Application Flags.)
pub(super) const MEMBERS_INTENT: u64 = (1 << 14) | (1 << 15);

/// Discord's code for a server that the bot may not see at all.
pub(super) const MISSING_ACCESS: u64 = 50_001;

pub(super) const BOT_TOKEN: &str = "bot token";
pub(super) const CLIENT_SECRET: &str = "client secret";
pub(super) const SERVER: &str = "server";

/// What OAuth2 calls a code that is no good (RFC 6749 §5.2): whoever asked is known by then.
const CODE_REFUSED: &str = "invalid_grant";
/// What it calls an id and a secret that do not belong together.
const CLIENT_REFUSED: &str = "invalid_client";

impl BotSeen {
    /// The token itself.
    pub fn token(&self) -> Check {
        Check::ok(BOT_TOKEN, format!("Discord accepts it: the bot is {}.", self.name))
    }

    /// Whether the settings name the application that the token belongs to.
    pub fn application(&self, said: u64) -> Check {
        let Self { application, application_id, .. } = self;
        if *application_id == said {
            return Check::ok("application", format!("It is {application} ({application_id})."));
        }
        Check::broken(
            "application",
            format!("The bot token belongs to {application} ({application_id}), the settings name {said}."),
            format!(
                "Write application_id = \"{application_id}\" under [discord], or take the token of {said}."
            ),
        )
    }

    /// Whether the server members intent is as the settings say.
    pub fn intent(&self, wanted: bool) -> Check {
        let looked_at = "server members intent";
        match (wanted, self.members_intent) {
            (true, true) => {
                Check::ok(looked_at, "It is switched on: the hall sees all members and their changes.")
            }
            (true, false) => Check::broken(
                looked_at,
                "It is switched off: Discord will not let the bot connect as the settings want.",
                "In the developer portal, Bot, Privileged Gateway Intents, switch on Server Members Intent and save. \
                 Or write members_intent = false under [discord]: then the hall sees changes by others only when it \
                 looks.",
            ),
            (false, true) => Check::warning(
                looked_at,
                "It is switched on in the portal, and the settings do not use it.",
                "Take `members_intent = false` out of [discord]: the hall then sees changes by others at once.",
            ),
            (false, false) => Check::warning(
                looked_at,
                "It is switched off: the hall sees only linked members, and changes by others only when it looks.",
                "In the developer portal, Bot, switch on Server Members Intent, and take `members_intent = false` out \
                 of [discord].",
            ),
        }
    }

    /// Whether Discord will send people back to the hall.
    pub fn redirect(&self, address: &Url) -> Check {
        let looked_at = "redirect address";
        let add =
            format!("In the developer portal, OAuth2, Redirects, add exactly this and save:\n{address}");
        let Some(redirects) = &self.redirects else {
            return Check::not_tried(looked_at, "Discord does not say which addresses are registered.")
                .with_remedy(add);
        };
        if redirects.iter().any(|known| known == address.as_str()) {
            return Check::ok(looked_at, format!("{address} is registered."));
        }
        let says = match redirects.iter().find(|known| nearly(known, address)) {
            Some(near) => format!("{near} is registered, which differs: Discord compares letter by letter."),
            None => format!("{address} is not registered: nobody could link."),
        };
        Check::broken(looked_at, says, add)
    }

    /// Whether the invitation works that the hall prints.
    pub fn invitation(&self) -> Option<Check> {
        self.requires_code_grant.then(|| {
            Check::warning(
                "invitation",
                "The bot asks for an OAuth2 code grant: the address of `guildhall invite` will not let it in.",
                "In the developer portal, Bot, switch off Requires OAuth2 Code Grant.",
            )
        })
    }
}

/// An address that was meant to be this one.
fn nearly(known: &str, address: &Url) -> bool {
    let plain = |text: &str| text.trim().trim_end_matches('/').to_ascii_lowercase();
    let known = plain(known);
    let host = address.host_str().unwrap_or_default();
    known == plain(address.as_str()) || (!host.is_empty() && known.contains(&format!("//{host}")))
}

/// What Discord's name of the error says of the client secret.
pub(super) fn client_secret(error: &str) -> Check {
    match error {
        CODE_REFUSED => Check::ok(CLIENT_SECRET, "Discord accepts it."),
        CLIENT_REFUSED => Check::broken(
            CLIENT_SECRET,
            "Discord does not accept it for this application.",
            "In the developer portal, OAuth2, press Reset Secret and put the new one where client_secret points.",
        ),
        other => Check::not_tried(
            CLIENT_SECRET,
            match other {
                "" => "Discord did not say whether it is right.".to_owned(),
                other => format!("Discord did not say whether it is right, but {other}."),
            },
        ),
    }
}

/// What reading the audit log taught.
pub(super) fn audit_log(read: Result<(), String>) -> Check {
    let looked_at = "audit log";
    match read {
        Ok(()) => Check::ok(looked_at, "The bot may read it: the hall sees what moderators do by hand."),
        Err(why) => Check::warning(
            looked_at,
            format!(
                "The bot may not read it ({why}): the hall cannot tell what a moderator did by hand from what \
                 happened otherwise."
            ),
            "In Server Settings, Roles, give the bot's role View Audit Log.",
        ),
    }
}

/// What is in the way of writing in the channel for staff, if anything.
pub(super) fn staff_channel(closed: Result<Option<String>, String>) -> Check {
    let looked_at = "staff channel";
    match closed {
        Ok(None) => Check::ok(looked_at, "The bot may write there."),
        Ok(Some(why)) => {
            Check::broken(looked_at, why, "Until then notices go to the server's owner, by direct message.")
        }
        Err(why) => Check::not_tried(looked_at, format!("The channels could not be read: {why}.")),
    }
}

impl ServerSeen {
    /// That the bot is there.
    pub fn present(&self) -> Check {
        Check::ok(SERVER, format!("The bot is in {}.", self.picture.name))
    }

    /// Whether the bot may do what the rules need.
    pub fn permissions(&self, rules: &GuildRules) -> Vec<Check> {
        let standing = Standing::of(&self.picture);
        let invite = "Run `guildhall invite` and open the address it prints, or give the bot's role the permission in \
                      Server Settings, Roles.";
        let one = |name: &str, held: bool, needed: bool, loses: &str| match (held, needed) {
            (true, _) => Check::ok(name, "The bot has the permission."),
            (false, true) => Check::broken(name, format!("The bot lacks the permission: {loses}."), invite),
            (false, false) => Check::ok(name, "The bot lacks the permission, and no rule needs it."),
        };
        let loses = "roles can be neither given nor taken";
        vec![
            one("Manage Roles", standing.can_manage_roles(), !rules.roles.is_empty(), loses),
            one(
                "Manage Nicknames",
                standing.can_manage_nicknames(),
                rules.nickname.is_some(),
                "nicknames cannot follow",
            ),
        ]
    }

    /// Whether the bot's owner has the second factor that the server asks of moderators.
    pub fn second_factor(&self, owner_has: Option<bool>) -> Option<Check> {
        let looked_at = "two-factor";
        let remedy = "Switch on two-factor authentication in the Discord account that owns the application (User \
                      Settings, My Account).";
        match (self.two_factor_required, owner_has) {
            (false, _) => None,
            (true, Some(true)) => {
                Some(Check::ok(looked_at, "The server asks moderators for it, and the bot's owner has it."))
            }
            (true, Some(false)) => Some(Check::broken(
                looked_at,
                "The server asks moderators for two-factor authentication, and the bot's owner has none: Discord \
                 forbids the bot to give roles.",
                remedy,
            )),
            (true, None) => Some(Check::warning(
                looked_at,
                "The server asks moderators for two-factor authentication, and Discord does not say whether the \
                 bot's owner has it.",
                remedy,
            )),
        }
    }

    /// Each rule's role, and what is in its way. `remembered` are the roles that names were bound to before.
    pub fn roles(&self, rules: &GuildRules, remembered: &BTreeMap<String, RoleId>) -> Vec<Check> {
        let (bindings, findings) = bind_roles(rules, &self.picture, remembered);
        if bindings.is_empty() {
            let remedy = "Add a [[guild.role]] with a role and a condition, or run `guildhall init`.";
            return vec![Check::warning("roles", "No rule names a role: nothing is given.", remedy)];
        }
        let mut checks: Vec<Check> = findings.iter().map(found).collect();
        let fine: Vec<&str> = bindings
            .iter()
            .filter(|binding| {
                binding.id.is_some() && !findings.iter().any(|finding| names(finding, &binding.name))
            })
            .map(|binding| binding.name.as_str())
            .collect();
        if !fine.is_empty() {
            let says = match fine.len() {
                1 => format!("There and below the bot's own role: {}.", fine.join(", ")),
                _ => format!("All there and below the bot's own role: {}.", fine.join(", ")),
            };
            checks.insert(0, Check::ok("roles", says));
        }
        checks
    }

    /// The roles that a rule may give: below the bot, owned by nobody else, without power, highest first.
    pub fn givable(&self) -> Vec<String> {
        let standing = Standing::of(&self.picture);
        let mut roles: Vec<_> = self.picture.roles.iter().collect();
        roles.retain(|role| {
            role.id.0 != self.picture.id.0
                && !role.managed
                && standing.above(role)
                && Permissions(role.permissions).dangerous().is_empty()
        });
        roles.sort_by_key(|role| std::cmp::Reverse((role.position, std::cmp::Reverse(role.id))));
        roles.into_iter().map(|role| role.name.clone()).collect()
    }
}

fn found(finding: &Finding) -> Check {
    let (says, remedy) = (finding.says(), finding.remedy());
    match finding {
        Finding::RoleRenamed { .. } => Check::warning("role", says, remedy),
        _ => Check::broken("role", says, remedy),
    }
}

fn names(finding: &Finding, rule: &str) -> bool {
    match finding {
        Finding::RoleMissing { role }
        | Finding::RoleAmbiguous { role, .. }
        | Finding::RoleOwnedByIntegration { role, .. }
        | Finding::RoleTooHigh { role, .. }
        | Finding::RoleDangerous { role, .. } => role == rule,
        Finding::RoleShared { rules, .. } => rules.iter().any(|name| name == rule),
        _ => false,
    }
}
