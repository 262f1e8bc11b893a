//! What a source says about a person: typed cells, each of which may be unknown.
//!
//! Unknown is not null and null is not unknown: a person without a title has the title null, which is
//! known; a person whose page could not be read has an unknown title.

mod groups;
mod row;
mod schema;
mod table;

pub use groups::{Groups, GroupsKnown};
pub use row::{Cell, FactView, Row};
pub use schema::{FactRef, FactSpec, FactType, Schema, SourceSchema};
pub(crate) use table::Column;
pub use table::{FactTable, Facts};
