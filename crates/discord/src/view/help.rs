//! What can be asked.

use super::markdown::escape;
use super::{Card, Message};
use crate::commands::{Allowed, Command};

/// Every command with what it does.
pub(crate) fn commands(community: &str, commands: &[Command]) -> Message {
    let mut lines = vec!["Your roles and your name here follow who you are in the forum.".to_owned()];
    lines.extend(commands.iter().map(line));
    Message::card(Card { title: escape(community), lines, ..Card::default() })
}

fn line(command: &Command) -> String {
    let others = match command.allowed {
        Allowed::Everyone | Allowed::Only(_) => "",
        Allowed::ThemselvesOrManageRoles => " (for others with Manage Roles)",
        Allowed::AboveRole(_) => " (with Manage Roles)",
        Allowed::ManageGuildOrAbove(_) | Allowed::ManageGuildOrAboveRoles => {
            " (with Manage Server, or a role above all that it changes)"
        }
    };
    format!("`/{}` {}{others}", command.name, command.about)
}
