//! `scopewise catalog import`: reads the files, writes the catalog and the report. The import itself is in [`crate::import`].

use std::{fs, path::PathBuf, process::ExitCode};

use clap::{Args, ValueEnum};

use super::findings;
use crate::{
    cli::{CliError, input::read_file, output::Output},
    import::{self, Format, Ids, Options, ScopeSource, Several, Source},
    scope,
};

/// Make a catalog of an OpenAPI document or a similar file
///
/// Prints the catalog, and to standard error a report of everything that is in doubt. Whatever the file does not say stays closed.
/// Several files are editions of one API, from the oldest to the newest: the operations are those of the last file.
///
/// Exit code: 0 if the catalog was written, 2 if a file or an option cannot be used.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  scopewise catalog import openapi.yaml -o catalog.json
  scopewise catalog import --several any --base /api/0 openapi.json
  scopewise catalog import --scopes 'text:requires: `{}`' openapi.json --overlay ours.yaml
  scopewise catalog import --from graph --scheme DelegatedWork permissions.json
  scopewise catalog import v1.json v2.json --edition 2025 --edition 2026 --report sarif --report-file report.sarif")]
pub(super) struct Import {
    /// The files, JSON or YAML; several are editions, the newest last
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The format of the files
    #[arg(long, env = "SCOPEWISE_IMPORT_FROM", value_enum, default_value_t)]
    from: From,
    /// Where an OpenAPI document names scopes: security, security:SCHEME, ext:NAME (an extension) or text:PATTERN (the description, with {} for the scope) [default: all of them, in this order]
    #[arg(long, env = "SCOPEWISE_IMPORT_SCOPES", value_name = "SOURCE", value_parser = scope_source)]
    scopes: Option<ScopeSource>,
    /// What a list of several scopes means where the document does not say; auto needs all of them, except deprecated ones
    #[arg(long, env = "SCOPEWISE_IMPORT_SEVERAL", value_enum, default_value_t)]
    several: Meaning,
    /// Levels of access from the lowest, such as read,write,admin: each includes those before it
    #[arg(long, env = "SCOPEWISE_IMPORT_LEVELS", value_name = "LEVELS", value_delimiter = ',')]
    levels: Vec<String>,
    /// A path that all paths begin with, such as /v1, instead of the document's own; repeatable
    #[arg(long = "base", env = "SCOPEWISE_IMPORT_BASE", value_name = "PATH", value_delimiter = ',')]
    bases: Vec<String>,
    /// Compare letters in paths regardless of case
    #[arg(long, env = "SCOPEWISE_IMPORT_FOLD_CASE")]
    fold_case: bool,
    /// How operations are named
    #[arg(long, env = "SCOPEWISE_IMPORT_IDS", value_enum, default_value_t)]
    ids: Naming,
    /// Which permissions of a Microsoft Graph file to import, such as DelegatedWork [default: Application]
    #[arg(long, env = "SCOPEWISE_IMPORT_SCHEME", value_name = "SCHEME")]
    scheme: Option<String>,
    /// The id of the edition of a file, once for each file [default: from the names of the files]
    #[arg(long = "edition", env = "SCOPEWISE_IMPORT_EDITION", value_name = "EDITION", value_delimiter = ',')]
    editions: Vec<String>,
    /// The id of the catalog [default: from its name]
    #[arg(long, env = "SCOPEWISE_IMPORT_ID", value_name = "ID")]
    id: Option<String>,
    /// The name of the catalog [default: the title of the document]
    #[arg(long, env = "SCOPEWISE_IMPORT_NAME", value_name = "NAME")]
    name: Option<String>,
    /// A file of your own, JSON or YAML, that says what the document does not
    #[arg(long, env = "SCOPEWISE_IMPORT_OVERLAY", value_name = "FILE")]
    overlay: Option<PathBuf>,
    /// Where to write the catalog [default: standard output]
    #[arg(short, long, env = "SCOPEWISE_IMPORT_OUTPUT", value_name = "FILE")]
    output: Option<PathBuf>,
    /// The format of the report
    #[arg(long, env = "SCOPEWISE_IMPORT_REPORT", value_enum, default_value_t)]
    report: findings::Form,
    /// Where to write the report [default: standard error]
    #[arg(long, env = "SCOPEWISE_IMPORT_REPORT_FILE", value_name = "FILE")]
    report_file: Option<PathBuf>,
}

/// A format of files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum From {
    /// Recognize the format
    #[default]
    Auto,
    /// OpenAPI 3 or Swagger 2.0
    Openapi,
    /// Google API discovery document
    Google,
    /// permissions.json of Microsoft Graph
    Graph,
    /// App or token permissions of GitHub
    Github,
}

