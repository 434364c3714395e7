//! A running service on a fresh database with a clock that stands, a small world in it, and a signed-in client for
//! each of its people. Tests talk to it over HTTP as programs and browsers do.

use std::{
    path::PathBuf,
    sync::{OnceLock, mpsc},
    thread::JoinHandle,
    time::Duration,
};

use actix_web::rt::System;
use roundtable::{
    actor::{Actor, SignedIn},
    clock::{Clock, Moment},
    config::{self, Config},
    db::{Conn, migrate_url},
    funds::{
        self,
        model::Milestone,
        service::{NewFund, NewMilestone, NewRound},
    },
    http::{App, Call, call::session_cookie},
    identity::{
        keys::Keys,
        model::{FundRole, MemberRole, Nation, Organisation, OrganisationKind},
        policy::{self, Action},
        sessions, store,
    },
    ids::{Id, IdSource, OrganisationKey, PersonKey},
    jobs::Worker,
    money::Pence,
    server::Server,
};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::{
    browser::Browser,
    databases::{Engine, TestDatabase, fresh_database},
    letters::{self, Letter},
};

/// When the test world's clock starts: the round has been open for a day.
pub const START: &str = "2026-09-02T09:00:00Z";
/// The slug of the test world's round.
pub const ROUND: &str = "test-round";

/// The people of the test world, by what they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// Runs the instance.
    Admin,
    /// Writes bids at Ambridge, which leads.
    Officer,
    /// The section 151 officer of Ambridge.
    Signatory,
    /// Manages Ambridge's people.
    Administrator,
    /// Works at Borchester, which becomes a partner.
    Partner,
    /// The section 151 officer of Borchester.
    PartnerSignatory,
    /// Works at Casterbridge, which has nothing to do with the others.
    Stranger,
    /// Runs the fund.
    Manager,
    /// Assesses for the fund.
    Assessor,
    /// Assesses for the fund and works at Ambridge: in conflict with its bids.
    ConflictedAssessor,
    /// A third assessor.
    SecondAssessor,
    /// Leads the panel.
    Moderator,
    /// Looks on.
    Observer,
    /// Has an account and no role at all.
    Nobody,
}

impl Who {
    pub const ALL: [Self; 14] = [
        Self::Admin,
        Self::Officer,
        Self::Signatory,
        Self::Administrator,
        Self::Partner,
        Self::PartnerSignatory,
        Self::Stranger,
        Self::Manager,
        Self::Assessor,
        Self::ConflictedAssessor,
        Self::SecondAssessor,
        Self::Moderator,
        Self::Observer,
        Self::Nobody,
    ];

    pub fn email(self) -> String {
        format!("{self:?}@test.example").to_lowercase()
    }

    fn council(self) -> Option<(&'static str, MemberRole)> {
        match self {
            Self::Officer | Self::ConflictedAssessor => Some(("AMB", MemberRole::Member)),
            Self::Signatory => Some(("AMB", MemberRole::Signatory)),
            Self::Administrator => Some(("AMB", MemberRole::Administrator)),
            Self::Partner => Some(("BOR", MemberRole::Member)),
            Self::PartnerSignatory => Some(("BOR", MemberRole::Signatory)),
            Self::Stranger => Some(("CAS", MemberRole::Member)),
            _ => None,
        }
    }

    fn fund_role(self) -> Option<FundRole> {
        match self {
            Self::Manager => Some(FundRole::FundManager),
            Self::Assessor | Self::ConflictedAssessor | Self::SecondAssessor => Some(FundRole::Assessor),
            Self::Moderator => Some(FundRole::Moderator),
            Self::Observer => Some(FundRole::Observer),
            _ => None,
        }
    }
}

const COUNCILS: [(&str, &str); 3] =
    [("AMB", "Ambridge Borough Council"), ("BOR", "Borchester City Council"), ("CAS", "Casterbridge District Council")];

/// The running service.
pub struct TestApp {
    /// Where it answers, e.g. `http://127.0.0.1:40001`.
    pub base: String,
    /// Its insides, for what only the machine's owner could see.
    pub app: App,
    /// The clock, which stands until a test moves it.
    pub clock: Clock,
    worker: Worker,
    people: Vec<(Who, Id<PersonKey>)>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    // Dropped last: the database must outlive the service.
    database: TestDatabase,
}

