//! Being linked already, and ending it.

use super::{harbor, rules};
use crate::{Hall, person};

stories! {
    async fn who_is_linked_already_is_told_to_whom(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        mira.links_with("mira").await;
        hall.settle().await;
        world.transcript();
        mira.runs("/link").await;
        assert_told!(world.transcript(), @r"
        mira_d runs /link
          You are linked to **mira** on [127.0.0.1](http://127.0.0.1), since <t:…:D>.
          [Unlink]
        ");
    }

    async fn unlinking_takes_everything_back_and_forgets(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        mira.links_with("mira").await;
        hall.settle().await;
        world.transcript();
        mira.runs("/unlink").await.presses("Unlink").await;
        hall.settle().await;
        assert_eq!((mira.roles(), mira.nickname()), (vec![], None));
        assert_told!(world.transcript(), @r"
        mira_d runs /unlink
          Unlink **mira** on [127.0.0.1](http://127.0.0.1)?
          The roles that it gave you here are taken back, and so is the name, unless you changed it since. What the hall knows of you from there is deleted. The buttons work until <t:…:t>.
          [Unlink] [Stay linked]
        mira_d presses [Unlink]
          **mira** on [127.0.0.1](http://127.0.0.1) is not linked any more. What it gave you here is being taken back. /link links again.
        the hall takes Regular from mira_d: Harbor: unlinked
        the hall takes the nickname of mira_d: Harbor: unlinked
        ");
        for table in ["links", "members", "accounts", "facts", "nicknames", "given_roles", "tickets", "flows"] {
            assert_eq!(engine.count(&format!("select count(*) from {table}")).await, 0, "{table}");
        }
        let names = "select count(*) from audit where details like '%mira%' or subject like '%mira%'";
        assert_eq!(engine.count(names).await, 0);
    }

    async fn what_a_person_changed_since_is_left_to_them(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        let discord = world.discord_sim();
        let owner = discord.user_named("owner").unwrap();
        discord.set_nick(owner, world.guild(), mira.person.user(), Some("Mimi")).unwrap();
        mira.links_with("mira").await;
        hall.settle().await;
        assert_eq!(mira.nickname().as_deref(), Some("Keeper Mira Vale"));
        mira.runs("/unlink").await.presses("Unlink").await;
        hall.settle().await;
        assert_eq!(mira.nickname().as_deref(), Some("Mimi"));
        world.transcript();
    }

    async fn nobody_presses_the_button_of_somebody_else(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let (mira, tove) = (person(&world, "mira_d"), person(&world, "tove_d"));
        mira.links_with("mira").await;
        hall.settle().await;
        let asked = mira.runs("/unlink").await;
        let answer = asked.is_pressed_by(&tove, "Unlink").await;
        assert_eq!(answer.text(), "This button was made for somebody else.");
        hall.settle().await;
        assert_eq!(mira.roles(), ["Regular"]);
        world.transcript();
    }
}
