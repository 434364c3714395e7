//! The design system's own fixtures, through the functions that pages call.

use std::{fs, path::Path};

use minijinja::{Value, context, value::Serde};
use roundtable::web::{Branding, Renderer};
use serde_json::Value as Json;

use super::dom::normalised;

const COMPONENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/web/node_modules/govuk-frontend/dist/govuk/components");

fn render(template: &str, context: Value) -> Result<String, String> {
    let renderer = Renderer::new(Branding::default());
    renderer.environment().render_named_str("test.html", template, context).map_err(|error| format!("{error:#}"))
}

/// JSON as a value, its HTML options trusted as the fixtures' author meant them.
fn trusted(json: &Json) -> Value {
    match json {
        Json::Object(map) => {
            Value::from_pairs(map.iter().map(|(key, value)| (key.as_str(), trusted_option(key, value))))
        }
        Json::Array(items) => Value::from(items.iter().map(trusted).collect::<Vec<_>>()),
        _ => Value::from(Serde(json)),
    }
}

fn trusted_option(key: &str, json: &Json) -> Value {
    match json {
        Json::String(html) if key == "html" || key.ends_with("Html") => Value::from_safe_string(html.clone()),
        _ => trusted(json),
    }
}

fn fixtures() -> Vec<(String, Json)> {
    let mut all = Vec::new();
    for folder in fs::read_dir(COMPONENTS).expect("the package is installed").flatten() {
        let Ok(text) = fs::read_to_string(folder.path().join("fixtures.json")) else {
            continue;
        };
        let file: Json = serde_json::from_str(&text).expect("fixtures are JSON");
        let component = folder.file_name().into_string().expect("a plain name");
        all.extend(file["fixtures"].as_array().expect("a list").iter().map(|one| (component.clone(), one.clone())));
    }
    all
}

/// `date-input` is called `govukDateInput`.
fn function_name(component: &str) -> String {
    let part = |part: &str| part[..1].to_uppercase() + &part[1..];
    format!("govuk{}", component.split('-').map(part).collect::<String>())
}

#[test]
fn every_fixture_of_the_design_system_renders_as_its_own_renderer_has_it() {
    let renderer = Renderer::new(Branding::default());
    let fixtures = fixtures();
    let wrong: Vec<String> = fixtures
        .iter()
        .filter_map(|(component, fixture)| {
            let template = format!("{{{{ {}(params) }}}}", function_name(component));
            let params = trusted(&fixture["options"]);
            let html = renderer.environment().render_named_str("test.html", &template, context! { params });
            let wanted = normalised(fixture["html"].as_str().expect("a fixture has HTML"));
            match html {
                Ok(html) if normalised(&html) == wanted => None,
                Ok(_) => Some(format!("{component}: {} differs", fixture["name"])),
                Err(error) => Some(format!("{component}: {}: {error:#}", fixture["name"])),
            }
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), fixtures.len(), wrong.join("\n"));
    assert!(
        fixtures.len() >= 725,
        "only {} fixtures were found in {}",
        fixtures.len(),
        Path::new(COMPONENTS).display()
    );
}

#[test]
fn html_that_is_not_marked_as_safe_is_refused() {
    let user = context! { user => "<script>alert(1)</script>" };
    let refusal = render("{{ govukPanel({'titleText': 'Done', 'html': user}) }}", user.clone()).unwrap_err();
    assert!(refusal.contains("govukPanel.html is not marked as safe HTML"), "{refusal}");
    let nested = "{{ govukSummaryList({'rows': [{'key': {'text': 'Title'}, 'value': {'html': user}}]}) }}";
    let refusal = render(nested, user.clone()).unwrap_err();
    assert!(refusal.contains("govukSummaryList.rows[].value.html is not marked"), "{refusal}");
    let cell = "{{ govukTable({'rows': [[{'html': user}]]}) }}";
    assert!(render(cell, user).is_err());
}

#[test]
fn html_set_in_a_template_is_safe_and_values_in_it_are_escaped() {
    let template = "{% set body %}<b>{{ user }}</b>{% endset %}{{ govukPanel({'titleText': 'Done', 'html': body}) }}";
    let html = render(template, context! { user => "<script>" }).expect("it renders");
    assert!(html.contains("<b>&lt;script&gt;</b>"), "{html}");
    let html = render("{{ govukTag({'text': user}) }}", context! { user => "<script>" }).expect("it renders");
    assert!(html.contains("&lt;script&gt;"), "{html}");
}

#[test]
fn an_option_that_the_component_does_not_have_is_refused() {
    let misspelt = "{{ govukInput({'id': 'a', 'name': 'a', 'lable': {'text': 'A'}}) }}";
    let refusal = render(misspelt, context! {}).unwrap_err();
    assert!(refusal.contains("govukInput has no option \"lable\""), "{refusal}");
    let nested = "{{ govukRadios({'name': 'a', 'items': [{'value': '1', 'txt': 'One'}]}) }}";
    let refusal = render(nested, context! {}).unwrap_err();
    assert!(refusal.contains("govukRadios.items[] has no option \"txt\""), "{refusal}");
}

#[test]
fn a_variable_that_the_page_does_not_give_is_refused() {
    assert!(render("{{ typo }}", context! {}).is_err());
}
