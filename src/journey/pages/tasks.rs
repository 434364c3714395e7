//! The task list of a bid: one task per page to fill in, with how far it is. What is finished is for its writers to say.

use serde::Serialize;

use crate::{
    bids::{assignments::model::Progress, model::costs_add_up, reading::part_at, service::Desk},
    funds::{form::Question, rulebook::Stage},
    partnerships::sign_offs::service::SignOffView,
};

/// Tasks that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// What they are about.
    pub title: String,
    /// The tasks, in order.
    pub tasks: Vec<Task>,
}

/// A task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Task {
    /// What it is called.
    pub title: String,
    /// Where it is done, under the bid's own path.
    pub page: String,
    /// How far it is.
    pub status: Status,
    /// What more there is to know.
    pub hint: String,
    /// Whether the bid can be submitted without it.
    pub optional: bool,
}

/// How far a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nothing is left to do.
    Completed,
    /// Something was done.
    InProgress,
    /// Nothing was done.
    NotYetStarted,
    /// Something else has to be done first.
    CannotStartYet,
    /// The bid is reopened for others alone.
    Locked,
}

impl Status {
    const fn of(done: bool, begun: bool) -> Self {
        match (done, begun) {
            (true, _) => Self::Completed,
            (false, true) => Self::InProgress,
            (false, false) => Self::NotYetStarted,
        }
    }
}

impl Task {
    fn new(title: impl Into<String>, page: impl Into<String>, status: Status) -> Self {
        Self { title: title.into(), page: page.into(), status, hint: String::new(), optional: false }
    }

    fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    fn optional(mut self) -> Self {
        if self.hint.is_empty() {
            self.hint = "Optional".into();
        }
        self.optional = true;
        self
    }
}

/// What the task list looks at besides the desk.
#[derive(Debug, Clone, Copy)]
pub struct Beside<'a> {
    /// Whether earlier work was looked at.
    pub prior_work: bool,
    /// The signature, of a full application.
    pub sign_off: Option<&'a SignOffView>,
    /// Whether the bid can be submitted as it stands.
    pub submittable: bool,
    /// Whether a version of this stage was submitted already.
    pub submitted: bool,
}

/// The task list of the stage that is open.
pub fn groups(desk: &Desk, beside: Beside<'_>) -> Vec<Group> {
    let mut groups = vec![Group { title: "The bid".into(), tasks: vec![about(desk)] }];
    groups.extend(sections(desk));
    groups.push(documents(desk));
    groups.push(Group { title: "Partners and earlier work".into(), tasks: together(desk, beside) });
    if desk.view.stage == Stage::Full {
        groups.push(Group { title: "Money and outcomes".into(), tasks: vec![costs(desk), promises(desk)] });
    }
    groups.push(Group { title: "Finish".into(), tasks: finish(desk, beside) });
    locked(desk, groups)
}

/// What a partner finds there: the answers and documents, which it writes and uploads with the lead.
pub fn answers(desk: &Desk) -> Vec<Group> {
    locked(desk, sections(desk).chain([documents(desk)]).collect())
}

fn locked(desk: &Desk, mut groups: Vec<Group>) -> Vec<Group> {
    for task in groups.iter_mut().flat_map(|group| &mut group.tasks) {
        if !desk.opens(part_at(&task.page)) {
            task.status = Status::Locked;
        }
    }
    groups
}

fn sections(desk: &Desk) -> impl Iterator<Item = Group> {
    desk.round.rulebook.form(desk.view.stage).sections.iter().map(|section| {
        let tasks = section.questions.iter().map(|question| asked(desk, question)).collect();
        Group { title: section.title.clone(), tasks }
    })
}

fn documents(desk: &Desk) -> Group {
    let there = desk.view.content.documents.len();
    let task = Task::new("Documents", "documents", Status::of(there > 0, false));
    let task = match there {
        0 => task,
        1 => task.with_hint("1 document, optional"),
        many => task.with_hint(format!("{many} documents, optional")),
    };
    Group { title: "Documents".into(), tasks: vec![task.optional()] }
}

fn about(desk: &Desk) -> Task {
    let content = &desk.view.content;
    let done = content.phase.is_some() && content.ask_pence.is_some();
    Task::new("Title, phase and ask", "about", Status::of(done, true))
}