impl TestApp {
    /// Starts the service with the test world in it.
    pub fn start(engine: Engine) -> Self {
        let app = Self::start_empty(engine);
        let mut world = app;
        world.people = world.block_on(|app| async move { build_world(&app).await });
        world
    }

    /// Starts the service with an empty database.
    pub fn start_empty(engine: Engine) -> Self {
        let database = fresh_database(engine, |url| migrate_url(url).unwrap());
        let clock = Clock::standing(moment(START));
        let server = Server::new(settings(&database.url), clock.clone(), IdSource::seeded(7)).unwrap();
        let (app, worker) = (server.app.clone(), server.worker.clone());
        let base = app.config.web.base_url.clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let (ready, is_ready) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            System::new().block_on(async move {
                let (server, handle) = server.start().unwrap();
                let serving = actix_web::rt::spawn(server);
                ready.send(()).unwrap();
                let _ = stopped.await;
                handle.stop(false).await;
                serving.await.unwrap().unwrap();
            });
        });
        is_ready.recv().unwrap();
        Self { base, app, clock, worker, people: Vec::new(), stop: Some(stop), thread: Some(thread), database }
    }

    /// The database's address, for tests of the command line.
    pub fn database_url(&self) -> &str {
        &self.database.url
    }

    /// The person's id.
    pub fn person(&self, who: Who) -> Id<PersonKey> {
        self.people.iter().find(|(known, _)| *known == who).unwrap().1
    }

    /// Ends every session of somebody, as when they have been away for too long.
    pub fn end_sessions(&self, who: Who) {
        let (person, now) = (self.person(who), self.clock.now());
        self.block_on(|app| async move {
            let end_all = move |conn: &mut Conn| {
                let open = sessions::of_person(conn, person, now)?;
                open.into_iter().try_for_each(|session| sessions::end(conn, person, session.id, now))
            };
            app.db.write(end_all).await.unwrap();
        });
    }

    /// The id of a council of the test world, by its code.
    pub fn organisation(&self, code: &str) -> Id<OrganisationKey> {
        let code = code.to_owned();
        self.block_on(|app| async move {
            app.db.read(move |conn| Ok(store::organisations::find(conn, &code)?.unwrap().id)).await.unwrap()
        })
    }

    /// Somebody's call from within the house, as the service makes it for itself.
    pub fn call(&self, who: Who) -> Call {
        let session = self.app.ids.fresh(self.clock.now());
        let now = self.clock.now();
        Call::by(Actor::Person(SignedIn { person: self.person(who), session, fresh_at: now }), now)
    }

    /// The id of whoever has this address, also of somebody who came later than the test world.
    pub fn person_at(&self, email: &str) -> Id<PersonKey> {
        let email = email.parse().unwrap();
        let find = move |conn: &mut Conn| store::people::person_by_email(conn, &email);
        self.block_on(|app| async move { app.db.read(find).await.unwrap().unwrap().id })
    }

    /// A program's client with this person's session.
    pub fn client(&self, who: Who) -> Client {
        self.client_of(self.person(who))
    }

    /// The same for anybody.
    pub fn client_of(&self, person: Id<PersonKey>) -> Client {
        let token = self.session_of(person);
        Client {
            base: self.base.clone(),
            cookie: Some(format!("{}={token}", session_cookie(false))),
            token: Some(token),
        }
    }

    /// A second manager of the fund, whom the test world gets when a test first needs two.
    pub fn colleague(&self) -> Id<PersonKey> {
        let call = Call::by(Actor::System, self.clock.now());
        self.block_on(|app| async move {
            let register = call.write(&app, |conn, scene| {
                let email = "colleague@test.example".parse().unwrap();
                Ok(store::people::register(conn, scene.fresh(), &email, "Colleague Person", scene.now)?.id)
            });
            let person = register.await.unwrap();
            let role = FundRole::FundManager.word().to_owned();
            funds::service::grant_role(&app, &call, "test-fund".into(), person, role).await.unwrap();
            person
        })
    }

    /// A program's client of the public.
    pub fn public(&self) -> Client {
        Client { base: self.base.clone(), cookie: None, token: None }
    }

    /// A browser without JavaScript in which this person has signed in.
    pub fn browser(&self, who: Who) -> Browser {
        self.browser_of(self.person(who))
    }

    /// The same for anybody.
    pub fn browser_of(&self, person: Id<PersonKey>) -> Browser {
        let mut browser = Browser::new(&self.base);
        browser.set_cookie(session_cookie(false), &self.session_of(person));
        browser
    }

    /// A fresh session's token.
    pub fn session(&self, who: Who) -> String {
        self.session_of(self.person(who))
    }

    fn session_of(&self, person: Id<PersonKey>) -> String {
        let now = self.clock.now();
        let ids = self.app.ids.clone();
        self.block_on(|app| async move {
            let opened =
                app.db.write(move |conn| sessions::open(conn, &ids, person, "a test", None, now)).await.unwrap();
            opened.token
        })
    }

    /// Moves the clock and does every job that is due then.
    pub fn at(&self, instant: &str) {
        self.clock.set(moment(instant));
        self.work();
    }

    /// Moves the clock by so much and does every job that is due then.
    pub fn later(&self, time: Duration) {
        self.clock.set(self.clock.now().plus(time));
        self.work();
    }

    /// Does every job that is due now.
    pub fn work(&self) {
        let worker = self.worker.clone();
        self.block_on(|_| async move { worker.drain().await.unwrap() });
    }

    /// What the outbox holds, oldest first.
    pub fn letters(&self) -> Vec<Letter> {
        letters::rendered(
            self.block_on(|app| async move { app.db.read(|conn| Ok(letters::rows(conn))).await }).unwrap(),
        )
    }

    /// Runs something against the service's insides.
    pub fn block_on<T, F, B>(&self, body: B) -> T
    where
        F: Future<Output = T>,
        B: FnOnce(App) -> F,
    {
        System::new().block_on(body(self.app.clone()))
    }
}

