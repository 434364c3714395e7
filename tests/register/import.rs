//! Importing entries: all of a file or nothing.

use super::{FILE, HEADER, import, titles};
use crate::harness::{
    app::{TestApp, Who},
    databases::on_each_database,
};

on_each_database! {
    fn a_fund_manager_imports_a_file_and_everybody_reads_it(app: &TestApp) {
        let done = import(app, Who::Manager, FILE).expect(200).json();
        assert_eq!((&done["added"], &done["updated"], &done["unchanged"]), (&4.into(), &0.into(), &0.into()));
        let list = app.public().get("/api/v1/register").expect(200).json();
        assert_eq!(
            titles(&list["items"]),
            ["Chatbots for council services", "Income management", "Reporting housing repairs online", "Scheduling of repairs"]
        );
        let entry = app.public().get("/api/v1/register/repairs-1").expect(200).json();
        assert_eq!((&entry["organisations"], &entry["started"]), (&"Lincoln and Greenwich".into(), &"2019-03".into()));
        assert_eq!(app.public().get("/api/v1/register/nothing").problem(), (404, "not_found".into()));
    }

    fn importing_again_updates_by_key_and_what_is_found(app: &TestApp) {
        import(app, Who::Manager, FILE).expect(200);
        let changed = FILE.replace("Income management", "Taking card payments");
        let done = import(app, Who::Manager, &changed).expect(200).json();
        assert_eq!((&done["added"], &done["updated"], &done["unchanged"]), (&0.into(), &1.into(), &3.into()));
        let found = |words: &str| app.public().get(&format!("/api/v1/register?q={words}")).expect(200).json();
        assert_eq!(titles(&found("card")["items"]), ["Taking card payments"]);
        assert_eq!(titles(&found("income")["items"]), Vec::<String>::new());
    }

    fn a_file_with_one_broken_line_imports_nothing_and_every_fault_is_named(app: &TestApp) {
        let broken = format!("{FILE}x-1,,Summary,Bodmin,alpha,live,ftp://example.org,Pipeline,soon\n");
        let answer = import(app, Who::Manager, &broken);
        assert_eq!(answer.problem(), (422, "invalid".into()));
        let problem = answer.json();
        let faults: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].as_str().unwrap()).collect();
        assert_eq!(faults, ["/6/title", "/6/url", "/6/started"]);
        assert!(problem["detail"].as_str().unwrap().starts_with("Line 6, column title: "), "{problem}");
        assert_eq!(app.public().get("/api/v1/register").json()["items"].as_array().unwrap().len(), 0);
    }

    fn bad_files_get_their_status_and_code(app: &TestApp) {
        let cases = [
            ("", "missing_column"),
            (HEADER, "empty"),
            ("title,colour", "unknown_column"),
            ("entry_key,\u{0}", "unknown_column"),
        ];
        for (file, code) in cases {
            let answer = import(app, Who::Manager, file);
            assert_eq!(answer.status, 422, "{file}");
            let problem = answer.json();
            let faults = problem["errors"].as_array().unwrap();
            assert!(faults.iter().any(|fault| fault["code"] == code), "{file}: {problem}");
        }
        let json = app.client(Who::Manager).post("/api/v1/register/import", serde_json::json!({}));
        assert_eq!((json.status, &json.json()["errors"][0]["code"]), (422, &"not_csv".into()));
    }

    fn only_staff_write_into_the_register(app: &TestApp) {
        for who in [Who::Officer, Who::Assessor, Who::Nobody] {
            assert_eq!(import(app, who, FILE).problem(), (404, "not_found".into()), "{who:?}");
        }
        let headers = [("Content-Type", "text/csv")];
        let public = app.public().raw("POST", "/api/v1/register/import", &headers, Some(FILE.into()));
        assert_eq!(public.problem(), (401, "unauthenticated".into()));
    }
}