/// What a list means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Meaning {
    /// All scopes are needed, except deprecated ones
    #[default]
    Auto,
    /// Any one scope is enough
    Any,
    /// All scopes are needed
    All,
}

/// How operations are named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Naming {
    /// The operationId
    #[value(name = "operationId")]
    OperationId,
    /// The first tag, a dot, and the operationId
    #[default]
    #[value(name = "tag.operationId")]
    TagOperationId,
    /// The group and method names of Fern
    #[value(name = "x-fern")]
    Fern,
}

fn scope_source(text: &str) -> Result<ScopeSource, String> {
    let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
    match (kind, rest) {
        ("security", "") => Ok(ScopeSource::Security(None)),
        ("security", scheme) => Ok(ScopeSource::Security(Some(scheme.to_owned()))),
        ("ext", name) if !name.is_empty() => Ok(ScopeSource::Extension(name.to_owned())),
        ("text", pattern) if pattern.matches("{}").count() == 1 && !pattern.starts_with("{}") => Ok(ScopeSource::Text(pattern.to_owned())),
        ("text", _) => Err("a pattern has some text, then {} once for the scope, such as text:requires: `{}`".to_owned()),
        _ => Err("use security, security:SCHEME, ext:NAME or text:PATTERN".to_owned()),
    }
}

impl Import {
    /// Writes the catalog, then the report.
    pub fn run(self, output: &mut Output) -> Result<ExitCode, CliError> {
        let (catalog_file, report_file, form) = (self.output.clone(), self.report_file.clone(), self.report);
        if !self.editions.is_empty() && self.editions.len() != self.files.len() {
            let problem =
                format!("--edition is given {} times for {} files; give it once for each file", self.editions.len(), self.files.len());
            return Err(CliError::File { path: "the files".to_owned(), problem });
        }
        let (sources, options) = self.read()?;
        let imported = import::import(&sources, &options)?;
        if let Err(errors) = scope::Catalog::from_json(&imported.catalog) {
            return Err(CliError::Catalog { path: "what the import made".to_owned(), errors });
        }
        match &catalog_file {
            Some(path) => write(path, &imported.catalog)?,
            None => output.bytes(imported.catalog.as_bytes())?,
        }
        output.finish()?;
        match &report_file {
            Some(path) => {
                let file = fs::File::create(path).map_err(|error| cannot_write(path, &error))?;
                findings::print(&mut Output::file(file), &imported.report, form)?;
            }
            None => findings::print(&mut Output::stderr(), &imported.report, form)?,
        }
        Ok(ExitCode::SUCCESS)
    }

    fn read(self) -> Result<(Vec<Source>, Options), CliError> {
        let read = |path: &PathBuf| Ok::<_, CliError>(Source { file: path.display().to_string(), text: read_file(path)?, edition: None });
        let mut sources = self.files.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        for (source, edition) in sources.iter_mut().zip(self.editions) {
            source.edition = Some(edition);
        }
        let options = Options {
            from: match self.from {
                From::Auto => None,
                From::Openapi => Some(Format::OpenApi),
                From::Google => Some(Format::Google),
                From::Graph => Some(Format::Graph),
                From::Github => Some(Format::GitHub),
            },
            scopes: self.scopes,
            scheme: self.scheme,
            several: match self.several {
                Meaning::Auto => Several::Auto,
                Meaning::Any => Several::Any,
                Meaning::All => Several::All,
            },
            levels: self.levels,
            bases: self.bases,
            fold_case: self.fold_case,
            ids: match self.ids {
                Naming::OperationId => Ids::OperationId,
                Naming::TagOperationId => Ids::TagOperationId,
                Naming::Fern => Ids::Fern,
            },
            id: self.id,
            name: self.name,
            overlay: self.overlay.as_ref().map(read).transpose()?,
        };
        Ok((sources, options))
    }
}

fn write(path: &PathBuf, text: &str) -> Result<(), CliError> {
    fs::write(path, text).map_err(|error| cannot_write(path, &error))
}

pub(super) fn cannot_write(path: &std::path::Path, error: &std::io::Error) -> CliError {
    CliError::WriteFile { path: path.display().to_string(), problem: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_of_scopes_are_read() {
        assert_eq!(scope_source("security"), Ok(ScopeSource::Security(None)));
        assert_eq!(scope_source("security:OAuth2"), Ok(ScopeSource::Security(Some("OAuth2".into()))));
        assert_eq!(scope_source("ext:x-scopes"), Ok(ScopeSource::Extension("x-scopes".into())));
        assert_eq!(scope_source("text:requires: `{}`"), Ok(ScopeSource::Text("requires: `{}`".into())));
        for text in ["", "ext:", "text:no gap", "text:{}", "text:a {} b {}", "regex:x"] {
            assert!(scope_source(text).is_err(), "{text}");
        }
    }
}