/// No test ends well whose acts have written a message that nobody could ever read.
impl Drop for TestApp {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.letters();
        }
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The instant of an RFC 3339 text.
pub fn moment(text: &str) -> Moment {
    serde_json::from_value(json!(text)).unwrap()
}

fn settings(url: &str) -> Config {
    let settings = config::Settings {
        database_url: Some(url.into()),
        database_pool: 4,
        write_queue: 256,
        bind: "127.0.0.1:0".into(),
        base_url: None,
        brand_name: "Roundtable".into(),
        brand_colour: "#0b5345".into(),
        trusted_proxies: Vec::new(),
        smtp_url: None,
        mail_from: "Roundtable <no-reply@roundtable.example>".into(),
        keys_file: Some(keys_file()),
        grant_prefix: "roundtable-test".into(),
        checkpoint_dir: None,
    };
    Config::check(settings, url).unwrap()
}

/// The keys of this run. On PostgreSQL the service finds keys and never makes them, so they are made first.
fn keys_file() -> PathBuf {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    let make = || {
        let file = std::env::temp_dir().join(format!("rt-keys-{}.json", std::process::id()));
        Keys::load_or_create(&file, true, &IdSource::system()).unwrap();
        file
    };
    MADE.get_or_init(make).clone()
}

/// Three councils, a fund with a published round of the Local Digital Fund's workflow, and the people.
async fn build_world(app: &App) -> Vec<(Who, Id<PersonKey>)> {
    let now = app.clock.now();
    let call = Call::by(Actor::System, now);
    let people = Box::pin(call.write(app, move |conn, scene| {
        let service = policy::service(conn, &scene.actor, Action::ManageOrganisations)?;
        let mut organisations: Vec<(&str, Id<OrganisationKey>)> = Vec::new();
        for (code, name) in COUNCILS {
            let council = council(scene.fresh(), code, name);
            store::organisations::add(conn, &service, &council)?;
            organisations.push((code, council.id));
        }
        let mut people = Vec::new();
        for who in Who::ALL {
            let email = who.email().parse().unwrap();
            let person = store::people::register(conn, scene.fresh(), &email, &format!("{who:?} Person"), scene.now)?;
            if who == Who::Admin {
                store::people::make_service_admin(conn, &service, person.id)?;
            }
            if let Some((code, role)) = who.council() {
                let organisation = organisations.iter().find(|(known, _)| *known == code).unwrap().1;
                let granted = policy::organisation(conn, &scene.actor, Action::ManageMembers, organisation)?;
                store::people::join(conn, &granted, (person.id, role), scene.fresh(), scene.now)?;
            }
            people.push(person.id);
        }
        Ok(people)
    }))
    .await
    .unwrap();
    let people: Vec<_> = Who::ALL.into_iter().zip(people).collect();
    let fund = NewFund {
        slug: "test-fund".into(),
        name: "Test Fund".into(),
        summary: "Money for councils that work together.".into(),
        funder: "Department of Tests".into(),
        funder_org_id: None,
    };
    funds::service::create_fund(app, &call, fund).await.unwrap();
    for (who, person) in &people {
        if let Some(role) = who.fund_role() {
            let role = role.word().to_owned();
            funds::service::grant_role(app, &call, "test-fund".into(), *person, role).await.unwrap();
        }
    }
    let round = funds::service::create_round(app, &call, "test-fund".into(), new_round()).await.unwrap();
    funds::service::publish(app, &call, ROUND.into(), round.round.version).await.unwrap();
    people
}

