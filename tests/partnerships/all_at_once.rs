//! People of three councils act on one bid at the same time, thousands of times: each is answered as if it had been alone or is
//! told that it came too late, and what stands between two gusts is one bid, signed for what it says.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::{
    any_order::{act, holds},
    councils_sign::ask_every_council,
    events, full_application,
};
use crate::{
    harness::{app::TestApp, databases::on_each_database},
    invariants::history::report,
};

const AT_ONCE: u64 = 6;
const GUSTS: u64 = 32;
/// What each of them does in a gust.
const ACTS: usize = 8;

on_each_database! {
    fn whatever_councils_do_at_once_nothing_is_double_and_no_signature_is_of_other_terms(app: &TestApp) {
        ask_every_council(app);
        let reference = full_application(app);
        let mut acted = 0;
        for gust in 0..GUSTS {
            let done: Vec<(String, u16)> = std::thread::scope(|scope| {
                let running: Vec<_> = (0..AT_ONCE)
                    .map(|one| {
                        let reference = reference.as_str();
                        scope.spawn(move || {
                            let mut rng = ChaCha8Rng::seed_from_u64(gust * AT_ONCE + one);
                            (0..ACTS).map(|_| act(app, reference, &mut rng)).collect::<Vec<_>>()
                        })
                    })
                    .collect();
                running.into_iter().flat_map(|one| one.join().unwrap()).collect()
            });
            let answered = [200, 201, 403, 404, 409, 412, 503];
            assert!(done.iter().all(|(_, status)| answered.contains(status)), "{done:?}");
            acted += done.len();
            app.work();
            holds(app, &reference, &done.into_iter().map(|(what, _)| what).collect::<Vec<_>>());
        }
        let kinds = events(app, &reference);
        let count = |kind: &str| kinds.iter().filter(|other| *other == kind).count();
        assert!(acted > 1_500 && count("sign_off.signed") > 20, "they came to sign in between: {kinds:?}");
        assert!(count("sign_off.void") <= count("sign_off.signed"), "{kinds:?}");
        let report = report(app, Vec::new());
        assert!(report.verified, "{:?}", report.findings);
    }
}
