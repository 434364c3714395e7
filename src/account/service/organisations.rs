//! Organisations: who they are is public; the service administrator keeps the list.

use crate::{
    error::{AppError, Result},
    http::{App, Call},
    identity::{
        import::{self, Imported},
        model::Organisation,
        policy::{self, Action},
        store::organisations,
    },
    ids::{Id, OrganisationKey},
};

/// One page of the organisations whose names contain the words, after the one with this id in the order of codes.
///
/// # Errors
/// `Invalid` for a cursor that names none.
pub async fn search(
    app: &App,
    call: &Call,
    words: String,
    after: Option<Id<OrganisationKey>>,
    limit: i64,
) -> Result<Vec<Organisation>> {
    call.read(app, move |conn, _| {
        let after = match after {
            Some(id) => Some(organisations::by_id(conn, id).map_err(|_gone| wrong_cursor())?.code),
            None => None,
        };
        organisations::page(conn, &words, after.as_deref(), limit)
    })
    .await
}

/// The organisation that a text names: by code, ONS code, org-id, or a name that it has or had.
///
/// # Errors
/// When the database fails.
pub async fn find(app: &App, call: &Call, named: String) -> Result<Option<Organisation>> {
    call.read(app, move |conn, _| organisations::find(conn, &named)).await
}

/// Asks whether somebody keeps the list of organisations: the pages about that are hidden from everybody else.
///
/// # Errors
/// As policy says.
pub async fn ask(app: &App, call: &Call) -> Result<()> {
    call.read(app, |conn, scene| policy::service(conn, &scene.actor, Action::ManageOrganisations).map(drop)).await
}

fn wrong_cursor() -> AppError {
    AppError::invalid("cursor", "wrong_cursor", "Use the `next` of the page before, or leave the cursor out.")
}

/// Reads organisations from a CSV file: all of it or nothing.
///
/// # Errors
/// As policy says; `Invalid` with every fault, its line and its column.
pub async fn import(app: &App, call: &Call, file: Vec<u8>) -> Result<Imported> {
    ask(app, call).await?;
    let lines = import::parse(&file)?;
    call.write(app, move |conn, scene| {
        let granted = policy::service(conn, &scene.actor, Action::ManageOrganisations)?;
        import::apply(conn, &granted, &lines, (&scene.ids, scene.now))
    })
    .await
}
