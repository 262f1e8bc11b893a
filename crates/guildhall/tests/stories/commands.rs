//! What people ask in Discord, and what they read.

use std::time::Duration;

use sim::discord::{RoleSpec, permission};
use sim::forum::{Fault, FaultRule};

use crate::{Engine, Hall, World, forum_person, nickname, person, role};

/// Mira who is linked in most stories, Tove who is not, and Una who may manage roles.
async fn harbor() -> World {
    let plan = World::plan()
        .forum("Harbor", |forum| {
            forum
                .user("mira", |mira| {
                    (mira.name, mira.title) = (Some("Mira Vale".to_owned()), Some("Keeper".to_owned()));
                    mira.bio_raw = Some(
                        "I keep **the light**; see [the log](https://light.example/log) and [ours](/t/7)."
                            .to_owned(),
                    );
                    mira.trust_level = 2;
                })
                .user("tove", |tove| tove.trust_level = 1)
                .group("makers", &["mira"])
        })
        .guild("Harbor", |guild| {
            let manages = |warden: &mut RoleSpec| warden.permissions = permission::MANAGE_ROLES;
            guild
                .role_with("Warden", manages)
                .role("Regular")
                .role("Maker")
                .role("Quiet")
                .member("mira_d")
                .member("tove_d")
                .member_with("una_d", "Warden")
        });
    plan.start().await.unwrap()
}

fn rules() -> [String; 4] {
    [
        role("Regular", "forum.trust_level >= 2"),
        role("Maker", "\"makers\" in forum.groups"),
        role("Quiet", "forum.silenced"),
        nickname("{forum.title} {forum.name}"),
    ]
}

/// A hall in which Mira is linked, and nothing waits to be read.
async fn linked(world: &World, engine: &Engine) -> Hall {
    let hall = Hall::start(world, engine, &rules()).await;
    person(world, "mira_d").links_with("mira").await;
    hall.settle().await;
    world.transcript();
    hall
}

