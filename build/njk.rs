//! Translates the design system's Nunjucks templates into the Jinja that minijinja reads.
//!
//! Only what stands inside `{{ }}` and `{% %}` changes; markup is never touched. What Nunjucks means by the rest
//! (undefined values, filters, truth) is given to the templates at run time by `src/web/components/`.

/// One template, by its key (`govuk/components/<name>/<file>`).
pub fn translate(key: &str, source: &str) -> String {
    let jinja = without_host_imports(&translate_tags(source));
    match key {
        // Nunjucks lets `set` inside a loop reach outside it; Jinja wants a namespace for that.
        _ if key.contains("/summary-list/") => with_namespace(&jinja, "anyRowHasActions"),
        _ if key.contains("/date-input/") => with_namespace(&jinja, "anyItemHasError"),
        // An empty object is true in JavaScript.
        _ if key.contains("/footer/") => jinja.replace("if params.meta ", "if params.meta is mapping "),
        _ => jinja,
    }
}

/// `govukAttributes` and `govukI18nAttributes` are functions of ours, so their macros are not imported.
fn without_host_imports(source: &str) -> String {
    let imports = ["macros/attributes.njk", "macros/i18n.njk", "\"./attributes.njk"];
    let kept: Vec<&str> = source.lines().filter(|line| !imports.iter().any(|name| line.contains(name))).collect();
    kept.join("\n")
}

fn with_namespace(source: &str, variable: &str) -> String {
    let Some((before, after)) = source.split_once(&format!("set {variable} = false")) else {
        return source.to_owned();
    };
    let after = after.replace(variable, &format!("ns_{variable}.v"));
    format!("{before}set ns_{variable} = namespace(v=false){after}")
}

fn translate_tags(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(start) = ["{{", "{%", "{#"].iter().filter_map(|open| rest.find(open)).min() {
        out.push_str(&rest[..start]);
        let tag = &rest[start..];
        let end = end_of_tag(tag);
        out.push_str(&translate_tag(&tag[..end]));
        rest = &tag[end..];
    }
    out + rest
}

fn translate_tag(tag: &str) -> String {
    if tag.starts_with("{#") {
        return tag.to_owned();
    }
    let inner = &tag[2..tag.len() - 2];
    format!("{}{}{}", &tag[..2], translate_expression(inner), &tag[tag.len() - 2..])
}

fn end_of_tag(tag: &str) -> usize {
    match &tag[..2] {
        "{#" => tag.find("#}").map_or(tag.len(), |at| at + 2),
        "{%" => end_outside_quotes(tag, "%}"),
        _ => end_outside_quotes(tag, "}}"),
    }
}

/// Where `close` ends, outside strings and outside the braces of object literals.
fn end_outside_quotes(tag: &str, close: &str) -> usize {
    let (mut quote, mut depth) = (None, 0);
    let mut letters = tag.char_indices().skip(2);
    while let Some((at, letter)) = letters.next() {
        match (quote, letter) {
            (Some(_), '\\') => drop(letters.next()),
            (Some(open), _) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(letter),
            (None, _) if depth == 0 && tag[at..].starts_with(close) => return at + close.len(),
            (None, '{') => depth += 1,
            (None, '}') => depth -= 1,
            (None, _) => {}
        }
    }
    tag.len()
}

fn translate_expression(source: &str) -> String {
    let tokens = tokens(source);
    let mut out = String::with_capacity(source.len());
    let (mut open, mut previous) = (Vec::new(), "");
    for (index, &token) in tokens.iter().enumerate() {
        let next = tokens[index + 1..].iter().find(|token| !is_blank(token)).copied().unwrap_or("");
        let is_key = open.last() == Some(&"{") && matches!(previous, "{" | ",") && next == ":";
        match token {
            "(" | "[" | "{" => open.push(token),
            ")" | "]" | "}" => drop(open.pop()),
            _ => {}
        }
        push_token(&mut out, token, previous, next, is_key);
        if !is_blank(token) {
            previous = token;
        }
    }
    out
}

/// Writes one token as Jinja has it.
fn push_token(out: &mut String, token: &str, previous: &str, next: &str, is_key: bool) {
    match token {
        _ if is_key && is_word(token) => out.push_str(&format!("\"{token}\"")),
        "===" => out.push_str("=="),
        "!==" => out.push_str("!="),
        // JavaScript's + joins strings, numbers and undefined alike; only before a digit is it a sum.
        "+" if !next.starts_with(|letter: char| letter.is_ascii_digit()) => out.push('~'),
        "elseif" => out.push_str("elif"),
        "null" => out.push_str("none"),
        "undefined" if previous != "|" => out.push_str("__undefined"),
        "length" | "val" if previous == "." => {
            out.pop();
            out.push_str(&format!("|js_{token}"));
        }
        _ => out.push_str(token),
    }
}

/// Strings, words, numbers, blanks and signs, in order and without loss.
fn tokens(source: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let (token, after) = rest.split_at(token_length(rest, first));
        found.push(token);
        rest = after;
    }
    found
}

fn token_length(rest: &str, first: char) -> usize {
    let run = |inside: fn(char) -> bool| rest.find(|letter| !inside(letter)).unwrap_or(rest.len());
    match first {
        '"' | '\'' => string_length(rest, first),
        _ if first.is_whitespace() => run(char::is_whitespace),
        _ if first.is_alphanumeric() || first == '_' => run(|letter| letter.is_alphanumeric() || letter == '_'),
        _ if rest.starts_with("===") || rest.starts_with("!==") => 3,
        _ => first.len_utf8(),
    }
}

fn string_length(rest: &str, quote: char) -> usize {
    let mut letters = rest.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        if letter == '\\' {
            letters.next();
        } else if letter == quote {
            return at + 1;
        }
    }
    rest.len()
}

fn is_blank(token: &str) -> bool {
    token.starts_with(char::is_whitespace)
}

fn is_word(token: &str) -> bool {
    token.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
}
