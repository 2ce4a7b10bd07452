//! `scopewise catalog export`: writes a catalog in another form. The forms are in [`crate::import`].

use std::{fs, path::PathBuf, process::ExitCode};

use clap::{Args, ValueEnum};

use super::import::cannot_write;
use crate::{
    cli::{CliError, model::CatalogFile, output::Output},
    import,
};

/// Write a catalog as a reference page, an OpenAPI document or JSON
///
/// `scopewise catalog import` reads the OpenAPI document back.
///
/// Exit code: 0 if it was written, 1 if it cannot be written, 2 if the catalog cannot be used.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  scopewise catalog export --format markdown ours.json -o scopes.md
  scopewise catalog export --format openapi ours.json -o openapi.json
  scopewise catalog export --format json")]
pub(super) struct Export {
    /// The catalog [default: the built-in one]
    #[arg(value_name = "FILE", env = "SCOPEWISE_CATALOG")]
    file: Option<PathBuf>,
    /// The form
    #[arg(long, env = "SCOPEWISE_EXPORT_FORMAT", value_enum, default_value_t)]
    format: Format,
    /// Where to write it [default: standard output]
    #[arg(short, long, env = "SCOPEWISE_EXPORT_OUTPUT", value_name = "FILE")]
    output: Option<PathBuf>,
}

/// A form of a catalog.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The form that --catalog reads
    #[default]
    Json,
    /// OpenAPI 3.1
    Openapi,
    /// A page that lists each scope with what it opens
    Markdown,
}

impl Export {
    /// Writes the catalog.
    pub fn run(self, output: &mut Output) -> Result<ExitCode, CliError> {
        let catalog = CatalogFile::at(self.file).load()?;
        let json = |text: Result<String, serde_json::Error>| text.map(|text| text + "\n").map_err(std::io::Error::from);
        let text = match self.format {
            Format::Json => json(serde_json::to_string_pretty(catalog))?,
            Format::Openapi => json(serde_json::to_string_pretty(&import::to_openapi(catalog)))?,
            Format::Markdown => import::markdown(catalog),
        };
        match &self.output {
            Some(path) => fs::write(path, text).map_err(|error| cannot_write(path, &error))?,
            None => output.bytes(text.as_bytes())?,
        }
        output.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}
