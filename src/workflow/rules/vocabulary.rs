//! The fields that rules may name: what each holds and how people say it.

/// The fields that rules may name.
#[derive(Debug, PartialEq, Eq)]
pub struct Vocabulary {
    bid: &'static [Field],
    partner: &'static [Field],
}

/// A field that rules may name.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// The name, such as `lead.nation`.
    pub name: &'static str,
    /// What it holds, with the words to speak of it.
    pub kind: Kind,
}

/// What a field holds, with the words to speak of it. In the words of a partner's fields, `{name}` stands for the partner.
#[derive(Debug, PartialEq, Eq)]
pub enum Kind {
    /// Yes or no.
    YesNo {
        /// The sentence that is true when it is so.
        yes: &'static str,
        /// The sentence that is true when it is not.
        no: &'static str,
    },
    /// A number of things.
    Count {
        /// What follows the number 1, such as "partner has confirmed".
        one: &'static str,
        /// What follows every other number.
        many: &'static str,
        /// What to call it where it is the limit of something else.
        noun: &'static str,
    },
    /// An amount in whole pence.
    Money {
        /// What to call it, such as "your ask".
        noun: &'static str,
    },
    /// A word.
    Text {
        /// What to call it.
        noun: &'static str,
        /// The words that are possible, each with how people say it; empty if any word is.
        values: &'static [(&'static str, &'static str)],
    },
    /// The list of partners.
    Partners,
}

const NATIONS: &[(&str, &str)] =
    &[("england", "England"), ("northern_ireland", "Northern Ireland"), ("scotland", "Scotland"), ("wales", "Wales")];

const STAGES: &[(&str, &str)] = &[("eoi", "expression of interest"), ("full", "full application")];

static BIDS: Vocabulary = Vocabulary {
    bid: &[
        Field { name: "lead.nation", kind: Kind::Text { noun: "the lead authority’s nation", values: NATIONS } },
        Field { name: "lead.kind", kind: Kind::Text { noun: "the lead authority’s type", values: &[] } },
        Field {
            name: "lead.signed_declaration",
            kind: Kind::YesNo {
                yes: "the lead authority has signed the declaration",
                no: "the lead authority has not signed the declaration",
            },
        },
        Field { name: "ask_pence", kind: Kind::Money { noun: "your ask" } },
        Field { name: "limit_pence", kind: Kind::Money { noun: "the limit for {a phase}" } },
        Field { name: "phase", kind: Kind::Text { noun: "the phase", values: &[] } },
        Field { name: "stage", kind: Kind::Text { noun: "the stage", values: STAGES } },
        Field {
            name: "partners.confirmed",
            kind: Kind::Count {
                one: "partner has confirmed",
                many: "partners have confirmed",
                noun: "the number of partners that have confirmed",
            },
        },
        Field {
            name: "partners.invited",
            kind: Kind::Count {
                one: "partner has been invited",
                many: "partners have been invited",
                noun: "the number of partners invited",
            },
        },
        Field { name: "partners", kind: Kind::Partners },
        Field {
            name: "sign_off.current",
            kind: Kind::YesNo {
                yes: "the officers who must sign have signed what stands now",
                no: "an officer who must sign has not signed what stands now",
            },
        },
        Field {
            name: "answers.complete",
            kind: Kind::YesNo {
                yes: "every question has been answered",
                no: "some questions have not been answered yet, or an answer is over its word limit",
            },
        },
        Field {
            name: "shares.add_up",
            kind: Kind::YesNo {
                yes: "the shares of the lead, partners and suppliers add up to your ask",
                no: "the shares of the lead, partners and suppliers do not add up to your ask",
            },
        },
        Field {
            name: "led_bids",
            kind: Kind::Count {
                one: "bid is led by this authority",
                many: "bids are led by this authority",
                noun: "the number of bids led by this authority",
            },
        },
        Field {
            name: "led_bids_limit",
            kind: Kind::Count {
                one: "bid may be led by one authority",
                many: "bids may be led by one authority",
                noun: "the limit for one authority",
            },
        },
        Field {
            name: "earlier_projects",
            kind: Kind::Count {
                one: "project of an earlier round of this fund is led by this authority",
                many: "projects of earlier rounds of this fund are led by this authority",
                noun: "the number of projects of earlier rounds led by this authority",
            },
        },
        Field {
            name: "feedback.given",
            kind: Kind::YesNo { yes: "feedback has been written", no: "no feedback has been written for this bid" },
        },
        Field {
            name: "scores.complete",
            kind: Kind::YesNo {
                yes: "every assessor has scored every criterion",
                no: "not every assessor has scored every criterion",
            },
        },
    ],
    partner: &[
        Field { name: "kind", kind: Kind::Text { noun: "the type of {name}", values: &[] } },
        Field { name: "nation", kind: Kind::Text { noun: "the nation of {name}", values: NATIONS } },
        Field {
            name: "confirmed",
            kind: Kind::YesNo {
                yes: "{name} has confirmed its part in this bid",
                no: "{name} has not confirmed its part in this bid",
            },
        },
        Field {
            name: "signed_declaration",
            kind: Kind::YesNo { yes: "{name} has signed the declaration", no: "{name} has not signed the declaration" },
        },
    ],
};

/// Where a rule is judged: not everything is known of a bid at every time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// While a form is open, which may be submitted.
    Form,
    /// While none is.
    Act,
    /// When the fund decides.
    Decision,
}

/// What is known when the fund decides, and only then.
const OF_DECISIONS: [&str; 2] = ["feedback.given", "scores.complete"];
/// What is known while a form is open, and only then.
const OF_FORMS: [&str; 4] = ["answers.complete", "shares.add_up", "sign_off.current", "stage"];

impl Occasion {
    /// Whether the field of a bid is known then.
    pub fn knows(self, field: &str) -> bool {
        let of_decisions = OF_DECISIONS.contains(&field);
        match self {
            Self::Form => !of_decisions,
            Self::Act => !of_decisions && !OF_FORMS.contains(&field),
            Self::Decision => of_decisions,
        }
    }

    /// The words for it.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Form => "while the form is open",
            Self::Act => "where no form is open",
            Self::Decision => "when the fund decides",
        }
    }
}

impl Vocabulary {
    /// What can be asked of a bid in any round.
    pub fn bids() -> &'static Self {
        &BIDS
    }

    /// The fields of a bid.
    pub fn fields(&self) -> &'static [Field] {
        self.bid
    }

    /// The fields of one partner, inside `some` and `all`.
    pub fn partner_fields(&self) -> &'static [Field] {
        self.partner
    }
}
