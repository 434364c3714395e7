//! Limits on how often something may be tried (GCRA), kept in the database so that all replicas share them.
//!
//! A bucket's name never holds an address as it is: what comes from a person is hashed.

use std::{net::IpAddr, time::Duration};

use diesel::{delete, insert_into, prelude::*};

use super::secrets;
use crate::{
    clock::Moment,
    db::{Conn, schema::rate_limits},
    each,
    error::{AppError, Result},
};

/// Admits one more into `bucket`: `burst` at once, and one more every `per` in the long run.
///
/// # Errors
/// [`AppError::RateLimited`] with the time after which one more is admitted; nothing is counted then.
pub fn admit(conn: &mut Conn, bucket: &str, per: Duration, burst: u32, now: Moment) -> Result<()> {
    let kept: Option<Moment> = rate_limits::table.find(bucket).select(rate_limits::arrival).first(conn).optional()?;
    let arrival = next_arrival(kept, per, burst, now).map_err(|retry_after| AppError::RateLimited { retry_after })?;
    let row = (rate_limits::bucket.eq(bucket), rate_limits::arrival.eq(arrival));
    each!(conn, |conn| {
        insert_into(rate_limits::table)
            .values(row)
            .on_conflict(rate_limits::bucket)
            .do_update()
            .set(rate_limits::arrival.eq(arrival))
            .execute(conn)
    })?;
    Ok(())
}

/// The generic cell rate algorithm: the arrival that is due after this one, or how long to wait.
fn next_arrival(kept: Option<Moment>, per: Duration, burst: u32, now: Moment) -> Result<Moment, Duration> {
    let due = kept.map_or(now, |kept| kept.max(now));
    let ahead = Duration::from_micros(u64::try_from(due.micros() - now.micros()).unwrap_or(0));
    let tolerance = per * burst.saturating_sub(1);
    if ahead > tolerance { Err(ahead - tolerance) } else { Ok(due.plus(per)) }
}

/// Forgets at most so many buckets that limit nothing any more at an instant, and says how many.
///
/// # Errors
/// When the database fails.
pub fn forget_idle(conn: &mut Conn, at: Moment, most: i64) -> Result<usize> {
    let idle: Vec<String> =
        rate_limits::table.filter(rate_limits::arrival.lt(at)).limit(most).select(rate_limits::bucket).load(conn)?;
    Ok(delete(rate_limits::table.filter(rate_limits::bucket.eq_any(idle))).execute(conn)?)
}

/// The bucket of something that a person typed, such as an e-mail address.
pub fn bucket_of(purpose: &str, typed: &str) -> String {
    format!("{purpose}:{}", hex::encode(secrets::hash(purpose.as_bytes(), typed.as_bytes())))
}

/// The bucket of a caller's network: the address of IPv4, the /64 of IPv6, which is what one household or office has.
pub fn bucket_of_network(purpose: &str, ip: IpAddr) -> String {
    let network = match ip.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => (address.to_bits() >> 64).to_string(),
    };
    bucket_of(purpose, &network)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn a_burst_is_admitted_and_then_one_per_period() {
        let mut now = Moment::from_micros(1_000_000);
        let mut kept = None;
        for _ in 0..3 {
            kept = Some(next_arrival(kept, MINUTE, 3, now).expect("within the burst"));
        }
        assert_eq!(next_arrival(kept, MINUTE, 3, now), Err(MINUTE));
        now = now.plus(MINUTE);
        kept = Some(next_arrival(kept, MINUTE, 3, now).expect("a period later"));
        assert_eq!(next_arrival(kept, MINUTE, 3, now), Err(MINUTE));
    }

    #[test]
    fn addresses_of_one_network_share_a_bucket_and_are_not_readable_in_it() {
        let bucket = |text: &str| bucket_of_network("sign-in", text.parse().expect("an address"));
        assert_eq!(bucket("2001:db8:1:2::1"), bucket("2001:db8:1:2:ffff::9"));
        assert_ne!(bucket("2001:db8:1:2::1"), bucket("2001:db8:1:3::1"));
        assert_eq!(bucket("::ffff:192.0.2.1"), bucket("192.0.2.1"));
        assert!(!bucket("192.0.2.1").contains("192.0.2.1"));
    }
}
