//! A Discord and a forum with people in them, a folder with settings, and the program run there.

use std::path::PathBuf;
use std::process::{Output, Stdio};

use serde_json::Value;
use sim::cast::{Harbor, Mooring, WEBHOOK_SECRET};
use tempfile::TempDir;
use tokio::process::Command;

/// The forum's kinds of events that the guide names.
pub(crate) const EVENTS: &[&str] = &["user", "group", "group_user", "user_promoted"];

pub(crate) struct Town {
    pub(crate) harbor: Harbor,
    pub(crate) folder: TempDir,
    rules: String,
    pub(crate) hall: String,
    pub(crate) listen: String,
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Town {
    /// Harbor with a webhook and a redirect address, and settings that fit it.
    pub(crate) async fn new() -> Self {
        let harbor = Harbor::start(Mooring { generous: true, ..Mooring::default() }).await.unwrap();
        let listen = format!("127.0.0.1:{}", free_port());
        let hall = format!("http://{listen}");
        harbor.discord.add_redirect(harbor.application, &format!("{hall}/link/discord")).unwrap();
        harbor.forum.add_webhook(&format!("{hall}/hooks/forum"), WEBHOOK_SECRET, EVENTS);
        let rules = "[[guild.role]]\nrole = 'Leader'\nwhen = 'forum.trust_level == 4'\n".to_owned();
        let folder = tempfile::tempdir().unwrap();
        Self { harbor, folder, rules, hall, listen }
    }

    pub(crate) fn with_rules(self, rules: &str) -> Self {
        Self { rules: rules.to_owned(), ..self }
    }

    /// With the hall at another address.
    pub(crate) fn at(self, hall: &str) -> Self {
        Self { hall: hall.to_owned(), ..self }
    }

    /// With the hall's door elsewhere.
    pub(crate) fn listening(self, listen: &str) -> Self {
        Self { listen: listen.to_owned(), ..self }
    }

    /// The settings file, written anew.
    pub(crate) fn settings(&self) -> PathBuf {
        let (discord, forum) = (&self.harbor.discord, &self.harbor.forum);
        let text = format!(
            "[hall]\npublic_address = '{}'\nlisten = '{}'\n\
             [discord]\napplication_id = '{}'\nbot_token = {{ env = 'TOKEN' }}\n\
             client_secret = {{ env = 'CLIENT' }}\napi_address = '{}'\ngateway_address = '{}'\n\
             authorize_address = '{}'\ntoken_address = '{}'\ncdn_address = '{}'\n\
             [[source]]\nname = 'forum'\naddress = '{}'\napi_key = {{ env = 'KEY' }}\napi_username = '{}'\n\
             connect_secret = {{ env = 'CONNECT' }}\nwebhook_secret = {{ env = 'WEBHOOK' }}\n\
             [[guild]]\nid = '{}'\n{}",
            self.hall,
            self.listen,
            self.harbor.application,
            discord.api_url(),
            discord.gateway_url(),
            discord.authorize_url(),
            discord.token_url(),
            discord.cdn_url(),
            forum.url(),
            forum.admin_name(),
            self.harbor.guild,
            self.rules,
        );
        let file = self.folder.path().join("guildhall.toml");
        std::fs::write(&file, text).unwrap();
        file
    }

    /// The secrets as they stand in the environment.
    pub(crate) fn secrets(&self) -> Vec<(&'static str, String)> {
        let (discord, forum) = (&self.harbor.discord, &self.harbor.forum);
        vec![
            ("TOKEN", discord.bot_token(self.harbor.application).unwrap_or_default()),
            ("CLIENT", discord.client_secret(self.harbor.application).unwrap_or_default()),
            ("KEY", forum.read_key()),
            ("CONNECT", forum.connect_secret()),
            ("WEBHOOK", WEBHOOK_SECRET.to_owned()),
        ]
    }

    /// Runs a command on the settings, with a secret of another value where one is named.
    pub(crate) async fn runs(&self, command: &[&str], instead: &[(&str, &str)]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_guildhall"))
            .args(command)
            .arg("--settings")
            .arg(self.settings())
            .envs(self.secrets())
            .envs(instead.iter().copied())
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await
            .unwrap()
    }

    /// What the doctor finds, by machine.
    pub(crate) async fn doctor(&self, instead: &[(&str, &str)]) -> Found {
        let output = self.runs(&["doctor", "--json"], instead).await;
        let said = String::from_utf8(output.stdout).unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        let found: Value = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}{error}"));
        Found { found, is_well: output.status.success() }
    }
}

/// What the doctor found.
pub(crate) struct Found {
    pub(crate) found: Value,
    pub(crate) is_well: bool,
}

impl Found {
    /// The checks of one name: verdict, sentence, remedy.
    pub(crate) fn of(&self, looked_at: &str) -> Vec<(String, String, String)> {
        let sections = self.found["sections"].as_array().unwrap().iter();
        let checks = sections.flat_map(|section| section["checks"].as_array().unwrap());
        let named = checks.filter(|check| check["looked_at"] == looked_at);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        named.map(|check| (text(&check["verdict"]), text(&check["says"]), text(&check["remedy"]))).collect()
    }

    /// The only check of a name.
    pub(crate) fn one(&self, looked_at: &str) -> (String, String, String) {
        let mut of = self.of(looked_at);
        assert_eq!(of.len(), 1, "{looked_at}: {:#}", self.found);
        of.remove(0)
    }

    /// Asserts that a thing is broken, and gives its sentence and its remedy.
    pub(crate) fn broken(&self, looked_at: &str) -> (String, String) {
        let (verdict, says, remedy) = self.one(looked_at);
        assert_eq!(verdict, "broken", "{looked_at}: {says}");
        assert!(!self.is_well);
        (says, remedy)
    }

    /// The names of what is broken.
    pub(crate) fn all_broken(&self) -> Vec<String> {
        let sections = self.found["sections"].as_array().unwrap().iter();
        let checks = sections.flat_map(|section| section["checks"].as_array().unwrap());
        let broken = checks.filter(|check| check["verdict"] == "broken");
        broken.map(|check| check["looked_at"].as_str().unwrap().to_owned()).collect()
    }
}
