//! The mail server holds the conversation as a real one does, in each of its moods.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
};

use crate::harness::smtp::{Mood, SmtpServer};

/// Sends the lines one by one and collects the last line of each answer; empty once the server has hung up.
fn converse(server: &SmtpServer, lines: &[&str]) -> Vec<String> {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    let mut answers = BufReader::new(stream.try_clone().unwrap());
    let mut heard = vec![answer(&mut answers)];
    for line in lines {
        let _ = stream.write_all(format!("{line}\r\n").as_bytes());
        heard.push(answer(&mut answers));
    }
    heard
}

fn answer(answers: &mut impl BufRead) -> String {
    let mut line = String::new();
    loop {
        line.clear();
        let _ = answers.read_line(&mut line);
        if line.as_bytes().get(3) != Some(&b'-') {
            return line.chars().take(3).collect();
        }
    }
}

const MAIL: &[&str] = &[
    "EHLO test",
    "MAIL FROM:<a@example.org> BODY=8BITMIME",
    "RCPT TO:<b@ambridge.gov.uk>",
    "DATA",
    "Subject: Sign in\r\n to Roundtable\r\nContent-Type: multipart/alternative; boundary=\"x\"\r\n\r\n--x\r\n\
     Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
     =C2=A3120,000 for you: open http://127.0.0.1/sign-=\r\nin?token=3Dabc.\r\n..Your code is 123456.\r\n--x\r\n\
     Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\nPHA+SGVsbG88L3A+\r\n--x--\r\n.",
    "QUIT",
];

#[test]
fn a_mail_is_taken_and_can_be_read() {
    let server = SmtpServer::start();
    assert_eq!(converse(&server, MAIL), ["220", "250", "250", "250", "354", "250", "221"]);
    let mail = server.wait_for(1).remove(0);
    assert_eq!(
        (mail.sender.as_str(), mail.recipients.as_slice()),
        ("a@example.org", ["b@ambridge.gov.uk".to_owned()].as_slice())
    );
    assert_eq!(mail.header("subject").unwrap(), "Sign in to Roundtable");
    assert_eq!(mail.text(), "£120,000 for you: open http://127.0.0.1/sign-in?token=abc.\n.Your code is 123456.");
    assert_eq!((mail.link().as_str(), mail.code().as_str()), ("http://127.0.0.1/sign-in?token=abc", "123456"));
    assert_eq!(mail.html(), "<p>Hello</p>");
    assert_eq!(server.newest_to("b@ambridge.gov.uk"), Some(mail));
    assert_eq!(server.newest_to("c@ambridge.gov.uk"), None);
}

#[test]
fn each_mood_answers_in_its_own_way() {
    let cases = [
        (Mood::Refuses, ["220", "250", "250", "550", "503"], 0),
        (Mood::Busy, ["220", "250", "250", "451", "503"], 0),
        (Mood::HangsUpBeforeData, ["220", "250", "250", "250", ""], 0),
    ];
    for (mood, answers, taken) in cases {
        let server = SmtpServer::start();
        server.be(mood);
        assert_eq!(converse(&server, &MAIL[..4]), answers, "{mood:?}");
        assert_eq!((server.messages().len(), server.conversations()), (taken, 1), "{mood:?}");
    }
}

#[test]
fn a_hang_up_after_the_message_leaves_the_sender_without_an_answer() {
    let server = SmtpServer::start();
    server.be(Mood::HangsUpAfterData);
    assert_eq!(converse(&server, &MAIL[..5]), ["220", "250", "250", "250", "354", ""]);
    assert_eq!(server.wait_for(1).len(), 1);
}

#[test]
fn a_sender_that_hangs_up_in_the_middle_of_a_message_has_sent_nothing() {
    let server = SmtpServer::start();
    drop(converse(&server, &MAIL[..4]));
    assert_eq!(converse(&server, MAIL).last().unwrap(), "221");
    assert_eq!(server.messages().len(), 1);
}
