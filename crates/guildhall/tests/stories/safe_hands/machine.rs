//! What an owner types on the machine beside the hall, and what they read there.

use std::process::{Output, Stdio};

use serde_json::Value;
use tokio::io::AsyncWriteExt;

use super::rules::SettingsFile;
use crate::people::Someone;
use crate::{Engine, Hall, World, person, role};

pub(super) fn rules() -> Vec<String> {
    vec![role("Regular", "forum.trust_level >= 2")]
}

/// A rule too for a role that tove holds already and would lose.
pub(super) fn with_leaders() -> Vec<String> {
    vec![role("Regular", "forum.trust_level >= 2"), role("Leader", "forum.trust_level >= 3")]
}

/// A harbour in which mira, a regular, and tove, who holds the role Leader in some, are linked.
pub(super) struct Harbor {
    pub(super) world: World,
    pub(super) hall: Hall,
    pub(super) mira: Someone,
    pub(super) tove: Someone,
    pub(super) file: SettingsFile,
}

pub(super) async fn harbor(engine: &Engine, rules: &[String]) -> Harbor {
    let holds = rules.len() > 1;
    let plan = World::plan()
        .forum("Harbor", |forum| {
            forum.user("mira", |mira| mira.trust_level = 2).user("tove", |tove| tove.trust_level = 1)
        })
        .guild("Harbor", |guild| {
            let guild = guild.role("Regular").role("Leader").member("mira_d");
            if holds { guild.member_with("tove_d", "Leader") } else { guild.member("tove_d") }
        });
    let world = plan.start().await.unwrap();
    let hall = Hall::start(&world, engine, &self::rules()).await;
    let (mira, tove) = (person(&world, "mira_d"), person(&world, "tove_d"));
    mira.links_with("mira").await;
    tove.links_with("tove").await;
    hall.settle().await;
    let mut file = SettingsFile::of(&hall, &self::rules());
    if holds {
        // The rule comes when everybody in the server is known: then who holds its role held it before.
        file.is_saved(&hall, rules).await;
    }
    world.transcript();
    Harbor { world, hall, mira, tove, file }
}

/// What people said and was written is told by the commands here.
impl Drop for Harbor {
    fn drop(&mut self) {
        self.world.transcript();
    }
}

impl Harbor {
    pub(super) fn program(&self, command: &str, more: &[&str]) -> tokio::process::Command {
        let mut program = self.hall.program(command);
        program.args(more).arg("--settings").arg(self.file.path()).env("USER", "olga");
        program
    }

    /// The owner runs a command; whether that went well, and what they read, with names for ids.
    pub(super) async fn runs(&self, command: &str, more: &[&str]) -> (bool, String) {
        self.heard(self.program(command, more).output().await.unwrap())
    }

    pub(super) fn heard(&self, output: Output) -> (bool, String) {
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        let said = said.replace(&self.mira.person.user().to_string(), "MIRA");
        let said = said.replace(&self.tove.person.user().to_string(), "TOVE");
        let said = said.replace(&self.world.guild().to_string(), "HARBOR");
        (output.status.success(), said.replace(&self.file.path().display().to_string(), "FILE"))
    }

    /// The owner runs a command on a terminal, and types a line.
    pub(super) async fn types(&self, command: &str, line: &str) -> (bool, String) {
        let program = self.program(command, &[]);
        let program = program.as_std();
        let words: Vec<String> = [program.get_program()]
            .into_iter()
            .chain(program.get_args())
            .map(|word| format!("'{}'", word.to_str().unwrap()))
            .collect();
        // `script`, of every Debian, is the terminal.
        let mut terminal = tokio::process::Command::new("script");
        terminal.args(["--quiet", "--return", "--command", &words.join(" "), "/dev/null"]);
        terminal.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
        terminal.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = terminal.spawn().unwrap();
        let mut types = child.stdin.take().unwrap();
        types.write_all(format!("{line}\n").as_bytes()).await.unwrap();
        let output = child.wait_with_output().await.unwrap();
        drop(types);
        self.heard(output)
    }

    /// What a machine reads.
    pub(super) async fn answers(&self, command: &str, more: &[&str]) -> Value {
        let output = self.program(command, more).output().await.unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// The number of the plan that would be written now.
    pub(super) async fn number(&self) -> String {
        let plan = self.answers("plan", &["--json"]).await;
        plan["plan"].to_string()
    }

    /// The rules that the settings file says from now on.
    pub(super) fn says(&self, rules: &[String]) {
        std::fs::write(self.file.path(), self.hall.settings_with(&rules.concat())).unwrap();
    }
}

/// What was told, without the moments that it names.
pub(super) fn dateless(said: &str) -> String {
    let lines = said.lines().map(|line| {
        let mut words: Vec<&str> = line.split(' ').collect();
        for at in 0..words.len() {
            let is_day =
                words[at].len() == 10 && words[at].chars().all(|sign| sign == '-' || sign.is_ascii_digit());
            if is_day && words.len() > at + 1 {
                (words[at], words[at + 1]) = ("DAY", "TIME");
            }
        }
        words.join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}
