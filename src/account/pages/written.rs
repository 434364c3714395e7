//! What somebody wrote and could not save, given to them as a file. Nothing of it is stored: the page that refused it holds
//! it and sends it back here.

use std::fmt::Write as _;

use actix_web::{HttpResponse, http::header};

use crate::{
    clock::Moment,
    error::AppError,
    http::Refused,
    web::{Form, Posted, Visit},
};

/// POST /written
pub async fn download(visit: Visit, form: Posted) -> Result<HttpResponse, Refused> {
    if form.0.filled("text").is_none() {
        return Err(AppError::invalid("text", "missing", "There is nothing to download.").into());
    }
    let file = HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"what-you-wrote.txt\""))
        .body(as_file(&form.0, visit.call.received));
    std::future::ready(Ok(file)).await
}

/// Plain text with the line ends that every editor knows, each text under what it was asked for.
fn as_file(form: &Form, now: Moment) -> String {
    let mut file = format!(
        "What you wrote on the page {}\nIt was not saved. This is from {}.\n",
        form.text("page"),
        now.in_words()
    );
    for (label, text) in form.all("label").iter().zip(form.all("text")) {
        // Writing to a text cannot fail.
        let _ = write!(file, "\n{label}\n{text}\n");
    }
    file.replace('\n', "\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_stands_under_its_label_as_it_was_written() {
        let body = "page=%2Fbids%2FX&label=Answer&text=One%0D%0Atwo+%C5%B5&label=Costs+1+pence&text=10";
        let form = Form::parse(body.as_bytes()).expect("it is a form");
        let expected = "What you wrote on the page /bids/X\r\nIt was not saved. This is from 1am on 1 January 1970.\r\n\
                        \r\nAnswer\r\nOne\r\ntwo ŵ\r\n\r\nCosts 1 pence\r\n10\r\n";
        assert_eq!(as_file(&form, Moment::from_micros(0)), expected);
    }
}
