//! A message within Discord's limits, whatever is put into it. (Discord docs: Embed Limits, Components.)

use serde_json::{Value, json};
use twilight_model::channel::message::AllowedMentions;
use twilight_model::channel::message::component::{ActionRow, Button, ButtonStyle, Component};
use twilight_model::channel::message::embed::{Embed, EmbedField, EmbedFooter, EmbedThumbnail};
use twilight_model::http::interaction::InteractionResponseData;

use crate::press::Press;

/// Lengths in UTF-16 units, of which no text has fewer than characters.
const TEXT_UNITS_MAX: usize = 2_000;
const TITLE_UNITS_MAX: usize = 256;
const DESCRIPTION_UNITS_MAX: usize = 3_000;
const FIELD_NAME_UNITS_MAX: usize = 256;
const FIELD_VALUE_UNITS_MAX: usize = 1_024;
const FOOTER_UNITS_MAX: usize = 300;
const FIELDS_MAX: usize = 25;
/// All texts of an embed together.
const EMBED_UNITS_MAX: usize = 6_000;
const BUTTONS_IN_A_ROW_MAX: usize = 5;
const BUTTONS_MAX: usize = 5 * BUTTONS_IN_A_ROW_MAX;
const LABEL_UNITS_MAX: usize = 80;
const ADDRESS_UNITS_MAX: usize = 512;

/// What somebody sees. Mentions in it notify nobody.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Message {
    text: Option<String>,
    card: Option<Embed>,
    buttons: Vec<Component>,
}

/// A framed text with a title.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Card {
    /// What stands above.
    pub(crate) title: String,
    /// Where the title leads.
    pub(crate) address: Option<String>,
    /// A picture beside it.
    pub(crate) picture: Option<String>,
    /// `0xRRGGBB`
    pub(crate) color: Option<u32>,
    /// The text, line by line; what does not fit is counted.
    pub(crate) lines: Vec<String>,
    /// Names with values.
    pub(crate) fields: Vec<(&'static str, String)>,
    /// What stands below.
    pub(crate) footer: Option<String>,
}

impl Message {
    /// A plain text.
    pub(crate) fn text(text: &str) -> Self {
        Self { text: Some(cut(text, TEXT_UNITS_MAX)), ..Self::default() }
    }

    /// A card.
    pub(crate) fn card(card: Card) -> Self {
        Self { card: Some(card.embed()), ..Self::default() }
    }

    /// The same with a text above it.
    pub(crate) fn above(self, text: &str) -> Self {
        Self { text: Some(cut(text, TEXT_UNITS_MAX)), ..self }
    }

    /// Adds a button that opens an address; addresses longer than Discord takes are left out.
    pub(crate) fn opens(self, label: &str, address: &str) -> Self {
        if units(address) > ADDRESS_UNITS_MAX {
            return self;
        }
        self.button(label, ButtonStyle::Link, None, Some(address.to_owned()))
    }

    /// Adds a button that asks the hall for something.
    pub(crate) fn asks(self, label: &str, style: ButtonStyle, press: &Press) -> Self {
        self.button(label, style, Some(press.id()), None)
    }

    /// For an interaction's first answer.
    pub(crate) fn data(&self) -> InteractionResponseData {
        InteractionResponseData {
            allowed_mentions: Some(AllowedMentions::default()),
            content: Some(self.text.clone().unwrap_or_default()),
            embeds: Some(self.card.clone().into_iter().collect()),
            components: Some(self.rows()),
            ..InteractionResponseData::default()
        }
    }

    /// For writing over an answer.
    pub(crate) fn body(&self) -> Value {
        let embeds: Vec<&Embed> = self.card.iter().collect();
        json!({
            "content": self.text.as_deref().unwrap_or_default(),
            "embeds": embeds,
            "components": self.rows(),
            "allowed_mentions": AllowedMentions::default(),
        })
    }

    fn button(
        mut self,
        label: &str,
        style: ButtonStyle,
        custom_id: Option<String>,
        url: Option<String>,
    ) -> Self {
        let label = Some(cut(label, LABEL_UNITS_MAX));
        let button =
            Button { custom_id, disabled: false, emoji: None, id: None, label, sku_id: None, style, url };
        if self.buttons.len() < BUTTONS_MAX {
            self.buttons.push(Component::Button(button));
        }
        self
    }

    fn rows(&self) -> Vec<Component> {
        let rows = self.buttons.chunks(BUTTONS_IN_A_ROW_MAX);
        rows.map(|row| Component::ActionRow(ActionRow { components: row.to_vec(), id: None })).collect()
    }
}

