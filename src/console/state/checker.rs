//! What the checker checks, and how it is written into the part of the address after `#`, which no server sees.

use crate::{
    api::paths::percent_encode,
    console::route::decode,
    picker::state::{Format, Pasted},
    scope::{Action, Migration, Runtime, Step, counted},
};

/// The most scopes that are read from an address; no key has so many.
const MAX_SCOPES: usize = 1000;

/// What is checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// The scopes.
    pub scopes: Vec<String>,
    /// Where the code will run, if known.
    pub runs_in: Option<Runtime>,
}

impl Checked {
    /// Reads the part of an address after `#`. What it cannot read is left out.
    pub fn of_hash(hash: &str) -> Self {
        let mut checked = Self::default();
        for (name, value) in hash.trim_start_matches('#').split('&').filter_map(|pair| pair.split_once('=')) {
            match name {
                "scopes" => checked.scopes = value.split(',').map(decode).filter(|scope| !scope.is_empty()).take(MAX_SCOPES).collect(),
                "runsIn" => checked.runs_in = Runtime::ALL.iter().copied().find(|context| context.as_str() == value),
                _ => {}
            }
        }
        checked
    }

    /// The part of the address after `#`; empty if there is nothing to check.
    pub fn hash(&self) -> String {
        let mut hash = String::new();
        if !self.scopes.is_empty() {
            let scopes: Vec<String> = self.scopes.iter().map(|scope| percent_encode(scope, "")).collect();
            hash = format!("scopes={}", scopes.join(","));
        }
        if let Some(context) = self.runs_in {
            hash.push_str(if hash.is_empty() { "runsIn=" } else { "&runsIn=" });
            hash.push_str(context.as_str());
        }
        hash
    }
}

/// What a text was read as, in a sentence.
pub fn read_as(pasted: &Pasted) -> String {
    let kind = match pasted.format {
        Format::List => "a list",
        Format::Json => "JSON",
        Format::Yaml => "YAML",
        Format::Env => "an .env file",
    };
    if pasted.names.is_empty() {
        "No scopes found.".to_owned()
    } else {
        format!("Read as {kind}: {}.", counted(pasted.names.len(), "scope"))
    }
}

/// A step of a migration, in words.
pub fn step_text(step: &Step) -> String {
    let other = step.successor.as_ref().or(step.predecessor.as_ref()).map_or("", String::as_str);
    match step.action {
        Action::Replaced => format!("Replace `{}` with `{other}`", step.scope),
        Action::Removed => format!("Remove `{}`", step.scope),
        Action::Joined => format!("Keep `{}`, and add `{other}`", step.scope),
        Action::Kept => format!("Keep `{}`", step.scope),
    }
}

/// Whether a migration changes anything.
pub fn is_migrated(migration: &Migration, scopes: &[String]) -> bool {
    migration.edition.is_some() && migration.scopes != scopes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        picker::state::read,
        scope::{Catalog, MigrateRequest, migrate},
    };

    #[test]
    fn what_is_checked_is_in_the_address_and_comes_back_from_it() {
        for hash in ["", "scopes=rows.read,users.write", "scopes=rows.read&runsIn=ci", "runsIn=browser", "scopes=a%2Cb,%C3%A4"] {
            assert_eq!(Checked::of_hash(hash).hash(), hash);
        }
        let read = Checked::of_hash("#scopes=,rows.read,&runsIn=moon&x=y&z");
        assert_eq!(read, Checked { scopes: vec!["rows.read".into()], runs_in: None });
        assert_eq!(Checked::of_hash(&format!("scopes={}", "a,".repeat(5000))).scopes.len(), MAX_SCOPES);
    }

    #[test]
    fn a_text_is_read_as_what_it_is() {
        let texts = |text: &str| read_as(&read(Catalog::appwrite(), text));
        assert_eq!(texts("SCOPES=rows.read,rows.write"), "Read as an .env file: 2 scopes.");
        assert_eq!(texts("[\"rows.read\"]"), "Read as JSON: 1 scope.");
        assert_eq!(texts(""), "No scopes found.");
    }

    #[test]
    fn a_migration_is_listed_step_by_step() {
        let scopes = vec!["execution.read".to_owned(), "collections.read".to_owned(), "rows.read".to_owned()];
        let migration = migrate(Catalog::appwrite(), &MigrateRequest { scopes: scopes.clone(), ..MigrateRequest::default() });
        let texts: Vec<String> = migration.steps.iter().map(step_text).collect();
        assert!(texts.contains(&"Replace `execution.read` with `executions.read`".to_owned()), "{texts:?}");
        assert!(is_migrated(&migration, &scopes) && !is_migrated(&migration, &migration.scopes));
    }
}
