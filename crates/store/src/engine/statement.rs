//! A statement in one text for both databases, save the few words in which they must differ.

/// One SQL text, spelt for each database.
#[derive(Debug)]
pub(crate) struct Statement {
    /// The constant's name, for messages.
    pub(crate) name: &'static str,
    pub(super) sqlite: &'static str,
    pub(super) postgres: &'static str,
}

/// The words in which the databases differ. Everything else is one text.
///
/// | piece | says |
/// | --- | --- |
/// | `skip_locked` | pass over rows that another claimer holds (SQLite has one writer, so nobody does) |
/// | `now_ms` | the database's own clock, for what is not worth a parameter |
/// | `(texts "$1")` | a JSON list of texts as rows with a column `value` |
/// | `(rows "$1")` | a JSON list of lists as rows with a column `value`, read by `value ->> 0` |
macro_rules! piece {
    (sqlite skip_locked) => {
        ""
    };
    (postgres skip_locked) => {
        "for update skip locked"
    };
    (sqlite now_ms) => {
        "cast(unixepoch('subsec') * 1000 as integer)"
    };
    (postgres now_ms) => {
        "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)"
    };
    (sqlite (texts $parameter:literal)) => {
        concat!("json_each(", $parameter, ")")
    };
    (postgres (texts $parameter:literal)) => {
        concat!("json_array_elements_text(cast(", $parameter, " as json))")
    };
    (sqlite (rows $parameter:literal)) => {
        concat!("json_each(", $parameter, ")")
    };
    (postgres (rows $parameter:literal)) => {
        concat!("json_array_elements(cast(", $parameter, " as json))")
    };
    ($engine:ident $text:literal) => {
        $text
    };
}

/// Declares a file's statements, and `STATEMENTS`, the list of them all.
macro_rules! statements {
    ($($name:ident = [$($piece:tt)+],)+) => {
        $(
            const $name: $crate::engine::Statement = $crate::engine::Statement::new(
                stringify!($name),
                concat!($(piece!(sqlite $piece)),+),
                concat!($(piece!(postgres $piece)),+),
            );
        )+
        /// Every statement of this file.
        pub(crate) const STATEMENTS: &[&$crate::engine::Statement] = &[$(&$name),+];
    };
}

impl Statement {
    pub(crate) const fn new(name: &'static str, sqlite: &'static str, postgres: &'static str) -> Self {
        Self { name, sqlite, postgres }
    }
}
