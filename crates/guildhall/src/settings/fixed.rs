//! The settings that hold until the next start: all but the servers, each by a fingerprint of what is written.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use toml::{Table, Value};

use super::guild::GuildSection;
use super::section::Section;

/// What a file says outside of `[[guild]]`, and which servers it names. Holds no value, so no secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fixed {
    /// A fingerprint for each setting: `[hall] listen`, `[[source]] forum: address`.
    settings: BTreeMap<String, u64>,
}

impl Fixed {
    /// What a text says that is TOML; nothing of any other.
    pub(super) fn of(text: &str) -> Self {
        let mut fixed = Self::default();
        for (section, value) in text.parse::<Table>().unwrap_or_default() {
            match value {
                Value::Table(table) => fixed.add(&format!("[{section}] "), table),
                Value::Array(items) if section == GuildSection::OUTLINE.name() => fixed.add_guilds(&items),
                Value::Array(items) => fixed.add_list(&section, items),
                _ => {}
            }
        }
        fixed
    }

    /// The settings that another file says otherwise, sorted.
    pub fn differing<'a>(&'a self, other: &'a Self) -> Vec<&'a str> {
        let names = self.settings.keys().chain(other.settings.keys());
        let mut differing: Vec<&str> = names
            .filter(|name| self.settings.get(*name) != other.settings.get(*name))
            .map(String::as_str)
            .collect();
        differing.sort_unstable();
        differing.dedup();
        differing
    }

    fn add(&mut self, before: &str, table: Table) {
        let prints = table.into_iter().map(|(name, value)| (format!("{before}{name}"), print(&value)));
        self.settings.extend(prints);
    }

    fn add_list(&mut self, section: &str, items: Vec<Value>) {
        for (place, item) in items.into_iter().enumerate() {
            let Value::Table(table) = item else { continue };
            let name =
                table.get("name").and_then(Value::as_str).map_or_else(|| place.to_string(), str::to_owned);
            self.add(&format!("[[{section}]] {name}: "), table);
        }
    }

    /// That a server is there is fixed; what it follows is not.
    fn add_guilds(&mut self, items: &[Value]) {
        let ids = items.iter().filter_map(|guild| guild.get("id")?.as_str());
        self.settings.extend(ids.map(|id| (format!("[[guild]] {id}"), 0)));
    }
}

fn print(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.to_string().hash(&mut hasher);
    hasher.finish()
}
