//! Forged tokens, each refused for its own reason. (A valid token of a revoked client needs a database: tests/identity.)

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use serde_json::{Value, json};

use super::*;

const SERVICE: &str = "https://funding.example";

struct World {
    keys: Keys,
    ids: IdSource,
    now: Moment,
    client: Id<ClientKey>,
}

fn world() -> World {
    let ids = IdSource::system();
    let now = Moment::from_micros(1_538_758_800_000_000);
    let keys = Keys::passing(&ids).expect("keys");
    World { keys, client: ids.fresh(now), now, ids }
}

impl World {
    fn issuer(&self) -> Issuer<'_> {
        Issuer { keys: &self.keys, service: SERVICE }
    }

    fn good(&self) -> String {
        self.issuer().issue(self.client, &self.ids, self.now).expect("a token")
    }

    fn claims(&self) -> Value {
        read(&self.good(), 1)
    }

    fn header(&self) -> Value {
        read(&self.good(), 0)
    }

    /// Signs whatever is asked with our own key: only the claims are forged.
    fn signed(&self, claims: &Value) -> String {
        let header = jsonwebtoken::Header {
            typ: Some(TYPE.into()),
            kid: Some(self.keys.signing().kid.clone()),
            ..Header::new(Algorithm::EdDSA)
        };
        encode(&header, claims, &self.keys.signing().encoding).expect("signed")
    }

    fn refused(&self, token: &str) -> Refused {
        self.issuer().check(token, self.now).expect_err("a forged token was believed")
    }
}

fn part(value: &Value) -> String {
    B64.encode(value.to_string())
}

fn read(token: &str, place: usize) -> Value {
    let part = token.split('.').nth(place).expect("three parts");
    serde_json::from_slice(&B64.decode(part).expect("base64")).expect("JSON")
}

fn with(mut value: Value, field: &str, new: Value) -> Value {
    value[field] = new;
    value
}

fn parts(token: &str) -> [String; 3] {
    let parts: Vec<String> = token.split('.').map(Into::into).collect();
    parts.try_into().expect("three parts")
}

#[test]
fn a_token_of_ours_names_its_client_for_ten_minutes() {
    let world = world();
    let token = world.good();
    assert_eq!(world.issuer().check(&token, world.now), Ok(world.client));
    let last = world.now.plus(GOOD_FOR).minus(Duration::from_secs(1));
    assert_eq!(world.issuer().check(&token, last), Ok(world.client));
    assert_eq!(world.issuer().check(&token, world.now.plus(GOOD_FOR)), Err(Refused::Late));
}

#[test]
fn a_token_without_a_signature_is_refused() {
    let world = world();
    let [_, claims, signature] = parts(&world.good());
    let none = part(&with(world.header(), "alg", json!("none")));
    assert_eq!(world.refused(&format!("{none}.{claims}.")), Refused::Malformed);
    assert_eq!(world.refused(&format!("{none}.{claims}.{signature}")), Refused::Malformed);
    let [header, ..] = parts(&world.good());
    assert_eq!(world.refused(&format!("{header}.{claims}.")), Refused::Untrue, "stripped");
}

#[test]
fn the_public_key_is_no_secret_to_sign_with() {
    let world = world();
    let header =
        Header { typ: Some(TYPE.into()), kid: Some(world.keys.signing().kid.clone()), ..Header::new(Algorithm::HS256) };
    let public = world.keys.verifying(&world.keys.signing().kid).expect("ours").try_get_as_bytes().expect("bytes");
    let key = jsonwebtoken::EncodingKey::from_secret(public);
    let token = encode(&header, &world.claims(), &key).expect("signed");
    assert_eq!(world.refused(&token), Refused::Foreign);
}

#[test]
fn a_token_for_or_from_another_service_is_refused() {
    let world = world();
    for (claim, other) in [("aud", "https://other.example/api/v1"), ("iss", "https://other.example")] {
        let token = world.signed(&with(world.claims(), claim, json!(other)));
        assert_eq!(world.refused(&token), Refused::Untrue, "{claim}");
    }
    let foreign = Keys::passing(&world.ids).expect("keys");
    let token =
        Issuer { keys: &foreign, service: SERVICE }.issue(world.client, &world.ids, world.now).expect("a token");
    assert_eq!(world.refused(&token), Refused::UnknownKey);
}

#[test]
fn a_token_that_expired_or_is_not_good_yet_is_refused() {
    let world = world();
    let expired = with(world.claims(), "exp", json!(world.now.seconds()));
    assert_eq!(world.refused(&world.signed(&expired)), Refused::Late);
    let future = with(world.claims(), "nbf", json!(world.now.seconds() + 1));
    assert_eq!(world.refused(&world.signed(&future)), Refused::Early);
    let endless = with(world.claims(), "exp", Value::Null);
    assert_eq!(world.refused(&world.signed(&endless)), Refused::Untrue);
}

#[test]
fn another_client_cannot_be_written_into_a_token() {
    let world = world();
    let other: Id<ClientKey> = world.ids.fresh(world.now);
    let [header, _, signature] = parts(&world.good());
    let claims = part(&with(world.claims(), "sub", json!(other)));
    assert_eq!(world.refused(&format!("{header}.{claims}.{signature}")), Refused::Untrue);
}

#[test]
fn a_swapped_key_id_or_a_key_in_the_header_is_refused() {
    let world = world();
    let [_, claims, signature] = parts(&world.good());
    let forged = |header: Value| format!("{}.{claims}.{signature}", part(&header));
    assert_eq!(world.refused(&forged(with(world.header(), "kid", json!("0000000000000000")))), Refused::UnknownKey);
    let second = world.keys.second_kid().expect("two keys");
    assert_eq!(world.refused(&forged(with(world.header(), "kid", json!(second)))), Refused::Untrue);
    for (field, value) in
        [("jku", json!("https://evil.example/keys")), ("x5u", json!("https://evil.example")), ("typ", json!("JWT"))]
    {
        assert_eq!(world.refused(&forged(with(world.header(), field, value))), Refused::Foreign, "{field}");
    }
}

#[test]
fn an_oversized_token_is_not_even_looked_at() {
    let world = world();
    assert_eq!(world.refused(&format!("{}{}", world.good(), "A".repeat(LONGEST))), Refused::TooLong);
}

#[test]
fn duplicate_and_unknown_claims_are_refused() {
    let world = world();
    let text = world.claims().to_string();
    let twice = text.replacen('{', &format!("{{\"sub\":\"{}\",", world.ids.fresh::<ClientKey>(world.now)), 1);
    let message = format!("{}.{}", part(&world.header()), B64.encode(twice));
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &world.keys.signing().encoding, Algorithm::EdDSA);
    let token = format!("{message}.{}", signature.expect("signed"));
    assert_eq!(world.refused(&token), Refused::Untrue, "duplicate");
    let unknown = with(world.claims(), "role", json!("service_admin"));
    assert_eq!(world.refused(&world.signed(&unknown)), Refused::Untrue, "unknown");
}

#[test]
fn what_is_no_token_at_all_is_refused() {
    let world = world();
    for text in ["", "a", "a.b", "a.b.c", "....", "Bearer x", "\u{0}.\u{0}.\u{0}"] {
        assert_eq!(world.refused(text), Refused::Malformed, "{text:?}");
    }
}
