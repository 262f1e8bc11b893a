//! The address that brings the bot into a server, with the least it needs.

use domain::plan::Permissions;
use url::Url;

/// What the hall needs: to see who did what, to rename, and to give and take roles.
pub const LEAST_PERMISSIONS: Permissions = Permissions(
    Permissions::VIEW_AUDIT_LOG.0 | Permissions::MANAGE_NICKNAMES.0 | Permissions::MANAGE_ROLES.0,
);

/// The address to open in a browser by somebody who may manage the server.
///
/// `authorize` is where Discord signs people in. (Discord docs: OAuth2, Bot Authorization Flow.)
pub fn invite_address(authorize: &Url, application_id: u64, permissions: Permissions) -> Url {
    let mut address = authorize.clone();
    address
        .query_pairs_mut()
        .append_pair("client_id", &application_id.to_string())
        .append_pair("scope", "bot applications.commands")
        .append_pair("permissions", &permissions.0.to_string());
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_invitation_asks_for_roles_nicknames_and_the_audit_log_alone() {
        let authorize = "https://discord.com/oauth2/authorize".parse().unwrap();
        let address = invite_address(&authorize, 42, LEAST_PERMISSIONS);
        assert_eq!(
            address.as_str(),
            "https://discord.com/oauth2/authorize?client_id=42&scope=bot+applications.commands&permissions=402653312"
        );
    }
}
