//! The paper as a PDF: tagged, so that a screen reader finds its headings, with the letters that it uses inside it.

use std::num::NonZeroU16;

use krilla::{
    Document, SerializeSettings,
    configure::Configuration,
    destination::XyzDestination,
    geom::Point,
    metadata::Metadata,
    outline::{Outline, OutlineNode},
    page::{Page, PageSettings},
    tagging::{ArtifactType, ContentTag, SpanTag, Tag, TagGroup, TagTree},
    text::{Font, TextDirection},
};
use ttf_parser::Face;

use super::{
    layout::{FOOT, HEIGHT, Layout, Line, MARGIN, Role, WIDTH},
    model::Paper,
};
use crate::error::{AppError, Result};

/// `DejaVu Sans Condensed`, which has the letters of Welsh and of all other languages of Europe.
static PLAIN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/fonts/DejaVuSansCondensed.ttf"));
static BOLD: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/fonts/DejaVuSansCondensed-Bold.ttf"));
/// What stands in the place of a character for which the letters have none, such as a picture.
const UNKNOWN: char = '\u{fffd}';
const FOOT_SIZE: f32 = 7.5;

/// Draws a paper.
///
/// # Errors
/// When the letters cannot be read or the file not be written, which is our fault.
pub fn pdf(paper: &Paper) -> Result<Vec<u8>> {
    drawn(paper, Configuration::new())
}

fn drawn(paper: &Paper, configuration: Configuration) -> Result<Vec<u8>> {
    let letters = Letters::read()?;
    let paper = &letters.printable(paper);
    let [which, fingerprint] = &paper.foot;
    let layout = Layout::of(paper, |role, text| letters.width(role.is_bold(), role.size(), text));
    let settings = SerializeSettings { configuration, ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    let mut groups: Vec<TagGroup> = layout.blocks.iter().map(|(role, text)| group(*role, text)).collect();
    for (index, lines) in layout.sheets.iter().enumerate() {
        let size = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| AppError::internal("a sheet has no size"))?;
        let mut page = document.start_page_with(size);
        let number = format!("Page {} of {}", index + 1, layout.sheets.len());
        letters.draw(&mut page, (lines, &layout.blocks), &mut groups, [which, fingerprint, &number]);
        page.finish();
    }
    let mut tree = TagTree::new().with_lang(Some("en-GB".into()));
    groups.into_iter().for_each(|group| tree.push(group));
    document.set_tag_tree(tree);
    document.set_outline(outline(&layout));
    let title = format!("{which}: {}", paper.title);
    document.set_metadata(Metadata::new().title(title).language("en-GB".into()));
    document.finish().map_err(|fault| AppError::internal(format!("a PDF was not written: {fault:?}")))
}

/// Where the title and the parts begin, as readers of PDFs list it beside the sheets.
fn outline(layout: &Layout) -> Outline {
    let mut outline = Outline::new();
    let mut last = None;
    for (sheet, lines) in layout.sheets.iter().enumerate() {
        for line in lines {
            let begins = last.replace(line.block) != Some(line.block);
            if let Some((role @ (Role::Title | Role::Heading), text)) = layout.blocks.get(line.block).filter(|_| begins)
            {
                let above = Point::from_xy(MARGIN, line.baseline - role.size());
                outline.push_child(OutlineNode::new(text.clone(), XyzDestination::new(sheet, above)));
            }
        }
    }
    outline
}

fn group(role: Role, text: &str) -> TagGroup {
    let heading = |level: NonZeroU16| TagGroup::new(Tag::Hn(level, Some(text.to_owned())));
    match role {
        Role::Title => heading(NonZeroU16::MIN),
        Role::Heading => heading(NonZeroU16::MIN.saturating_add(1)),
        Role::Key => heading(NonZeroU16::MIN.saturating_add(2)),
        Role::Text => TagGroup::new(Tag::P),
    }
}

