//! Writing what was read beside what is there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Faults, Line};
use crate::{
    clock::Moment,
    db::Conn,
    error::Result,
    identity::{model::Organisation, policy::GrantedService, store::organisations},
    ids::{Id, IdSource, OrganisationKey},
};

/// What an import did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ImportedOrganisations)]
pub struct Imported {
    /// How many organisations are new.
    pub added: usize,
    /// How many were changed.
    pub changed: usize,
    /// How many were as the file says.
    pub unchanged: usize,
}

/// Writes the lines: an organisation with a line's code is changed, others are added, none is removed.
///
/// # Errors
/// [`AppError::Invalid`](crate::error::AppError::Invalid) when a line does not fit what is there; then nothing is written.
pub fn apply(
    conn: &mut Conn,
    granted: &GrantedService,
    lines: &[Line],
    (ids, now): (&IdSource, Moment),
) -> Result<Imported> {
    let known: BTreeMap<String, Organisation> =
        organisations::every(conn)?.into_iter().map(|known| (known.code.clone(), known)).collect();
    check_against(lines, &known)?;
    let mut by_code: BTreeMap<&str, Id<OrganisationKey>> =
        known.iter().map(|(code, known)| (code.as_str(), known.id)).collect();
    for line in lines {
        by_code.entry(&line.code).or_insert_with(|| ids.fresh(now));
    }
    let mut imported = Imported::default();
    for line in lines {
        let Some(id) = by_code.get(line.code.as_str()) else { continue };
        let wanted = line.organisation(*id, &by_code, known.get(&line.code));
        write(conn, granted, line, &wanted, known.get(&line.code), &mut imported)?;
    }
    Ok(imported)
}

fn check_against(lines: &[Line], known: &BTreeMap<String, Organisation>) -> Result<()> {
    let mut faults = Faults::default();
    let is_code = |code: &str| known.contains_key(code) || lines.iter().any(|line| line.code == code);
    for line in lines {
        if let Some(successor) = line.replaced_by.as_deref().filter(|code| !is_code(code) || *code == line.code) {
            faults.add(
                line.number,
                "replaced_by",
                "unknown_code",
                &format!("there is no other organisation {successor}"),
            );
        }
        for other in known.values().filter(|other| other.code != line.code) {
            for (column, ours, theirs) in
                [("ons_code", &line.ons_code, &other.ons_code), ("org_id", &line.org_id, &other.org_id)]
            {
                if ours.is_some() && ours == theirs {
                    faults.add(line.number, column, "duplicate", &format!("{} has it already", other.name));
                }
            }
        }
    }
    faults.none()
}

impl Line {
    fn organisation(
        &self,
        id: Id<OrganisationKey>,
        by_code: &BTreeMap<&str, Id<OrganisationKey>>,
        known: Option<&Organisation>,
    ) -> Organisation {
        Organisation {
            id,
            code: self.code.clone(),
            name: self.name.clone(),
            kind: self.kind,
            nation: self.nation,
            ons_code: self.ons_code.clone(),
            org_id: self.org_id.clone(),
            mail_domain: self.mail_domain.clone(),
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            replaced_by: self.replaced_by.as_deref().and_then(|code| by_code.get(code).copied()),
            signed_declaration: known.is_some_and(|known| known.signed_declaration),
            version: known.map_or(1, |known| known.version),
        }
    }
}

fn write(
    conn: &mut Conn,
    granted: &GrantedService,
    line: &Line,
    wanted: &Organisation,
    known: Option<&Organisation>,
    imported: &mut Imported,
) -> Result<()> {
    let Some(known) = known else {
        imported.added += 1;
        organisations::add(conn, granted, wanted)?;
        organisations::set_names(conn, granted, wanted.id, &line.names())?;
        return Ok(());
    };
    let renamed = organisations::set_names(conn, granted, wanted.id, &line.names())?;
    if known == wanted && !renamed {
        imported.unchanged += 1;
        return Ok(());
    }
    imported.changed += 1;
    organisations::change(conn, granted, wanted)
}
