//! The costs of a full application: who gets how much and what for, held against the ask and the phase's limit.

use std::collections::BTreeSet;

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use super::{Heading, Stands, fault_of, faults_of, in_field, saved, stale};
use crate::{
    bids::{
        content::Content,
        costs::model::{Contribution, CostTable},
        model::{CostCategory, CostLine, asked_in},
        service::{self, Desk, Over, Saved},
        terms::councils,
    },
    error::{AppError, Fault},
    funds::{reopening::Part, rulebook::CostKind},
    http::Refused,
    ids::{Id, OrganisationKey},
    money::Pence,
    web::{Form, Page, Posted, Visit},
};

const SUPPLIER: &str = "supplier";
/// What a form of ours may carry; the service says how many it keeps.
const MOST_ROWS: usize = 120;

/// The lines of the costs.
#[derive(Debug, Serialize)]
pub struct CostsPage {
    /// What stands above.
    pub bid: Heading,
    /// The bid's version.
    pub version: i32,
    /// The lines, with an empty one at the end.
    pub lines: Vec<Line>,
    /// Who can be paid.
    pub payees: Vec<Payee>,
    /// The kinds of cost that the round tells apart.
    pub kinds: Vec<CostKind>,
    /// How the costs stand to ask and limit, in sentences.
    pub sums: Vec<String>,
    /// Who gets how much of which kind, as it is kept.
    pub table: Option<CostTable>,
    /// What each partner is in for: its share, and what it puts in itself.
    pub contributions: Vec<Contribution>,
    /// What stands now, when somebody else changed it meanwhile.
    pub stands: Option<Stands>,
}

impl Page for CostsPage {
    const TEMPLATE: &'static str = "bids/costs.html";
}

/// A line as it stands in its fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The organisation's id, `supplier`, or `supplier-` with the id of the council that commissions it.
    pub payee: String,
    /// What for.
    pub description: String,
    /// How much, in pounds.
    pub pounds: String,
    /// The id of its kind.
    pub kind: String,
    /// Whether it is given in kind.
    pub in_kind: bool,
    /// Whether the organisation pays it from its own money.
    pub own_money: bool,
}

/// Who can be paid.
#[derive(Debug, Serialize)]
pub struct Payee {
    /// As a line has it.
    pub value: String,
    /// Its name with what it is to the bid.
    pub text: String,
}

impl CostsPage {
    fn of(desk: &Desk) -> Self {
        let content = &desk.view.content;
        let mut page = Self {
            bid: Heading::of(desk),
            version: desk.view.version,
            lines: content.costs.iter().map(|line| Line::of(line, content.lead.id)).collect(),
            payees: payees(desk),
            kinds: desk.round.rulebook.cost_kinds.clone(),
            sums: sums(desk, asked_in(&content.costs)),
            table: CostTable::of(content, &desk.round.rulebook.cost_kinds),
            contributions: Contribution::of(content),
            stands: None,
        };
        page.lines.push(Line::default());
        page
    }

    /// Shows what was sent instead of what is kept, and one line more to fill in.
    fn take_over(&mut self, desk: &Desk, lines: Vec<Line>) {
        let asked = lines.iter().filter(|line| !line.in_kind && !line.own_money);
        self.sums = sums(desk, asked.filter_map(|line| Pence::from_pounds(&line.pounds)).sum());
        self.lines = lines;
        self.lines.push(Line::default());
    }

    fn say_what_stands(&mut self) {
        let filled = self.lines.iter().filter(|line| !line.is_blank());
        let now = filled.map(|line| format!("{}: £{}", line.description, line.pounds)).collect();
        let message = "Somebody else changed this bid while you were writing. Its costs are now:".into();
        self.stands = Some(Stands { message, now });
    }
}

