//! A small round from its first draft to a project's report, told over REST, so that every page has something to show.

use serde_json::{Value, json};

use crate::harness::app::{Answer, Client, ROUND, TestApp, Who};

/// Four of what councils have done before.
const REGISTER: &str = "entry_key,title,summary,organisations,kind,status,url,source,started
repairs-1,Reporting housing repairs online,Tenants report a broken boiler or a leak by themselves,Lincoln and Greenwich,alpha,live,https://example.org/repairs,Pipeline,2019-03
repairs-2,Scheduling of repairs,Tenants choose when the plumber comes to mend a leak,Southwark,discovery,ended,,Pipeline,2018
bots-1,Chatbots for council services,What a virtual assistant can answer about bins and tax,Oxford,discovery,ended,,Pipeline,2019
income-1,Income management,Takes payments and reconciles the ledger,Barnsley,beta,live,,Pipeline,
";

const FEEDBACK: &str =
    "The problem is one that many councils share.\n\nSay more about how others would use what you make.";

/// Four pieces of earlier work are in the register.
pub fn fill_register(app: &TestApp) {
    let headers = [("Content-Type", "text/csv")];
    let register = Some(REGISTER.as_bytes().to_vec());
    app.client(Who::Manager).raw("POST", "/api/v1/register/import", &headers, register).expect(200);
}

/// The story of one bid.
pub struct Story<'a> {
    app: &'a TestApp,
    round: String,
    /// What people call the bid by.
    pub reference: String,
}

impl<'a> Story<'a> {
    /// The register is there, and Ambridge has started a bid.
    pub fn begin(app: &'a TestApp) -> Self {
        fill_register(app);
        Self::begin_in(app, ROUND)
    }

    /// Ambridge has started a bid in this round.
    pub fn begin_in(app: &'a TestApp, round: &str) -> Self {
        let title = "Repairs that tenants can follow";
        let start = json!({ "round": round, "lead": app.organisation("AMB"), "title": title });
        let started = app.client(Who::Officer).post("/api/v1/bids", start).expect(201).json();
        Self { app, round: round.to_owned(), reference: text(&started["reference"]) }
    }

    /// The same once the bid is invited to a full application, which its councils have begun to write.
    pub fn invited(app: &'a TestApp) -> Self {
        let story = Self::begin(app);
        story.submit_interest();
        app.at("2026-10-01T09:00:00Z");
        story.sift();
        story.decide("sift", "invite", None);
        story.release("eoi_outcome");
        app.at("2026-10-12T09:00:00Z");
        story
    }

    /// The same once the full application is written, signed and submitted.
    pub fn submitted_in_full(app: &'a TestApp) -> Self {
        let story = Self::invited(app);
        let invitation = story.write_application();
        story.ask_to_sign();
        story.submit_application(&invitation);
        story
    }

    /// The path of something of the bid.
    pub fn page(&self, what: &str) -> String {
        format!("/bids/{}{what}", self.reference)
    }

    fn rest(&self, what: &str) -> String {
        format!("/api/v1{}", self.page(what))
    }

    fn officer(&self) -> Client {
        self.app.client(Who::Officer)
    }

    fn change(&self, what: &str, body: Value) {
        let officer = self.officer();
        let version = officer.get(&self.rest("")).expect(200).json()["version"].as_i64().unwrap();
        match what {
            "" => officer.patch(&self.rest(""), version, body),
            part => officer.put(&self.rest(part), version, body),
        }
        .expect(200);
    }

    fn answer(&self, question: &str) {
        let body = json!({ "value": "Tenants ring three times on average before a repair is done.", "complete": true });
        self.officer().put(&self.rest(&format!("/answers/{question}")), 0, body).expect(200);
    }

    /// Somebody has done something to it.
    pub fn act(&self, who: Who, action: &str) {
        self.app.client(who).post(&self.rest(&format!("/actions/{action}")), json!({})).expect(200);
    }

    /// The state that the lead authority knows.
    pub fn state(&self) -> String {
        text(&self.officer().get(&self.rest("/actions")).expect(200).json()["state"])
    }

    /// The expression of interest is written and has gone in.
    pub fn submit_interest(&self) {
        self.write_interest();
        self.act(Who::Officer, "submit_eoi");
    }

    /// The expression of interest is written.
    pub fn write_interest(&self) {
        self.change("", json!({ "phase": "discovery" }));
        ["problem", "assets"].iter().for_each(|question| self.answer(question));
        self.change(
            "/prior-work",
            json!({ "entries": [{ "entry_key": "repairs-2", "why": "It was only a discovery." }] }),
        );
    }

    /// Both answers are marked, one with a caveat.
    pub fn sift(&self) {
        let caveat = "Say how many tenants wait.";
        let marks = json!({ "marks": [
            { "question": "assets", "mark": "pass" },
            { "question": "problem", "mark": "pass_with_caveats", "caveat": caveat }
        ] });
        self.app.client(Who::Manager).send("PUT", &self.rest("/sift"), &[], Some(&marks)).expect(200);
    }

