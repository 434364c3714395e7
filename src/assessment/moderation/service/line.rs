//! Which bids are near the funding line, by the newest ranking of record, and what is known of that.

use std::collections::BTreeMap;

use crate::{
    assessment::{
        moderation::{
            model::{Ground, KnownAtLine, ModerationGround},
            store,
        },
        rankings::{
            self,
            model::{AtLine, RankedBid},
        },
        service::{ask_round, reads_blind},
    },
    error::Result,
    http::{App, Call},
    identity::policy::{self, Action},
};

/// Why the place of a bid at the funding line asks for it to be talked over.
#[derive(Default)]
pub(super) struct Crossing {
    /// The reasons, by the references of bids.
    pub grounds: BTreeMap<String, Ground>,
    /// What is known of it; nothing where the round's rules do not ask for it, and before moderation is open.
    pub known: Option<KnownAtLine>,
}

/// What the newest ranking of record says of the bids that the reader may see, where the round's rules ask for it. Whoever has a
/// conflict of interest reads the ranking of the other bids alone, and so this too; whoever reads a bid blind still hears that
/// they are told none of it.
pub(super) async fn crossing(app: &App, call: &Call, slug: String) -> Result<Crossing> {
    let of = slug.clone();
    let asked = call.read(app, move |conn, scene| {
        let (granted, round) = ask_round(conn, scene, Action::ReadScores, &of)?;
        let open = store::opening(conn, &granted, granted.id())?.is_some();
        let sight = policy::sight(conn, &scene.actor)?;
        let asked = open && round.rulebook.assessment.moderation.crossing;
        Ok((asked, asked && reads_blind(conn, &granted, &sight)?))
    });
    let (asked, blind) = asked.await?;
    if !asked {
        return Ok(Crossing::default());
    }
    if blind {
        return Ok(Crossing { known: Some(KnownAtLine::withheld()), ..Crossing::default() });
    }
    let Some(seen) = rankings::service::seen(app, call, slug, None).await? else {
        return Ok(Crossing { known: Some(KnownAtLine::nothing()), ..Crossing::default() });
    };
    let record = seen.record;
    let unknown = record.figures.bids.iter().filter(|bid| bid.place.is_some() && bid.group.is_none()).count();
    let unknown = u32::try_from(unknown).unwrap_or(u32::MAX);
    let known = KnownAtLine::by((record.number, record.made_at), record.current, unknown);
    let line = record.figures.line_rank;
    let ground = |bid: RankedBid| {
        let (from, to) = if record.interval == 90 { (bid.r5, bid.r95) } else { (bid.r25, bid.r75) };
        let (from, to) = (from?, to?);
        (bid.group == Some(AtLine::Draw)).then_some(())?;
        let unsure =
            if bid.place.is_some() { "Its place is unsure" } else { "It has no place, and its rank is unsure" };
        let words = format!(
            "{unsure}: the {}% interval of its rank, {from} to {to}, crosses the funding line at {:.1} in ranking of \
             record {}.",
            record.interval, line?, record.number,
        );
        Some((bid.bid, Ground { kind: ModerationGround::Crossing, words }))
    };
    Ok(Crossing { grounds: record.figures.bids.into_iter().filter_map(ground).collect(), known: Some(known) })
}

/// Whether the reader can have a ranking of record made, where what is known at the line asks for one.
///
/// # Errors
/// As for the ranking.
pub async fn may_rank(app: &App, call: &Call, slug: &str, known: Option<&KnownAtLine>) -> Result<bool> {
    if known.is_none_or(|known| known.current || known.withheld) {
        return Ok(false);
    }
    rankings::service::may_make(app, call, slug.to_owned()).await
}
