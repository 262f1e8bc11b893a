//! How a section of the settings is declared: once, for the struct, the reader, the example and the reference.
//!
//! A new setting is one field in a [`section!`]: its documentation, name, type, kind and default.

use super::reader::TableReader;

/// What a setting is when the file does not say: text as it would stand in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// It must be written; this is an example.
    Required(&'static str),
    /// It may be left out, and is this then.
    Default(&'static str),
}

impl Presence {
    /// The example or the default.
    pub(super) fn shown(self) -> &'static str {
        match self {
            Self::Required(shown) | Self::Default(shown) => shown,
        }
    }
}

/// One setting, for documents and suggestions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Described {
    /// Its name in the file.
    pub name: &'static str,
    /// What it is, a line each.
    pub about: &'static [&'static str],
    /// What may be written, in words, with the unit.
    pub words: fn() -> String,
    /// Whether it must be written, and its example or default.
    pub presence: Presence,
}

/// How often a section may stand in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Times {
    /// Once: `[hall]`.
    Once,
    /// Once, or not at all: `[guild.nickname]`.
    Maybe,
    /// Any number of times up to this one: `[[guild]]`.
    List(usize),
}

/// One section, for the reader, documents and suggestions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outline {
    /// Its whole name: `guild.role`.
    pub path: &'static str,
    /// How often it may stand there.
    pub times: Times,
    /// What it is, a line each.
    pub about: &'static [&'static str],
    /// Its settings, in the order of the example.
    pub settings: &'static [Described],
    /// The sections inside it.
    pub parts: &'static [&'static Outline],
}

impl Outline {
    /// Its name inside the section around it: `role`.
    pub(super) fn name(&self) -> &'static str {
        self.path.rsplit('.').next().unwrap_or(self.path)
    }

    /// The line that opens it: `[hall]`, `[[guild.role]]`.
    pub(super) fn header(&self) -> String {
        match self.times {
            Times::Once | Times::Maybe => format!("[{}]", self.path),
            Times::List(_) => format!("[[{}]]", self.path),
        }
    }

    /// All names that may stand in it.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        let settings = self.settings.iter().map(|setting| setting.name);
        settings.chain(self.parts.iter().map(|part| part.name()))
    }
}

/// A part of the settings file that is read into a struct.
pub(super) trait Section: Sized {
    /// What may stand in it.
    const OUTLINE: &'static Outline;

    /// Reads every setting, so that all problems are told, and gives the struct when there was none.
    fn read(table: &TableReader<'_>) -> Option<Self>;
}

/// Declares a section. A field reads `name: Type = kind, Required "example as in the file";` or `… Default "…"`.
macro_rules! section {
    (
        $(#[doc = $about:literal])+
        $visibility:vis struct $Section:ident in $path:literal $times:expr $(, parts $parts:expr)?;
        $(
            $(#[doc = $doc:literal])+
            $name:ident: $type:ty = $kind:expr, $presence:ident $shown:literal;
        )*
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug)]
        $visibility struct $Section {
            $(
                $(#[doc = $doc])+
                pub $name: $type,
            )*
        }

        impl $crate::settings::section::Section for $Section {
            const OUTLINE: &'static $crate::settings::section::Outline = &$crate::settings::section::Outline {
                path: $path,
                times: $times,
                about: &[$($about),+],
                settings: &[
                    $($crate::settings::section::Described {
                        name: stringify!($name),
                        about: &[$($doc),+],
                        words: || $crate::settings::kinds::Kind::words(&$kind),
                        presence: $crate::settings::section::Presence::$presence($shown),
                    }),*
                ],
                parts: $crate::settings::section::parts!($($parts)?),
            };

            fn read(table: &$crate::settings::reader::TableReader<'_>) -> Option<Self> {
                use $crate::settings::section::Presence;
                $(let $name = table.setting(stringify!($name), Presence::$presence($shown), &$kind);)*
                Some(Self { $($name: $name?),* })
            }
        }
    };
}

macro_rules! parts {
    () => {
        &[]
    };
    ($parts:expr) => {
        $parts
    };
}

pub(super) use {parts, section};
