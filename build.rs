//! Takes GOV.UK Frontend from `web/node_modules` into the binary: its style without the GOV.UK brand, its script, and
//! its component templates translated for minijinja. Copies our own CSS and JavaScript beside them, and the letters with
//! which bids are printed.
//!
//! Must never let a licensed font, the crown or the crest through: a release that writes them in a new way fails here.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a build that cannot go on must stop, and panicking is how a build script says so"
)]

#[path = "build/njk.rs"]
mod njk;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

const MODULES: &str = "web/node_modules";
const FONT_STACK: &str = "Helvetica Neue,Helvetica,Arial,sans-serif";
const FONTS: [&str; 2] = ["DejaVuSansCondensed.ttf", "DejaVuSansCondensed-Bold.ttf"];
const OURS: [&str; 4] = ["app.css", "app.js", "js-on.js", "favicon.svg"];

fn main() {
    watch();
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets OUT_DIR"));
    let (assets, components) = (emptied(&out.join("assets")), emptied(&out.join("njk")));
    let govuk = installed("govuk-frontend/dist/govuk");
    let autocomplete = installed("accessible-autocomplete/dist");

    let css = without_brand(&read(&govuk.join("govuk-frontend.min.css")));
    write(&assets.join("govuk.css"), &css);
    copy_unmapped(&govuk.join("govuk-frontend.min.js"), &assets.join("govuk.js"));
    for name in ["accessible-autocomplete.min.js", "accessible-autocomplete.min.css"] {
        copy_unmapped(&autocomplete.join(name), &assets.join(name));
    }
    for name in OURS {
        write(&assets.join(name), &read(&Path::new("web").join(name)));
    }
    translate_components(&govuk, &components);
    let (fonts, letters) = (emptied(&out.join("fonts")), installed("dejavu-fonts-ttf/ttf"));
    for name in FONTS {
        fs::copy(letters.join(name), fonts.join(name))
            .unwrap_or_else(|error| panic!("{name} cannot be copied: {error}"));
    }
}

/// What a change of makes cargo run this again; npm's own stamp stands for all it installed.
fn watch() {
    println!("cargo:rerun-if-changed=build/njk.rs");
    println!("cargo:rerun-if-changed=web/package-lock.json");
    println!("cargo:rerun-if-changed={MODULES}/.package-lock.json");
    for name in OURS {
        println!("cargo:rerun-if-changed=web/{name}");
    }
}

fn installed(package: &str) -> PathBuf {
    let folder = Path::new(MODULES).join(package);
    assert!(
        folder.exists(),
        "\n\n  {} is missing: run `npm ci --ignore-scripts --prefix web` (script/demo does it for you), then build again.\n",
        folder.display()
    );
    folder
}

/// The compiled style with the fonts that only GOV.UK may use and the royal arms taken out.
fn without_brand(css: &str) -> String {
    let css = without_font_faces(css)
        .replace("GDS Transport,arial,sans-serif", FONT_STACK)
        .replace("url(/assets/images/govuk-crest.svg)", "none");
    let css = without_source_map(&css);
    assert!(
        !css.contains("GDS Transport") && !css.contains("/assets/"),
        "\n\n  This version of govuk-frontend.min.css names its fonts or images in a new way: teach build.rs to take them out.\n"
    );
    css
}

fn without_font_faces(css: &str) -> String {
    let mut kept = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, rule)) = rest.split_once("@font-face{") {
        kept.push_str(before);
        rest = rule.split_once('}').expect("a rule ends").1;
    }
    kept + rest
}

/// Drops the comment that points to a source map, which is not served.
fn without_source_map(text: &str) -> String {
    let end = ["//# sourceMappingURL=", "/*# sourceMappingURL="]
        .iter()
        .find_map(|mark| text.find(mark))
        .unwrap_or(text.len());
    text[..end].to_owned()
}

/// Writes each component's translated template, with the table of the options that it takes.
fn translate_components(govuk: &Path, out: &Path) {
    for entry in fs::read_dir(govuk.join("components")).expect("the package has components") {
        let folder = entry.expect("a readable folder").path();
        if !folder.join("template.njk").exists() {
            continue;
        }
        let key = format!("govuk/components/{}", folder.file_name().unwrap().to_string_lossy());
        for file in ["template.njk", "macro.njk"] {
            translate(&folder.join(file), out, &format!("{key}/{file}"));
        }
        let options = format!("{key}/macro-options.json");
        write(&out.join(options), &read(&folder.join("macro-options.json")));
    }
    translate(&govuk.join("macros/logo.njk"), out, "govuk/macros/logo.njk");
}

fn translate(from: &Path, out: &Path, key: &str) {
    write(&out.join(key), &njk::translate(key, &read(from)));
}

fn copy_unmapped(from: &Path, to: &Path) {
    write(to, &without_source_map(&read(from)));
}

fn emptied(folder: &Path) -> PathBuf {
    if folder.exists() {
        fs::remove_dir_all(folder).expect("the build's own folder can be emptied");
    }
    fs::create_dir_all(folder).expect("the build's own folder can be made");
    folder.to_owned()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{} cannot be read: {error}", path.display()))
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a file stands in a folder")).expect("the folder can be made");
    fs::write(path, text).unwrap_or_else(|error| panic!("{} cannot be written: {error}", path.display()));
}
