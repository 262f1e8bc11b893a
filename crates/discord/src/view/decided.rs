//! What follows a decision, in words.

use domain::ids::{RoleId, UserId};

use super::Message;

/// An admin said yes to a role.
pub(crate) fn confirmed(user: UserId, role: RoleId) -> Message {
    Message::text(&format!("You said yes: <@{user}> is being given <@&{role}>."))
}

/// An override has ended.
pub(crate) fn ended(user: UserId, role: RoleId) -> Message {
    Message::text(&format!(
        "The override of <@{user}> for <@&{role}> has ended. The rules say again whether they have it."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_names_whom_and_which_role_it_is_about() {
        let said = |message: Message| message.body()["content"].as_str().unwrap().to_owned();
        assert_eq!(said(confirmed(UserId(7), RoleId(22))), "You said yes: <@7> is being given <@&22>.");
        assert!(said(ended(UserId(7), RoleId(22))).starts_with("The override of <@7> for <@&22> has ended."));
    }
}
