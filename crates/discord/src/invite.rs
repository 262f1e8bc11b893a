//! The address that brings the bot into a server.

use domain::plan::Permissions;
use url::Url;

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
    fn the_invitation_asks_for_what_it_is_told_and_for_commands() {
        let authorize = "https://discord.com/oauth2/authorize".parse().unwrap();
        let address = invite_address(&authorize, 42, Permissions::MANAGE_ROLES);
        assert_eq!(
            address.as_str(),
            "https://discord.com/oauth2/authorize?client_id=42&scope=bot+applications.commands&permissions=268435456"
        );
    }
}
