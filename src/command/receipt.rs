//! Says whether a receipt is genuine: for whoever has the file, the keys and the database.

use std::{io::Write, path::Path, process::ExitCode};

use super::Outcome;
use crate::{
    actor::Actor,
    bids::receipts::{SignedReceipt, service},
    clock::Clock,
    config::Config,
    http::Call,
    ids::IdSource,
    server,
};

/// Says whether this service signed the receipt in a file, and whether its database still holds that version; ends with 1
/// when either is not so.
///
/// # Errors
/// When the file, the keys or the database cannot be read.
pub fn verify_receipt(config: Config, file: &Path, out: &mut impl Write) -> Outcome {
    let bytes = std::fs::read(file).map_err(|fault| format!("{}: {fault}", file.display()))?;
    let Some(signed) = SignedReceipt::find(&String::from_utf8_lossy(&bytes)) else {
        writeln!(out, "not genuine: there is no receipt in {}", file.display())?;
        return Ok(ExitCode::from(1));
    };
    let app = server::open(config, Clock::System, IdSource::system())?;
    if !service::is_genuine(&app, &signed) {
        writeln!(out, "not genuine: this service did not sign it, or something in it was changed")?;
        return Ok(ExitCode::from(1));
    }
    let call = Call::by(Actor::System, app.clock.now());
    let receipt = signed.receipt.clone();
    let stands = actix_web::rt::System::new().block_on(async { service::still_stands(&app, &call, receipt).await })?;
    let receipt = signed.receipt;
    let (stage, at) = (receipt.stage.title(), receipt.received_at);
    let what =
        format!("{}, {stage}, version {}, received at {} ({at})", receipt.reference, receipt.number, at.in_words());
    if !stands {
        writeln!(out, "signed by this service, but its database does not hold it: {what}")?;
        return Ok(ExitCode::from(1));
    }
    writeln!(out, "genuine: {what}\nfingerprint: {}", receipt.hash)?;
    Ok(ExitCode::SUCCESS)
}
