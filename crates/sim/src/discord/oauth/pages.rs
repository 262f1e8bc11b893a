//! The pages of the sign-in, plain enough for a browser without scripts and for curl.

use crate::discord::ids::Snowflake;

/// Text that may stand in HTML, in an attribute too.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// A whole page.
pub(super) fn page(title: &str, body: &str) -> String {
    let style = "body{font:16px/1.5 system-ui,sans-serif;background:#313338;color:#dbdee1;display:grid;\
        place-items:center;min-height:100vh;margin:0}main{background:#2b2d31;border-radius:8px;padding:2rem;\
        max-width:28rem;width:calc(100% - 6rem)}h1{font-size:1.25rem;margin-top:0}button{font:inherit;border:0;\
        border-radius:4px;padding:.6rem 1rem;margin:.2rem 0;background:#5865f2;color:#fff;cursor:pointer}\
        button.quiet{background:#4e5058}ul{padding-left:1.2rem}img{border-radius:50%;vertical-align:middle}\
        form.person button{width:100%;text-align:left;background:#383a40}small{color:#b9bec7}:focus-visible{outline:3px solid #fff;outline-offset:2px}";
    let title = escaped(title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><link rel=\"icon\" href=\"data:,\"><style>{style}</style></head>\
         <body><main><h1>{title}</h1>\n{body}\n<p><small>A simulated Discord</small></p></main></body></html>\n"
    )
}

/// A field that the person does not see.
pub(super) fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", escaped(name), escaped(value))
}

/// One button a person: sign in as …
pub(super) fn people(people: &[(Snowflake, String, String)], query: &str) -> String {
    let row = |(id, username, name): &(Snowflake, String, String)| {
        let label = format!("{} <small>@{}</small>", escaped(name), escaped(username));
        let next = hidden("next", query);
        let picture = format!(
            "<img src=\"/cdn/embed/avatars/{}.png\" alt=\"\" width=\"24\" height=\"24\">",
            id.get() % 6
        );
        format!(
            "<form class=\"person\" method=\"post\" action=\"/oauth2/sign-in\">{next}\
             <button name=\"user\" value=\"{id}\">{picture} {label}</button></form>"
        )
    };
    let rows: Vec<String> = people.iter().map(row).collect();
    page("Who are you?", &rows.join("\n"))
}

/// What is asked for, and the two answers.
pub(super) struct Consent<'a> {
    pub(super) application: &'a str,
    pub(super) person: &'a str,
    pub(super) scopes: &'a [String],
    pub(super) query: &'a str,
    /// Binds the answer to the sign-in, so that no other page can give it.
    pub(super) proof: &'a str,
    /// Guilds the bot could be added to; only where that is asked for.
    pub(super) guilds: Vec<(Snowflake, String)>,
}

pub(super) fn consent(consent: &Consent<'_>) -> String {
    let scopes: Vec<String> =
        consent.scopes.iter().map(|scope| format!("<li>{}</li>", escaped(scope))).collect();
    let option =
        |(id, name): &(Snowflake, String)| format!("<option value=\"{id}\">{}</option>", escaped(name));
    let guilds: Vec<String> = consent.guilds.iter().map(option).collect();
    let guild = match guilds.is_empty() {
        true => String::new(),
        false => {
            format!("<p><label>Add to <select name=\"guild_id\">{}</select></label></p>", guilds.join(""))
        }
    };
    let fields = format!("{}{}", hidden("query", consent.query), hidden("proof", consent.proof));
    let body = format!(
        "<p><strong>{application}</strong> wants to access your account, <strong>{person}</strong>.</p>\
         <ul>{scopes}</ul>\
         <form method=\"post\" action=\"/oauth2/authorize\">{fields}{guild}\
         <button name=\"decision\" value=\"authorize\">Authorise</button> \
         <button class=\"quiet\" name=\"decision\" value=\"cancel\">Cancel</button></form>\
         <form method=\"post\" action=\"/oauth2/sign-in\">{next}\
         <button class=\"quiet\" name=\"user\" value=\"\">Not you?</button></form>",
        application = escaped(consent.application),
        person = escaped(consent.person),
        scopes = scopes.join(""),
        next = hidden("next", consent.query),
    );
    page("Authorise access", &body)
}

/// Where links into Discord itself lead: the program that people have open anyway.
pub(super) fn application() -> String {
    page(
        "You are back in Discord",
        "<p>Here the real Discord opens. You can close this tab: the page you came from shows what happened.</p>",
    )
}

/// Something in the address is wrong; nobody is sent anywhere.
pub(super) fn problem(text: &str) -> String {
    page("Invalid request", &format!("<p>{}</p>", escaped(text)))
}
