use std::time::Duration;

use roundtable::{error::AppError, identity::rate};

use super::world::World;
use crate::harness::databases::on_each_database;

on_each_database! {
    fn a_bucket_is_shared_by_all_who_use_the_database(world: &World) {
        let try_at = |minutes: u64| {
            let now = world.at(minutes);
            world.write(move |conn| rate::admit(conn, "bucket", Duration::from_secs(60), 2, now))
        };
        try_at(0).expect("first");
        try_at(0).expect("second");
        let Err(AppError::RateLimited { retry_after }) = try_at(0) else { panic!("a third was admitted") };
        assert_eq!(retry_after, Duration::from_secs(60));
        try_at(1).expect("a minute later");
        let now = world.at(10);
        assert_eq!(world.write(move |conn| rate::forget_idle(conn, now, 10)).expect("forgotten"), 1);
    }
}
