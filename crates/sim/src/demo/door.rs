//! The hall's JSON address, asked as any other program would ask it.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;

use super::acts::NotDone;
use crate::discord::Snowflake;

/// How long the hall may take for an answer.
const ANSWER_TAKES_AT_MOST: Duration = Duration::from_secs(10);

/// Where the hall answers programs.
#[derive(Debug)]
pub(super) struct Door {
    client: reqwest::Client,
    hall: String,
    token: String,
    guild: Snowflake,
}

impl Door {
    pub(super) fn new(hall: &str, token: &str, guild: Snowflake) -> reqwest::Result<Self> {
        let client = reqwest::Client::builder()
            .timeout(ANSWER_TAKES_AT_MOST)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()?;
        Ok(Self { client, hall: hall.trim_end_matches('/').to_owned(), token: token.to_owned(), guild })
    }

    /// What the hall would change now, and its findings; none while it cannot say.
    pub(super) async fn plan(&self) -> Option<Value> {
        self.get(&format!("/api/guilds/{}/plan", self.guild)).await
    }

    /// What it did since an entry of its log, oldest first.
    pub(super) async fn activity(&self, after: i64) -> Vec<Value> {
        match self.get(&format!("/api/activity?after={after}")).await {
            Some(Value::Array(entries)) => entries,
            _ => Vec::new(),
        }
    }

    /// Asks it to read now: the staff log, or everybody. Says whether it will.
    pub(super) async fn read_now(&self, everybody: bool) -> bool {
        let what = if everybody { "everybody" } else { "staff-log" };
        let call =
            self.client.post(format!("{}/api/read-now?what={what}", self.hall)).bearer_auth(&self.token);
        call.send().await.is_ok_and(|answer| answer.status().is_success())
    }

    /// Asks what a command of the program would ask. A refusal is told in the hall's own words.
    pub(super) async fn ask(&self, question: &Value) -> Result<Value, NotDone> {
        let call = self.client.post(format!("{}/api/ask", self.hall)).bearer_auth(&self.token);
        let answer = call.json(question).send().await.map_err(|_| NotDone::HallSilent)?;
        if answer.status() == StatusCode::CONFLICT {
            return Err(NotDone::HallRefused(answer.text().await.unwrap_or_default()));
        }
        let answer = answer.error_for_status().map_err(|_| NotDone::HallSilent)?;
        answer.json().await.map_err(|_| NotDone::HallSilent)
    }

    async fn get(&self, path: &str) -> Option<Value> {
        let call = self.client.get(format!("{}{path}", self.hall)).bearer_auth(&self.token);
        call.send().await.ok()?.error_for_status().ok()?.json().await.ok()
    }
}
