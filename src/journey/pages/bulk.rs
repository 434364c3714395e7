//! One act on many bids: chosen in the list, looked at before it is done, and answered bid by bid.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use crate::{
    error::{AppError, Fault},
    http::Refused,
    ids::{Id, RowKey},
    journey::service::bulk::{self, BulkBody, BulkDesk, BulkItem, BulkResult},
    web::{Form, Page, Posted, Visit},
};

type Answer = Result<HttpResponse, Refused>;

/// What can be done with the bids that were chosen.
#[derive(Debug, Serialize)]
pub struct ChoosePage {
    /// The bids, and what can be done with them.
    pub desk: BulkDesk,
    /// What is filled in.
    pub written: Written,
}

impl Page for ChoosePage {
    const TEMPLATE: &'static str = "journey/bulk.html";
}

/// What would become of each bid, or what has.
#[derive(Debug, Serialize)]
pub struct ItemsPage {
    /// The bids that were chosen.
    pub desk: BulkDesk,
    /// What is done with them, in words.
    pub label: String,
    /// What was filled in.
    pub written: Written,
    /// Bid by bid.
    pub items: Vec<BulkItem>,
    /// With how many bids it works.
    pub done: usize,
    /// For how many of them others are asked first.
    pub waiting: usize,
    /// How many messages go to councils.
    pub messages: usize,
    /// Names the act, so that a form which is sent twice does it once; none once it is done.
    pub key: Option<Id<RowKey>>,
}

impl Page for ItemsPage {
    const TEMPLATE: &'static str = "journey/bulk-items.html";
}

/// The form's fields.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Written {
    /// What is done.
    pub action: String,
    /// Why.
    pub reason: String,
    /// Whether councils are told.
    pub mail: bool,
}

impl Written {
    fn of(form: &Form) -> Self {
        Self { action: form.text("action"), reason: form.text("reason"), mail: form.filled("no_mail").is_none() }
    }
}

/// GET `/rounds/{slug}/bulk?bid=…&bid=…`
pub async fn ask(visit: Visit, slug: Path<String>) -> Answer {
    let query = visit.path.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let query = Form::parse(query.as_bytes());
    let query = query.map_err(|fault| AppError::invalid("", "wrong_query", format!("{fault}.")))?;
    let desk = bulk::desk(&visit.app, &visit.call, slug.into_inner(), query.all("bid")).await?;
    visit.page(&ChoosePage { desk, written: Written { mail: true, ..Written::default() } }).await
}

/// POST `/rounds/{slug}/bulk`: shows what would become of each bid, or does it.
pub async fn act(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let form = form.0;
    let (written, references) = (Written::of(&form), form.all("bid"));
    let does = form.text("do") == "go";
    let body = BulkBody {
        action: written.action.clone(),
        bids: references.clone(),
        reason: written.reason.clone(),
        mail: written.mail,
        dry_run: !does,
    };
    let call =
        if does { visit.call.keyed(&form.text("key"), &form.encoded_without("csrf")) } else { visit.call.clone() };
    let desk = bulk::desk(&visit.app, &visit.call, slug.clone(), references).await?;
    match bulk::bulk(&visit.app, &call, slug.into_inner(), body).await {
        Ok(items) => visit.page(&items_page(&visit, desk, (written, does), items)).await,
        Err(AppError::Invalid(faults)) => {
            visit.page_with_faults(&ChoosePage { desk, written }, &beside_the_action(faults)).await
        }
        Err(other) => Err(other.into()),
    }
}

/// A page that names no bid, or one twice, was not filled in by hand: what is wrong stands at its first field.
fn beside_the_action(faults: Vec<Fault>) -> Vec<Fault> {
    let at = |fault: Fault| if fault.field == "reason" { fault } else { Fault { field: "action".into(), ..fault } };
    faults.into_iter().map(at).collect()
}

fn items_page(visit: &Visit, desk: BulkDesk, (written, does): (Written, bool), items: Vec<BulkItem>) -> ItemsPage {
    let count = |result: BulkResult| items.iter().filter(|item| item.result == result).count();
    let known = desk.actions.iter().find(|possible| possible.action == written.action);
    let label = match (written.action.as_str(), known) {
        (bulk::HOLD, _) => "Put on hold".into(),
        (bulk::LIFT, _) => "Lift the hold".into(),
        (_, Some(possible)) => possible.label.clone(),
        (action, None) => action.replace('_', " "),
    };
    ItemsPage {
        done: count(BulkResult::Done),
        waiting: count(BulkResult::Waiting),
        messages: items.iter().map(|item| item.messages).sum(),
        key: (!does).then(|| visit.app.ids.fresh(visit.call.received)),
        label,
        desk,
        written,
        items,
    }
}
