//! One person by id: everything, or the proof that there is nobody.

use domain::facts::{Cell, Groups, Row};
use domain::ids::{GroupId, Subject};
use domain::time::Timestamp;
use serde::Deserialize;
use service::ports::{Person, PersonRead, SourceError};

use super::facts::{Fact, cells};
use super::wire::{AdminUser, timestamp};
use crate::client::{Answer, Client, Question, Urgency, unproven};

/// `Admin::UsersController#show`.
const ROUTE: &str = "users/show";

/// The forum's own system account: every Discourse has it, and only a key that counts may see it here.
const CONTROL_ID: i64 = -1;

/// Reads the admin page of a person (`/admin/users/{id}.json`).
///
/// Refuses ids that no Discourse gives out. `Gone` needs proof: the 404 names page and key's user, or the same
/// key reads a person who is surely there directly afterwards. A forum answers a wrong key with the same 404.
pub(crate) async fn one(client: &Client, subject: &Subject, urgency: Urgency) -> Result<Person, SourceError> {
    let id = user_id(subject)
        .ok_or_else(|| SourceError::Missing { what: format!("a forum user with the id “{subject}”") })?;
    match admin_user(client, id, urgency).await? {
        Answer::Found(user) if user.id == id => Ok(Person::Here(person(&user, client.clock().now()))),
        Answer::Found(user) => {
            Err(client.nonsense(format!("asked for user {id}, it answered with user {}", user.id)))
        }
        Answer::NotThere => Ok(Person::Gone),
        Answer::NotThereUnproven if key_counts(client, urgency).await? => Ok(Person::Gone),
        Answer::NotThereUnproven => Err(unproven(client.address())),
    }
}

/// The number behind a subject.
pub(crate) fn user_id(subject: &Subject) -> Option<i64> {
    subject.0.parse().ok().filter(|id| *id != 0)
}

/// Reads an admin page; where it is not there, says how well that is proven.
pub(crate) async fn admin_user(
    client: &Client,
    id: i64,
    urgency: Urgency,
) -> Result<Answer<AdminUser>, SourceError> {
    client.ask(&question(id, urgency)).await
}

/// Whether the key reads a person who is surely there.
async fn key_counts(client: &Client, urgency: Urgency) -> Result<bool, SourceError> {
    #[derive(Deserialize)]
    struct Control {
        id: i64,
    }
    let control: Answer<Control> = client.ask(&question(CONTROL_ID, urgency)).await?;
    Ok(matches!(control, Answer::Found(control) if control.id == CONTROL_ID))
}

fn question(id: i64, urgency: Urgency) -> Question<'static> {
    Question { path: format!("/admin/users/{id}.json"), route: ROUTE, urgency, with_key: true }
}

fn person(user: &AdminUser, now: Timestamp) -> PersonRead {
    let (suspended, suspended_until) = user.suspension(now);
    let (silenced, silenced_until) = user.silence(now);
    let flag = |flag: Option<bool>| flag.map_or(Cell::Unknown, Cell::Bool);
    let cells = cells([
        (Fact::TrustLevel, Cell::Int(user.trust_level)),
        (Fact::Admin, Cell::Bool(user.admin)),
        (Fact::Moderator, Cell::Bool(user.moderator)),
        (Fact::Groups, groups(user)),
        (Fact::Title, user.title.cell()),
        (
            Fact::Name,
            Cell::text_or_null(user.name.value().map(String::as_str).filter(|name| !name.is_empty())),
        ),
        (Fact::Username, Cell::Text(user.username.as_str().into())),
        (Fact::Suspended, Cell::Bool(suspended)),
        (Fact::Silenced, Cell::Bool(silenced)),
        (Fact::Staged, flag(user.staged)),
        (Fact::Active, flag(user.active)),
        (Fact::JoinedAt, user.created_at.as_ref().map_or(Cell::Unknown, |at| Cell::Time(timestamp(at)))),
    ]);
    PersonRead {
        subject: Subject(user.id.to_string()),
        username: user.username.clone(),
        name: user.name.value().filter(|name| !name.is_empty()).cloned(),
        row: Row { read_at: now, cells },
        look_again: [suspended_until, silenced_until].into_iter().flatten().min(),
    }
}

/// An admin page that names no groups at all says nothing about them.
fn groups(user: &AdminUser) -> Cell {
    let Some(groups) = &user.groups else { return Cell::Unknown };
    Cell::Groups(Groups::all(groups.iter().map(|group| GroupId(group.id))))
}
