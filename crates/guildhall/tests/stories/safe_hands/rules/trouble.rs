//! A settings file that cannot be used as it is, or only in part.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use service::rules::Cause;

use super::{Harbor, harbor, regular, staff};
use crate::people::opens;

/// What `/readyz` says.
async fn ready(harbor: &Harbor) -> (u16, String) {
    let page = opens(&harbor.mira.browser(), &harbor.hall.address("/readyz")).await.0;
    (page.status(), String::from_utf8(page.body().to_vec()).unwrap())
}

/// Each way in which a file cannot be used, and what is said of it.
const SPOILT: [(&str, &str); 7] = [
    ("half-written", "unclosed array"),
    ("cut in a word", "is missing"),
    ("no text", "is not UTF-8"),
    ("a folder", "this is a folder"),
    ("leading to itself", "it cannot be read"),
    ("for nobody's eyes", "it may not be read"),
    ("gone", "there is no such file"),
];

/// Spoils the file.
fn spoil(harbor: &Harbor, how: &str) {
    let path = harbor.file.path();
    let whole = harbor.hall.settings_with(&[regular(), staff()].concat());
    match how {
        "half-written" => {
            let open = whole.replace("when = 'forum.admin || forum.moderator'", "when = [");
            harbor.file.holds(open.as_bytes());
        }
        "cut in a word" => {
            let end = whole.rfind("when").unwrap();
            harbor.file.holds(&whole.as_bytes()[..end]);
        }
        "no text" => harbor.file.holds(b"\xff\xfe[\0h\0a\0l\0l\0]\0"),
        "a folder" => {
            fs::remove_file(&path).unwrap();
            fs::create_dir(&path).unwrap();
        }
        "leading to itself" => {
            fs::remove_dir(&path).unwrap();
            std::os::unix::fs::symlink(&path, &path).unwrap();
        }
        "for nobody's eyes" => {
            fs::remove_file(&path).unwrap();
            harbor.file.holds(whole.as_bytes());
            fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
        }
        _ => drop(fs::remove_dir(&path).or_else(|_| fs::remove_file(&path))),
    }
}

stories! {
    async fn a_file_that_cannot_be_used_keeps_the_old_rules_and_is_told_where_the_owner_looks(engine) {
        let mut harbor = harbor(&engine).await;
        let before = harbor.revision();
        for (how, words) in SPOILT {
            spoil(&harbor, how);
            // Nothing is closed to root, so that for root this is no trouble to tell of.
            if how == "for nobody's eyes" && fs::read(harbor.file.path()).is_ok() {
                continue;
            }
            harbor.file.is_looked_at(&harbor.hall, 3).await;
            assert_eq!((harbor.revision(), harbor.mira.roles()), (before, vec!["Regular".to_owned()]), "{how}");
            let notes = harbor.notes();
            assert!(notes.len() == 1 && notes[0].contains(words), "{how}: {notes:?}");
            let (status, said) = ready(&harbor).await;
            assert!(status == 200 && said.starts_with("ready\nnote: the settings file cannot"), "{how}: {said}");
        }
        harbor.file.write(&harbor.hall, &[regular(), staff()]);
        harbor.file.is_looked_at(&harbor.hall, 2).await;
        assert_eq!(harbor.mira.roles(), ["Regular", "Staff"]);
        assert_eq!(ready(&harbor).await, (200, "ready\n".to_owned()));
        harbor.world.transcript();
    }

    async fn a_file_that_was_cut_off_between_two_rules_drops_none_of_them(engine) {
        let mut harbor = harbor(&engine).await;
        harbor.file.write(&harbor.hall, &[regular(), staff()]);
        harbor.file.is_looked_at(&harbor.hall, 2).await;
        let before = harbor.revision();
        harbor.file.write(&harbor.hall, &[]);
        harbor.file.is_looked_at(&harbor.hall, 3).await;
        assert_eq!((harbor.revision(), harbor.mira.roles().len()), (before, 2));
        let notes = harbor.notes();
        assert!(notes.len() == 1 && notes[0].contains("lacks 2 of the 2 rules of the server"), "{notes:?}");
        let (status, said) = ready(&harbor).await;
        assert!(status == 200 && said.starts_with("ready\nnote: the settings file cannot"), "{said}");
        // Whoever means it says so.
        harbor.file.watch.read(harbor.hall.inside(), Cause::Asked).await;
        harbor.hall.settle().await;
        assert_ne!(harbor.revision(), before);
        assert_eq!((ready(&harbor).await, harbor.mira.roles().len()), ((200, "ready\n".to_owned()), 2));
        harbor.world.transcript();
    }

    async fn a_byte_order_mark_is_no_trouble(engine) {
        let mut harbor = harbor(&engine).await;
        let rules = harbor.hall.settings_with(&[regular(), staff()].concat());
        harbor.file.holds(format!("\u{feff}{rules}").as_bytes());
        harbor.file.watch.read(harbor.hall.inside(), Cause::Asked).await;
        harbor.hall.settle().await;
        assert_eq!(harbor.mira.roles(), ["Regular", "Staff"]);
        assert!(harbor.notes().is_empty());
        harbor.world.transcript();
    }

    async fn what_needs_a_restart_is_named_and_the_rules_are_followed(engine) {
        let mut harbor = harbor(&engine).await;
        let rules = harbor.hall.settings_with(&[regular(), staff()].concat());
        let more = rules.replace("name = 'Harbor'", "name = 'Haven'").replace("{ env = 'BOT_TOKEN' }", "{ env = 'NEW' }");
        harbor.file.holds(format!("{more}[[guild]]\nid = '1180000000000000099'\n").as_bytes());
        harbor.file.is_looked_at(&harbor.hall, 2).await;
        assert_eq!(harbor.mira.roles(), ["Regular", "Staff"]);
        let notes = harbor.notes().join("\n");
        assert!(notes.contains("needs a restart"), "{notes}");
        assert!(notes.contains("[[guild]] 1180000000000000099, [discord] bot_token, [hall] name"), "{notes}");
        harbor.says(&[regular()]).await;
        assert!(harbor.notes().is_empty());
        harbor.world.transcript();
    }

    async fn rules_wait_with_the_sources_that_they_may_name(engine) {
        let mut harbor = harbor(&engine).await;
        let rules = harbor.hall.settings_with(&[regular(), staff()].concat());
        harbor.file.holds(rules.replace("name = 'forum'", "name = 'club'").replace("forum.", "club.").as_bytes());
        harbor.file.is_looked_at(&harbor.hall, 2).await;
        assert_eq!(harbor.mira.roles(), ["Regular"]);
        let notes = harbor.notes().join("\n");
        assert!(notes.contains("so do the rules") && notes.contains("[[source]] club: name"), "{notes}");
    }

    async fn a_server_that_is_taken_out_follows_its_rules_until_the_next_start(engine) {
        let mut harbor = harbor(&engine).await;
        let before = harbor.revision();
        let rules = harbor.hall.settings_with("");
        let without = rules.split("[[guild]]").next().unwrap().to_owned();
        harbor.file.holds(without.as_bytes());
        harbor.file.is_looked_at(&harbor.hall, 2).await;
        assert_eq!(harbor.revision(), before);
        assert!(harbor.notes().join("\n").contains("needs a restart"), "{:?}", harbor.notes());
        assert_eq!(engine.count("select count(*) from audit where act = 'release_role'").await, 0);
    }
}