fn asked(desk: &Desk, question: &Question) -> Task {
    let note = desk.notes.get(&question.id).map(|note| (&note.value, note.complete));
    let status = match Progress::of(question, note) {
        Progress::Done => Status::Completed,
        Progress::InProgress => Status::InProgress,
        Progress::NotStarted => Status::NotYetStarted,
    };
    let task = Task::new(&question.title, ["questions", &question.id].join("/"), status);
    let task = task.with_hint(together_on(desk, question));
    if question.required { task } else { task.optional() }
}

/// What the councils of the bid have to know of an answer: that it is theirs to write, and that comments on it are open.
fn together_on(desk: &Desk, question: &Question) -> String {
    let yours = desk.together.asked_of_us(&question.id).map(|row| match row.due_on {
        Some(due) => format!("Yours, by {}", due.format("%-d %B %Y")),
        None => "Yours".into(),
    });
    let open = match desk.together.open_comments(&question.id) {
        0 => None,
        1 => Some("1 open comment".into()),
        many => Some(format!("{many} open comments")),
    };
    let optional = (!question.required && (yours.is_some() || open.is_some())).then(|| "optional".into());
    yours.into_iter().chain(open).chain(optional).collect::<Vec<String>>().join(", ")
}

fn together(desk: &Desk, beside: Beside<'_>) -> Vec<Task> {
    let partners = &desk.view.content.partners;
    let waiting = partners.iter().filter(|partner| !partner.confirmed).count();
    let status = Status::of(waiting == 0 && !partners.is_empty(), !partners.is_empty());
    let invited = Task::new("Partners", "partners", status);
    let invited = match waiting {
        0 => invited,
        1 => invited.with_hint("1 council has not answered yet"),
        many => invited.with_hint(format!("{many} councils have not answered yet")),
    };
    let prior = Status::of(beside.prior_work, false);
    // Partners join by the full application; an expression of interest may come from one council alone.
    let invited = if desk.view.stage == Stage::Eoi { invited.optional() } else { invited };
    vec![invited, Task::new("What exists already", "prior-work", prior).optional()]
}

fn costs(desk: &Desk) -> Task {
    let content = &desk.view.content;
    let sound = costs_add_up(content.ask_pence, &content.costs);
    let task = Task::new("Costs", "costs", Status::of(sound, !content.costs.is_empty()));
    if sound || content.costs.is_empty() { task } else { task.with_hint("They do not come to your ask yet") }
}

fn promises(desk: &Desk) -> Task {
    let some = !desk.view.content.promises.is_empty();
    Task::new("Promised outcomes", "promises", Status::of(some, some))
}

fn finish(desk: &Desk, beside: Beside<'_>) -> Vec<Task> {
    let ready = desk.missing.is_empty();
    let mut tasks = Vec::new();
    if let Some(view) = beside.sign_off {
        let asked = view.signatures.iter().any(|signature| signature.sign_off.is_some());
        let status = match (view.current, asked, ready) {
            (false, false, false) => Status::CannotStartYet,
            (signed, asked, _) => Status::of(signed, asked),
        };
        tasks.push(signing(view, status));
    }
    let submit = |title: &str, status| Task::new(title, "check", status);
    tasks.push(match (beside.submitted, beside.submittable) {
        (true, true) => submit("Check your answers and submit a newer version", Status::NotYetStarted).optional(),
        (true, false) => submit("Submit a newer version", Status::CannotStartYet).optional(),
        (false, true) => submit("Check your answers and submit", Status::NotYetStarted),
        (false, false) => submit("Check your answers and submit", Status::CannotStartYet),
    });
    tasks
}

fn signing(view: &SignOffView, status: Status) -> Task {
    let [only] = view.signatures.as_slice() else {
        let waiting: Vec<&str> = view.waiting().map(|signature| signature.organisation.name.as_str()).collect();
        let task = Task::new("Sign-off by every council", "sign-off", status);
        return if waiting.is_empty() { task } else { task.with_hint(format!("Not signed: {}", waiting.join(", "))) };
    };
    let mut officer = only.officer.clone();
    if let Some(first) = officer.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    Task::new(format!("{officer}’s sign-off"), "sign-off", status)
}

/// How many of the tasks that must be done are done: done, and all.
pub fn progress(groups: &[Group]) -> (usize, usize) {
    let must = || groups.iter().flat_map(|group| &group.tasks).filter(|task| !task.optional);
    (must().filter(|task| task.status == Status::Completed).count(), must().count())
}
