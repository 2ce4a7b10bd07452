//! Reads a command's scopes (or operations) from arguments, a file or standard input, with the place of each.

use std::{
    fs,
    io::{self, Read},
    path::PathBuf,
};

use super::CliError;

/// Means standard input.
pub(super) const STDIN: &str = "-";
/// The largest file, in bytes.
const MAX_FILE_BYTES: u64 = 4 << 20;

/// The place of an item in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}

/// The items that a command was given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Given {
    /// The items, as they were given.
    pub items: Vec<String>,
    /// The file that they come from, and the place of each.
    pub file: Option<(String, Vec<Place>)>,
}

impl Given {
    /// Items from the command line.
    pub fn arguments(items: Vec<String>) -> Self {
        Self { items, file: None }
    }

    /// Reads the arguments, or else the file; `-` is standard input for both.
    pub fn read(arguments: Vec<String>, file: Option<PathBuf>) -> Result<Self, CliError> {
        match file {
            None if arguments == [STDIN] => Self::from_stdin(),
            None => Ok(Self::arguments(arguments)),
            Some(path) if path.as_os_str() == STDIN => Self::from_stdin(),
            Some(path) => Ok(Self::lines(path.display().to_string(), &read_file(&path)?)),
        }
    }

    fn from_stdin() -> Result<Self, CliError> {
        let (mut text, name) = (String::new(), "standard input".to_owned());
        match io::stdin().take(MAX_FILE_BYTES + 1).read_to_string(&mut text) {
            Ok(read) if read as u64 <= MAX_FILE_BYTES => Ok(Self::lines(name, &text)),
            Ok(_) => Err(CliError::File { path: name, problem: too_long() }),
            Err(error) => Err(CliError::File { path: name, problem: error.to_string() }),
        }
    }

    /// One item per line. `#` starts a comment; empty lines are ignored.
    fn lines(name: String, text: &str) -> Self {
        let (mut items, mut places) = (Vec::new(), Vec::new());
        for (index, line) in text.strip_prefix('\u{feff}').unwrap_or(text).lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default();
            let item = line.trim();
            if !item.is_empty() {
                let indent = line.chars().take_while(|c| c.is_whitespace()).count();
                items.push(item.to_owned());
                places.push(Place { line: index + 1, column: indent + 1 });
            }
        }
        Self { items, file: Some((name, places)) }
    }

    /// The file and the place of an item, if it comes from a file.
    pub fn place(&self, index: usize) -> Option<(&str, Place)> {
        let (name, places) = self.file.as_ref()?;
        Some((name, *places.get(index)?))
    }
}

/// The text of a file that an option names.
pub(super) fn read_file(path: &std::path::Path) -> Result<String, CliError> {
    let failed = |problem: String| CliError::File { path: path.display().to_string(), problem };
    let size = fs::metadata(path).map_err(|error| failed(error.to_string()))?.len();
    if size > MAX_FILE_BYTES * 16 {
        return Err(failed(too_long()));
    }
    fs::read_to_string(path).map_err(|error| failed(error.to_string()))
}

fn too_long() -> String {
    "the file is too large".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_places_and_comments_are_passed_over() {
        let given = Given::lines("list".into(), "\u{feff}# the importer\nrows.read # to look up\n\n  tables.read\r\nGET /v1/users\n");
        assert_eq!(given.items, ["rows.read", "tables.read", "GET /v1/users"]);
        assert_eq!(given.place(1), Some(("list", Place { line: 4, column: 3 })));
        assert_eq!(given.place(3), None);
    }
}
