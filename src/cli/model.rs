//! What the commands of the scope model share: options, catalog, and the answer as JSON.

use std::path::PathBuf;

use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser},
};
use serde::Serialize;

use super::{
    CliError,
    input::{Given, read_file},
    output::{Format, Output},
};
use crate::scope::{self, Catalog, Diagnostic, Level, Query, Tier};

/// Which catalog to ask.
#[derive(Args, Debug)]
pub(super) struct CatalogFile {
    /// A JSON file with a custom catalog to use instead of the built-in one
    #[arg(long = "catalog", env = "SCOPEWISE_CATALOG", value_name = "FILE")]
    path: Option<PathBuf>,
}

impl CatalogFile {
    /// That of a path; the built-in one without.
    pub fn at(path: Option<PathBuf>) -> Self {
        Self { path }
    }

    /// Reads the catalog, or returns the built-in one. It lives as long as the process.
    pub fn load(&self) -> Result<&'static Catalog, CliError> {
        let Some(path) = &self.path else { return Ok(Catalog::appwrite()) };
        match Catalog::from_json(&read_file(path)?) {
            Ok(catalog) => Ok(Box::leak(Box::new(catalog))),
            Err(errors) => Err(CliError::Catalog { path: path.display().to_string(), errors }),
        }
    }
}

/// The scopes that a command is about.
#[derive(Args, Debug)]
pub(super) struct Scopes {
    /// The scopes, such as rows.read; - reads them from standard input, one per line
    #[arg(required_unless_present = "file", value_name = "SCOPE")]
    scopes: Vec<String>,
    /// A file with one scope per line; # starts a comment, - is standard input
    #[arg(long, env = "SCOPEWISE_FILE", value_name = "FILE", conflicts_with = "scopes")]
    file: Option<PathBuf>,
}

impl Scopes {
    /// Reads the scopes and their places.
    pub fn read(self) -> Result<Given, CliError> {
        Given::read(self.scopes, self.file)
    }
}

/// The edition of a key.
#[derive(Args, Debug)]
pub(super) struct Edition {
    /// The edition that the key is for, such as server-1.9
    #[arg(long = "edition", env = "SCOPEWISE_EDITION", value_name = "EDITION")]
    pub id: Option<String>,
}

/// The kind of key and its edition.
#[derive(Args, Debug)]
pub(super) struct Target {
    #[command(flatten)]
    pub edition: Edition,
    /// The kind of key
    #[arg(long, env = "SCOPEWISE_TIER", value_name = "TIER", default_value = "project", value_parser = tier())]
    pub tier: Tier,
}

/// A parser for the kinds of keys.
pub(super) fn tier() -> impl TypedValueParser<Value = Tier> {
    const TIERS: [Tier; 3] = [Tier::Project, Tier::Organization, Tier::Account];
    PossibleValuesParser::new(TIERS.map(Tier::as_str)).map(|text| TIERS.into_iter().find(|tier| tier.as_str() == text).unwrap_or_default())
}

/// The output format.
#[derive(Args, Debug)]
pub(super) struct Form {
    /// The output format
    #[arg(long, env = "SCOPEWISE_FORMAT", value_enum, default_value_t)]
    pub format: Format,
}

/// Prints the answer as JSON, byte for byte as the HTTP API and the npm package return it.
pub(super) fn answer(output: &mut Output, catalog: &Catalog, call: Query, request: &impl Serialize) -> Result<(), CliError> {
    let request = serde_json::to_string(request).map_err(std::io::Error::from)?;
    Ok(output.line(scope::answer(catalog, call, &request)?)?)
}

/// Whether none of the problems is an error.
pub(super) fn is_clean(problems: &[Diagnostic]) -> bool {
    problems.iter().all(|problem| problem.level != Level::Error)
}
