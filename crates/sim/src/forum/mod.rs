//! A Discourse forum: DiscourseConnect, reads, groups, standing, webhooks, the staff log, limits.
//!
//! Follows the recorded traffic of a Discourse 2.9 (`../shared/fixtures/discourse-2.9`), which a test replays.
//! [`ForumSim`] is the handle: it starts the forum, does what its staff and members do, and tells what
//! callers did.
//!
//! | file | holds |
//! | --- | --- |
//! | `handle`, `settings` | starting, acting, looking |
//! | `state`, `people`, `groups`, `categories`, `topics`, `tags`, `user_fields`, `staff_log` | what the forum knows |
//! | `acts/` | what people do, each with its log line and its webhooks |
//! | `routes/`, `views/` | what is asked over HTTP, and the shapes of the answers |
//! | `keys`, `viewer`, `limits` | who may ask, what they see, how often |
//! | `signin`, `connect` | sessions and DiscourseConnect |
//! | `webhooks`, `deliver` | what is told, and how it gets there |
//! | `server`, `request`, `answer`, `faults`, `calls`, `control` | HTTP, what goes wrong, what is recorded |

mod acts;
mod answer;
mod calls;
mod categories;
mod connect;
mod control;
mod cook;
mod deliver;
mod faults;
mod groups;
mod handle;
mod keys;
mod limits;
mod people;
mod picture;
mod request;
mod routes;
mod server;
mod settings;
mod signin;
mod staff_log;
mod state;
mod tags;
mod topics;
mod user_fields;
mod viewer;
mod views;
mod webhooks;

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

pub use acts::Refused;
pub use acts::account::PersonSpec;
pub use acts::category::CategorySpec;
pub use acts::editing::TopicStatus;
pub use acts::group::{GroupChange, GroupSpec};
pub use acts::profile::ProfileChange;
pub use calls::Call;
pub use faults::{Fault, FaultRule};
pub use groups::{ADMINS, Audience, EVERYONE, Group, GroupId, MODERATORS, STAFF, of_level};
pub use handle::ForumSim;
pub use keys::{ApiKey, Scope};
pub use limits::{LimitKind, LimitSettings};
pub use people::{DISCOBOT, Membership, Penalty, Person, PersonId, SYSTEM};
pub use settings::{ForumSettings, Locale};
pub use staff_log::LogEntry;
pub use state::Change;
pub use user_fields::UserField;
pub use webhooks::{Delivery, HookFaults, Webhook};

/// What the server, the sender of deliveries and every handle share.
#[derive(Debug)]
struct Shared {
    forum: Mutex<state::Forum>,
    stop: CancellationToken,
}

impl Shared {
    /// The forum, alone for as long as the guard lives. Never held over an await.
    fn forum(&self) -> MutexGuard<'_, state::Forum> {
        self.forum.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
