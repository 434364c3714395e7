//! Whether a file is what its name says, by its bytes. Nothing of it is kept open, run or rendered.

use super::{
    model::FileKind,
    office::{self, Inside},
};
use crate::error::Fault;

/// More than any camera or scanner makes; a few kilobytes can unfold to more, and freeze whoever opens them.
const MOST_PIXELS: usize = 100_000_000;
/// A PDF may begin with a few bytes of something else.
const PDF_BEGINS_WITHIN: usize = 1_024;

/// The kind of a file, if it is one that is taken, and of which its name speaks the truth.
///
/// # Errors
/// What is wrong with it and what to do, as a fault of the field `file`.
pub fn inspect(name: &str, bytes: &[u8]) -> Result<FileKind, Fault> {
    let Some(kind) = FileKind::of_name(name) else {
        return Err(fault("wrong_type", format!("The selected file must be a {}.", FileKind::TAKEN)));
    };
    if bytes.is_empty() {
        return Err(fault("empty", "The selected file is empty."));
    }
    match kind {
        FileKind::Pdf => require(kind, is_pdf(bytes))?,
        FileKind::Png => require(kind, bytes.starts_with(b"\x89PNG\r\n\x1a\n"))?,
        FileKind::Jpeg => require(kind, bytes.starts_with(b"\xff\xd8\xff"))?,
        FileKind::Csv | FileKind::Txt => require(kind, is_text(bytes))?,
        FileKind::Docx | FileKind::Xlsx | FileKind::Pptx | FileKind::Odt | FileKind::Ods | FileKind::Odp => {
            look_inside(kind, bytes)?
        }
    }
    if matches!(kind, FileKind::Png | FileKind::Jpeg) {
        refuse_flood(kind, bytes)?;
    }
    Ok(kind)
}

fn fault(code: &'static str, message: impl Into<String>) -> Fault {
    Fault::new("file", code, message)
}

fn require(kind: FileKind, is_so: bool) -> Result<(), Fault> {
    if is_so { Ok(()) } else { Err(another(kind)) }
}

/// It is not what its name says.
fn another(kind: FileKind) -> Fault {
    let message = format!(
        "The selected file is called a {} and is none. Save it again in the program that made it, and upload that.",
        kind.title()
    );
    fault("wrong_type", message)
}

fn is_pdf(bytes: &[u8]) -> bool {
    bytes.get(..PDF_BEGINS_WITHIN.min(bytes.len())).is_some_and(|start| start.windows(5).any(|five| five == b"%PDF-"))
}

/// Text in whatever encoding, as long as it holds nothing that only programs write. What it says is nobody's business here: a
/// page or a script is text too, and is never shown as anything else.
fn is_text(bytes: &[u8]) -> bool {
    let is_wide = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    let of_programs = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c);
    (is_wide && bytes.len().is_multiple_of(2)) || !bytes.iter().any(of_programs)
}

fn look_inside(kind: FileKind, bytes: &[u8]) -> Result<(), Fault> {
    match office::look_inside(bytes) {
        Ok(found) if found == kind => Ok(()),
        Ok(_) | Err(Inside::NoArchive | Inside::Unknown) => Err(another(kind)),
        Err(Inside::Protected) => Err(fault(
            "protected",
            "The selected file is protected by a password. Save it without one, and upload that.",
        )),
        Err(Inside::Macros) => Err(fault(
            "macros",
            "The selected file contains macros. Save it without them, or as a PDF, and upload that.",
        )),
        Err(Inside::Hostile) => Err(fault(
            "too_large_inside",
            "The selected file unfolds to more than can be opened safely. Save it again, or as a PDF, and upload that.",
        )),
    }
}

fn refuse_flood(kind: FileKind, bytes: &[u8]) -> Result<(), Fault> {
    let size = imagesize::blob_size(bytes).map_err(|_unreadable| another(kind))?;
    if size.width.saturating_mul(size.height) <= MOST_PIXELS {
        return Ok(());
    }
    let most = MOST_PIXELS / 1_000_000;
    Err(fault("too_many_pixels", format!("The picture must have at most {most} million pixels. Make it smaller.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(name: &str, bytes: &[u8]) -> String {
        inspect(name, bytes).map_or_else(|fault| fault.code.to_string(), |kind| kind.media_type().to_owned())
    }

    /// The head of a picture of so many pixels.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
        bytes
    }

    #[test]
    fn what_a_file_is_called_must_be_what_it_is() {
        assert_eq!(code("a.pdf", b"%PDF-1.7\n"), "application/pdf");
        assert_eq!(code("a.pdf", b"junk before\n%PDF-1.4\n"), "application/pdf");
        assert_eq!(code("a.pdf", b"MZ\x90\0\x03\0\0\0"), "wrong_type");
        assert_eq!(code("a.exe", b"MZ\x90\0\x03\0\0\0"), "wrong_type");
        assert_eq!(code("a.png", b"%PDF-1.7\n"), "wrong_type");
        assert_eq!(code("a.docx", b"%PDF-1.7\n"), "wrong_type");
        assert_eq!(code("a.txt", b""), "empty");
        assert_eq!(code("a", b"words"), "wrong_type");
    }

    #[test]
    fn text_is_text_in_every_encoding_and_a_program_is_none() {
        assert_eq!(code("a.csv", "council,£\nYnys Môn,5\n".as_bytes()), "text/csv");
        assert_eq!(code("a.csv", b"council,\xa3\n"), "text/csv");
        assert_eq!(code("a.txt", b"\xff\xfea\0b\0"), "text/plain");
        assert_eq!(code("a.txt", b"<!DOCTYPE html><script>alert(1)</script>"), "text/plain");
        assert_eq!(code("a.txt", b"words\0more"), "wrong_type");
        assert_eq!(code("a.csv", b"\x7fELF\x02\x01\x01"), "wrong_type");
    }

    #[test]
    fn a_picture_has_no_more_pixels_than_can_be_looked_at() {
        assert_eq!(code("a.png", &png(4_000, 3_000)), "image/png");
        assert_eq!(code("a.png", &png(60_000, 60_000)), "too_many_pixels");
        assert_eq!(code("a.png", &png(u32::MAX, u32::MAX)), "too_many_pixels");
        assert_eq!(code("a.png", b"\x89PNG\r\n\x1a\n"), "wrong_type");
    }
}