stories! {
    async fn link_answers_the_asker_alone_with_one_button(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let answer = person(&world, "tove_d").runs("/link").await;
        assert!(answer.address().starts_with(&hall.address("/l/")), "{}", answer.address());
        assert_eq!(said_in_channels(&world), [""; 0]);
        assert_told!(world.transcript(), @r"
        tove_d runs /link
          Sign in to Discord and to 127.0.0.1 in one browser, and your roles and your name here follow it.
          The address is for you alone and works until <t:…:t>; forwarding it links nobody else.
          [Link my account]
        ");
    }

    async fn who_is_linked_hears_to_what_and_since_when_and_may_unlink(engine) {
        let world = harbor().await;
        let hall = linked(&world, &engine).await;
        let mira = person(&world, "mira_d");
        let question = mira.runs("/link").await.presses("Unlink").await;
        question.presses("Stay linked").await;
        hall.settle().await;
        assert_eq!(mira.roles(), ["Regular", "Maker"]);
        mira.runs("/unlink").await.presses("Unlink").await;
        hall.settle().await;
        assert!(mira.roles().is_empty() && mira.nickname().is_none());
        assert_eq!(engine.count("select count(*) from links").await, 0);
        assert_told!(world.transcript(), @r"
        mira_d runs /link
          You are linked to **mira** on [127.0.0.1](http://127.0.0.1), since <t:…:D>.
          [Unlink]
        mira_d presses [Unlink]
          Unlink **mira** on [127.0.0.1](http://127.0.0.1)?
          The roles that it gave you here are taken back, and so is the name, unless you changed it since. What the hall knows of you from there is deleted. The buttons work until <t:…:t>.
          [Unlink] [Stay linked]
        mira_d presses [Stay linked]
          Nothing was changed; you stay linked.
        mira_d runs /unlink
          Unlink **mira** on [127.0.0.1](http://127.0.0.1)?
          The roles that it gave you here are taken back, and so is the name, unless you changed it since. What the hall knows of you from there is deleted. The buttons work until <t:…:t>.
          [Unlink] [Stay linked]
        mira_d presses [Unlink]
          **mira** on [127.0.0.1](http://127.0.0.1) is not linked any more. What it gave you here is being taken back. /link links again.
        the hall takes Regular from mira_d: Harbor: unlinked
        the hall takes Maker from mira_d: Harbor: unlinked
        the hall takes the nickname of mira_d: Harbor: unlinked
        ");
    }

    async fn an_own_profile_has_everything_with_the_links_of_its_bio(engine) {
        let world = harbor().await;
        let _hall = linked(&world, &engine).await;
        person(&world, "mira_d").runs("/profile").await;
        assert_told!(world.transcript(), @r"
        mira_d runs /profile
          Mira Vale
          I keep **the light**; see [the log](https://light.example/log) and [ours](http://127.0.0.1/t/7).
          Name in the forum: mira
          Title: Keeper
          Trust level: 2, member
          Groups: makers
          (a picture)
        ");
    }

    async fn others_see_of_a_member_what_a_visitor_sees(engine) {
        let world = harbor().await;
        let hall = linked(&world, &engine).await;
        let tove = person(&world, "tove_d");
        tove.runs("/profile member:@mira_d").await;
        world.forums()[0].1.set(|settings| settings.login_required = true);
        // What was shown a moment ago is not read again.
        hall.passes(Duration::from_secs(61)).await;
        tove.runs("/profile member:@mira_d").await;
        person(&world, "mira_d").runs("/profile").await;
        hall.settle().await;
        assert_told!(world.transcript(), @r"
        tove_d runs /profile member:@mira_d
          Mira Vale
          I keep **the light**; see [the log](https://light.example/log) and [ours](http://127.0.0.1/t/7).
          Name in the forum: mira
          Title: Keeper
          Trust level: 2, member
          Groups: makers
          (a picture)
        tove_d runs /profile member:@mira_d
          The forum does not show this profile at the moment.
        mira_d runs /profile
          Mira Vale
          I keep **the light**; see [the log](https://light.example/log) and [ours](http://127.0.0.1/t/7).
          Name in the forum: mira
          Title: Keeper
          Trust level: 2, member
          Groups: makers
          (a picture)
        ");
    }

    async fn profiles_are_found_by_forum_name_or_said_not_to_be_there(engine) {
        let world = harbor().await;
        let _hall = linked(&world, &engine).await;
        let tove = person(&world, "tove_d");
        for command in [
            "/profile name:mira",
            "/profile name:discobot",
            "/profile name:nobody_here",
            "/profile name:../../admin",
            "/profile",
            "/profile member:@una_d",
            "/profile member:@mira_d name:mira",
        ] {
            tove.runs(command).await;
        }
        assert_eq!(said_in_channels(&world), [""; 0]);
        assert_told!(world.transcript(), @r"
        tove_d runs /profile name:mira
          Mira Vale
          I keep **the light**; see [the log](https://light.example/log) and [ours](http://127.0.0.1/t/7).
          Name in the forum: mira
          Title: Keeper
          Trust level: 2, member
          Groups: makers
          (a picture)
        tove_d runs /profile name:discobot
          discobot
          Hi! I’m a bot that shows newcomers around. Mention me.
          Trust level: 4, leader
          (a picture)
          A program of the forum, not a person
        tove_d runs /profile name:nobody_here
          127.0.0.1 shows no “nobody_here” to visitors. Is it spelt as in the forum?
        tove_d runs /profile name:../../admin
          127.0.0.1 shows no “../../admin” to visitors. Is it spelt as in the forum?
        tove_d runs /profile
          You have not linked your forum account yet. /link does it in half a minute.
        tove_d runs /profile member:@una_d
          This member has not linked a forum account.
        tove_d runs /profile member:@mira_d name:mira
          Give either a member or a forum name, not both.
        ");
    }

    async fn a_profile_is_for_all_to_see_when_its_asker_says_so(engine) {
        let world = harbor().await;
        let _hall = linked(&world, &engine).await;
        person(&world, "tove_d").runs("/profile name:tove share:true").await;
        assert_eq!(said_in_channels(&world).len(), 1);
        world.transcript();
    }

    async fn why_says_what_one_has_and_by_which_facts(engine) {
        let world = harbor().await;
        let _hall = linked(&world, &engine).await;
        person(&world, "mira_d").runs("/why").await;
        person(&world, "tove_d").runs("/why").await;
        assert_told!(world.transcript(), @r"
        mira_d runs /why
          Why you have what you have
          **Regular**: yes, because your trust level is 2.
          **Maker**: yes, because you are in the group makers.
          **Quiet**: no, because you are not silenced.
          Name: **Keeper Mira Vale**, as in the forum.
          Read <t:…:R>.
        tove_d runs /why
          You have not linked your forum account, so the rules say nothing about you. /link does it.
        ");
    }

    async fn why_about_others_needs_manage_roles_and_hides_what_is_private(engine) {
        let world = harbor().await;
        let _hall = linked(&world, &engine).await;
        person(&world, "tove_d").runs("/why member:@mira_d").await;
        person(&world, "una_d").runs("/why member:@mira_d").await;
        person(&world, "una_d").runs("/why member:@tove_d").await;
        assert_told!(world.transcript(), @r"
        tove_d runs /why member:@mira_d
          For somebody else this needs the permission Manage Roles. Without a member it is about you.
        una_d runs /why member:@mira_d
          Why they have what they have
          **Regular**: yes, because trust level 2 on forum.
          **Maker**: yes, because in the group makers on forum.
          **Quiet**: no, because something private on forum.
          Name: **Keeper Mira Vale**, as in the forum.
          Read <t:…:R>.
        una_d runs /why member:@tove_d
          This member has not linked a forum account, so the rules say nothing about them.
        ");
    }

    async fn sync_brings_what_no_hint_told_of(engine) {
        let world = harbor().await;
        let hall = linked(&world, &engine).await;
        let (mira, tove, una) = (person(&world, "mira_d"), person(&world, "tove_d"), person(&world, "una_d"));
        let forum = &world.forums()[0].1;
        forum.edit_user(forum_person(&world, "mira").id(), |mira| mira.trust_level = 1).unwrap();
        tove.runs("/sync member:@mira_d").await;
        tove.runs("/sync").await;
        hall.settle().await;
        assert_eq!(mira.roles(), ["Regular", "Maker"]);
        una.runs("/sync member:@mira_d").await;
        hall.settle().await;
        mira.runs("/sync").await;
        hall.settle().await;
        assert_eq!(mira.roles(), ["Maker"]);
        assert_told!(world.transcript(), @r"
        tove_d runs /sync member:@mira_d
          For somebody else this needs the permission Manage Roles. Without a member it is about you.
        tove_d runs /sync
          Not linked yet, so there is nothing to look at. /link links accounts.
        una_d runs /sync member:@mira_d
          Looked again
          **Regular** is being taken.
        the hall takes Regular from mira_d: Harbor: trust level 1 on forum
        mira_d runs /sync
          Looked again: everything is as it should be
        ");
    }

    async fn help_lists_every_command(engine) {
        let world = harbor().await;
        let _hall = Hall::start(&world, &engine, &rules()).await;
        let registered = world.discord_sim().commands(world.application());
        let help = person(&world, "tove_d").runs("/help").await.text();
        for command in &registered {
            let name = command["name"].as_str().unwrap();
            assert!(help.contains(&format!("`/{name}`")), "{name} is not in:\n{help}");
        }
        assert_eq!(registered.len(), 12);
        assert_told!(world.transcript(), @r"
        tove_d runs /help
          Harbor
          Your roles and your name here follow who you are in the forum.
          `/link` Link your forum account; your roles and your name here follow it
          `/unlink` Unlink your forum account; what it gave you here is taken back
          `/profile` Show who somebody is in the forum: yourself, a member, or a forum name
          `/why` Say why you have, or do not have, each role (for others with Manage Roles)
          `/sync` Look at your forum account again, now (for others with Manage Roles)
          `/plan` Show what would change here, what waits for a word, and why (with Manage Server, or a role above all that it changes)
          `/apply` Write what a plan shows and is still needed (with Manage Server, or a role above all that it changes)
          `/undo` Take back what was written under a plan (with Manage Server, or a role above all that it changes)
          `/overrides` List what people decided against the rules, and end it (with Manage Server, or a role above all that it changes)
          `/keep` Leave a role to those who held it before its rule, or whose rule was deleted (with Manage Server, or a role above all that it changes)
          `/remove` Take a role from those who held it before its rule, or whose rule was deleted (with Manage Server, or a role above all that it changes)
          `/help` Say what the hall does and what you can ask it
        ");
    }

    async fn while_the_forum_hangs_the_first_answer_comes_within_three_seconds(engine) {
        let world = harbor().await;
        let hall = linked(&world, &engine).await;
        let (mira, forum) = (person(&world, "mira_d"), &world.forums()[0].1);
        forum.fault(FaultRule { times: 100, ..FaultRule::next("/", Fault::Hang) });
        let answer = mira.runs("/profile").await;
        let first_ms = answer.answered_after_ms().unwrap();
        assert!(first_ms < 3_000, "answered after {first_ms} ms");
        let words = answer.text();
        assert!(words.contains("The forum does not answer at the moment. Nothing was changed; try again"), "{words}");
        // What needs no forum is answered all the same.
        assert!(mira.runs("/why").await.text().contains("trust level is 2"));
        forum.clear_faults();
        hall.settle().await;
        world.transcript();
    }

    async fn nothing_the_hall_says_may_notify_anybody(engine) {
        let world = harbor().await;
        let hall = linked(&world, &engine).await;
        let (mira, tove) = (person(&world, "mira_d"), person(&world, "tove_d"));
        let mira_id = mira.person.user();
        forum_person(&world, "mira").calls_themselves(&format!("@everyone <@{mira_id}>")).unwrap();
        hall.settle().await;
        for command in ["/link", "/why", "/sync", "/help", "/profile", "/profile name:mira share:true"] {
            mira.runs(command).await;
        }
        for command in ["/unlink", "/why", "/why member:@mira_d", "/profile member:@mira_d share:true"] {
            tove.runs(command).await;
        }
        mira.runs("/unlink").await.presses("Unlink").await;
        hall.settle().await;
        let said = world.discord_sim().messages_by(world.application());
        assert!(said.len() >= 10, "{said:#?}");
        let loud: Vec<_> = said.iter().filter(|(may_notify, _)| *may_notify).collect();
        assert!(loud.is_empty(), "{loud:#?}");
        world.transcript();
    }
}

/// What everybody can read in the guild.
fn said_in_channels(world: &World) -> Vec<String> {
    let discord = world.discord_sim();
    let channel = discord.channel_named(world.guild(), "general").unwrap();
    discord.messages(channel).into_iter().map(|message| format!("{message:?}")).collect()
}