fn council(id: Id<OrganisationKey>, code: &str, name: &str) -> Organisation {
    Organisation {
        id,
        code: code.into(),
        name: name.into(),
        kind: OrganisationKind::District,
        nation: Nation::England,
        ons_code: Some(format!("E0700000{}", code.len() + usize::from(code.as_bytes()[0]))),
        org_id: Some(format!("GB-LAE-{code}")),
        mail_domain: None,
        starts_on: None,
        ends_on: None,
        replaced_by: None,
        signed_declaration: true,
        version: 1,
    }
}

/// The round that the tests go by.
pub fn new_round() -> NewRound {
    let instants = [
        (Milestone::EoiOpens, "2026-09-01T08:00:00Z"),
        (Milestone::EoiCloses, "2026-09-30T16:00:00Z"),
        (Milestone::EoiOutcome, "2026-10-10T09:00:00Z"),
        (Milestone::FullOpens, "2026-10-10T09:00:00Z"),
        (Milestone::FullCloses, "2026-11-15T17:00:00Z"),
        (Milestone::Announcement, "2026-12-07T09:30:00Z"),
        (Milestone::DeliveryEnds, "2027-03-29T16:00:00Z"),
    ];
    NewRound {
        slug: ROUND.into(),
        title: "Test round".into(),
        summary: "A round for tests.".into(),
        prefix: "TEST".into(),
        budget_pence: Pence(20_000_000),
        note: None,
        milestones: instants.into_iter().map(|(name, at)| NewMilestone { name, at: moment(at) }).collect(),
        rulebook: serde_json::from_str(include_str!("rulebook.json")).unwrap(),
        workflow: "local-digital-fund-1".into(),
    }
}

/// A program that talks REST.
#[derive(Clone)]
pub struct Client {
    base: String,
    cookie: Option<String>,
    token: Option<String>,
}

/// What the service answered.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON; null when there is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The status and the stable code of a problem.
    pub fn problem(&self) -> (u16, String) {
        (self.status, self.json()["code"].as_str().unwrap_or_default().to_owned())
    }

    /// The answer itself, if it has this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }
}

impl Client {
    /// The token that forms of this session carry.
    pub fn csrf(&self) -> String {
        self.token.as_deref().map(sessions::csrf_of).unwrap_or_default()
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], None)
    }

    pub fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, &[], Some(&body))
    }

    pub fn put(&self, path: &str, version: i64, body: Value) -> Answer {
        self.send("PUT", path, &[("If-Match", &format!("\"v{version}\""))], Some(&body))
    }

    pub fn patch(&self, path: &str, version: i64, body: Value) -> Answer {
        self.send("PATCH", path, &[("If-Match", &format!("\"v{version}\""))], Some(&body))
    }

    pub fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, &[], None)
    }

    pub fn delete_at(&self, path: &str, version: i64) -> Answer {
        self.send("DELETE", path, &[("If-Match", &format!("\"v{version}\""))], None)
    }

    /// Any request with a JSON body.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Answer {
        let bytes = body.map(|body| serde_json::to_vec(body).unwrap());
        let mut all = vec![("Content-Type", "application/json")];
        all.extend_from_slice(headers);
        self.raw(method, path, if bytes.is_some() { &all } else { headers }, bytes)
    }

    /// Any request at all.
    pub fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<Vec<u8>>) -> Answer {
        let agent: ureq::Agent =
            ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into();
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.base));
        if let (Some(cookie), Some(token)) = (&self.cookie, &self.token) {
            request = request.header("Cookie", cookie).header("X-CSRF-Token", sessions::csrf_of(token));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut answer = agent.run(request.body(body.unwrap_or_default()).unwrap()).unwrap();
        let headers = answer
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(50_000_000).read_to_vec().unwrap();
        Answer { status, headers, body }
    }
}
