//! What a Discord is made of, each thing with the JSON it shows itself as.

mod application;
mod audit;
mod channel;
mod guild;
mod interaction;
mod member;
mod message;
mod role;
mod user;

pub(super) use application::{Application, Command};
pub(super) use audit::{AuditAction, AuditEntry};
pub(super) use channel::{Channel, ChannelKind, Overwrite};
pub(super) use guild::Guild;
pub(super) use interaction::{Asked, First, Interaction};
pub(super) use member::Member;
pub(super) use message::{Message, flag};
pub(super) use role::Role;
pub(super) use user::User;
