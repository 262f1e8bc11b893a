//! The routes of the forum: who may ask what, and which function answers.

mod admin_people;
mod categories;
mod groups;
mod images;
mod keys;
mod people;
mod posts;
mod session;
mod site;
mod tags;
mod topics;
mod webhooks;

use http::Method;

use super::answer::{Answer, escaped};
use super::keys::KeyRefusal;
use super::people::PersonId;
use super::request::Request;
use super::state::Forum;
use super::viewer::Viewer;

/// Who gets through to a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gate {
    /// Everybody, also when the whole site stands behind a login.
    Open,
    /// Everybody, unless the whole site stands behind a login.
    Public,
    /// Admins and moderators; to others the address does not exist.
    Staff,
    /// Admins; to others the address does not exist.
    Admin,
}

/// One route.
struct Route {
    method: Method,
    /// Segments without `.json`; names in braces take one segment each.
    pattern: &'static str,
    /// `X-Discourse-Route`
    name: &'static str,
    gate: Gate,
    run: fn(&mut Forum, &Ask) -> Answer,
}

/// A request that got through.
struct Ask<'a> {
    request: &'a Request,
    viewer: Viewer,
    params: Vec<(&'static str, &'a str)>,
}

impl Ask<'_> {
    /// A named segment of the path.
    fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value)
    }

    /// The person whose number is in the path.
    fn person_id(&self) -> PersonId {
        PersonId(self.param("id").parse().unwrap_or_default())
    }

    /// Who asks; routes behind a gate always have somebody.
    fn by(&self) -> PersonId {
        self.viewer.person.unwrap_or_default()
    }
}

impl Default for PersonId {
    /// Nobody: the number that no account has.
    fn default() -> PersonId {
        PersonId(0)
    }
}

const fn get(
    pattern: &'static str,
    name: &'static str,
    gate: Gate,
    run: fn(&mut Forum, &Ask) -> Answer,
) -> Route {
    Route { method: Method::GET, pattern, name, gate, run }
}

const fn put(
    pattern: &'static str,
    name: &'static str,
    gate: Gate,
    run: fn(&mut Forum, &Ask) -> Answer,
) -> Route {
    Route { method: Method::PUT, pattern, name, gate, run }
}

const fn post(
    pattern: &'static str,
    name: &'static str,
    gate: Gate,
    run: fn(&mut Forum, &Ask) -> Answer,
) -> Route {
    Route { method: Method::POST, pattern, name, gate, run }
}

const fn delete(
    pattern: &'static str,
    name: &'static str,
    gate: Gate,
    run: fn(&mut Forum, &Ask) -> Answer,
) -> Route {
    Route { method: Method::DELETE, pattern, name, gate, run }
}

/// Every route, family by family. The first that fits answers.
const ROUTES: &[&[Route]] = &[
    admin_people::ROUTES,
    people::ROUTES,
    groups::ROUTES,
    session::ROUTES,
    keys::ROUTES,
    webhooks::ROUTES,
    site::ROUTES,
    categories::ROUTES,
    tags::ROUTES,
    posts::ROUTES,
    topics::ROUTES,
    images::ROUTES,
];

/// Method and path of every route.
pub(crate) fn names() -> impl Iterator<Item = (&'static str, String)> {
    let all = ROUTES.iter().flat_map(|family| family.iter());
    all.map(|route| (route.method.as_str(), format!("/{}", route.pattern)))
}

/// An answer with what its headers say about it.
pub(crate) struct Routed {
    pub(crate) answer: Answer,
    pub(crate) route: Option<&'static str>,
    pub(crate) viewer: Option<String>,
}

impl Forum {
    /// Answers one request: budgets, key, gate, then the route itself.
    pub(crate) fn answer(&mut self, request: &Request) -> Routed {
        let now_ms = self.now_ms();
        if let Err(answer) = self.limits.arrive(request.address, now_ms) {
            return Routed { answer, route: None, viewer: None };
        }
        let segments = aliased(&request.segments);
        let found = ROUTES.iter().flat_map(|family| family.iter()).find_map(|route| {
            let params = matched(route, &request.method, &segments)?;
            Some((route, params))
        });
        let Some((route, params)) = found else {
            return self.no_route(request);
        };
        match self.who_asks(request, route, &params) {
            Ok(viewer) => self.routed(request, route, viewer, params),
            Err(answer) => Routed { answer, route: None, viewer: None },
        }
    }