impl Line {
    fn of(line: &CostLine, lead: Id<OrganisationKey>) -> Self {
        let payee = match (line.category, line.naming_lead(lead).organisation_id) {
            (CostCategory::Supplier, None) => SUPPLIER.into(),
            (CostCategory::Supplier, Some(council)) => supplier_of(council),
            (_, named) => named.map(|id| id.to_string()).unwrap_or_default(),
        };
        Self {
            payee,
            description: line.description.clone(),
            pounds: in_field(line.pence),
            kind: line.kind.clone().unwrap_or_default(),
            in_kind: line.in_kind,
            own_money: line.own_money,
        }
    }

    fn is_blank(&self) -> bool {
        self.description.is_empty() && self.pounds.is_empty()
    }

    /// The line that the fields say, or everything that is wrong with them.
    fn read(&self, index: usize, desk: &Desk) -> Result<CostLine, Vec<Fault>> {
        let wrong =
            |field: &str, what: &str| fault_of(format!("costs/{index}/{field}"), format!("Line {}: {what}", index + 1));
        let (payee, pence) = (self.payee(desk), Pence::from_pounds(&self.pounds));
        if let (Some((category, organisation_id)), Some(pence)) = (payee, pence) {
            let kind = Some(self.kind.clone()).filter(|kind| !kind.is_empty());
            let (description, in_kind, own_money) = (self.description.clone(), self.in_kind, self.own_money);
            return Ok(CostLine { category, organisation_id, description, pence, kind, in_kind, own_money });
        }
        let no_payee = payee.is_none().then(|| wrong("payee", "choose who gets the money."));
        let no_amount = pence.is_none().then(|| wrong("pence", "enter an amount in pounds."));
        Err(no_payee.into_iter().chain(no_amount).collect())
    }

    fn payee(&self, desk: &Desk) -> Option<(CostCategory, Option<Id<OrganisationKey>>)> {
        let content = &desk.view.content;
        if self.payee == SUPPLIER {
            return Some((CostCategory::Supplier, None));
        }
        if let Some(council) = commissioning(content).into_iter().find(|council| supplier_of(*council) == self.payee) {
            return Some((CostCategory::Supplier, Some(council)));
        }
        let id = self.payee.parse().ok()?;
        if id == content.lead.id {
            return Some((CostCategory::Lead, Some(id)));
        }
        let partner = content.partners.iter().any(|partner| partner.organisation.id == id);
        partner.then_some((CostCategory::Partner, Some(id)))
    }
}

fn payees(desk: &Desk) -> Vec<Payee> {
    let content = &desk.view.content;
    let lead = Payee { value: content.lead.id.to_string(), text: format!("{} (lead)", content.lead.name) };
    let partners = content.partners.iter().map(|partner| Payee {
        value: partner.organisation.id.to_string(),
        text: format!("{} (partner)", partner.organisation.name),
    });
    let supplier = Payee { value: SUPPLIER.into(), text: "A supplier".into() };
    let commissioned = commissioning(content).into_iter().map(|council| {
        let known = councils(content).find(|party| party.id == council);
        let name = known.map_or("a council that is no part of the bid any more", |party| party.name.as_str());
        Payee { value: supplier_of(council), text: format!("A supplier of {name}") }
    });
    std::iter::once(lead).chain(partners).chain([supplier]).chain(commissioned).collect()
}

/// The councils of which a line says that they commission a supplier, which a form that is saved must not lose.
fn commissioning(content: &Content) -> BTreeSet<Id<OrganisationKey>> {
    let of_suppliers = content.costs.iter().filter(|line| line.category == CostCategory::Supplier);
    of_suppliers.filter_map(|line| line.organisation_id).collect()
}

fn supplier_of(council: Id<OrganisationKey>) -> String {
    format!("{SUPPLIER}-{council}")
}

