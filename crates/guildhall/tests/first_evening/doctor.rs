//! What `guildhall doctor` finds.

use sim::discord::permission;

use crate::town::Town;

#[tokio::test]
async fn where_all_is_right_nothing_is_broken() {
    let town = Town::new().await;
    let found = town.doctor(&[]).await;
    assert_eq!(found.all_broken(), [""; 0], "{:#}", found.found);
    assert!(found.is_well);
    assert_eq!(found.one("bot token").1, "Discord accepts it: the bot is Guildhall.");
    assert_eq!(found.one("client secret").0, "ok");
    assert_eq!(found.one("redirect address").0, "ok");
    assert_eq!(found.one("connect secret").0, "ok");
    assert_eq!(found.one("roles").1, "There and below the bot's own role: Leader.");
}

#[tokio::test]
async fn a_person_reads_it_place_by_place() {
    let town = Town::new().await;
    let output = town.runs(&["doctor"], &[("CLIENT", "not the secret")]).await;
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("\nDiscord\n  ok      Discord: It answers.\n"), "{said}");
    assert!(said.contains("\nThe server Harbor\n  ok      server: The bot is in Harbor.\n"), "{said}");
    assert!(said.contains("  BROKEN  client secret: Discord does not accept it for this application.\n          What to do: "), "{said}");
    assert!(said.contains("1 thing is broken"), "{said}");
    assert_eq!(output.status.code(), Some(1));
}

#[tokio::test]
async fn a_wrong_secret_of_each_kind_is_named_with_where_to_get_the_right_one() {
    let town = Town::new().await;
    for (variable, looked_at, remedy) in [
        ("TOKEN", "bot token", "Reset Token"),
        ("CLIENT", "client secret", "Reset Secret"),
        ("KEY", "API key", "New API Key"),
        ("CONNECT", "connect secret", "discourse connect provider secrets"),
        ("WEBHOOK", "webhook", "New Webhook"),
    ] {
        let found = town.doctor(&[(variable, "this is certainly not it")]).await;
        let (_, told) = found.broken(looked_at);
        assert!(told.contains(remedy), "{looked_at}: {told}");
        assert_eq!(found.all_broken(), [looked_at], "{:#}", found.found);
    }
}

#[tokio::test]
async fn what_is_not_set_up_at_discord_is_named_with_what_to_click() {
    let town = Town::new().await;
    let (discord, application) = (&town.harbor.discord, town.harbor.application);
    discord.set_intents(application, false, false, false).unwrap();
    discord.leave(town.harbor.guild, application).unwrap();
    let found = town.doctor(&[]).await;
    assert!(found.broken("server members intent").1.contains("Server Members Intent"));
    assert!(found.broken("server").1.contains("guildhall invite"));
    assert_eq!(found.all_broken(), ["server members intent", "server"]);
}

#[tokio::test]
async fn without_permission_to_read_the_audit_log_it_is_said_what_is_lost() {
    let town = Town::new().await;
    let (discord, guild) = (&town.harbor.discord, town.harbor.guild);
    let owner =
        town.harbor.people.iter().find(|person| person.owner).and_then(|person| person.discord).unwrap().0;
    let bots = discord.role_named(guild, "Guildhall").unwrap();
    let may = permission::MANAGE_ROLES | permission::MANAGE_NICKNAMES;
    discord.set_permissions(owner, guild, bots, may).unwrap();
    let found = town.doctor(&[]).await;
    let (verdict, says, remedy) = found.one("audit log");
    assert_eq!(verdict, "warning", "{says}");
    assert!(says.contains("cannot tell what a moderator did by hand from what happened otherwise"), "{says}");
    assert_eq!(remedy, "In Server Settings, Roles, give the bot's role View Audit Log.");
    assert!(found.is_well, "the rest works: {:#}", found.found);
    discord.set_permissions(owner, guild, bots, may | permission::VIEW_AUDIT_LOG).unwrap();
    assert_eq!(town.doctor(&[]).await.one("audit log").0, "ok");
}

#[tokio::test]
async fn a_server_that_asks_for_a_second_factor_asks_the_bots_owner_too() {
    let town = Town::new().await;
    let (discord, guild, bot) = (&town.harbor.discord, town.harbor.guild, town.harbor.application);
    discord.set_second_factors(guild, true, bot, false).unwrap();
    let (says, remedy) = town.doctor(&[]).await.broken("two-factor");
    assert!(says.contains("forbids the bot to give roles"), "{says}");
    assert!(remedy.contains("owns the application"), "{remedy}");
    discord.set_second_factors(guild, true, bot, true).unwrap();
    assert_eq!(town.doctor(&[]).await.one("two-factor").0, "ok");
}

#[tokio::test]
async fn a_redirect_address_that_is_not_registered_is_said_letter_by_letter() {
    let town = Town::new().await.at("http://elsewhere.localhost:9");
    let found = town.doctor(&[]).await;
    let (says, remedy) = found.broken("redirect address");
    assert!(found.broken("public address").0.contains("cannot be reached"), "{:#}", found.found);
    assert!(says.contains("not registered"), "{says}");
    assert!(remedy.ends_with("\nhttp://elsewhere.localhost:9/link/discord"), "{remedy}");
}