    fn routed(
        &mut self,
        request: &Request,
        route: &Route,
        viewer: Viewer,
        params: Vec<(&'static str, &str)>,
    ) -> Routed {
        let name = Some(route.name);
        let username = viewer.person.and_then(|id| self.person(id)).map(|person| person.username.clone());
        if self.settings.login_required && viewer.person.is_none() && route.gate == Gate::Public {
            let answer = match request.wants_json || request.method != Method::GET {
                true => Answer::error(403, self.settings.locale.not_logged_in(), "not_logged_in"),
                false => {
                    Answer::redirect(&format!("{}/login", self.base_url)).header("Discourse-No-Onebox", "1")
                }
            };
            return Routed { answer, route: name, viewer: username };
        }
        let writes = request.method != Method::GET;
        let mut answer = if self.read_only && writes && route.name != "session/create" {
            let text = "The site is in read only mode. Interactions are disabled.";
            Answer::error(503, text, "read_only")
        } else {
            (route.run)(self, &Ask { request, viewer, params })
        };
        if self.read_only && !writes {
            answer = answer.header("Discourse-Readonly", "true");
        }
        if self.settings.login_required {
            answer = answer.header("Discourse-No-Onebox", "1");
        }
        let has_page = matches!(answer.status, 200 | 403 | 404);
        if !request.wants_json
            && !writes
            && has_page
            && answer.content_type.is_some_and(|kind| kind.contains("json"))
        {
            answer = self.as_page(answer);
        }
        Routed { answer, route: name, viewer: username }
    }

    /// Who asks: by key, by cookie, or nobody. An answer when they do not get through.
    fn who_asks(
        &mut self,
        request: &Request,
        route: &Route,
        params: &[(&str, &str)],
    ) -> Result<Viewer, Answer> {
        let locale = self.settings.locale;
        let is_hidden = matches!(route.gate, Gate::Staff | Gate::Admin);
        let person = match self.with_key(request, route.pattern, params) {
            Some(Ok(person)) => {
                let now_ms = self.now_ms();
                self.limits.admin_key(now_ms, locale)?;
                Some(person)
            }
            Some(Err(_)) if is_hidden => return Err(self.hidden(request)),
            Some(Err(KeyRefusal::Invalid)) => return Err(Answer::bad_key(locale)),
            Some(Err(KeyRefusal::PersonBarred)) => return Err(Answer::no_access(locale)),
            None => {
                let reads = request.method == Method::GET;
                if !reads && !self.csrf_fits(request) {
                    return Err(Answer::plain(403, "[\"BAD CSRF\"]"));
                }
                self.signed_in(request)
            }
        };
        let viewer = person.and_then(|id| self.person(id)).map(Viewer::of).unwrap_or_default();
        let passes = match route.gate {
            Gate::Open | Gate::Public => true,
            Gate::Staff => viewer.is_staff(),
            Gate::Admin => viewer.admin,
        };
        if passes { Ok(viewer) } else { Err(self.hidden(request)) }
    }

    fn no_route(&mut self, request: &Request) -> Routed {
        Routed { answer: self.hidden(request), route: None, viewer: None }
    }

    /// An address that does not exist, at least not for whoever asks.
    fn hidden(&self, request: &Request) -> Answer {
        let answer = match request.wants_json || request.method != Method::GET {
            true => Answer::not_found(self.settings.locale),
            false => Answer::html(404, &self.page("Oops! That page doesn’t exist or is private.")),
        };
        answer.header("Vary", "Accept")
    }

    /// What a browser gets where a client gets JSON: the shell of the forum's own program.
    fn as_page(&self, answer: Answer) -> Answer {
        let words = match answer.status {
            200 => "This forum is a program that runs in the browser; this simulation has none.",
            404 => "Oops! That page doesn’t exist or is private.",
            _ => "Something went wrong.",
        };
        Answer { headers: answer.headers, ..Answer::html(answer.status, &self.page(words)) }
            .header("Vary", "Accept")
    }

    /// A page of HTML with the forum's head.
    pub(crate) fn page(&self, words: &str) -> String {
        let title = escaped(&self.settings.title);
        let version = escaped(&self.settings.version);
        format!(
            "<!DOCTYPE html>\n<html lang=\"{}\">\n  <head>\n    <meta charset=\"utf-8\">\n    \
             <meta name=\"viewport\" content=\"width=device-width\">\n    \
             <title>{title}</title>\n    <meta name=\"generator\" content=\"Discourse {version} (simulated)\">\n    \
             <link rel=\"icon\" href=\"data:,\">\n    <style>{STYLE}</style>\n  </head>\n  <body>\n    <main>\n    <h1>{title}</h1>\n    <p>{words}</p>\n    \
             </main>\n  </body>\n</html>\n",
            self.settings.locale.code()
        )
    }
}

/// Enough for a sign-in that is pleasant to read, by day and by night.
const STYLE: &str = ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:0;\
    background:light-dark(#f4f4f4,#111);color:light-dark(#222,#ddd)}main{max-width:24rem;margin:3rem auto;\
    padding:1.5rem 2rem;background:light-dark(#fff,#222);border-radius:4px}h1{font-size:1.4rem;margin-top:0}\
    label{display:block}input{display:block;width:100%;box-sizing:border-box;font:inherit;padding:.5rem;\
    border:1px solid light-dark(#767676,#888);border-radius:3px;background:light-dark(#fff,#111);color:inherit}\
    button{font:inherit;border:0;border-radius:3px;padding:.5rem 1rem;margin:.3rem 0;background:#0068a5;\
    color:#fff;cursor:pointer}";

/// Addresses that the forum still knows by their older names.
fn aliased(segments: &[String]) -> Vec<&str> {
    let mut names: Vec<&str> = segments.iter().map(String::as_str).collect();
    match names.first_mut() {
        Some(first) if *first == "users" => *first = "u",
        Some(first) if *first == "g" => *first = "groups",
        _ => {}
    }
    names
}

fn matched<'a>(route: &Route, method: &Method, segments: &[&'a str]) -> Option<Vec<(&'static str, &'a str)>> {
    if route.method != *method {
        return None;
    }
    let pattern: Vec<&'static str> = route.pattern.split('/').filter(|part| !part.is_empty()).collect();
    if pattern.len() != segments.len() {
        return None;
    }
    let mut params = Vec::new();
    for (part, segment) in pattern.into_iter().zip(segments) {
        match part.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some("id" | "near") if segment.parse::<i64>().is_err() => return None,
            Some(name) => params.push((name, *segment)),
            None if part == *segment => {}
            None => return None,
        }
    }
    Some(params)
}
