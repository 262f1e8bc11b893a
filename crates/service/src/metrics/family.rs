//! One metric with its labels, as it is counted: a thin cover that keeps number and order of the labels.

use std::time::Duration;

use prometheus_client::metrics::counter;
use prometheus_client::metrics::family::{Family, MetricConstructor};
use prometheus_client::metrics::gauge;
use prometheus_client::metrics::histogram;
use prometheus_client::registry::{Metric as Encoded, Registry, Unit};

use super::table::{Kind, Metric};

/// A label's name and value, of each label one.
type Labels<const N: usize> = [(&'static str, String); N];
type FloatGauge = gauge::Gauge<f64, std::sync::atomic::AtomicU64>;

/// Goes up.
pub(super) struct Counter<const N: usize> {
    names: [&'static str; N],
    family: Family<Labels<N>, counter::Counter>,
}

/// Goes up and down.
pub(super) struct Gauge<const N: usize> {
    names: [&'static str; N],
    family: Family<Labels<N>, FloatGauge>,
}

/// Counts lengths of time by their size.
pub(super) struct Histogram<const N: usize> {
    names: [&'static str; N],
    family: Family<Labels<N>, histogram::Histogram, Buckets>,
}

/// What each new histogram of a family begins with.
#[derive(Clone)]
struct Buckets(&'static [f64]);

impl MetricConstructor<histogram::Histogram> for Buckets {
    fn new_metric(&self) -> histogram::Histogram {
        histogram::Histogram::new(self.0.iter().copied())
    }
}

impl<const N: usize> Counter<N> {
    pub(super) fn registered(registry: &mut Registry, metric: &Metric) -> Self {
        let family = Family::default();
        register(registry, metric, family.clone());
        Self { names: names(metric), family }
    }

    /// One more.
    pub(super) fn count(&self, of: [&str; N]) {
        self.family.get_or_create(&labels(self.names, of)).inc();
    }

    /// Lets it be seen at 0, so that a reader notices the first one.
    pub(super) fn begin(&self, of: [&str; N]) {
        drop(self.family.get_or_create(&labels(self.names, of)));
    }
}

impl<const N: usize> Gauge<N> {
    pub(super) fn registered(registry: &mut Registry, metric: &Metric) -> Self {
        let family = Family::default();
        register(registry, metric, family.clone());
        Self { names: names(metric), family }
    }

    /// It is this now.
    pub(super) fn set(&self, of: [&str; N], value: f64) {
        self.family.get_or_create(&labels(self.names, of)).set(value);
    }

    /// It is so, or not.
    pub(super) fn set_flag(&self, of: [&str; N], holds: bool) {
        self.set(of, if holds { 1.0 } else { 0.0 });
    }

    /// So much more, or less.
    pub(super) fn change(&self, of: [&str; N], by: f64) {
        self.family.get_or_create(&labels(self.names, of)).inc_by(by);
    }

    /// Forgets all values: those that are not set again are not given out.
    pub(super) fn clear(&self) {
        self.family.clear();
    }
}

impl<const N: usize> Histogram<N> {
    pub(super) fn registered(registry: &mut Registry, metric: &Metric) -> Self {
        let family = Family::new_with_constructor(Buckets(metric.buckets));
        register(registry, metric, family.clone());
        Self { names: names(metric), family }
    }

    /// It took so long.
    pub(super) fn took(&self, of: [&str; N], time: Duration) {
        self.family.get_or_create(&labels(self.names, of)).observe(time.as_secs_f64());
    }

    /// Lets it be seen at 0.
    pub(super) fn begin(&self, of: [&str; N]) {
        drop(self.family.get_or_create(&labels(self.names, of)));
    }
}

/// The encoder writes unit, `_total` and the full stop of the help by itself.
fn register(registry: &mut Registry, metric: &Metric, family: impl Encoded) {
    let name = match metric.kind {
        Kind::Counter => metric.name.trim_end_matches("_total"),
        Kind::Gauge | Kind::Histogram => metric.name,
    };
    match metric.unit() {
        Some(unit) => {
            let stem = name.trim_end_matches(unit).trim_end_matches('_');
            registry.register_with_unit(stem, metric.help, Unit::Seconds, family);
        }
        None => registry.register(name, metric.help, family),
    }
}

fn names<const N: usize>(metric: &Metric) -> [&'static str; N] {
    let mut names = metric.labels.iter().map(|label| label.name);
    std::array::from_fn(|_| names.next().unwrap_or_default())
}

fn labels<const N: usize>(names: [&'static str; N], values: [&str; N]) -> Labels<N> {
    let mut pairs = names.into_iter().zip(values);
    std::array::from_fn(|_| pairs.next().map(|(name, value)| (name, value.to_owned())).unwrap_or_default())
}
