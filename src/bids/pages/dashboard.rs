//! A council's desk: its bids, what closes when, and what waits for an answer.

use actix_web::HttpResponse;
use serde::Serialize;

use crate::{
    bids::{
        led::{pages::Counted, service::crowded},
        service::{self, Own, Part, ToAgree},
    },
    clock::Moment,
    http::Refused,
    web::{Page, Visit},
};

/// The bids of one's organisations.
#[derive(Debug, Serialize)]
pub struct Dashboard {
    /// Invitations that nobody has answered.
    pub invitations: Vec<Line>,
    /// Bids about which the fund asks something, what ends first at the top.
    pub to_answer: Vec<Line>,
    /// Bids that one is asked to sign.
    pub to_sign: Vec<Line>,
    /// What waits for the agreement of one's council.
    pub to_agree: Vec<Agreeing>,
    /// Rounds in which one's organisations write more bids than they can lead.
    pub crowded: Vec<Counted>,
    /// The organisations whose bids one can see all of: code and name.
    pub councils: Vec<(String, String)>,
    /// Bids that one's organisations lead or have joined, or were asked to join before their round was called off.
    pub bids: Vec<Line>,
}

impl Page for Dashboard {
    const TEMPLATE: &'static str = "bids/dashboard.html";
}

/// Something that waits for the agreement of one's council.
#[derive(Debug, Serialize)]
pub struct Agreeing {
    /// The bid's reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// What is proposed: `lead`, `join` or `merge`.
    pub kind: String,
    /// Where it is answered.
    pub page: String,
}

impl Agreeing {
    fn of(waiting: ToAgree) -> Self {
        let page = format!("/bids/{}/partnership-changes/{}", waiting.reference, waiting.id);
        Self { reference: waiting.reference, title: waiting.title, kind: waiting.kind, page }
    }
}

/// A bid in the list.
#[derive(Debug, Serialize)]
pub struct Line {
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// The lead authority.
    pub lead: String,
    /// Whether one's own organisation leads.
    pub leads: bool,
    /// The round.
    pub round: String,
    /// Its state in words.
    pub label: String,
    /// What happens next.
    pub next: String,
    /// Whether there is an outcome to read.
    pub outcome: bool,
    /// When the open stage closes.
    pub closes: Option<Moment>,
    /// Since when it is on hold.
    pub on_hold: Option<Moment>,
    /// Who must sign it and has not, in words.
    pub unsigned: Vec<String>,
    /// The number of what the fund asks, and until when it can be answered.
    pub to_answer: Option<(i32, Moment)>,
}

impl Line {
    fn of(own: Own) -> Self {
        Self {
            reference: own.row.bid.reference,
            title: own.row.bid.title,
            lead: own.row.lead,
            leads: own.part == Part::Leads,
            round: own.round,
            label: own.label,
            next: own.next,
            outcome: own.outcome,
            closes: own.closes,
            on_hold: own.on_hold,
            unsigned: own.unsigned,
            to_answer: own.to_answer,
        }
    }
}

/// The desk.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refused> {
    let own = service::own_desk(&visit.app, &visit.call).await?;
    let (asked, bids): (Vec<_>, Vec<_>) = own.into_iter().partition(|own| own.part == Part::Invited && !own.cancelled);
    let to_sign = bids.iter().filter(|own| own.to_sign).cloned().map(Line::of).collect();
    let mut to_answer: Vec<_> = bids.iter().filter(|own| own.to_answer.is_some()).cloned().map(Line::of).collect();
    to_answer.sort_by_key(|line| line.to_answer.map(|(_, until)| until));
    let lines = |list: Vec<Own>| list.into_iter().map(Line::of).collect();
    let crowded = crowded(&visit.app, &visit.call).await?.iter().filter_map(Counted::of).collect();
    let councils = service::possible_leads(&visit.app, &visit.call).await?;
    let councils = councils.into_iter().map(|council| (council.code, council.name)).collect();
    let to_agree = service::to_agree(&visit.app, &visit.call).await?.into_iter().map(Agreeing::of).collect();
    let (invitations, bids) = (lines(asked), lines(bids));
    visit.page(&Dashboard { invitations, to_answer, to_sign, to_agree, crowded, councils, bids }).await
}
