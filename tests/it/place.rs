//! A folder of one test, removed when the test ends.

use std::{
    fs,
    io::{ErrorKind, Write},
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

pub struct Place(PathBuf);

impl Place {
    pub fn new(name: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        // Numbers of processes come again, and one that was killed has left its folders behind.
        loop {
            let count = COUNT.fetch_add(1, Ordering::Relaxed);
            let path = std::env::temp_dir().join(format!("scopewise-{name}-{}-{count}", std::process::id()));
            match fs::create_dir(&path) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                made => {
                    made.unwrap();
                    return Self(path);
                }
            }
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Prints a line during the tests. The test harness hides what `eprintln!` prints in a test that passes.
pub fn note(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
