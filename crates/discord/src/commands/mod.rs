//! What people ask for in Discord: slash commands and buttons.
//!
//! A new command is one file and one line in [`COMMANDS`]; its help, registration and permission check read
//! this table. A handler takes values and gives back a [`Reply`]; the dispatcher checks permission, sends,
//! times and logs. How the question arrived (gateway today) is not known here.

pub(crate) mod apply;
mod dispatch;
mod help;
pub(crate) mod keep;
mod link;
pub(crate) mod overrides;
pub(crate) mod pace;
pub(crate) mod plan;
mod profile;
pub(crate) mod remove;
mod sync;
pub(crate) mod undo;
pub(crate) mod unlink;
mod why;

use std::future::Future;
use std::pin::Pin;

use domain::ids::{PlanId, RoleId, SourceName, UserId};
use service::{Asker, Error, Hall};

pub(crate) use dispatch::dispatch;
pub(crate) use pace::Costs;

pub(crate) use crate::powers::Allowed;
use crate::powers::Powers;
use crate::shown::Shown;
use crate::view::Message;

/// Every command, in the order of the help.
pub(crate) const COMMANDS: [Command; 12] = [
    link::COMMAND,
    unlink::COMMAND,
    profile::COMMAND,
    why::COMMAND,
    sync::COMMAND,
    plan::COMMAND,
    apply::COMMAND,
    undo::COMMAND,
    overrides::COMMAND,
    keep::COMMAND,
    remove::COMMAND,
    help::COMMAND,
];

/// What a handler comes to.
type Answer<'a> = Pin<Box<dyn Future<Output = Result<Reply, Error>> + Send + 'a>>;

/// What answers are made from.
#[derive(Clone, Copy)]
pub(crate) struct Desk<'a> {
    /// What can be asked.
    pub(crate) hall: &'a Hall,
    /// The plans that people are reading.
    pub(crate) shown: &'a Shown,
}

/// One slash command.
pub(crate) struct Command {
    /// What people type.
    pub(crate) name: &'static str,
    /// What it does, at most 100 characters.
    pub(crate) about: &'static str,
    /// Who may use it on whom.
    pub(crate) allowed: Allowed,
    /// What answering it costs.
    pub(crate) costs: Costs,
    /// What it takes.
    pub(crate) options: &'static [Choice],
    /// What it does.
    pub(crate) run: for<'a> fn(Desk<'a>, Call) -> Answer<'a>,
}

/// Something a command takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// What people see.
    pub(crate) name: &'static str,
    /// What it is for, at most 100 characters.
    pub(crate) about: &'static str,
    /// What it is.
    pub(crate) kind: ChoiceKind,
    /// Whether it has to be given; such choices come first.
    pub(crate) needed: bool,
}

/// What a command can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChoiceKind {
    /// A member of the server.
    Member,
    /// A name in the forum.
    Name,
    /// Whether everybody may see the answer.
    Share,
    /// Which source, offered only where there are several.
    Source,
    /// A role of the server.
    Role,
    /// The number of a plan.
    Plan,
    /// How many changes somebody says yes to.
    Count,
}

/// A command as somebody called it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    /// Who asks, and where.
    pub(crate) asker: Asker,
    /// What they may do.
    pub(crate) powers: Powers,
    /// The member they named.
    pub(crate) member: Option<UserId>,
    /// The name in the forum they gave.
    pub(crate) name: Option<String>,
    /// The source they named.
    pub(crate) source: Option<SourceName>,
    /// Whether everybody may see the answer.
    pub(crate) share: bool,
    /// The role they named.
    pub(crate) role: Option<RoleId>,
    /// The plan they named.
    pub(crate) plan: Option<PlanId>,
    /// How many changes they say yes to.
    pub(crate) count: Option<usize>,
}

impl Call {
    /// Whom it is about: the member they named, or themselves.
    pub(crate) fn person(&self) -> UserId {
        self.member.unwrap_or(self.asker.user)
    }

    /// Whether it is about themselves.
    pub(crate) fn about_themselves(&self) -> bool {
        self.person() == self.asker.user
    }
}

/// What a handler answers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reply {
    /// Whether only the asker sees it.
    pub(crate) private: bool,
    /// What they see.
    pub(crate) message: Message,
}

impl Reply {
    /// For the asker alone.
    pub(crate) fn private(message: Message) -> Self {
        Self { private: true, message }
    }

    /// For everybody, when they asked for that.
    pub(crate) fn shared(message: Message, share: bool) -> Self {
        Self { private: !share, message }
    }
}

/// The choice of a source.
pub(crate) const SOURCE: Choice = Choice {
    name: "forum",
    about: "Which forum, where there are several",
    kind: ChoiceKind::Source,
    needed: false,
};

#[cfg(test)]
mod tests;
