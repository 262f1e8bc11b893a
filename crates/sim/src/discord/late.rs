//! Bad days of the audit log: rows that come late, are lost, or of which the gateway says nothing.

use super::DiscordSim;

impl DiscordSim {
    /// The next so many rows come into the log late, by [`DiscordSim::write_late_rows`]: until then neither REST nor
    /// the gateway has them, and then they stand where they would have stood, below others that came meanwhile.
    pub fn late_audit(&self, rows: usize) {
        self.shared.act(|state| state.faults.late_rows = rows);
    }

    /// Writes every row that was held back, and tells of it.
    pub fn write_late_rows(&self) {
        self.shared.act(super::state::State::write_late_rows);
    }

    /// The next so many rows never come into the log.
    pub fn lose_audit(&self, rows: usize) {
        self.shared.act(|state| state.faults.lost_rows = rows);
    }

    /// Of the next so many rows the gateway says nothing; the log has them.
    pub fn untold_audit(&self, rows: usize) {
        self.shared.act(|state| state.faults.untold_rows = rows);
    }
}
