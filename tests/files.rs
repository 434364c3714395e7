//! Files in a store that speaks S3, here over plain HTTP from a thread of the test.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::Duration,
};

use actix_web::rt::System;
use roundtable::{
    config,
    files::{Files, hash_of},
};

type Objects = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// Answers one request as S3 does: PUT, GET, DELETE, and deleting several by POST.
fn answer(stream: &TcpStream, objects: &Objects) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|length| *length > 0)?;
    let mut words = line.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let header = header.trim().to_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(said) = header.strip_prefix("content-length:") {
            length = said.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let mut objects = objects.lock().unwrap();
    let (status, said) = match method.as_str() {
        "PUT" => {
            objects.insert(path, body);
            ("200 OK", Vec::new())
        }
        "GET" => objects.get(&path).map_or(("404 Not Found", Vec::new()), |found| ("200 OK", found.clone())),
        "DELETE" => {
            objects.remove(&path);
            ("204 No Content", Vec::new())
        }
        _ => {
            let named = String::from_utf8(body).unwrap();
            let keys = named.split("<Key>").skip(1).map(|rest| rest.split("</Key>").next().unwrap());
            let deleted = keys.map(|key| {
                objects.remove(&format!("/bids/{key}"));
                format!("<Deleted><Key>{key}</Key></Deleted>")
            });
            ("200 OK", format!("<DeleteResult>{}</DeleteResult>", deleted.collect::<String>()).into_bytes())
        }
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nETag: \"x\"\r\nLast-Modified: Wed, 02 Sep 2026 09:00:00 GMT\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        said.len()
    );
    let mut stream = stream;
    stream.write_all(&[head.as_bytes(), &said].concat()).ok()
}

#[test]
fn files_lie_in_a_store_that_speaks_s3_under_the_prefix_and_their_hash() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let objects = Objects::default();
    let held = Arc::clone(&objects);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            answer(&stream, &held);
        }
    });
    let option = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let options = vec![
        option("AWS_ACCESS_KEY_ID", "key"),
        option("AWS_SECRET_ACCESS_KEY", "secret"),
        option("AWS_REGION", "eu-west-2"),
        option("AWS_ENDPOINT", &endpoint),
        option("AWS_ALLOW_HTTP", "true"),
        option("AWS_PAGER", "less"),
    ];
    let url = "s3://bids/documents".parse().unwrap();
    let place = config::FilesPlace::Bucket { url, options };
    let files = Files::open(&config::Files {
        place,
        clamd: None,
        longest_scan: Duration::from_secs(1),
        largest: 1_000,
        most: 1,
    })
    .unwrap();
    System::new().block_on(async move {
        let hash = hash_of(b"words");
        assert!(files.get(&hash).await.is_err(), "there is none yet");
        files.put(&hash, b"words".to_vec().into()).await.unwrap();
        files.put(&hash, b"words".to_vec().into()).await.unwrap();
        assert_eq!(files.get(&hash).await.unwrap(), "words");
        let key = format!("/bids/documents/{}/{}", &hash[..2], &hash[2..]);
        assert_eq!(objects.lock().unwrap().keys().collect::<Vec<_>>(), [&key]);
        files.delete(&hash).await.unwrap();
        files.delete(&hash).await.unwrap();
        assert!(objects.lock().unwrap().is_empty());
    });
}
