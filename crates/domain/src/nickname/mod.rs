//! The name a member should carry in a guild: made from a template, cleaned, fitted, compared.
//!
//! Discord (docs: User, "Usernames and Nicknames") takes 1 to 32 characters, trims them and their inner
//! whitespace and drops some characters that show nothing; `@`, `#`, `:`, "everyone" and "discord" are
//! forbidden in *usernames* only. A nickname mentions nobody and is shown without markdown, so nothing of
//! that is taken away here; whoever writes one into a message escapes it there.
//!
//! The documents do not say what a character is. Counted here are UTF-16 units, of which no text has fewer
//! than code points: what fits here fits by either count.

mod clean;
mod compare;
mod emoji;
mod fit;
mod parse;
mod template;
#[cfg(test)]
mod tests;

pub use clean::clean;
pub use compare::{fingerprint, normalise, same};
pub use template::{Prefer, Rendered, Template};

/// The longest nickname, in UTF-16 units.
pub const NICKNAME_UNITS_MAX: usize = 32;

/// The longest template, in bytes.
pub const TEMPLATE_BYTES_MAX: usize = 256;
