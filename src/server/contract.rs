//! What the OpenAPI document says of every operation alike: who may call it, how it refuses, the headers of its answers.
//!
//! Handlers name what they take and what they give when all is well. What follows from the route table and from the rules
//! that hold everywhere is added here, so that no handler repeats it and none forgets it.

use std::collections::BTreeSet;

use actix_web::http::{Method, StatusCode};
use utoipa::{
    Modify, ToSchema,
    openapi::{
        Components, ContentBuilder, HeaderBuilder, OpenApi, RefOr, Required, Response, ResponseBuilder,
        header::Header,
        path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem},
        schema::{ObjectBuilder, Ref, Schema, Type},
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

use super::routes::{API, Access, Route};
use crate::{
    awards::open_data::commongrants::Failure,
    http::{call::session_cookie, idempotency::LONGEST_KEY, problem::Problem},
};

/// Adds it to the document.
pub struct Contract;

impl Modify for Contract {
    fn modify(&self, document: &mut OpenApi) {
        let components = document.components.get_or_insert_default();
        add_security(components);
        add_schema::<Problem>(components);
        add_schema::<Failure>(components);
        for refusal in REFUSALS {
            components.responses.insert(refusal.name.into(), refusal.as_problem().into());
        }
        let mut versioned = BTreeSet::new();
        for_each(document, |operation, route| {
            if takes_version(operation) {
                versioned.insert(route.path);
            }
        });
        for_each(document, |operation, route| complete(operation, route, &versioned));
    }
}

fn for_each(document: &mut OpenApi, mut act: impl FnMut(&mut Operation, &Route)) {
    for route in API {
        let item = document.paths.paths.get_mut(route.path);
        if let Some(operation) = item.and_then(|item| operation_of(item, &route.method)) {
            act(operation, route);
        }
    }
}

fn operation_of<'a>(item: &'a mut PathItem, method: &Method) -> Option<&'a mut Operation> {
    match *method {
        Method::GET => item.get.as_mut(),
        Method::POST => item.post.as_mut(),
        Method::PUT => item.put.as_mut(),
        Method::PATCH => item.patch.as_mut(),
        Method::DELETE => item.delete.as_mut(),
        _ => None,
    }
}

/// What stands at a path in `versioned` is changed by version, which whoever reads or makes it must learn.
fn complete(operation: &mut Operation, route: &Route, versioned: &BTreeSet<&str>) {
    let traits = Traits::of(operation, route);
    if route.access != Access::Public {
        operation.security = Some([TOKEN, SESSION].map(|scheme| SecurityRequirement::new(scheme, NO_SCOPES)).into());
        if traits.changes {
            operation.parameters.get_or_insert_default().push(idempotency_key().into());
        }
    }
    for refusal in REFUSALS {
        let status = refusal.status.as_str();
        if (refusal.applies)(&traits) || operation.responses.responses.contains_key(status) {
            let response = if traits.common_grants { refusal.as_failure().into() } else { refusal.reference() };
            operation.responses.responses.insert(status.into(), response);
        }
    }
    let is_below = |path: &str| path.strip_prefix(route.path).is_some_and(|rest| rest.matches('/').count() == 1);
    let (read, made) = (versioned.contains(route.path), versioned.iter().any(|path| is_below(path)));
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        if status == "201" {
            response.headers.insert("Location".into(), header("Where the new thing is.").into());
        }
        let answers = if route.method == Method::POST { ["201"].as_slice() } else { &["200", "201"] };
        if (read && answers.contains(&status.as_str())) || (made && status == "201") {
            response.headers.insert("ETag".into(), header("The version that stands now, for If-Match.").into());
        }
    }
}

/// What decides how an operation refuses.
struct Traits {
    /// It asks who calls, if only to know whose limits count.
    knows_callers: bool,
    /// It is open to some and not to others.
    guarded: bool,
    /// It is not open to everybody.
    closed: bool,
    /// It changes something.
    changes: bool,
    /// It is about a thing that its path names.
    names_a_thing: bool,
    /// It takes parameters or a body.
    takes_input: bool,
    /// It takes a body.
    takes_a_body: bool,
    /// It changes a version that the caller names.
    takes_version: bool,
    /// It needs the database.
    stores: bool,
    /// It speaks as CommonGrants does.
    common_grants: bool,
}

impl Traits {
    fn of(operation: &Operation, route: &Route) -> Self {
        let changes = route.method != Method::GET;
        Self {
            knows_callers: !route.path.starts_with("/health/"),
            guarded: matches!(route.access, Access::May(_)),
            closed: route.access != Access::Public,
            changes,
            names_a_thing: route.path.contains('{'),
            takes_input: changes || operation.parameters.is_some(),
            takes_a_body: operation.request_body.is_some(),
            takes_version: takes_version(operation),
            stores: route.path != "/health/live",
            common_grants: route.path.starts_with("/common-grants/"),
        }
    }
}

