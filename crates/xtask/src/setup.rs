//! `cargo xtask setup`: PostgreSQL, a browser and its driver, and the toolchain's own parts.
//!
//! On Debian as root what is missing is installed with apt-get; elsewhere it is named, with how to get it.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{program, say};

/// Whether something that is missing may be left out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Strictness {
    /// A contributor's machine: name it and go on.
    MayLeaveOut,
    /// CI: a missing part is a failure.
    NothingLeftOut,
}

impl Strictness {
    /// `CI` set to anything but the empty text means that nothing is left out.
    pub(crate) fn from_environment() -> Self {
        let ci = env::var_os("CI").is_some_and(|value| !value.is_empty());
        if ci { Self::NothingLeftOut } else { Self::MayLeaveOut }
    }
}

/// What was found on this machine.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The folder with `initdb` and `postgres`.
    pub(crate) postgres_programs: Option<PathBuf>,
    /// The browser.
    pub(crate) chromium: Option<PathBuf>,
    /// The browser's WebDriver.
    pub(crate) chromedriver: Option<PathBuf>,
}

/// Something the tests need, and what is not tested without it.
struct Need {
    name: &'static str,
    debian_packages: &'static [&'static str],
    without: &'static str,
    is_there: fn(&Found) -> bool,
}

const NEEDS: &[Need] = &[
    Need {
        name: "PostgreSQL",
        debian_packages: &["postgresql"],
        without: "the store's tests and stories on PostgreSQL are left out",
        is_there: |found| found.postgres_programs.is_some(),
    },
    Need {
        name: "Chromium",
        debian_packages: &["chromium"],
        without: "the stories that need a browser are left out",
        is_there: |found| found.chromium.is_some(),
    },
    Need {
        name: "ChromeDriver",
        debian_packages: &["chromium-driver"],
        without: "the stories that need a browser are left out",
        is_there: |found| found.chromedriver.is_some(),
    },
];

/// Parts of the toolchain that a minimal installation of Rust lacks.
const COMPONENTS: &[(&str, &str)] = &[("fmt", "rustfmt"), ("clippy", "clippy")];

/// Look, install where we can, look again. Refuses when something is missing and nothing may be left out.
pub(crate) fn run(strictness: Strictness) -> Result<Found, String> {
    or_note(add_components());
    let found = look();
    let packages: Vec<&str> = missing(&found).flat_map(|need| need.debian_packages).copied().collect();
    let found = if packages.is_empty() || !can_install() {
        found
    } else {
        or_note(install(&packages));
        look()
    };
    report(&found);
    verdict(&found, strictness).map(|()| found)
}

/// Without a network nothing is installed; whether that is a failure is decided by what is missing then.
fn or_note(outcome: crate::Outcome) {
    if let Err(reason) = outcome {
        say::note(&reason);
    }
}

/// What is on this machine now; installs nothing.
pub(crate) fn look() -> Found {
    Found {
        postgres_programs: postgres_programs(),
        chromium: named_or_found(
            "GUILDHALL_TEST_CHROMIUM",
            &["chromium", "chromium-browser", "google-chrome"],
        ),
        chromedriver: named_or_found("GUILDHALL_TEST_CHROMEDRIVER", &["chromedriver"]),
    }
}

fn missing(found: &Found) -> impl Iterator<Item = &'static Need> {
    NEEDS.iter().filter(move |need| !(need.is_there)(found))
}

/// Debian keeps the server's programs out of `PATH`, a folder for each version; the newest is taken.
fn postgres_programs() -> Option<PathBuf> {
    let versions = Path::new("/usr/lib/postgresql").read_dir().into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|entry| {
            entry.file_name().to_str()?.parse::<u32>().ok().map(|version| (version, entry.path()))
        })
        .max()
        .map(|(_, folder)| folder.join("bin"));
    newest
        .filter(|folder| folder.join("initdb").is_file())
        .or_else(|| program::find("initdb").and_then(|file| file.parent().map(Path::to_path_buf)))
}

fn named_or_found(variable: &str, names: &[&str]) -> Option<PathBuf> {
    let named = env::var_os(variable).map(PathBuf::from).filter(|file| file.is_file());
    named.or_else(|| names.iter().find_map(|name| program::find(name)))
}

fn can_install() -> bool {
    Path::new("/etc/debian_version").exists() && program::find("apt-get").is_some() && program::is_root()
}

fn install(packages: &[&str]) -> crate::Outcome {
    say::line(&format!("Installing with apt-get: {}", packages.join(" ")));
    let apt_get = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    program::run(apt_get().args(["update", "--quiet"]))?;
    program::run(apt_get().args(["install", "--yes", "--quiet", "--no-install-recommends"]).args(packages))
}

fn add_components() -> crate::Outcome {
    // rustup leaves a file for each part, there or not, so only running it tells.
    let is_missing = |part: &str| program::output(program::cargo().args([part, "--version"])).is_err();
    let missing: Vec<&str> =
        COMPONENTS.iter().filter(|(part, _)| is_missing(part)).map(|(_, name)| *name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    say::line(&format!("Adding to the toolchain: {}", missing.join(" ")));
    program::run(Command::new("rustup").args(["component", "add"]).args(&missing)).map_err(|reason| {
        format!("{reason}; install {} with whatever installed Rust here", missing.join(" and "))
    })
}

fn report(found: &Found) {
    for need in missing(found) {
        let packages = need.debian_packages.join(" ");
        say::note(&format!(
            "{} is missing: {}. On Debian: apt-get install {packages}",
            need.name, need.without
        ));
    }
    if missing(found).next().is_none() {
        say::line("PostgreSQL, Chromium and ChromeDriver are here.");
    }
}

fn verdict(found: &Found, strictness: Strictness) -> crate::Outcome {
    let names: Vec<&str> = missing(found).map(|need| need.name).collect();
    if names.is_empty() || strictness == Strictness::MayLeaveOut {
        Ok(())
    } else {
        Err(format!("nothing may be left out, but this machine lacks {}", names.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn everything() -> Found {
        let file = || Some(PathBuf::from("there"));
        Found { postgres_programs: file(), chromium: file(), chromedriver: file() }
    }

    #[test]
    fn a_machine_with_everything_is_accepted_in_ci() {
        assert_eq!(verdict(&everything(), Strictness::NothingLeftOut), Ok(()));
    }

    #[test]
    fn a_missing_browser_may_be_left_out_by_a_contributor_but_not_in_ci() {
        let found = Found { chromium: None, ..everything() };
        assert_eq!(verdict(&found, Strictness::MayLeaveOut), Ok(()));
        let refusal = verdict(&found, Strictness::NothingLeftOut).unwrap_err();
        assert_eq!(refusal, "nothing may be left out, but this machine lacks Chromium");
    }
}
