//! What templates may call besides the components: the brand, assets, the form's token and a field's error.

use minijinja::{Environment, Error, ErrorKind, State, Value, context};

use super::{Branding, assets};

/// Gives `brand`, `asset()`, `csrf_field()`, `error_message()` and `error_list()` to the templates.
pub fn install(environment: &mut Environment<'static>, branding: Branding) {
    let colour = branding.colour;
    let brand = context! { name => branding.name, colour => colour.to_string(), demo => branding.demo };
    environment.add_global("brand", brand);
    environment.add_function("asset", move |name: &str| match name {
        "brand.css" => Ok(assets::brand_url(colour)),
        _ => assets::url(name).ok_or_else(|| invalid(format!("there is no asset {name:?}"))),
    });
    environment.add_function("csrf_field", csrf_field);
    environment.add_function("error_message", error_message);
    environment.add_function("error_list", error_list);
}

/// The hidden field that a form needs to be accepted; nothing where nobody has a session.
fn csrf_field(state: &State) -> Result<Value, Error> {
    let token = layout(state)?.get_attr("csrf")?;
    if token.is_none() {
        return Ok(Value::from_safe_string(String::new()));
    }
    let field = state.get_template("components/csrf.html")?.render(context! { token })?;
    Ok(Value::from_safe_string(field))
}

/// The field's `errorMessage` option: `{"text": …}`, or `false` when it has no fault.
fn error_message(state: &State, field: &str) -> Result<Value, Error> {
    for error in layout(state)?.get_attr("errors")?.try_iter()? {
        if error.get_attr("field")?.as_str() == Some(field) {
            return Ok(context! { text => error.get_attr("message")? });
        }
    }
    Ok(Value::from(false))
}

/// The summary's `errorList` option: each fault with a link to its field.
fn error_list(state: &State) -> Result<Vec<Value>, Error> {
    let mut list = Vec::new();
    for error in layout(state)?.get_attr("errors")?.try_iter()? {
        let href = format!("#{}", error.get_attr("field")?);
        list.push(context! { href, text => error.get_attr("message")? });
    }
    Ok(list)
}

fn layout(state: &State) -> Result<Value, Error> {
    state.lookup("layout").ok_or_else(|| {
        invalid("there is no layout here: call this in a page or an include, not in an imported macro".into())
    })
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}
