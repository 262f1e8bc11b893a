//! What goes wrong on purpose: switches on routes, each used up by the calls it counts.

use std::fmt;
use std::sync::Arc;

use super::limits::LimitKind;

/// What happens to a call.
#[derive(Clone)]
pub enum Fault {
    /// 429 of a kind, asking to wait so many seconds (the front server does not say how long).
    TooMany(LimitKind, i64),
    /// This status with an HTML page, as a broken front server gives.
    Status(u16),
    /// An HTML page with 200.
    HtmlOk,
    /// `[]` with 200.
    EmptyList,
    /// The right answer, cut after so many bytes, with a length that says it is whole.
    Truncated(usize),
    /// The right answer, whose connection breaks after so many bytes.
    BrokenAfter(usize),
    /// No answer at all: the connection stays open until the caller goes.
    Hang,
    /// The connection breaks before an answer.
    Reset,
    /// The right answer, so many milliseconds late.
    Late(u64),
    /// The right answer in small pieces, so many milliseconds apart.
    Slow(u64),
    /// The key that the call is made with is revoked first.
    KeyRevoked,
    /// Something happens first, then the right answer follows.
    First(Arc<dyn Fn(&super::ForumSim) + Send + Sync>),
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Fault::TooMany(kind, seconds) => return write!(f, "TooMany({kind:?}, {seconds})"),
            Fault::Status(status) => return write!(f, "Status({status})"),
            Fault::HtmlOk => "HtmlOk",
            Fault::EmptyList => "EmptyList",
            Fault::Truncated(_) => "Truncated",
            Fault::BrokenAfter(_) => "BrokenAfter",
            Fault::Hang => "Hang",
            Fault::Reset => "Reset",
            Fault::Late(_) => "Late",
            Fault::Slow(_) => "Slow",
            Fault::KeyRevoked => "KeyRevoked",
            Fault::First(_) => "First",
        };
        f.write_str(name)
    }
}

/// A fault, and the calls it befalls.
#[derive(Clone, Debug)]
pub struct FaultRule {
    /// `GET`; any method when empty.
    pub method: String,
    /// Paths that begin so; every path when empty.
    pub path: String,
    /// How many such calls go through before.
    pub after: u32,
    /// How many calls it befalls then.
    pub times: u32,
    /// What happens to them.
    pub fault: Fault,
}

impl FaultRule {
    /// A fault of the next call whose path begins so.
    pub fn next(path: &str, fault: Fault) -> FaultRule {
        FaultRule { method: String::new(), path: path.to_owned(), after: 0, times: 1, fault }
    }
}

/// The rules that are not used up.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<FaultRule>);

impl Faults {
    pub(crate) fn add(&mut self, rule: FaultRule) {
        self.0.push(rule);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The fault of this call; the first rule that fits counts, and only it.
    pub(crate) fn befall(&mut self, method: &str, path: &str) -> Option<Fault> {
        let at = self.0.iter().position(|rule| {
            (rule.method.is_empty() || rule.method == method) && path.starts_with(&rule.path)
        })?;
        let rule = self.0.get_mut(at)?;
        if rule.after > 0 {
            rule.after -= 1;
            return None;
        }
        let fault = rule.fault.clone();
        rule.times = rule.times.saturating_sub(1);
        if rule.times == 0 {
            self.0.remove(at);
        }
        Some(fault)
    }
}
