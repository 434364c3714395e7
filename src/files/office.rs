//! Office files are archives: they are looked into, within limits that hold whatever the archive says of itself.

use std::io::{Cursor, Read};

use zip::{ZipArchive, read::ZipFile, result::ZipError};

use super::model::FileKind;

/// More parts than a long presentation has.
const MOST_PARTS: usize = 5_000;
/// More bytes than a workbook of 10 MB unfolds to.
const MOST_BYTES: u64 = 200_000_000;
/// A part of more than [`SMALL`] bytes that unfolds to more than so many times its size was made for that.
const MOST_TIMES: u64 = 200;
const SMALL: u64 = 1_000_000;
/// Old Word files begin so, and new ones that a password protects.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// The longest media type that an OpenDocument names.
const LONGEST_TYPE: u64 = 100;

/// Why an office file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inside {
    /// It is no archive that can be read.
    NoArchive,
    /// It is an archive of something else.
    Unknown,
    /// A password protects it.
    Protected,
    /// It carries macros.
    Macros,
    /// It unfolds to too much, or holds what would be written elsewhere.
    Hostile,
}

/// The kind of an office file.
///
/// # Errors
/// Why it is not taken.
pub fn look_inside(bytes: &[u8]) -> Result<FileKind, Inside> {
    if bytes.starts_with(COMPOUND) {
        return Err(Inside::Protected);
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_unreadable| Inside::NoArchive)?;
    if archive.len() > MOST_PARTS {
        return Err(Inside::Hostile);
    }
    let (mut kind, mut unfolded) = (None, 0_u64);
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|fault| why(&fault))?;
        refuse_part(&part)?;
        if let Some(found) = kind_by(&mut part)? {
            kind = Some(found);
        }
        unfolded = unfolded.saturating_add(unfold(part, MOST_BYTES.saturating_sub(unfolded))?);
    }
    kind.ok_or(Inside::Unknown)
}

fn why(fault: &ZipError) -> Inside {
    let protected = matches!(fault, ZipError::UnsupportedArchive(why) if *why == ZipError::PASSWORD_REQUIRED);
    if protected { Inside::Protected } else { Inside::NoArchive }
}

/// Whoever unpacks it would write outside the folder, or run what it holds.
fn refuse_part(part: &ZipFile<'_, Cursor<&[u8]>>) -> Result<(), Inside> {
    let leads_out = part.enclosed_name().is_none() || part.name().starts_with('/') || part.name().contains('\\');
    if leads_out || part.is_symlink() {
        return Err(Inside::Hostile);
    }
    let name = part.name().to_lowercase();
    let macros = name.ends_with("vbaproject.bin") || name.starts_with("basic/") || name.starts_with("scripts/");
    if macros { Err(Inside::Macros) } else { Ok(()) }
}

/// The kind that a part of an archive tells.
fn kind_by(part: &mut ZipFile<'_, Cursor<&[u8]>>) -> Result<Option<FileKind>, Inside> {
    Ok(match part.name() {
        "word/document.xml" => Some(FileKind::Docx),
        "xl/workbook.xml" => Some(FileKind::Xlsx),
        "ppt/presentation.xml" => Some(FileKind::Pptx),
        "mimetype" => {
            let mut said = String::new();
            part.take(LONGEST_TYPE).read_to_string(&mut said).map_err(|_unreadable| Inside::NoArchive)?;
            [FileKind::Odt, FileKind::Ods, FileKind::Odp].into_iter().find(|kind| kind.media_type() == said.trim())
        }
        _ => None,
    })
}

/// Reads a part to its end, and counts what comes out: what the archive says of its size may be a lie.
fn unfold(mut part: ZipFile<'_, Cursor<&[u8]>>, most: u64) -> Result<u64, Inside> {
    let most = most.min(SMALL.max(part.compressed_size().saturating_mul(MOST_TIMES)));
    let read = std::io::copy(&mut part.by_ref().take(most.saturating_add(1)), &mut std::io::sink());
    let read = read.map_err(|_broken| Inside::NoArchive)?;
    if read > most { Err(Inside::Hostile) } else { Ok(read) }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

    use super::*;

    fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (name, bytes) in parts {
            writer.start_file(*name, options).expect("a part");
            writer.write_all(bytes).expect("its bytes");
        }
        writer.finish().expect("an archive").into_inner()
    }

    #[test]
    fn office_files_tell_what_they_are_by_what_they_hold() {
        assert_eq!(look_inside(&archive(&[("word/document.xml", b"<w/>")])), Ok(FileKind::Docx));
        assert_eq!(
            look_inside(&archive(&[("[Content_Types].xml", b""), ("xl/workbook.xml", b"")])),
            Ok(FileKind::Xlsx)
        );
        assert_eq!(look_inside(&archive(&[("ppt/presentation.xml", b"")])), Ok(FileKind::Pptx));
        let open = |kind: FileKind| archive(&[("mimetype", kind.media_type().as_bytes()), ("content.xml", b"")]);
        for kind in [FileKind::Odt, FileKind::Ods, FileKind::Odp] {
            assert_eq!(look_inside(&open(kind)), Ok(kind));
        }
        assert_eq!(look_inside(&archive(&[("classes.dex", b"")])), Err(Inside::Unknown));
        assert_eq!(look_inside(b"PK\x03\x04 and no more"), Err(Inside::NoArchive));
        assert_eq!(look_inside(&[COMPOUND, b"more"].concat()), Err(Inside::Protected));
    }

    #[test]
    fn macros_and_names_that_lead_out_are_refused() {
        let with = |name: &str| look_inside(&archive(&[("word/document.xml", b""), (name, b"x")]));
        assert_eq!(with("word/vbaProject.bin"), Err(Inside::Macros));
        assert_eq!(with("Basic/Standard/Module1.xml"), Err(Inside::Macros));
        for name in ["../../evil.txt", "/etc/passwd", "word/../../x", "..\\x"] {
            assert_eq!(with(name), Err(Inside::Hostile), "{name}");
        }
    }

    #[test]
    fn an_archive_that_unfolds_to_too_much_is_refused_before_it_is_unfolded() {
        let zeros = vec![0_u8; 40_000_000];
        let bomb = archive(&[("word/document.xml", b"<w/>"), ("word/media/image1.png", &zeros)]);
        assert!(bomb.len() < 100_000, "{}", bomb.len());
        assert_eq!(look_inside(&bomb), Err(Inside::Hostile));
    }
}
