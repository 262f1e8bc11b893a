//! A small forum made of people, whose lists and groups can change between two pages.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::stand_in::{Call, Forum, Reply};

#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) id: i64,
    pub(crate) trust_level: i64,
    pub(crate) admin: bool,
    pub(crate) suspended: bool,
    pub(crate) groups: Vec<i64>,
}

type Meanwhile = dyn Fn(usize, &mut Vec<Person>) + Send + Sync;

#[derive(Clone)]
pub(crate) struct Town {
    pub(crate) people: Vec<Person>,
    pub(crate) groups: Vec<(i64, &'static str)>,
    pub(crate) tells_trust_levels: bool,
    pub(crate) meanwhile: Arc<Meanwhile>,
}

impl Town {
    /// People 1 to `count`; trust levels go round, everybody tenth is in group 41, the first is the admin.
    pub(crate) fn of(count: i64) -> Self {
        let person = |id| Person {
            id,
            trust_level: id % 5,
            admin: id == 1,
            suspended: id % 7 == 0,
            groups: if id % 10 == 0 { vec![41] } else { Vec::new() },
        };
        let groups = vec![
            (1, "Administratoren"),
            (2, "Moderatoren"),
            (3, "Team"),
            (10, "Vertrauensstufe_0"),
            (11, "Vertrauensstufe_1"),
            (12, "Vertrauensstufe_2"),
            (13, "Vertrauensstufe_3"),
            (14, "Vertrauensstufe_4"),
            (41, "makers"),
        ];
        let people = (1..=count).map(person).collect();
        Self { people, groups, tells_trust_levels: true, meanwhile: Arc::new(|_, _| {}) }
    }

    /// `change` is told how many calls there were before each one.
    pub(crate) fn meanwhile(
        mut self,
        change: impl Fn(usize, &mut Vec<Person>) + Send + Sync + 'static,
    ) -> Self {
        self.meanwhile = Arc::new(change);
        self
    }

    pub(crate) async fn serve(self) -> Forum {
        let state = Mutex::new((0, self));
        Forum::answering(move |call| {
            let (count, town) = &mut *state.lock().unwrap();
            (Arc::clone(&town.meanwhile))(*count, &mut town.people);
            *count += 1;
            town.answer(call)
        })
        .await
    }

    pub(crate) fn answer(&self, call: &Call) -> Reply {
        let url = url::Url::parse(&format!("http://town{}", call.target)).unwrap();
        let number = |key: &str| {
            url.query_pairs()
                .find(|(name, _)| name == key)
                .map_or(0, |(_, value)| value.parse::<usize>().unwrap())
        };
        let path: Vec<&str> = url.path_segments().unwrap().collect();
        match path.as_slice() {
            ["groups.json"] => Reply::keyed("groups/index", &self.groups(number("page"))),
            ["groups", name, "members.json"] => match self.groups.iter().find(|(_, known)| known == name) {
                Some((id, _)) => {
                    Reply::keyed("groups/members", &self.members(*id, number("offset"), number("limit")))
                }
                None => super::stand_in::wrong_key(),
            },
            ["admin", "users", "list", list] => Reply::keyed("users/index", &self.list(list, number("page"))),
            _ => super::stand_in::wrong_key(),
        }
    }

    fn groups(&self, page: usize) -> Value {
        let page = self.groups.iter().skip(page * 36).take(36);
        let groups: Vec<Value> = page.map(|(id, name)| json!({"id": id, "name": name})).collect();
        json!({"groups": groups, "total_rows_groups": self.groups.len()})
    }

    fn is_in(person: &Person, group: i64) -> bool {
        match group {
            1 | 3 => person.admin,
            2 => false,
            10..=14 => person.trust_level >= group - 10,
            _ => person.groups.contains(&group),
        }
    }

    fn members(&self, group: i64, offset: usize, limit: usize) -> Value {
        let members: Vec<&Person> = self.people.iter().filter(|person| Self::is_in(person, group)).collect();
        let row = |person: &&Person| {
            let mut row =
                json!({"id": person.id, "username": format!("p{}", person.id), "name": null, "title": null});
            if self.tells_trust_levels {
                row["trust_level"] = json!(person.trust_level);
            }
            row
        };
        let rows: Vec<Value> = members.iter().skip(offset).take(limit).map(row).collect();
        json!({"members": rows, "owners": [], "meta": {"total": members.len(), "limit": limit, "offset": offset}})
    }

    fn list(&self, list: &str, page: usize) -> Value {
        let system = Person { id: -1, trust_level: 4, admin: true, suspended: false, groups: Vec::new() };
        let everybody = std::iter::once(&system).chain(&self.people);
        let wanted = everybody.filter(|person| match list {
            "active.json" => true,
            "suspended.json" => person.suspended,
            _ => false,
        });
        let row = |person: &Person| {
            let mut row = json!({
                "id": person.id, "username": format!("p{}", person.id), "name": null, "title": null,
                "trust_level": person.trust_level, "admin": person.admin, "moderator": false, "active": true,
                "staged": false, "created_at": "2026-11-21T07:54:41.760Z",
            });
            if person.suspended {
                row["suspended_till"] = json!("2027-06-01T12:00:00.000Z");
            }
            row
        };
        wanted.skip(page.saturating_sub(1) * 100).take(100).map(row).collect()
    }
}
