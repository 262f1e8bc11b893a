//! `guildhall`: a community's places in step.

use std::process::ExitCode;

fn main() -> ExitCode {
    guildhall::cli::main()
}
