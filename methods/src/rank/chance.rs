//! Seeded chance for the sampler: uniform and normal draws, and draws from a density on an interval.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

/// A stream of chance that its seed and number decide.
pub(super) struct Chance {
    stream: ChaCha8Rng,
    spare: Option<f64>,
}

impl Chance {
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        chance.set_stream(stream);
        Self { stream: chance, spare: None }
    }

    /// Uniform in (0, 1).
    pub fn uniform(&mut self) -> f64 {
        const UNIT: f64 = 1.0 / (1u64 << 53) as f64;
        ((self.stream.next_u64() >> 11) as f64 + 0.5) * UNIT
    }

    /// Standard normal, by Marsaglia's polar method.
    pub fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        loop {
            let (x, y) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let square = x * x + y * y;
            if square < 1.0 {
                let factor = (-2.0 * square.ln() / square).sqrt();
                self.spare = Some(y * factor);
                return x * factor;
            }
        }
    }

    /// The next state from `now` under a density on (0, `most`) known up to a factor: Neal's slice sampler, shrinking from the
    /// whole interval.
    pub fn slice(&mut self, now: f64, most: f64, ln_density: impl Fn(f64) -> f64) -> f64 {
        const TRIES: usize = 200;
        let height = ln_density(now) + self.uniform().ln();
        let (mut low, mut high) = (0.0, most);
        for _ in 0..TRIES {
            let next = low + (high - low) * self.uniform();
            if ln_density(next) >= height {
                return next;
            }
            if next < now { low = next } else { high = next }
        }
        now
    }
}
