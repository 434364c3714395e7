//! Puts the house together: the app from one readable route table per face, the worker and the graceful stop.

mod checkpoints;
mod contract;
pub mod errors;
pub mod health;
pub mod home;
pub mod housekeeping;
mod kept;
pub mod openapi;
pub mod routes;
mod trace;

use std::{net::TcpListener, sync::Arc};

use actix_web::{
    App as ActixApp, HttpServer,
    dev::{Server as ActixServer, ServerHandle},
    middleware::{DefaultHeaders, from_fn},
    web::{self as actix, Data},
};
use tokio::sync::watch;
use tracing_actix_web::TracingLogger;

use crate::{
    clock::Clock,
    config::Config,
    db::{Db, OpenError},
    files::Files,
    http::{App, middleware},
    identity::keys::{KeyError, Keys},
    ids::IdSource,
    jobs::Worker,
    web::{Branding, Renderer, assets, security_headers},
};

/// Seconds that requests in flight get to finish when the service stops.
const GRACE: u64 = 30;

/// Why the service did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error(transparent)]
    Database(#[from] OpenError),
    /// The keys.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The place of uploaded files.
    #[error(transparent)]
    Files(#[from] crate::files::OpenError),
    /// The address.
    #[error("cannot listen on the address in BIND: {0}")]
    Bind(#[from] std::io::Error),
    /// The mail server.
    #[error("{0}")]
    Mail(String),
    /// The colour.
    #[error("BRAND_COLOUR: {0}")]
    Colour(#[from] crate::web::UnusableColour),
}

/// A service that is ready to run.
pub struct Server {
    /// What its use cases can reach.
    pub app: App,
    /// Works through the queue.
    pub worker: Worker,
    renderer: Renderer,
    listener: TcpListener,
}

/// Opens the database, the keys and the place of files: what the service and the command line both need.
///
/// # Errors
/// In words that name the setting.
pub fn open(config: Config, clock: Clock, ids: IdSource) -> Result<App, StartError> {
    let db = Db::open(&config.database)?;
    let may_create = db.engine() == crate::db::Engine::Sqlite;
    let keys = Keys::load_or_create(&config.keeping.keys_file, may_create, &ids)?;
    let files = Files::open(&config.files)?;
    Ok(App { db, clock, ids, config: Arc::new(config), keys: Arc::new(keys), files })
}

impl Server {
    /// Opens everything and takes the address; nothing is answered before [`Server::run`].
    ///
    /// # Errors
    /// In words that name the setting.
    pub fn new(config: Config, clock: Clock, ids: IdSource) -> Result<Self, StartError> {
        let mut config = config;
        let listener = TcpListener::bind(config.web.bind)?;
        let address = listener.local_addr()?;
        // Whoever asks for any free port learns which one it got, in links too.
        config.web.base_url = config.web.base_url.replace(":0", &format!(":{}", address.port()));
        config.web.bind = address;
        let branding = Branding {
            name: config.web.brand_name.clone(),
            colour: config.web.brand_colour.parse()?,
            demo: config.web.demo,
        };
        let app = open(config, clock, ids)?;
        let handlers = Arc::new(routes::handlers(&app).map_err(StartError::Mail)?);
        let worker = Worker { db: app.db.clone(), clock: app.clock.clone(), handlers };
        Ok(Self { app, worker, renderer: Renderer::new(branding), listener })
    }

    /// Starts answering. The handle stops it gracefully.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub fn start(self) -> Result<(ActixServer, ServerHandle), StartError> {
        let workers = self.app.config.web.workers;
        let (app, renderer) = (Data::new(self.app), Data::new(self.renderer));
        let server = HttpServer::new(move || {
            let mut headers = DefaultHeaders::new();
            for (name, value) in security_headers() {
                headers = headers.add((name, value));
            }
            ActixApp::new()
                .app_data(app.clone())
                .app_data(renderer.clone())
                .app_data(errors::for_paths())
                .configure(routes::configure)
                .configure(openapi::configure)
                .route("/assets/{path:.*}", actix::get().to(assets::serve))
                .default_service(actix::to(errors::nothing_here))
                .wrap(from_fn(middleware::receive))
                .wrap(from_fn(middleware::same_origin))
                .wrap(from_fn(kept::keep_forms))
                .wrap(from_fn(errors::as_read))
                .wrap(headers)
                .wrap(TracingLogger::<trace::Spans>::new())
        })
        .workers(workers)
        .shutdown_timeout(GRACE)
        .listen(self.listener)?
        .run();
        let handle = server.handle();
        Ok((server, handle))
    }

    /// Serves and works until the process is told to stop; then accepts no more, finishes what is in flight and ends.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn run(self) -> Result<(), StartError> {
        let (stop, stopped) = watch::channel(false);
        let working = actix_web::rt::spawn(self.worker.clone().run(stopped));
        let keeping = actix_web::rt::spawn(checkpoints::keep(self.app.clone()));
        let forgetting = actix_web::rt::spawn(housekeeping::keep(self.app.clone()));
        let (server, _handle) = self.start()?;
        server.await?;
        keeping.abort();
        forgetting.abort();
        stop.send_replace(true);
        if let Err(fault) = working.await {
            tracing::error!(%fault, "the worker did not end well");
        }
        Ok(())
    }
}
