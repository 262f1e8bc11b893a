//! Signing in: RFC 6749 with PKCE (RFC 7636), as Discord has them.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use serde_json::{Value, json};
use sim::discord::Snowflake;
use url::Url;

use crate::harbor::Harbor;

/// Where people are sent back to.
const BACK: &str = "http://127.0.0.1:9/back";
/// What a client that uses PKCE keeps to itself.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// How long a code is good.
const CODE_MS: i64 = 600_000;
/// How long an access token is good.
const TOKEN_MS: i64 = 604_800_000;

/// Mira's browser, signed in.
struct Browser<'a> {
    harbor: &'a Harbor,
    http: Client,
    cookie: String,
}

impl<'a> Browser<'a> {
    async fn open(harbor: &'a Harbor) -> Self {
        let http = Client::builder().redirect(Policy::none()).build().unwrap();
        let form = [("user", harbor.mira.to_string()), ("next", String::new())];
        let address = format!("{}/oauth2/sign-in", harbor.sim.url());
        let signed = http.post(address).form(&form).send().await.unwrap();
        let cookie = signed.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        Self { harbor, http, cookie }
    }

    /// Opens the page with these questions beside the usual ones.
    async fn visits(&self, more: &[(&str, &str)]) -> (Response, String) {
        let id = self.harbor.application.to_string();
        let usual = [
            ("client_id", id.as_str()),
            ("response_type", "code"),
            ("redirect_uri", BACK),
            ("scope", "identify"),
        ];
        let usual = usual.iter().filter(|(name, _)| !more.iter().any(|(other, _)| name == other));
        let pairs: Vec<_> = usual.chain(more).collect();
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let address = format!("{}?{query}", self.harbor.sim.authorize_url());
        (self.http.get(address).header("cookie", &self.cookie).send().await.unwrap(), query)
    }