impl Card {
    fn embed(self) -> Embed {
        let title = cut(&self.title, TITLE_UNITS_MAX);
        let footer = self.footer.map(|footer| cut(&footer, FOOTER_UNITS_MAX));
        let description = fitting(&self.lines, DESCRIPTION_UNITS_MAX);
        let taken = units(&title) + footer.as_deref().map_or(0, units) + units(&description);
        let mut left = EMBED_UNITS_MAX.saturating_sub(taken);
        let mut fields = Vec::new();
        for (name, value) in self.fields.into_iter().take(FIELDS_MAX) {
            let (name, value) = (cut(name, FIELD_NAME_UNITS_MAX), cut(&value, FIELD_VALUE_UNITS_MAX));
            let needed = units(&name) + units(&value);
            if needed > left || value.is_empty() {
                continue;
            }
            left -= needed;
            fields.push(EmbedField { inline: units(&value) <= 40, name, value });
        }
        let picture = self.picture.filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        Embed {
            author: None,
            color: self.color,
            description: Some(description).filter(|text| !text.is_empty()),
            fields,
            flags: None,
            footer: footer.map(|text| EmbedFooter { icon_url: None, proxy_icon_url: None, text }),
            image: None,
            kind: "rich".to_owned(),
            provider: None,
            thumbnail: picture.map(|url| EmbedThumbnail { height: None, proxy_url: None, url, width: None }),
            timestamp: None,
            title: Some(title).filter(|text| !text.is_empty()),
            url: self.address.filter(|url| url.starts_with("http") && units(url) <= 2_048),
            video: None,
        }
    }
}

/// Cuts a text to a length, with an ellipsis where something is missing.
pub(super) fn cut(text: &str, units_max: usize) -> String {
    if units(text) <= units_max {
        return text.to_owned();
    }
    let mut left = units_max.saturating_sub(1);
    let fits = |character: &char| {
        let needed = character.len_utf16();
        let fits = needed <= left;
        left = left.saturating_sub(needed);
        fits
    };
    let mut kept: String = text.chars().take_while(fits).collect();
    // Half an escape would eat the ellipsis.
    while kept.ends_with('\\') {
        kept.pop();
    }
    kept.push('…');
    kept
}

/// As many whole lines as fit, and how many more there are.
pub(super) fn fitting(lines: &[String], units_max: usize) -> String {
    const ROOM_FOR_MORE: usize = 30;
    let all = lines.join("\n");
    if units(&all) <= units_max {
        return all;
    }
    let mut kept = String::new();
    let mut count = 0;
    for line in lines {
        if units(&kept) + units(line) + 1 + ROOM_FOR_MORE > units_max {
            break;
        }
        kept.push_str(line);
        kept.push('\n');
        count += 1;
    }
    match lines.first() {
        Some(first) if count == 0 => cut(first, units_max),
        _ => format!("{kept}and {} more", lines.len() - count),
    }
}

/// A text with a line that stays, whatever has to give way before it.
pub(super) fn with_the_last(lines: &[String], last: &str) -> String {
    if lines.is_empty() {
        return last.to_owned();
    }
    let room = TEXT_UNITS_MAX.saturating_sub(units(last) + 1);
    format!("{}\n{last}", fitting(lines, room))
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_to_what_discord_takes_and_never_inside_an_escape() {
        for (text, units_max, expected) in [
            ("short", 10, "short"),
            ("exactly", 7, "exactly"),
            ("much too long", 5, "much…"),
            (r"a\*b\*c", 3, "a…"),
            ("🦀🦀🦀", 4, "🦀…"),
        ] {
            assert_eq!(cut(text, units_max), expected);
        }
    }

    #[test]
    fn lines_that_do_not_fit_are_counted() {
        let lines: Vec<String> = (0..100).map(|number| format!("line number {number:03}")).collect();
        let text = fitting(&lines, 200);
        assert!(units(&text) <= 200);
        assert!(
            text.starts_with("line number 000\nline number 001\n") && text.ends_with("and 90 more"),
            "{text}"
        );
    }

    #[test]
    fn the_last_line_stays_whatever_stands_before_it() {
        let long: Vec<String> = (0..8).map(|_| "x".repeat(400)).collect();
        let text = with_the_last(&long, "To agree, type it.");
        assert!(units(&text) <= TEXT_UNITS_MAX && text.ends_with("and 4 more\nTo agree, type it."), "{text}");
        assert_eq!(with_the_last(&["one".to_owned()], "two"), "one\ntwo");
        assert_eq!(with_the_last(&[], "two"), "two");
    }

    #[test]
    fn a_card_never_outgrows_discord_whatever_stands_in_it() {
        let long = "x".repeat(5_000);
        let card = Card {
            title: long.clone(),
            lines: vec![long.clone(), long.clone()],
            fields: vec![("name", long.clone()); 40],
            footer: Some(long),
            ..Card::default()
        };
        let embed = card.embed();
        let parts = [embed.title, embed.description, embed.footer.map(|footer| footer.text)];
        let texts: usize = parts.iter().flatten().map(|text| units(text)).sum();
        let fields: usize = embed.fields.iter().map(|field| units(&field.name) + units(&field.value)).sum();
        assert!(texts + fields <= EMBED_UNITS_MAX && embed.fields.len() <= FIELDS_MAX);
        assert!(parts.iter().flatten().all(|text| text.ends_with('…')));
    }
}
