//! Rules are tried on today's people before they hold.

use std::fs;

use serde_json::Value;

use super::rules::SettingsFile;
use crate::people::Someone;
use crate::{Engine, Hall, World, nickname, person, role};

fn rules() -> Vec<String> {
    vec![role("Regular", "forum.trust_level >= 2"), nickname("{forum.username}")]
}

/// A harbour in which mira and tove are linked; tove is none of the regulars.
struct Harbor {
    world: World,
    hall: Hall,
    mira: Someone,
    tove: Someone,
    file: SettingsFile,
}

async fn harbor(engine: &Engine) -> Harbor {
    let plan = World::plan()
        .forum("Harbor", |forum| {
            forum
                .user("mira", |mira| mira.trust_level = 2)
                .user("tove", |tove| tove.trust_level = 1)
                .group("makers", &["tove"])
        })
        .guild("Harbor", |guild| {
            guild.role("Regular").role("Staff").role("Leader").member("mira_d").member("tove_d")
        });
    let world = plan.start().await.unwrap();
    let hall = Hall::start(&world, engine, &rules()).await;
    let (mira, tove) = (person(&world, "mira_d"), person(&world, "tove_d"));
    mira.links_with("mira").await;
    tove.links_with("tove").await;
    hall.settle().await;
    let file = SettingsFile::of(&hall, &rules());
    world.transcript();
    world.discord_sim().forget_calls();
    Harbor { world, hall, mira, tove, file }
}

impl Harbor {
    /// The owner tries a file beside the hall that runs; whether that went well, and what they read.
    async fn rehearses(&self, text: &str, more: &[&str]) -> (bool, String) {
        let tried = self.file.path().with_file_name("rules.toml");
        fs::write(&tried, text).unwrap();
        let mut program = self.hall.program("rehearse");
        program.arg(&tried).arg("--settings").arg(self.file.path()).args(more);
        let output = program.output().await.unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(said).unwrap())
    }

    /// Only the section of the server, with other rules.
    fn section(&self, rules: &[String]) -> String {
        format!("[[guild]]\nid = '{}'\n{}", self.world.guild(), rules.concat())
    }

    /// What a rehearsal says, with names for ids.
    fn told(&self, said: &str) -> String {
        let said = said.replace(&self.mira.person.user().to_string(), "MIRA");
        said.replace(&self.tove.person.user().to_string(), "TOVE")
            .replace(&self.world.guild().to_string(), "HARBOR")
    }
}

stories! {
    async fn a_rehearsal_says_by_role_who_would_lose_and_gain_it_and_writes_nothing(engine) {
        let harbor = harbor(&engine).await;
        let other = harbor.section(&[
            role("Regular", "forum.trust_level >= 3"),
            role("Leader", "forum.trust_level >= 1"),
            role("Staff", "forum.admin"),
            role("Ghost", "forum.trust_level >= 1"),
        ]);
        let (done, said) = harbor.rehearses(&other, &[]).await;
        assert!(done, "{said}");
        assert_told!(harbor.told(&said), @r"
        The server HARBOR, against revision 1, for 2 linked members:
          + Ghost when forum.trust_level >= 1
          + Leader when forum.trust_level >= 1
          ~ Regular: was forum.trust_level >= 2, is forum.trust_level >= 3
          + Staff when forum.admin
          - nickname: {forum.username}

        Regular: 1 would lose it
          - mira (MIRA)

        Leader: 2 would gain it
          + mira (MIRA)
          + tove (TOVE)

        Staff: nobody would lose or gain it, as far as is known
          ? 2 members cannot be judged: nobody asked for a fact in the rule until now (--read asks)

        There is no role named “Ghost”.
          help: Create the role, or correct its name in guildhall.toml.

        Nothing was changed.
        ");
        harbor.hall.settle().await;
        assert_eq!((harbor.mira.roles(), harbor.tove.roles()), (vec!["Regular".to_owned()], vec![]));
        assert_eq!(engine.count("select count(*) from revisions").await, 1);
        let asked = harbor.world.discord_sim().calls();
        assert!(asked.iter().all(|call| call.method == "GET"), "{asked:?}");
    }

    async fn machines_read_a_rehearsal_as_json(engine) {
        let harbor = harbor(&engine).await;
        let whole = harbor.hall.settings_with(&role("Leader", "forum.trust_level >= 1"));
        let (done, said) = harbor.rehearses(&whole, &["--json"]).await;
        assert!(done, "{said}");
        let answer: Value = serde_json::from_str(&said).unwrap();
        let roles = &answer["servers"][0]["roles"];
        assert_eq!(roles[0]["role"], "Leader");
        let names = roles[0]["gains"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap());
        assert_eq!(names.collect::<Vec<_>>(), ["mira", "tove"]);
        assert_eq!(answer["servers"][0]["released"][0], "Regular");
        assert_eq!(answer["servers"][0]["nicknames"].as_array().unwrap().len(), 0);
    }

    async fn who_asks_the_forum_is_told_by_facts_and_groups_that_no_rule_named(engine) {
        let harbor = harbor(&engine).await;
        let regular = role("Regular", "forum.trust_level >= 2");
        let others = [
            regular,
            nickname("{forum.username}"),
            role("Staff", "!forum.moderator && forum.trust_level >= 2"),
            role("Leader", "\"makers\" in forum.groups"),
        ];
        let (done, said) = harbor.rehearses(&harbor.section(&others), &["--read"]).await;
        assert!(done, "{said}");
        assert_told!(harbor.told(&said), @r#"
        The server HARBOR, against revision 1, for 2 linked members:
          + Leader when "makers" in forum.groups
          + Staff when !forum.moderator && forum.trust_level >= 2

        Leader: 1 would gain it
          + tove (TOVE)

        Staff: 1 would gain it
          + mira (MIRA)

        Nothing was changed.
        "#);
        let stored = "select count(*) from facts where facts like '%moderator%' or facts like '%groups%'";
        assert_eq!(engine.count(stored).await, 0);
        assert_eq!(engine.count("select count(*) from group_bindings").await, 0);
        let (_, said) = harbor.rehearses(&harbor.section(&others), &[]).await;
        assert!(said.contains("2 members cannot be judged") && !said.contains("tove_d"), "{said}");
    }

    async fn the_rules_that_hold_change_nothing(engine) {
        let harbor = harbor(&engine).await;
        let (done, said) = harbor.rehearses(&harbor.section(&rules()), &[]).await;
        assert!(done && said.contains("Nobody would gain or lose anything."), "{said}");
    }

    async fn a_file_that_cannot_be_tried_is_told_with_its_place(engine) {
        let harbor = harbor(&engine).await;
        let (done, said) = harbor.rehearses(&harbor.section(&[role("Leader", "forum.trust >= 1")]), &[]).await;
        assert!(!done && said.contains("rules.toml:") && said.contains("forum.trust_level"), "{said}");
        let (done, said) = harbor.rehearses("", &[]).await;
        assert!(!done && said.contains("names no server"), "{said}");
        let (done, said) = harbor.rehearses("[[guild]]\nid = '1180000000000000099'\n", &[]).await;
        assert!(!done && said.contains("1180000000000000099"), "{said}");
    }
}
