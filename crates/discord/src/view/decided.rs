//! What follows a decision, in words.

use domain::ids::{RoleId, UserId};
use service::plans::{Applied, Undone};
use twilight_model::channel::message::component::ButtonStyle;

use super::markdown::escape;
use super::{Message, counted};
use crate::press::Press;

/// An admin said yes to a role.
pub(crate) fn confirmed(user: UserId, role: RoleId) -> Message {
    Message::text(&format!("You said yes: <@{user}> is being given <@&{role}>."))
}

/// A plan is being written.
pub(crate) fn applied(applied: &Applied) -> Message {
    let changes = counted(applied.changes, "change", "changes");
    let text = format!(
        "You said yes to plan {0} with {changes}. What of it is still needed is being written now. /undo plan:{0} \
         takes it back.",
        applied.plan
    );
    Message::text(&text).asks("Undo", ButtonStyle::Secondary, &Press::Undo { run: applied.plan.0 })
}

/// What was written under a plan is being taken back.
pub(crate) fn undone(undone: &Undone) -> Message {
    let changes = counted(undone.changes, "change", "changes");
    let mut lines =
        vec![format!("Plan {} is being taken back, as plan {}: {changes}.", undone.plan, undone.by)];
    if !undone.left.is_empty() {
        lines.push("Not taken back:".to_owned());
        lines.extend(undone.left.iter().map(|left| format!("• {}", escape(left))));
    }
    lines.extend(undone.again.iter().map(|again| escape(again)));
    if undone.again.is_empty() || undone.changes > 0 {
        lines.push(
            "The rules do not bring it again for a while. /overrides lists who is excepted.".to_owned(),
        );
    }
    Message::text(&lines.join("\n"))
}

/// Those who hold a role keep it.
pub(crate) fn kept(role: RoleId, members: usize) -> Message {
    let keep = counted(members, "member keeps", "members keep");
    Message::text(&format!("{keep} <@&{role}>, whatever the rules say."))
}

/// A role is being taken from those who hold it.
pub(crate) fn removed(role: RoleId, members: usize) -> Message {
    let members = counted(members, "member", "members");
    Message::text(&format!("<@&{role}> is being taken from {members}."))
}

/// An override has ended; the role zero stands for the name.
pub(crate) fn ended(user: UserId, role: RoleId) -> Message {
    if role == RoleId(0) {
        return Message::text(&format!(
            "The override of the name of <@{user}> has ended. The rules say again what it is."
        ));
    }
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
