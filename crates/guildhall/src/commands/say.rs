//! What commands say: answers to standard output, problems to standard error.

use std::fmt::Display;
use std::io::{self, Write};

/// Says an answer, with a line end.
pub fn answer(answer: &dyn Display) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{answer}")
}

/// Says a document as it stands.
pub fn document(text: &str) -> io::Result<()> {
    io::stdout().lock().write_all(text.as_bytes())
}

/// Says a problem, with a line end.
pub fn problem(problem: &dyn Display) -> io::Result<()> {
    writeln!(io::stderr().lock(), "{problem}")
}
