//! A page that is open in a browser: what it says, and what a person does with it.

use reqwest::Method;
use reqwest::header::HeaderMap;
use url::Url;

use super::html::{self, Button, Document, Field, Form};
use super::{Browser, Going, Trouble};

/// A page. Whatever is done with it opens the next one.
#[derive(Clone, Debug)]
pub struct Page {
    browser: Browser,
    begun: Going,
    address: Url,
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
    document: Document,
    cookies_set: Vec<String>,
}

/// What it says.
impl Page {
    pub(super) fn read(
        browser: Browser,
        begun: Going,
        address: Url,
        status: u16,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Self {
        let document = html::read(&String::from_utf8_lossy(&body));
        Self { browser, begun, address, status, headers, body, document, cookies_set: Vec::new() }
    }

    /// The page with the cookies that were set on the way to it.
    pub(super) fn setting(self, cookies_set: Vec<String>) -> Self {
        Self { cookies_set, ..self }
    }

    /// The page that was not opened, see [`Browser::stops_before`].
    pub(super) fn stopped(browser: Browser, begun: Going, address: Url) -> Self {
        Self::read(browser, begun, address, 0, HeaderMap::new(), Vec::new())
    }

    /// Where it is.
    pub fn address(&self) -> &Url {
        &self.address
    }

    /// The status it came with; 0 when the browser stopped before it.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// A header of its answer; empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The `Set-Cookie` lines on the way to it, and of itself.
    pub fn cookies_set(&self) -> &[String] {
        &self.cookies_set
    }

    /// What came, as it came.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The words in the title bar.
    pub fn title(&self) -> &str {
        self.document.title.trim()
    }

    /// What a person reads, a line for each paragraph; buttons stand in brackets.
    pub fn text(&self) -> String {
        self.document.lines.join("\n")
    }

    /// Addresses of the pictures, style sheets and scripts that it asks for.
    pub fn parts(&self) -> Vec<Url> {
        self.document.parts.iter().filter_map(|part| self.address.join(part).ok()).collect()
    }

    /// Its browser.
    pub fn browser(&self) -> &Browser {
        &self.browser
    }
}

/// What a person does with it.
impl Page {
    /// Clicks the first link with these words in it.
    pub async fn clicks(self, words: &str) -> Result<Self, Trouble> {
        let link = self.document.links.iter().find(|link| link.words.contains(words));
        let link = link.ok_or_else(|| self.misses(format!("a link \"{words}\"")))?;
        let to = self.leads_to(&link.address)?;
        let from = Some((self.address.clone(), self.is_secretive()));
        self.browser.goes(Going { method: Method::GET, to, form: None, from }).await
    }

    /// Fills in the field with that label or name.
    pub fn fills(mut self, label: &str, value: &str) -> Result<Self, Trouble> {
        let wanted =
            |field: &&mut Field| !field.hidden && (field.label.contains(label) || field.name == label);
        let mut fields = self.document.forms.iter_mut().flat_map(|form| &mut form.fields);
        match fields.find(wanted) {
            Some(field) => value.clone_into(&mut field.value),
            None => return Err(self.misses(format!("a field \"{label}\""))),
        }
        Ok(self)
    }

    /// Presses the first button with these words in it: sends its form.
    pub async fn presses(self, words: &str) -> Result<Self, Trouble> {
        let found =
            self.document.forms.iter().find_map(|form| {
                Some((form, form.buttons.iter().find(|button| button.words.contains(words))?))
            });
        let (form, button) = found.ok_or_else(|| self.misses(format!("a button \"{words}\"")))?;
        let going = self.sent(form, button)?;
        self.browser.goes(going).await
    }

    /// Loads it again: where it is a page at the end of a redirect, that page alone; a form is sent again.
    pub async fn reloads(self) -> Result<Self, Trouble> {
        let again = if self.begun.method == Method::POST && self.begun.to == self.address {
            self.begun.clone()
        } else {
            Going { method: Method::GET, to: self.address.clone(), form: None, from: None }
        };
        self.browser.goes(again).await
    }

    fn sent(&self, form: &Form, button: &Button) -> Result<Going, Trouble> {
        let mut to = self.leads_to(&form.action)?;
        let fields = form.fields.iter().map(|field| (field.name.clone(), field.value.clone()));
        let pressed = (button.name.clone(), button.value.clone());
        let fields: Vec<(String, String)> =
            fields.chain([pressed]).filter(|(name, _)| !name.is_empty()).collect();
        let from = Some((self.address.clone(), self.is_secretive()));
        if form.post {
            return Ok(Going { method: Method::POST, to, form: Some(fields), from });
        }
        to.query_pairs_mut().clear().extend_pairs(&fields);
        Ok(Going { method: Method::GET, to, form: None, from })
    }

    fn leads_to(&self, address: &str) -> Result<Url, Trouble> {
        self.address.join(address).map_err(|_| Trouble::NoAddress(address.to_owned()))
    }

    fn is_secretive(&self) -> bool {
        self.header("referrer-policy") == "no-referrer"
    }

    fn misses(&self, what: String) -> Trouble {
        let page = format!("{} ({})\n{}", self.address, self.status, self.text());
        Trouble::NotThere { what, page }
    }
}
