//! The page of a receipt, and the one on which anybody checks whether this service signed one.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use super::{model::SignedReceipt, service};
use crate::{
    bids::service::{VersionKey, bid},
    error::{Fault, Result},
    http::Refused,
    web::{Open, Page, Visit},
};

type Answer = Result<HttpResponse, Refused>;

/// The receipt of one submitted version.
#[derive(Debug, Serialize)]
pub struct ReceiptPage {
    /// What the bid is called now.
    pub title: String,
    /// The stage in words.
    pub stage: &'static str,
    /// The receipt.
    pub signed: SignedReceipt,
}

impl Page for ReceiptPage {
    const TEMPLATE: &'static str = "bids/receipt.html";
}

/// GET `/bids/{reference}/versions/{stage}/{number}/receipt`
pub async fn receipt(visit: Visit, path: Path<(String, String, String)>) -> Answer {
    let key = VersionKey::of_path(path.into_inner())?;
    let (view, _) = bid(&visit.app, &visit.call, key.reference.clone()).await?;
    let signed = service::receipt(&visit.app, &visit.call, key).await?;
    visit.page(&ReceiptPage { title: view.content.title, stage: signed.receipt.stage.title(), signed }).await
}

/// Asks for a receipt, and says of the last one whether it is genuine.
#[derive(Debug, Serialize)]
pub struct VerifyPage {
    /// What was pasted.
    pub pasted: String,
    /// Whether this service signed it; nothing before one was pasted.
    pub genuine: Option<bool>,
}

impl Page for VerifyPage {
    const TEMPLATE: &'static str = "bids/verify-receipt.html";
}

/// GET `/receipts/verify`
pub async fn ask(visit: Visit) -> Answer {
    visit.page(&VerifyPage { pasted: String::new(), genuine: None }).await
}

/// POST `/receipts/verify`: yes or no, and nothing of what the database holds.
pub async fn verify(visit: Visit, form: Open) -> Answer {
    let Some(pasted) = form.0.filled("receipt") else {
        let fault = Fault::new("receipt", "missing", "Paste the receipt, or the whole email that it came in.");
        return visit.page_with_faults(&VerifyPage { pasted: String::new(), genuine: None }, &[fault]).await;
    };
    let found = SignedReceipt::find(&pasted);
    let genuine = found.is_some_and(|receipt| service::is_genuine(&visit.app, &receipt));
    visit.page(&VerifyPage { pasted, genuine: Some(genuine) }).await
}
