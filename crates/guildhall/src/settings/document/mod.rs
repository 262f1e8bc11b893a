//! The documents that are made from the declarations: the example file, filled or not, and the references.

mod example;
mod facts;
mod filled;
mod reference;

pub use example::example;
pub use facts::facts;
pub use filled::filled;
pub use reference::reference;

/// How values are written, told once at the top of both documents.
const VALUES: [&str; 4] = [
    "Durations have their unit: \"90s\", \"60m\", \"12h\", \"7d\".",
    "Secrets never stand in this file. { env = \"NAME\" } reads an environment variable, { file = \"path\" } a file,",
    "found from the folder of this file and readable by its owner alone (chmod 600).",
    "Other paths, too, are found from the folder of this file.",
];

/// The lines of a documentation comment as one text.
fn joined(about: &[&str]) -> String {
    about.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}