fn takes_version(operation: &Operation) -> bool {
    let mut parameters = operation.parameters.iter().flatten();
    parameters.any(|parameter| matches!(parameter, RefOr::T(parameter) if parameter.name == "If-Match"))
}

/// A way to refuse, and which operations do.
struct Refusal {
    status: StatusCode,
    name: &'static str,
    description: &'static str,
    /// A header that says more.
    header: Option<(&'static str, &'static str)>,
    applies: fn(&Traits) -> bool,
}

const RETRY_AFTER: Option<(&str, &str)> = Some(("Retry-After", "In how many seconds to try again."));

static REFUSALS: &[Refusal] = &[
    Refusal {
        status: StatusCode::UNAUTHORIZED,
        name: "Unauthenticated",
        description: "Nobody is signed in, or the access token opens nothing.",
        header: Some(("WWW-Authenticate", "`Bearer`.")),
        applies: |traits| traits.knows_callers,
    },
    Refusal {
        status: StatusCode::FORBIDDEN,
        name: "Forbidden",
        description: "The thing may be seen, and this may not be done with it; or the request shows no sign of the session's own pages.",
        header: None,
        applies: |traits| traits.closed || traits.changes,
    },
    Refusal {
        status: StatusCode::NOT_FOUND,
        name: "NotFound",
        description: "There is nothing here, or the caller may not see it.",
        header: None,
        applies: |traits| traits.guarded || traits.names_a_thing || (traits.closed && traits.changes),
    },
    Refusal {
        status: StatusCode::CONFLICT,
        name: "Conflict",
        description: "It could be right another time: the state of things does not allow it now.",
        header: None,
        applies: |traits| traits.closed && traits.changes,
    },
    Refusal {
        status: StatusCode::PRECONDITION_FAILED,
        name: "Stale",
        description: "Somebody changed it meanwhile: read it again.",
        header: None,
        applies: |traits| traits.takes_version,
    },
    Refusal {
        status: StatusCode::PAYLOAD_TOO_LARGE,
        name: "TooLarge",
        description: "The body is larger than is read.",
        header: None,
        applies: |traits| traits.takes_a_body,
    },
    Refusal {
        status: StatusCode::UNPROCESSABLE_ENTITY,
        name: "Invalid",
        description: "What was sent is wrong: every fault at once, with the place of each.",
        header: None,
        applies: |traits| traits.takes_input,
    },
    Refusal {
        status: StatusCode::PRECONDITION_REQUIRED,
        name: "VersionNeeded",
        description: "If-Match is missing.",
        header: None,
        applies: |traits| traits.takes_version,
    },
    Refusal {
        status: StatusCode::TOO_MANY_REQUESTS,
        name: "TooMany",
        description: "Too many tries.",
        header: RETRY_AFTER,
        // The few that count tries say so themselves.
        applies: |_| false,
    },
    Refusal {
        status: StatusCode::SERVICE_UNAVAILABLE,
        name: "Busy",
        description: "The service is busy, and nothing was saved.",
        header: RETRY_AFTER,
        applies: |traits| traits.stores,
    },
];

impl Refusal {
    fn reference(&self) -> RefOr<Response> {
        Ref::from_response_name(self.name).into()
    }

    fn as_problem(&self) -> Response {
        self.response("application/problem+json", &Problem::name())
    }

    fn as_failure(&self) -> Response {
        self.response("application/json", &Failure::name())
    }

    fn response(&self, media_type: &str, schema: &str) -> Response {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(schema))).build();
        let response = ResponseBuilder::new().description(self.description).content(media_type, content);
        match self.header {
            Some((name, description)) => response.header(name, header(description)).build(),
            None => response.build(),
        }
    }
}

fn add_schema<T: ToSchema>(components: &mut Components) {
    let mut schemas = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut schemas);
    components.schemas.extend(schemas);
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn header(description: &str) -> Header {
    HeaderBuilder::new().schema(Some(Schema::from(text()))).description(Some(description)).build()
}

const TOKEN: &str = "token";
const SESSION: &str = "session";
const NO_SCOPES: [&str; 0] = [];

fn add_security(components: &mut Components) {
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("The access token of a program, from `POST /api/v1/token`."));
    let session = ApiKeyValue::with_description(
        session_cookie(false),
        "A browser's session; over https its name begins with `__Host-`. What changes something carries the session's \
         token in `X-CSRF-Token` as well.",
    );
    components.security_schemes.extend([
        (TOKEN.to_owned(), SecurityScheme::Http(token.build()).into()),
        (SESSION.to_owned(), SecurityScheme::ApiKey(ApiKey::Cookie(session)).into()),
    ]);
}

fn idempotency_key() -> Parameter {
    let key = text().min_length(Some(1)).max_length(Some(LONGEST_KEY)).pattern(Some("^[!-~]([ -~]*[!-~])?$"));
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "Names the request: the same again under the same key gets the first answer and does nothing.",
        ))
        .schema(Some(Schema::from(key)))
        .build()
}