/// The letters, to draw with and to measure.
struct Letters {
    plain: (Font, Face<'static>),
    bold: (Font, Face<'static>),
}

impl Letters {
    fn read() -> Result<Self> {
        let read = |bytes: &'static [u8]| {
            let font = Font::new(bytes.into(), 0).ok_or_else(|| AppError::internal("the letters cannot be drawn"))?;
            Ok::<_, AppError>((font, Face::parse(bytes, 0).map_err(AppError::internal)?))
        };
        Ok(Self { plain: read(PLAIN)?, bold: read(BOLD)? })
    }

    const fn of(&self, bold: bool) -> &(Font, Face<'static>) {
        if bold { &self.bold } else { &self.plain }
    }

    fn width(&self, bold: bool, size: f32, text: &str) -> f32 {
        let face = &self.of(bold).1;
        let advance = |letter: char| face.glyph_index(letter).and_then(|glyph| face.glyph_hor_advance(glyph));
        let units: f32 = text.chars().filter_map(advance).map(f32::from).sum();
        units * size / f32::from(face.units_per_em())
    }

    /// The same paper in characters that can be drawn.
    fn printable(&self, paper: &Paper) -> Paper {
        let mut paper = paper.clone();
        paper.title = self.drawable(&paper.title);
        paper.facts.iter_mut().for_each(|fact| fact.value = self.drawable(&fact.value));
        paper.foot.iter_mut().for_each(|line| *line = self.drawable(line));
        for card in &mut paper.cards {
            card.title = self.drawable(&card.title);
            for row in &mut card.rows {
                row.key = self.drawable(&row.key);
                row.value = self.drawable(&row.value);
            }
        }
        paper
    }

    fn drawable(&self, text: &str) -> String {
        let known = |letter: char| [&self.plain, &self.bold].iter().all(|(_, face)| face.glyph_index(letter).is_some());
        let printed = |letter: char| match letter {
            '\n' => Some('\n'),
            '\t' => Some(' '),
            // Marks that only say how the character before them looks, and what has no look at all.
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' => {
                None
            }
            letter if letter.is_control() => None,
            letter if known(letter) => Some(letter),
            _ => Some(UNKNOWN),
        };
        text.replace("\r\n", "\n").chars().filter_map(printed).collect()
    }

    fn draw(
        &self,
        page: &mut Page<'_>,
        (lines, blocks): (&[Line], &[(Role, String)]),
        groups: &mut [TagGroup],
        foot: [&str; 3],
    ) {
        let mut surface = page.surface();
        for line in lines {
            let (Some((role, _)), Some(group)) = (blocks.get(line.block), groups.get_mut(line.block)) else { continue };
            group.push(surface.start_tagged(ContentTag::Span(SpanTag::empty())));
            let at = Point::from_xy(MARGIN, line.baseline);
            let font = self.of(role.is_bold()).0.clone();
            // The blank keeps the last word of a line apart from the first of the next where the text is read aloud.
            surface.draw_text(at, font, role.size(), &format!("{} ", line.text), false, TextDirection::LeftToRight);
            surface.end_tagged();
        }
        surface.start_tagged(ContentTag::Artifact(ArtifactType::Footer));
        let mut y = FOOT;
        for text in foot {
            let at = Point::from_xy(MARGIN, y);
            surface.draw_text(at, self.plain.0.clone(), FOOT_SIZE, text, false, TextDirection::LeftToRight);
            y += FOOT_SIZE + 3.0;
        }
        surface.end_tagged();
        surface.finish();
    }
}

#[cfg(test)]
mod tests {
    use krilla::configure::Validator;

    use super::{super::model::tests::hard_to_print, *};

    #[test]
    fn it_keeps_the_standard_for_accessible_files_and_is_the_same_each_time() {
        let checked =
            drawn(&hard_to_print(), Configuration::new_with_validator(Validator::UA1)).expect("it is accessible");
        assert!(checked.starts_with(b"%PDF-"));
        assert_eq!(pdf(&hard_to_print()).expect("written"), pdf(&hard_to_print()).expect("written"));
    }

    #[test]
    fn welsh_and_curly_quotes_are_drawn_and_pictures_are_replaced() {
        let letters = Letters::read().expect("the letters are there");
        assert_eq!(letters.drawable("ŵ ŷ “a” – £ € é\t1\r\n2"), "ŵ ŷ “a” – £ € é 1\n2");
        assert_eq!(letters.drawable("done 🎉\u{fe0f}\u{7}!"), "done \u{fffd}!");
    }
}