#[tokio::test]
async fn each_role_that_cannot_be_given_is_a_check_of_its_own() {
    let rule = |role: &str| format!("[[guild.role]]\nrole = '{role}'\nwhen = 'forum.admin'\n");
    let rules = [rule("Leader"), rule("Nobody Has This"), rule("Harbourmaster")].concat();
    let town = Town::new().await.with_rules(&rules);
    let found = town.doctor(&[]).await;
    let broken = found.of("role");
    assert_eq!(broken.len(), 2, "{:#}", found.found);
    assert!(broken[0].1.contains("no role named “Nobody Has This”"), "{}", broken[0].1);
    assert!(broken[1].1.contains("Harbourmaster"), "{}", broken[1].1);
    assert!(found.one("roles").1.ends_with(": Leader."));
}

#[tokio::test]
async fn a_webhook_that_would_send_nothing_is_told_from_one_that_was_pinged() {
    let town = Town::new().await;
    town.harbor.forum.edit_webhook(1, |webhook| {
        webhook.wildcard = true;
        webhook.event_type_ids.clear();
    });
    let (says, remedy) = town.doctor(&[]).await.broken("webhook");
    assert!(says.contains("names no kinds of events"), "{says}");
    assert!(remedy.contains(&format!("Payload URL: {}/hooks/forum", town.hall)), "{remedy}");
}

#[tokio::test]
async fn a_forum_that_proves_nobody_says_which_switch() {
    let town = Town::new().await;
    town.harbor.forum.set(|settings| settings.connect_enabled = false);
    let (says, remedy) = town.doctor(&[]).await.broken("connect secret");
    assert!(says.contains("switched off"), "{says}");
    assert!(remedy.contains("enable discourse connect provider"), "{remedy}");
    let other = vec![("another.example".to_owned(), "0123456789".to_owned())];
    town.harbor.forum.set(|settings| (settings.connect_enabled, settings.connect_secrets) = (true, other));
    let (says, _) = town.doctor(&[]).await.broken("connect secret");
    assert!(says.contains("knows no secret for 127.0.0.1"), "{says}");
}

#[tokio::test]
async fn settings_that_cannot_be_read_are_the_first_thing_to_put_right() {
    let town = Town::new().await.with_rules("[[guild.role]]\nrole = 'Leader'\nwhen = 'forum.trust'\n");
    let found = town.doctor(&[]).await;
    assert_eq!(found.found["sections"][0]["title"], "The settings");
    assert_eq!(found.all_broken(), ["guild[0].role[0].when"]);
}

#[tokio::test]
async fn a_door_that_another_program_has_is_told_from_a_hall_that_runs() {
    let town = Town::new().await;
    let taken = std::net::TcpListener::bind(&town.listen).unwrap();
    let (says, _) = town.doctor(&[]).await.broken("listener");
    assert!(says.contains("Another program listens"), "{says}");
    drop(taken);
    let found = town.doctor(&[]).await;
    assert!(found.one("listener").1.contains("The hall does not run"), "{:#}", found.found);
    assert!(found.one("public address").1.contains("leads here"), "{:#}", found.found);
}

#[tokio::test]
async fn an_address_that_only_this_network_reaches_is_named_with_the_forums_setting_for_it() {
    let found = Town::new().await.doctor(&[]).await;
    let (verdict, says, remedy) = found.one("private address");
    assert_eq!(verdict, "warning");
    assert!(says.contains("127.0.0.1"), "{says}");
    assert!(remedy.contains("allowed internal hosts"), "{remedy}");
}

#[tokio::test]
async fn a_channel_for_staff_that_the_bot_may_not_see_is_named_with_what_to_allow() {
    let town = Town::new().await;
    let (discord, guild) = (&town.harbor.discord, town.harbor.guild);
    let channel = discord.create_channel(guild, "keepers");
    let town = town.with_rules(&format!(
        "staff_channel = '{channel}'\n[[guild.role]]\nrole = 'Leader'\nwhen = 'forum.admin'\n"
    ));
    assert_eq!(town.doctor(&[]).await.one("staff channel").0, "ok");
    let view_channel = 1 << 10;
    town.harbor.discord.overwrite(channel, town.harbor.application, 0, view_channel);
    let (says, _) = town.doctor(&[]).await.broken("staff channel");
    assert!(says.contains("may not see the channel keepers"), "{says}");
}

#[tokio::test]
async fn a_plan_that_waits_for_a_person_is_said_with_how_to_decide() {
    let town = Town::new().await;
    let file = town.folder.path().join("guildhall.db");
    let store = store::Store::open(&format!("sqlite:{}", file.display())).await.unwrap();
    let guild = domain::ids::GuildId(town.harbor.guild.get());
    let plan = store::plans::NewPlan {
        guild,
        revision: None,
        cause: "sweep".to_owned(),
        actor: "hall".to_owned(),
        state: "parked".to_owned(),
        made_at: domain::time::Timestamp(1),
        reasons: "[]".to_owned(),
        contents: "[]".to_owned(),
        takes: 40,
        gives: 1,
        renames: 0,
    };
    let mut tx = store.write().await.unwrap();
    tx.put_plan(&plan).await.unwrap();
    tx.commit().await.unwrap();
    store.close().await;
    let found = town.doctor(&[]).await;
    let (verdict, says, remedy) = found.one("plan");
    assert_eq!(verdict, "warning");
    assert!(says.contains("waits for your word: it would take 40 roles, give 1 role."), "{says}");
    assert!(remedy.contains("/apply"), "{remedy}");
}
