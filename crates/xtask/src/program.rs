//! Other programs: where they are, starting them, and what they say.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Outcome;

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// The cargo that started us, so that a toolchain chosen with `cargo +name` stays chosen.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// The first file of this name in the folders of `PATH`.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Run to the end, its output going where ours goes. Refuses when it cannot start or does not succeed.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|reason| format!("could not start {name}: {reason}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} ended with {status}")) }
}

/// Run to the end and return its standard output; its error stream becomes part of the refusal.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|reason| format!("could not start {name}: {reason}"))?;
    if output.status.success() {
        String::from_utf8(output.stdout).map_err(|_| format!("{name} did not write UTF-8"))
    } else {
        let told = String::from_utf8_lossy(&output.stderr);
        Err(format!("{name} ended with {}: {}", output.status, told.trim()))
    }
}

/// Whether we are root, by asking `id`: there is no safe call for it in the standard library.
pub(crate) fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_fails_is_named_with_what_it_said() {
        let refusal =
            output(Command::new("sh").args(["-c", "echo no such harbour >&2; exit 3"])).unwrap_err();
        assert!(refusal.contains("sh ended with") && refusal.contains("no such harbour"), "{refusal}");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let refusal = run(&mut Command::new("guildhall-no-such-program")).unwrap_err();
        assert!(refusal.starts_with("could not start guildhall-no-such-program"), "{refusal}");
    }

    #[test]
    fn the_root_is_the_folder_with_the_workspace() {
        assert!(root().join("Cargo.lock").is_file());
    }
}
