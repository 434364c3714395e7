//! Reads the text of a PDF: its streams are inflated, and the glyphs on its sheets become letters by the maps that the file carries for
//! readers (`ToUnicode`), as whoever copies text out of it gets them. It knows what our own files are made of, and no more.

use std::{collections::BTreeMap, io::Read};

/// What the glyphs of a font are as letters.
type Letters = BTreeMap<u16, String>;

/// An object of a file: its dictionary as text, and its stream, inflated.
struct Object {
    dictionary: String,
    stream: Vec<u8>,
}

/// What a PDF says, sheet by sheet, in the order in which it is drawn.
pub fn words_of(file: &[u8]) -> String {
    assert!(file.starts_with(b"%PDF-"), "it is no PDF");
    let objects = objects(file);
    let mut words = String::new();
    for page in objects.values().filter(|object| object.dictionary.contains("/Type /Page\n")) {
        let fonts = fonts(&objects, &page.dictionary);
        words.push_str(&drawn(&objects[&reference(&page.dictionary, "/Contents").unwrap()].stream, &fonts));
    }
    assert!(!words.is_empty(), "nothing is drawn in it");
    words
}

/// A text without its blanks, since a PDF breaks lines where it has to.
pub fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

fn find(file: &[u8], what: &[u8], from: usize) -> Option<usize> {
    file.get(from..)?.windows(what.len()).position(|part| part == what).map(|at| from + at)
}

fn objects(file: &[u8]) -> BTreeMap<usize, Object> {
    let mut objects = BTreeMap::new();
    let mut at = 0;
    while let Some(mark) = find(file, b" 0 obj\n", at) {
        let digits = file[..mark].iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let number = std::str::from_utf8(&file[mark - digits..mark]).unwrap().parse().unwrap();
        let (begin, end) = (mark + 7, find(file, b"endobj", mark).unwrap());
        let opens = find(file, b"stream\n", begin).filter(|opens| *opens < end);
        let dictionary = String::from_utf8_lossy(&file[begin..opens.unwrap_or(end)]).into_owned();
        let stream = opens.map_or_else(Vec::new, |opens| {
            let length: usize = after(&dictionary, "/Length ").unwrap().parse().unwrap();
            let raw = &file[opens + 7..opens + 7 + length];
            at = opens + 7 + length;
            inflated(&dictionary, raw)
        });
        at = find(file, b"endobj", at.max(begin)).unwrap();
        objects.insert(number, Object { dictionary, stream });
    }
    objects
}

fn inflated(dictionary: &str, raw: &[u8]) -> Vec<u8> {
    if !dictionary.contains("/FlateDecode") {
        return raw.to_vec();
    }
    let mut bytes = Vec::new();
    flate2::read::ZlibDecoder::new(raw).read_to_end(&mut bytes).unwrap();
    bytes
}

/// The word that follows a name.
fn after<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.split_once(name)?.1.split_whitespace().next()
}

/// The object to which a name refers.
fn reference(dictionary: &str, name: &str) -> Option<usize> {
    after(dictionary, &format!("{name} "))?.parse().ok()
}

/// The letters of a page's fonts, by what the page calls them.
fn fonts(objects: &BTreeMap<usize, Object>, page: &str) -> BTreeMap<String, Letters> {
    let (_, named) = page.split_once("/Font <<").unwrap();
    let (named, _) = named.split_once(">>").unwrap();
    let words: Vec<&str> = named.split_whitespace().collect();
    let font = |words: &[&str]| {
        let font = &objects[&words[1].parse().unwrap()].dictionary;
        (words[0].to_owned(), letters(&objects[&reference(font, "/ToUnicode").unwrap()].stream))
    };
    words.chunks(4).map(font).collect()
}

/// Reads the lines `<glyph> <letters in UTF-16>` of a map.
fn letters(map: &[u8]) -> Letters {
    let map = String::from_utf8_lossy(map);
    let (_, pairs) = map.split_once("beginbfchar").unwrap();
    let pair = |line: &str| {
        let (glyph, letters) = line.strip_prefix('<')?.strip_suffix('>')?.split_once("> <")?;
        let units: Vec<u16> = hex(letters).chunks(2).map(|two| u16::from_be_bytes([two[0], two[1]])).collect();
        Some((u16::from_str_radix(glyph, 16).ok()?, String::from_utf16(&units).unwrap()))
    };
    pairs.lines().filter_map(|line| pair(line.trim())).collect()
}

fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> = digits.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap()).collect()
}

/// The text that a page draws.
fn drawn(content: &[u8], fonts: &BTreeMap<String, Letters>) -> String {
    let (mut words, mut font, mut name) = (String::new(), None, String::new());
    let mut at = 0;
    while let Some(byte) = content.get(at) {
        let string = match byte {
            b'(' => Some(literal(content, &mut at)),
            // A dictionary begins with two of them.
            b'<' if content.get(at + 1) != Some(&b'<') => {
                let end = find(content, b">", at).unwrap();
                let bytes = hex(&String::from_utf8_lossy(&content[at + 1..end]));
                at = end + 1;
                Some(bytes)
            }
            b'<' => {
                at += 2;
                None
            }
            byte if byte.is_ascii_whitespace() || b"[]>".contains(byte) => {
                at += 1;
                None
            }
            _ => {
                let end =
                    content[at + 1..].iter().position(|byte| byte.is_ascii_whitespace() || b"[]()<>/".contains(byte));
                let end = end.map_or(content.len(), |end| at + 1 + end);
                let word = String::from_utf8_lossy(&content[at..end]).into_owned();
                match word.as_str() {
                    "Tf" => font = Some(&fonts[&name]),
                    _ if word.starts_with('/') => name = word,
                    _ => {}
                }
                at = end;
                None
            }
        };
        for glyph in string.iter().flat_map(|bytes| bytes.chunks(2)) {
            let glyph = u16::from_be_bytes([glyph[0], glyph[1]]);
            words.push_str(font.unwrap().get(&glyph).unwrap_or_else(|| panic!("glyph {glyph} is no letter")));
        }
    }
    words
}

/// The bytes of a string in brackets, past which `at` is moved.
fn literal(content: &[u8], at: &mut usize) -> Vec<u8> {
    let (mut bytes, mut depth) = (Vec::new(), 0);
    loop {
        let byte = content[*at];
        *at += 1;
        match byte {
            b'(' if depth == 0 => depth = 1,
            b')' if depth == 1 => return bytes,
            b'(' | b')' => {
                depth = if byte == b'(' { depth + 1 } else { depth - 1 };
                bytes.push(byte);
            }
            b'\\' => {
                let digits = content[*at..].iter().take(3).take_while(|digit| (b'0'..=b'7').contains(digit)).count();
                if digits > 0 {
                    let octal = std::str::from_utf8(&content[*at..*at + digits]).unwrap();
                    bytes.push(u8::try_from(u16::from_str_radix(octal, 8).unwrap()).unwrap());
                    *at += digits;
                } else {
                    bytes.push(match content[*at] {
                        b'n' => b'\n',
                        b'r' => b'\r',
                        b't' => b'\t',
                        b'b' => 8,
                        b'f' => 12,
                        other => other,
                    });
                    *at += 1;
                }
            }
            other => bytes.push(other),
        }
    }
}
