//! A disk that loses data: synced data survives, and any part of everything else may or may not, down to single sectors.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use super::trace::Event;
use crate::dice::Dice;

/// The smallest unit that a disk writes atomically, in bytes.
const SECTOR: usize = 512;

/// A change to a file that may not have reached the disk.
#[derive(Clone)]
struct Change {
    file: String,
    number: usize,
    kind: Kind,
    /// Whether the call has returned, so that a sync that begins now includes it.
    done: bool,
}

#[derive(Clone)]
enum Kind {
    Bytes(usize, Vec<u8>),
    End(usize),
}

/// How much of the unsynced data survives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Luck {
    /// Nothing.
    None,
    /// Everything.
    All,
    /// Some of the writes.
    Writes,
    /// Some of the sectors, so that writes are torn.
    Sectors,
}

#[derive(Clone, Default)]
pub struct Disk {
    files: BTreeMap<String, Vec<u8>>,
    pending: Vec<Change>,
    /// The changes that each running sync will have written to the disk.
    syncs: BTreeMap<usize, (String, BTreeSet<usize>)>,
    /// Files that were added to the folder, or removed from it, while the folder was not synced.
    made: BTreeSet<String>,
    removed: BTreeSet<String>,
}

impl Disk {
    pub fn new(files: BTreeMap<String, Vec<u8>>) -> Self {
        Self { files, ..Self::default() }
    }

    pub fn note(&mut self, event: &Event) {
        match event {
            Event::Made(file) => {
                if !self.files.contains_key(file) {
                    self.files.insert(file.clone(), Vec::new());
                    self.made.insert(file.clone());
                }
            }
            Event::Removed(file) => {
                self.removed.insert(file.clone());
            }
            Event::Written { file, number, offset, bytes } => self.change(file, *number, Kind::Bytes(*offset, bytes.clone())),
            Event::Cut { file, number, length } => self.change(file, *number, Kind::End(*length)),
            Event::Done(number) => self.pending.iter_mut().filter(|change| change.number == *number).for_each(|change| change.done = true),
            Event::Syncing { file, number } => {
                let covers = self.pending.iter().filter(|change| change.file == *file && change.done).map(|change| change.number);
                self.syncs.insert(*number, (file.clone(), covers.collect()));
            }
            Event::Synced(number) => {
                let Some((file, covers)) = self.syncs.remove(number) else { return };
                if file.is_empty() {
                    self.made.clear();
                    for gone in std::mem::take(&mut self.removed) {
                        self.files.remove(&gone);
                    }
                }
                let (synced, pending) = std::mem::take(&mut self.pending).into_iter().partition(|change| covers.contains(&change.number));
                self.pending = pending;
                let synced: Vec<Change> = synced;
                for change in synced {
                    apply(self.files.get_mut(&change.file).unwrap(), &change.kind, |_| true);
                }
            }
            Event::Answered(_) => {}
        }
    }

    fn change(&mut self, file: &str, number: usize, kind: Kind) {
        assert!(self.files.contains_key(file), "{file} was written before it was created");
        self.pending.push(Change { file: file.to_owned(), number, kind, done: false });
    }

    /// The files after the power returns.
    pub fn after_power_loss(&self, luck: Luck, dice: &mut Dice) -> BTreeMap<String, Vec<u8>> {
        let mut files = self.files.clone();
        for change in &self.pending {
            let whole = match luck {
                Luck::None => false,
                Luck::All | Luck::Sectors => true,
                Luck::Writes => dice.chance(50),
            };
            if whole {
                apply(files.get_mut(&change.file).unwrap(), &change.kind, |_| luck != Luck::Sectors || dice.chance(50));
            }
        }
        let mut survives = |lost_by: Luck| luck != lost_by && (matches!(luck, Luck::None | Luck::All) || dice.chance(50));
        for file in &self.made {
            if !survives(Luck::None) {
                files.remove(file);
            }
        }
        for file in &self.removed {
            if !survives(Luck::All) {
                files.remove(file);
            }
        }
        files
    }
}

/// Changes a file, but only in the selected sectors.
fn apply(file: &mut Vec<u8>, kind: &Kind, mut is_written: impl FnMut(usize) -> bool) {
    match kind {
        Kind::End(length) => {
            if is_written(*length / SECTOR) {
                file.resize(*length, 0);
            }
        }
        Kind::Bytes(offset, bytes) => {
            let end = offset + bytes.len();
            for sector in offset / SECTOR..end.div_ceil(SECTOR) {
                if is_written(sector) {
                    let (from, to) = ((sector * SECTOR).max(*offset), ((sector + 1) * SECTOR).min(end));
                    if file.len() < to {
                        file.resize(to, 0);
                    }
                    file[from..to].copy_from_slice(&bytes[from - offset..to - offset]);
                }
            }
        }
    }
}

/// Writes files into an empty folder.
pub fn lay_out(files: &BTreeMap<String, Vec<u8>>, folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        fs::remove_file(entry.unwrap().path()).unwrap();
    }
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).unwrap();
    }
}
