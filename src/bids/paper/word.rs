//! The paper as a Word file, in Word's own heading styles, so that a committee's officers can put it into their papers.

use std::io::Cursor;

use docx_rs::{Docx, Footer, LineSpacing, NumPages, PageNum, Paragraph, Run, RunFonts, Style, StyleType};

use super::model::{Fact, Paper};
use crate::error::{AppError, Result};

const FONT: &str = "Arial";

/// Writes a paper.
///
/// # Errors
/// When the file cannot be written, which is our fault.
pub fn word(paper: &Paper) -> Result<Vec<u8>> {
    let mut document = styled().footer(foot(paper)).add_paragraph(paragraph("Heading1", &paper.title));
    for Fact { key, value } in &paper.facts {
        let named = Run::new().bold().add_text(format!("{key}: "));
        document = document.add_paragraph(Paragraph::new().add_run(named).add_run(run(value)));
    }
    for card in &paper.cards {
        document = document.add_paragraph(paragraph("Heading2", &card.title));
        for row in &card.rows {
            document = document.add_paragraph(paragraph("Heading3", &row.key));
            for line in row.value.trim().lines() {
                document = document.add_paragraph(Paragraph::new().add_run(run(line)));
            }
        }
    }
    let mut file = Cursor::new(Vec::new());
    document.build().pack(&mut file).map_err(|fault| AppError::internal(fault.to_string()))?;
    Ok(file.into_inner())
}

fn styled() -> Docx {
    let heading = |id: &str, name: &str, half_points: usize| {
        Style::new(id, StyleType::Paragraph).name(name).bold().size(half_points)
    };
    Docx::new()
        .default_fonts(RunFonts::new().ascii(FONT).hi_ansi(FONT).cs(FONT))
        .default_size(22)
        .default_line_spacing(LineSpacing::new().after(80))
        .add_style(heading("Heading1", "heading 1", 40))
        .add_style(heading("Heading2", "heading 2", 28))
        .add_style(heading("Heading3", "heading 3", 22))
}

fn foot(paper: &Paper) -> Footer {
    let small = |text: &str| Run::new().size(15).add_text(text);
    let pages = Paragraph::new()
        .add_run(small("Page "))
        .add_page_num(PageNum::new())
        .add_run(small(" of "))
        .add_num_pages(NumPages::new());
    let mut foot = Footer::new();
    for line in &paper.foot {
        foot = foot.add_paragraph(Paragraph::new().add_run(small(&storable(line))));
    }
    foot.add_paragraph(pages)
}

fn paragraph(style: &str, text: &str) -> Paragraph {
    Paragraph::new().style(style).add_run(run(text))
}

fn run(text: &str) -> Run {
    Run::new().add_text(storable(text))
}

/// XML holds no control characters.
fn storable(text: &str) -> String {
    let kept = |letter: &char| (!letter.is_control() || *letter == '\t') && !matches!(*letter, '\u{fffe}' | '\u{ffff}');
    text.chars().filter(kept).collect()
}

#[cfg(test)]
mod tests {
    use docx_rs::read_docx;

    use super::{super::model::tests::hard_to_print, *};

    #[test]
    fn it_can_be_read_again_with_every_character() {
        let file = word(&hard_to_print()).expect("written");
        let said = read_docx(&file).expect("a Word file").json();
        for words in ["ŵyau and ŷd; “three weeks”", "Two 🎉 done", "ar y cyd i’r ŵyl", "version 2", "Heading3"]
        {
            assert!(said.contains(words), "{words}");
        }
        assert_eq!(file, word(&hard_to_print()).expect("written"), "it is the same each time");
    }
}
