//! One's own account: sessions, API clients, and the fresh code before something weighty.

use actix_web::{HttpRequest, HttpResponse, web::Path};
use serde::{Deserialize, Serialize};

use super::{
    super::service::{
        clients::{self, ClientsOf},
        own::{self, Me},
        sign_in,
    },
    cookies, local_path,
};
use crate::{
    clock::Moment,
    error::{AppError, Fault},
    http::{Query, Refused, in_address},
    ids::{ClientKey, Id, SessionKey},
    mail::Language,
    web::{Page, Posted, Visit},
};

type Answer = Result<HttpResponse, Refused>;

/// One's own account.
#[derive(Debug, Serialize)]
pub struct AccountPage {
    /// Who one is.
    pub me: Me,
    /// Where one is signed in.
    pub sessions: Vec<SessionRow>,
    /// Programs of the organisations that one administers.
    pub programs: Vec<ClientsOf>,
    /// A program that was just made, with its secret.
    pub made: Option<Secret>,
    /// The languages of mail: word and name.
    pub languages: Vec<(Language, &'static str)>,
}

impl Page for AccountPage {
    const TEMPLATE: &'static str = "account/account.html";
}

/// A session in the list.
#[derive(Debug, Serialize)]
pub struct SessionRow {
    /// Its id.
    pub id: Id<SessionKey>,
    /// The browser and system.
    pub device: String,
    /// When it was opened.
    pub created_at: Moment,
    /// When it was last used.
    pub seen_at: Moment,
    /// Whether it is the one that looks.
    pub this: bool,
}

/// What a program needs to get a token, shown once.
#[derive(Debug, Serialize)]
pub struct Secret {
    /// What it is called.
    pub name: String,
    /// Its id.
    pub id: Id<ClientKey>,
    /// Its secret.
    pub secret: String,
}

/// Asks for a fresh code.
#[derive(Debug, Serialize)]
pub struct FreshPage {
    /// Where to go afterwards.
    pub return_to: String,
    /// Whether a code is on its way.
    pub sent: bool,
}

impl Page for FreshPage {
    const TEMPLATE: &'static str = "account/fresh.html";
}

/// Where to go after a fresh code.
#[derive(Debug, Default, Deserialize)]
pub struct Return {
    #[serde(default)]
    return_to: String,
    #[serde(default)]
    sent: bool,
}

/// GET /account
pub async fn show(visit: Visit) -> Answer {
    let page = account(&visit, None).await?;
    visit.page(&page).await
}

async fn account(visit: &Visit, made: Option<Secret>) -> Result<AccountPage, Refused> {
    let current = sign_in::signed_in(&visit.call)?.session;
    let row = |session: crate::identity::sessions::Session| SessionRow {
        this: session.id == current,
        id: session.id,
        device: session.device,
        created_at: session.created_at,
        seen_at: session.seen_at,
    };
    Ok(AccountPage {
        me: own::me(&visit.app, &visit.call).await?,
        sessions: own::sessions(&visit.app, &visit.call).await?.into_iter().map(row).collect(),
        programs: clients::administered(&visit.app, &visit.call).await?,
        made,
        languages: Language::ALL.iter().map(|language| (*language, language.title())).collect(),
    })
}

/// POST /account/language
pub async fn read_in(visit: Visit, form: Posted) -> Answer {
    match Language::from_word(&form.0.text("language")) {
        Some(language) => {
            own::read_in(&visit.app, &visit.call, language).await?;
            Ok(visit.see_with_success("/account", "Your choice of language is saved."))
        }
        None => {
            let faults = [Fault::new("language", "missing", "Choose a language.")];
            let page = account(&visit, None).await?;
            visit.page_with_faults(&page, &faults).await
        }
    }
}

/// POST /account/sessions/{session}/end
pub async fn end_session(visit: Visit, session: Path<String>, _form: Posted) -> Answer {
    own::end_session(&visit.app, &visit.call, in_address(&session)?).await?;
    Ok(visit.see_with_success("/account", "The session has ended."))
}

/// POST /account/programs/{organisation}: the secret is shown in the answer and never again.
pub async fn create_program(visit: Visit, organisation: Path<String>, form: Posted) -> Answer {
    match clients::create(&visit.app, &visit.call, in_address(&organisation)?, form.0.text("name")).await {
        Ok(made) => {
            let secret = made.secret.unwrap_or_default();
            let made = Secret { name: made.client.name, id: made.client.id, secret };
            let page = account(&visit, Some(made)).await?;
            visit.page(&page).await
        }
        Err(AppError::Invalid(mut faults)) => {
            for fault in &mut faults {
                fault.field = format!("{}-{organisation}", fault.field);
            }
            let page = account(&visit, None).await?;
            visit.page_with_faults(&page, &faults).await
        }
        Err(AppError::Forbidden { code: "fresh_code_needed", .. }) => Ok(visit.ask_for_fresh_code("/account")),
        Err(other) => Err(other.into()),
    }
}

/// POST /account/programs/{organisation}/{client}/revoke
pub async fn revoke_program(visit: Visit, path: Path<(String, String)>, _form: Posted) -> Answer {
    clients::revoke(&visit.app, &visit.call, (in_address(&path.0)?, in_address(&path.1)?), None).await?;
    Ok(visit.see_with_success("/account", "The program can no longer act for the organisation."))
}

/// GET /account/fresh
pub async fn fresh(visit: Visit, query: Query<Return>) -> Answer {
    sign_in::signed_in(&visit.call)?;
    let return_to = local_path(&visit.app, &query.return_to, "/account").to_owned();
    visit.page(&FreshPage { return_to, sent: query.sent }).await
}

/// POST /account/fresh: without a code it sends one, with a code it takes it.
pub async fn enter_fresh(visit: Visit, request: HttpRequest, form: Posted) -> Answer {
    let wanted = form.0.text("return_to");
    let return_to = local_path(&visit.app, &wanted, "/account").to_owned();
    let token = cookies::token_of(&visit.app, &request).ok_or(AppError::Unauthenticated)?;
    if form.0.has("send") {
        sign_in::ask_fresh(&visit.app, &visit.call, &token).await?;
        let encoded: String = url::form_urlencoded::byte_serialize(return_to.as_bytes()).collect();
        return Ok(visit.see(&format!("/account/fresh?sent=true&return_to={encoded}")));
    }
    match sign_in::enter_fresh(&visit.app, &visit.call, &token, form.0.text("code")).await {
        Ok(token) => {
            let mut answer = visit.see(&return_to);
            let set = answer.add_cookie(&cookies::session(&visit.app, &token));
            set.map_err(|fault| Refused(AppError::internal(fault)))?;
            Ok(answer)
        }
        Err(AppError::Invalid(faults)) => visit.page_with_faults(&FreshPage { return_to, sent: true }, &faults).await,
        Err(other) => Err(other.into()),
    }
}
