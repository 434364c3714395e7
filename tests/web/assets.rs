//! Styles, scripts and the icon: where they stand, and what must not be in them.

use actix_web::{
    App,
    http::header,
    test::{TestRequest, call_service, init_service},
    web,
};
use roundtable::web::{Colour, UnusableColour, assets};

const NAMES: [&str; 8] = [
    "govuk.css",
    "app.css",
    "govuk.js",
    "app.js",
    "js-on.js",
    "accessible-autocomplete.min.js",
    "accessible-autocomplete.min.css",
    "favicon.svg",
];

fn asset(name: &str) -> assets::Asset {
    let url = assets::url(name).unwrap_or_else(|| panic!("{name} has an address"));
    assets::get(url.strip_prefix("/assets/").expect("under /assets")).expect("it is served")
}

#[test]
fn no_asset_carries_the_brand_of_govuk_or_asks_for_its_fonts() {
    for name in NAMES {
        let bytes = asset(name).bytes;
        let text = String::from_utf8_lossy(&bytes);
        for brand in ["GDS Transport", "@font-face", "govuk-crest", "/assets/", "sourceMappingURL"] {
            assert!(!text.contains(brand), "{name} has {brand}");
        }
    }
}

#[test]
fn our_own_scripts_stay_small() {
    let lines: usize =
        ["app.js", "js-on.js"].iter().map(|name| String::from_utf8_lossy(&asset(name).bytes).lines().count()).sum();
    assert!(lines <= 200, "{lines} lines");
}

#[test]
fn the_brand_is_one_custom_property_in_a_style_sheet_of_its_own() {
    let colour: Colour = "#0b5345".parse().expect("a colour");
    let url = assets::brand_url(colour);
    let sheet = assets::get(url.strip_prefix("/assets/").expect("under /assets")).expect("it is served");
    assert_eq!(sheet.bytes.as_ref(), b":root{--govuk-brand-colour:#0b5345}\n");
    assert!(assets::get("x/brand-red}body{.css").is_none());
}

#[test]
fn a_colour_must_be_written_as_one_and_carry_white_text() {
    for text in ["0b5345", "#0b534", "#0b53456", "#ёё", "red", "#+12345"] {
        assert_eq!(text.parse::<Colour>(), Err(UnusableColour::Malformed(text.into())));
    }
    assert_eq!("#ffdd00".parse::<Colour>(), Err(UnusableColour::TooLight("#ffdd00".into())));
    assert_eq!("#0B5345".parse::<Colour>().expect("a colour").to_string(), "#0b5345");
}

#[actix_web::test]
async fn assets_are_kept_for_ever_under_their_digest_only_and_unknown_ones_are_not_found() {
    let app = init_service(App::new().route("/assets/{path:.*}", web::get().to(assets::serve))).await;
    let ask = async |path: &str| {
        let answer = call_service(&app, TestRequest::get().uri(path).to_request()).await;
        let header = |name| answer.headers().get(name).map(|value| value.to_str().expect("text").to_owned());
        let (kept, media) = (header(header::CACHE_CONTROL), header(header::CONTENT_TYPE));
        (answer.status().as_u16(), kept.unwrap_or_default(), media.unwrap_or_default())
    };

    let (status, kept, media) = ask(&assets::url("app.js").expect("it has an address")).await;
    assert_eq!((status, kept.as_str()), (200, "public, max-age=31536000, immutable"));
    assert_eq!(media, "text/javascript; charset=utf-8");

    let (status, kept, _) = ask("/assets/0123456789abcdef/app.js").await;
    assert_eq!((status, kept.as_str()), (200, "no-store"));

    for unknown in ["/assets/app.js", "/assets/x/none.js", "/assets/x/../../Cargo.toml", "/assets/"] {
        assert_eq!(ask(unknown).await.0, 404, "{unknown}");
    }
}