    /// The fund has decided this; it shows when the milestone's outcomes are released.
    pub fn decide(&self, gate: &str, transition: &str, amount_pence: Option<i64>) {
        let mut decision = json!({ "transition": transition, "feedback": FEEDBACK });
        if let Some(amount) = amount_pence {
            decision["amount_pence"] = json!(amount);
            decision["place"] = json!(1);
        }
        let path = self.rest(&format!("/decisions/{gate}"));
        let decided = self.app.client(Who::Manager).send("PUT", &path, &[], Some(&decision));
        if decided.status == 202 {
            crate::awards::approve(&self.app.client_of(self.app.colleague()), &self.reference).expect(204);
        } else {
            decided.expect(201);
        }
    }

    /// The round's bids are ranked for the record.
    pub fn rank(&self) {
        let path = format!("/api/v1/rounds/{}/rankings", self.round);
        self.app.client(Who::Moderator).post(&path, json!({})).expect(201);
    }

    /// The outcomes of a milestone may show at its instant.
    pub fn release(&self, milestone: &str) {
        crate::awards::release_in(self.app, &self.round, milestone).expect(200);
    }

    /// The full application is written, all but the partner's word and the signature; gives the invitation's id.
    pub fn write_application(&self) -> String {
        self.act(Who::Officer, "start_full");
        self.answer("plan");
        self.write_costs()
    }

    /// The same of a round that has no expressions of interest.
    pub fn write_at_once(&self) -> String {
        self.change("", json!({ "phase": "discovery" }));
        ["problem", "plan"].iter().for_each(|question| self.answer(question));
        self.write_costs()
    }

    fn write_costs(&self) -> String {
        let invitation = json!({ "organisation": "BOR", "share_pence": 2_000_000, "sponsor": "Director of Housing" });
        let invited = self.officer().post(&self.rest("/partners"), invitation).expect(201).json();
        self.change("", json!({ "ask_pence": 8_000_000 }));
        let line = |category: &str, code: &str, description: &str, pence: i64| {
            json!({ "category": category, "organisation_id": self.app.organisation(code), "description": description,
                "pence": pence })
        };
        let costs = [
            line("lead", "AMB", "User researcher for twelve weeks", 6_000_000),
            line("partner", "BOR", "Service designer for four weeks", 2_000_000),
        ];
        self.change("/costs", json!({ "costs": costs }));
        let promise = json!({ "measure": "Days from report to repair", "unit": "days", "baseline": 21.0, "target": 10.0,
            "due_on": "2028-02-29" });
        self.change("/promises", json!({ "promises": [promise] }));
        text(&invited["id"])
    }

    /// The lead has asked its section 151 officer to sign.
    pub fn ask_to_sign(&self) {
        self.app.work();
        self.officer().post(&self.rest("/sign-off"), json!({})).expect(200);
    }

    /// The partner has confirmed, the section 151 officer has signed what stands, and the application has gone in.
    pub fn submit_application(&self, invitation: &str) {
        self.confirm_and_sign(invitation);
        self.act(Who::Officer, "submit_full");
    }

    /// The partner has confirmed, and the section 151 officer has signed what stands.
    pub fn confirm_and_sign(&self, invitation: &str) {
        let confirm = self.rest(&format!("/partners/{invitation}/confirm"));
        self.app.client(Who::Partner).post(&confirm, json!({})).expect(200);
        self.sign();
    }

    /// The section 151 officer has signed what stands.
    pub fn sign(&self) {
        self.app.work();
        let signatory = self.app.client(Who::Signatory);
        let hash = signatory.get(&self.rest("/sign-off")).expect(200).json()["hash"].clone();
        let signed: Answer = signatory.post(&self.rest("/sign-off/sign"), json!({ "hash": hash }));
        signed.expect(200);
    }

    /// Two assessors have the bid.
    pub fn give_to_assessors(&self) {
        for who in [Who::Assessor, Who::SecondAssessor] {
            let reader = json!({ "person": self.app.person(who) });
            self.app.client(Who::Manager).post(&self.rest("/assessors"), reader).expect(200);
        }
    }

    /// An assessor has scored it and submitted.
    pub fn score(&self, who: Who) {
        let score = |criterion: &str, value: i32| {
            json!({ "criterion": criterion, "value": value, "justification": "It is shown for several councils.",
                "confidence": "high" })
        };
        let assessor = self.app.client(who);
        let scores = json!({ "scores": [score("fit", 3), score("delivery", 2)] });
        assessor.put(&self.rest("/scores/mine"), 1, scores).expect(200);
        assessor.send("POST", &self.rest("/scores/submit"), &[("If-Match", "\"v2\"")], None).expect(200);
    }

    /// The project has begun, and its lead has reported once.
    pub fn deliver(&self) {
        self.act(Who::Manager, "start_delivery");
        let project = format!("/api/v1/projects/{}", self.reference);
        let outcomes = self.app.public().get(&project).expect(200).json()["outcomes"].clone();
        let report = json!({ "value": 14.0, "note": "Two of three depots have changed over." });
        let path = format!("{project}/outcomes/{}/deliveries", text(&outcomes[0]["id"]));
        self.officer().post(&path, report).expect(201);
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}
