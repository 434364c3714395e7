//! The ZIP file with everything that one has to read.

use std::{
    collections::BTreeSet,
    io::{Cursor, Write},
};

use actix_web::web::Bytes;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::{
    bids::{
        documents::model::Attached,
        paper::{self, Paper},
    },
    error::{AppError, Result},
};

/// How many bytes of documents a pack has at most, so that it fits into memory and through a slow connection: 100 MB.
const MOST_BYTES: i64 = 100_000_000;

/// What goes into the file.
pub(super) struct Pack {
    /// The form to fill in.
    pub form: String,
    /// The bids.
    pub readings: Vec<Reading>,
    /// What documents hold, by hash.
    pub files: Vec<(String, Bytes)>,
}

/// A bid with its documents.
pub(super) struct Reading {
    /// Its reference.
    pub reference: String,
    /// The version that stands; none before there is a full application.
    pub paper: Option<Paper>,
    /// Its documents that can be downloaded.
    pub documents: Vec<Attached>,
    /// Those that cannot.
    pub withheld: Vec<Attached>,
}

impl Pack {
    /// The hashes of the documents that go in, as far as there is room. A document that stands in several places counts in each.
    pub fn wanted(&self) -> BTreeSet<String> {
        let (mut bytes, mut left_out, mut wanted) = (0_i64, BTreeSet::new(), BTreeSet::new());
        for document in self.readings.iter().flat_map(|reading| &reading.documents) {
            if bytes.saturating_add(document.bytes) <= MOST_BYTES {
                bytes += document.bytes;
                wanted.insert(document.hash.clone());
            } else {
                left_out.insert(document.hash.clone());
            }
        }
        // What there is no room for in one place goes into none: whoever packs knows documents by what they hold.
        wanted.retain(|hash| !left_out.contains(hash));
        wanted
    }

    fn bytes(&self, hash: &str) -> Option<&Bytes> {
        self.files.iter().find(|(known, _)| known == hash).map(|(_, bytes)| bytes)
    }
}

/// Writes the file.
///
/// # Errors
/// When a PDF or the file cannot be written, which is our fault.
pub(super) fn zip(pack: &Pack) -> Result<Vec<u8>> {
    let mut file = ZipWriter::new(Cursor::new(Vec::new()));
    let mut names = BTreeSet::new();
    let mut contents = String::from("What you were given to read. The form is scores.txt.\n");
    for reading in &pack.readings {
        let folder = in_path(&reading.reference);
        contents.push_str(&format!("\n{}\n", reading.reference));
        match &reading.paper {
            Some(paper) => {
                let name = alone(&mut names, format!("{folder}/{}", in_path(&paper.file_name(".pdf"))));
                contents.push_str(&format!("  {name}\n"));
                put(&mut file, &name, &paper::pdf(paper)?)?;
            }
            None => contents.push_str("  There is no full application to read yet.\n"),
        }
        for document in &reading.documents {
            let name = alone(&mut names, format!("{folder}/documents/{}", in_path(&document.name)));
            match pack.bytes(&document.hash) {
                Some(bytes) => {
                    contents.push_str(&format!("  {name}\n"));
                    put(&mut file, &name, bytes)?;
                }
                None => contents.push_str(&format!(
                    "  {name}: not in this pack, which is full. Download it from the page of the bid.\n"
                )),
            }
        }
        for document in &reading.withheld {
            contents.push_str(&format!(
                "  {}: cannot be downloaded, because it is being checked or a virus was found in it.\n",
                document.name
            ));
        }
    }
    put(&mut file, "contents.txt", contents.as_bytes())?;
    put(&mut file, "scores.txt", pack.form.as_bytes())?;
    Ok(file.finish().map_err(AppError::internal)?.into_inner())
}

fn put(file: &mut ZipWriter<Cursor<Vec<u8>>>, name: &str, bytes: &[u8]) -> Result<()> {
    // The instant at which it was packed would make two packs of the same bids differ.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default());
    file.start_file(name, options).map_err(AppError::internal)?;
    file.write_all(bytes).map_err(AppError::internal)
}

/// The name, with a number before its ending where another file has it already: on some machines capitals make no difference.
fn alone(names: &mut BTreeSet<String>, name: String) -> String {
    let numbered = |number: u32| match name.rsplit_once('.') {
        Some((stem, ending)) if number > 1 => format!("{stem} ({number}).{ending}"),
        None if number > 1 => format!("{name} ({number})"),
        _ => name.clone(),
    };
    let free = (1..).map(numbered).find(|name| names.insert(name.to_lowercase()));
    free.unwrap_or_else(|| name.clone())
}

/// A name that stays within its folder wherever the file is unpacked.
fn in_path(name: &str) -> String {
    let harmless = |letter: char| if letter.is_control() || "/\\:*?\"<>|".contains(letter) { '-' } else { letter };
    let name: String = name.chars().map(harmless).collect();
    let name = name.trim_matches(|letter: char| letter == '.' || letter.is_whitespace());
    if name.is_empty() { "unnamed".into() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leaves_its_folder() {
        for (name, expected) in
            [("../../etc/passwd", "-..-etc-passwd"), ("..", "unnamed"), ("C:\\x", "C--x"), ("ŵyl.pdf", "ŵyl.pdf")]
        {
            assert_eq!(in_path(name), expected);
        }
    }

    #[test]
    fn no_two_files_have_one_name() {
        let mut names = BTreeSet::new();
        let given = ["a/Plan- A.pdf", "a/plan- a.pdf", "a/Plan- A (2).pdf", "a/none", "a/none"];
        let alone = given.map(|name| alone(&mut names, name.into()));
        assert_eq!(alone, ["a/Plan- A.pdf", "a/plan- a (2).pdf", "a/Plan- A (2) (2).pdf", "a/none", "a/none (2)"]);
    }
}
