//! What was reached and what is wanted, one row a figure.

/// What a figure is to be.
#[derive(Clone, Copy)]
pub enum Wanted {
    AtLeast(f64),
    AtMost(f64),
    /// It is only told.
    Nothing,
}

/// The rows in the order in which they were measured.
#[derive(Default)]
pub struct Table(Vec<(String, f64, Wanted)>);

impl Table {
    pub fn add(&mut self, what: impl Into<String>, reached: f64, wanted: Wanted) {
        self.0.push((what.into(), reached, wanted));
    }

    /// Prints all of them.
    pub fn print(&self) {
        println!("\n{:<64} {:>10} {:>10}", "", "reached", "wanted");
        for (what, reached, wanted) in &self.0 {
            let (sign, wanted, is_reached) = match *wanted {
                Wanted::AtLeast(limit) => ("≥ ", number(limit), *reached >= limit),
                Wanted::AtMost(limit) => ("≤ ", number(limit), *reached <= limit),
                Wanted::Nothing => ("", String::new(), true),
            };
            let missed = if is_reached { "" } else { "  not reached" };
            println!("{what:<64} {:>10} {:>10}{missed}", number(*reached), format!("{sign}{wanted}"));
        }
    }
}

/// Two digits behind the point where they count.
fn number(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}