    /// Visits it and answers; gives the address to which the browser is sent.
    async fn answers(&self, more: &[(&str, &str)], decision: &str) -> Url {
        let (page, query) = self.visits(more).await;
        let page = page.text().await.unwrap();
        let proof = page.split("name=\"proof\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let form = [("query", query.as_str()), ("proof", proof), ("decision", decision)];
        let answer = self.http.post(self.harbor.sim.authorize_url()).header("cookie", &self.cookie);
        went(&answer.form(&form).send().await.unwrap())
    }

    async fn code(&self, more: &[(&str, &str)]) -> String {
        asked(&self.answers(more, "authorize").await, "code")
    }

    /// The status and the body for a form, by the client's own secret.
    async fn token(&self, form: &[(&str, &str)]) -> (u16, Value) {
        let secret = self.harbor.sim.client_secret(self.harbor.application);
        self.token_by(self.harbor.application, &secret.unwrap(), form).await
    }

    async fn token_by(&self, id: Snowflake, secret: &str, form: &[(&str, &str)]) -> (u16, Value) {
        let address = match form.iter().any(|(name, _)| *name == "token") {
            true => format!("{}/revoke", self.harbor.sim.token_url()),
            false => self.harbor.sim.token_url(),
        };
        let answer = self.http.post(address).basic_auth(id, Some(secret)).form(form).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// All the way to tokens.
    async fn tokens(&self) -> Value {
        let code = self.code(&[]).await;
        self.token(&exchange(&code)).await.1
    }

    /// The status for somebody's own account.
    async fn knows_who(&self, access: &Value) -> u16 {
        let address = format!("{}/users/@me", self.harbor.sim.api_url());
        let request =
            self.http.get(address).bearer_auth(access.as_str().unwrap()).header("user-agent", "test");
        request.send().await.unwrap().status().as_u16()
    }
}

fn went(answer: &Response) -> Url {
    assert_eq!(answer.status(), 302);
    answer.headers()["location"].to_str().unwrap().parse().unwrap()
}

fn asked(url: &Url, name: &str) -> String {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

fn exchange(code: &str) -> [(&str, &str); 3] {
    [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", BACK)]
}

fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes()))
}

#[tokio::test]
async fn a_code_with_a_challenge_is_worth_nothing_without_its_verifier() {
    let harbor = Harbor::quiet().await;
    let browser = Browser::open(&harbor).await;
    let challenge = challenge();
    let with = [("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")];
    let other = VERIFIER.to_lowercase();
    for (what, verifier, expected) in
        [("right", Some(VERIFIER), 200), ("wrong", Some(&*other), 400), ("absent", None, 400)]
    {
        let code = browser.code(&with).await;
        let mut form = exchange(&code).to_vec();
        form.extend(verifier.map(|verifier| ("code_verifier", verifier)));
        let (status, body) = browser.token(&form).await;
        assert_eq!(status, expected, "{what}: {body}");
        assert_eq!(body["error"] == "invalid_grant", expected == 400, "{what}: {body}");
    }
    let plain = browser.visits(&[("code_challenge", VERIFIER), ("code_challenge_method", "plain")]).await.0;
    assert_eq!(asked(&went(&plain), "error"), "invalid_request");
}

#[tokio::test]
async fn a_code_works_once_for_its_client_and_its_address_and_for_ten_minutes() {
    let harbor = Harbor::quiet().await;
    let browser = Browser::open(&harbor).await;
    let code = browser.code(&[]).await;
    assert_eq!(browser.token(&exchange(&code)).await.0, 200);
    assert_eq!(browser.token(&exchange(&code)).await.1["error"], "invalid_grant", "a second time");
    let code = browser.code(&[]).await;
    let elsewhere =
        [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", "http://127.0.0.1:9/")];
    assert_eq!(browser.token(&elsewhere).await.1["error"], "invalid_grant", "another address");
    let (code, other) = (browser.code(&[]).await, harbor.sim.create_application("other", harbor.owner));
    let secret = harbor.sim.client_secret(other).unwrap();
    assert_eq!(
        browser.token_by(other, &secret, &exchange(&code)).await.1["error"],
        "invalid_grant",
        "another client"
    );
    let code = browser.code(&[]).await;
    let (status, body) = browser.token_by(harbor.application, "wrong", &exchange(&code)).await;
    assert_eq!((status, &body["error"]), (401, &json!("invalid_client")));
    harbor.clock.advance_ms(CODE_MS);
    assert_eq!(browser.token(&exchange(&code)).await.1["error"], "invalid_grant", "ten minutes later");
    let unknown = browser.token(&[("grant_type", "password")]).await;
    assert_eq!((unknown.0, &unknown.1["error"]), (400, &json!("unsupported_grant_type")));
}

#[tokio::test]
async fn a_refresh_token_brings_new_tokens_once() {
    let harbor = Harbor::quiet().await;
    let browser = Browser::open(&harbor).await;
    let first = browser.tokens().await;
    assert_eq!(
        (&first["token_type"], &first["expires_in"], &first["scope"]),
        (&json!("Bearer"), &json!(604_800), &json!("identify"))
    );
    harbor.clock.advance_ms(TOKEN_MS);
    assert_eq!(browser.knows_who(&first["access_token"]).await, 401, "a week later");
    let refresh =
        [("grant_type", "refresh_token"), ("refresh_token", first["refresh_token"].as_str().unwrap())];
    let (status, second) = browser.token(&refresh).await;
    assert_eq!((status, browser.knows_who(&second["access_token"]).await), (200, 200));
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    let again = browser.token(&refresh).await;
    assert_eq!((again.0, &again.1["error"]), (400, &json!("invalid_grant")));
}

#[tokio::test]
async fn revoking_one_token_ends_all_that_came_of_the_same_yes() {
    let harbor = Harbor::quiet().await;
    let browser = Browser::open(&harbor).await;
    let (one, other) = (browser.tokens().await, browser.tokens().await);
    let stranger = harbor.sim.create_application("stranger", harbor.owner);
    let token = one["refresh_token"].as_str().unwrap();
    let secret = harbor.sim.client_secret(stranger).unwrap();
    assert_eq!(browser.token_by(stranger, &secret, &[("token", token)]).await.0, 200);
    assert_eq!(browser.knows_who(&one["access_token"]).await, 200, "nobody revokes what is another's");
    assert_eq!(browser.token(&[("token", token)]).await, (200, json!({})));
    for tokens in [&one, &other] {
        assert_eq!(browser.knows_who(&tokens["access_token"]).await, 401);
        let refresh =
            [("grant_type", "refresh_token"), ("refresh_token", tokens["refresh_token"].as_str().unwrap())];
        assert_eq!(browser.token(&refresh).await.1["error"], "invalid_grant");
    }
    let page = browser.visits(&[("prompt", "none")]).await.0;
    assert_eq!(page.status(), 200, "asked again");
    assert_eq!(
        browser.token(&[("token", "unknown")]).await.0,
        200,
        "RFC 7009: nothing to revoke is well revoked"
    );
}

#[tokio::test]
async fn prompt_none_skips_the_question_for_those_who_said_yes_to_all_of_it() {
    let harbor = Harbor::quiet().await;
    let browser = Browser::open(&harbor).await;
    let none = [("prompt", "none"), ("state", "kept")];
    assert_eq!(browser.visits(&none).await.0.status(), 200, "nobody said yes yet");
    browser.code(&[]).await;
    let back = went(&browser.visits(&none).await.0);
    assert_eq!((asked(&back, "state").as_str(), asked(&back, "code").is_empty()), ("kept", false));
    let more = [("prompt", "none"), ("scope", "identify email")];
    assert_eq!(browser.visits(&more).await.0.status(), 200, "more is asked for than before");
    assert_eq!(browser.visits(&[("prompt", "consent")]).await.0.status(), 200);
    let text = browser.http.get(format!("{}?client_id={}", harbor.sim.authorize_url(), harbor.application));
    assert_eq!(text.send().await.unwrap().status(), 400, "an address to go back to is needed");
}

#[tokio::test]
async fn who_says_no_and_what_is_asked_wrongly_go_back_with_an_error_or_nowhere() {
    let harbor = Harbor::quiet().await;
    let browser = Browser::open(&harbor).await;
    let refused = browser.answers(&[("state", "kept")], "cancel").await;
    assert_eq!(
        (asked(&refused, "error"), asked(&refused, "state")),
        ("access_denied".to_owned(), "kept".to_owned())
    );
    for (what, more, error) in [
        ("an unknown scope", ("scope", "everything"), "invalid_scope"),
        ("no scope", ("scope", ""), "invalid_scope"),
        ("another kind of answer", ("response_type", "password"), "unsupported_response_type"),
    ] {
        assert_eq!(asked(&went(&browser.visits(&[more]).await.0), "error"), error, "{what}");
    }
    for (what, more) in [
        ("an address that is not registered", ("redirect_uri", "https://elsewhere.example/back")),
        ("an application that is none", ("client_id", "7")),
    ] {
        assert_eq!(browser.visits(&[more]).await.0.status(), 400, "{what}");
    }
    harbor.sim.add_redirect(harbor.application, "https://elsewhere.example/back").unwrap();
    let registered = [("redirect_uri", "https://elsewhere.example/back")];
    assert_eq!(browser.answers(&registered, "authorize").await.host_str(), Some("elsewhere.example"));
}

#[tokio::test]
async fn a_token_opens_what_its_scopes_name() {
    let harbor = Harbor::quiet().await;
    let browser = Browser::open(&harbor).await;
    let member = format!("/users/@me/guilds/{}/member", harbor.guild);
    for (scopes, may) in [
        ("identify", [true, false, false, false]),
        ("identify email guilds", [true, true, true, false]),
        ("identify guilds.members.read", [true, false, false, true]),
    ] {
        let code = browser.code(&[("scope", scopes)]).await;
        let token = browser.token(&exchange(&code)).await.1["access_token"].as_str().unwrap().to_owned();
        let get = async |path: &str| {
            let request = browser.http.get(format!("{}{path}", harbor.sim.api_url())).bearer_auth(&token);
            let answer = request.header("user-agent", "test").send().await.unwrap();
            (answer.status() == 200, answer.json::<Value>().await.unwrap())
        };
        let (own, user) = get("/users/@me").await;
        let seen = [own, user["email"].is_string(), get("/users/@me/guilds").await.0, get(&member).await.0];
        assert_eq!(seen, may, "{scopes}");
    }
}