/// How the costs stand to ask and limit.
fn sums(desk: &Desk, total: Pence) -> Vec<String> {
    let content = &desk.view.content;
    let mut sums = vec![match content.ask_pence {
        Some(ask) if ask == total => format!("The costs come to {total}, which is your ask."),
        Some(ask) if ask > total => {
            format!(
                "The costs come to {total}. Your ask is {ask}: {} is not accounted for yet.",
                Pence(ask.0 - total.0)
            )
        }
        Some(ask) => format!("The costs come to {total}, which is {} more than your ask.", Pence(total.0 - ask.0)),
        None => format!("The costs come to {total}. You have not said yet how much you ask for."),
    }];
    if let Some(phase) = content.phase.as_deref().and_then(|phase| desk.round.rulebook.phase(phase)) {
        let (limit, name) = (phase.limit_pence, phase.name.to_lowercase());
        sums.push(if total > limit {
            format!("That is {} above the limit of {limit} for {name}.", Pence(total.0 - limit.0))
        } else {
            format!("The limit for {name} is {limit}.")
        });
    }
    sums
}

/// Shows the costs.
pub async fn ask(visit: Visit, reference: Path<String>) -> Result<HttpResponse, Refused> {
    let desk = service::desk(&visit.app, &visit.call, reference.into_inner()).await?.to_write(Part::Costs)?;
    visit.page(&CostsPage::of(&desk)).await
}

/// Keeps the costs, or adds a line to fill in.
pub async fn save(visit: Visit, reference: Path<String>, form: Posted) -> Result<HttpResponse, Refused> {
    let reference = reference.into_inner();
    let desk = service::desk(&visit.app, &visit.call, reference.clone()).await?.to_write(Part::Costs)?;
    let mut page = CostsPage::of(&desk);
    let sent = lines_of(&form.0);
    if form.0.text("then") == "add" {
        page.take_over(&desk, sent);
        page.version = form.0.version();
        return visit.page(&page).await;
    }
    match keep(&visit, &desk, &form.0, &sent).await {
        Ok(Ok(done)) => Ok(saved(&visit, &form.0, (&reference, String::new()), &done)),
        Ok(Err(faults)) if visit.by_script => Err(AppError::Invalid(faults).into()),
        Err(fault) if visit.by_script => Err(fault.into()),
        Ok(Err(faults)) => {
            page.take_over(&desk, sent);
            page.version = form.0.version();
            visit.page_with_faults(&page, &faults).await
        }
        Err(AppError::Stale { .. }) => {
            // The page names the version that it shows, so that nothing newer is replaced unseen.
            page.say_what_stands();
            page.take_over(&desk, sent);
            stale(&visit, &page, "costs-0-payee", "Look at how it stands now, then save your change again.").await
        }
        Err(other) => Err(other.into()),
    }
}

async fn keep(visit: &Visit, desk: &Desk, form: &Form, sent: &[Line]) -> Result<Result<Saved, Vec<Fault>>, AppError> {
    let (mut lines, mut faults) = (Vec::new(), Vec::new());
    for (index, line) in sent.iter().enumerate() {
        match line.read(index, desk) {
            Ok(line) => lines.push(line),
            Err(wrong) => faults.extend(wrong),
        }
    }
    if !faults.is_empty() {
        return Ok(Err(faults));
    }
    let reference = desk.view.reference.clone();
    let over = Over { version: form.version(), by_itself: visit.by_script };
    faults_of(service::put_costs(&visit.app, &visit.call, reference, over, lines).await)
}

/// The lines that were sent, without those that were left or made empty.
fn lines_of(form: &Form) -> Vec<Line> {
    let line = |index: usize| Line {
        payee: form.text(&format!("costs-{index}-payee")),
        description: form.text(&format!("costs-{index}-description")),
        pounds: form.text(&format!("costs-{index}-pence")),
        kind: form.text(&format!("costs-{index}-kind")),
        in_kind: form.has(&format!("costs-{index}-in_kind")),
        own_money: form.has(&format!("costs-{index}-own_money")),
    };
    (0..MOST_ROWS).map(line).filter(|line| !line.is_blank()).collect()
}
