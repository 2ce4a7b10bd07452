//! `scopewise key create`: creates a key and prints it with its secret, which is shown only once.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::{
    CliError,
    check::{expiry, print, stated_expiry},
    database::Database,
    input::Given,
    model::CatalogFile,
    output::Output,
};
use crate::{
    scope::{self, Catalog, CheckRequest, Enforcement, Expiry, Report, Tier},
    server::{
        clock::{Clock, SystemClock},
        service::{self, KeyInput, ServiceError},
    },
};

/// Manage the API keys of a project or the organization
#[derive(Debug, Subcommand)]
#[command(arg_required_else_help = true)]
pub(super) enum Key {
    Create(Create),
    Import(super::import::Import),
}

/// Create an API key and print it as JSON, with its secret
///
/// The secret is printed only once: the server stores only its hash. Warnings about the scopes go to standard error.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  scopewise key create --project shop --name Importer --scope rows.read --scope rows.write
  scopewise key create --project shop --name CI --scope functions.write --expire 2030-01-01
  scopewise key create --organization --name Provisioner --scope projects.write --scope keys.write")]
pub(super) struct Create {
    /// The project ID
    #[arg(long, env = "SCOPEWISE_PROJECT_ID", value_name = "ID", required_unless_present = "organization")]
    project: Option<String>,
    /// Create an organization key, which can manage projects and their keys
    #[arg(long, env = "SCOPEWISE_KEY_ORGANIZATION", conflicts_with = "project")]
    organization: bool,
    /// The key ID: 1 to 36 characters of A-Z, a-z, 0-9, period, hyphen and underscore
    #[arg(long, env = "SCOPEWISE_KEY_ID", value_name = "ID", default_value = service::UNIQUE)]
    id: String,
    /// The name of the key: 1 to 128 characters
    #[arg(long, env = "SCOPEWISE_KEY_NAME", value_name = "NAME")]
    name: String,
    /// What the key is for: at most 512 characters
    #[arg(long, env = "SCOPEWISE_KEY_DESCRIPTION", value_name = "TEXT")]
    description: Option<String>,
    /// A scope to grant, such as rows.read; repeatable
    #[arg(long = "scope", env = "SCOPEWISE_KEY_SCOPES", value_name = "SCOPE", value_delimiter = ',', required = true)]
    scopes: Vec<String>,
    /// When the key expires: a date and time such as 2030-12-31T23:59:59Z, or never
    #[arg(long, env = "SCOPEWISE_KEY_EXPIRE", value_name = "never|DATE", default_value = "never", value_parser = stated_expiry)]
    expire: String,
    #[command(flatten)]
    catalog: CatalogFile,
    #[command(flatten)]
    database: Database,
}

impl Create {
    /// Creates the key and prints it.
    pub fn run(self, output: &mut Output) -> Result<ExitCode, CliError> {
        let catalog = self.catalog.load()?;
        let expire = expiry(Some(&self.expire));
        // With SCOPEWISE_KEY_ORGANIZATION=false and no project, the project is empty, and creating the key fails.
        let project = (!self.organization).then(|| self.project.as_deref().unwrap_or_default());
        let input = KeyInput {
            name: &self.name,
            description: self.description.as_deref(),
            scopes: &self.scopes,
            expire: match &expire {
                Expiry::At(date) => Some(date),
                Expiry::Never | Expiry::Unstated => None,
            },
        };
        let made = self.database.work(async |tools| {
            Ok(service::create_key(&*tools.store, &tools.clock, &tools.random, catalog, project, &self.id, input).await)
        })?;
        let key = match made {
            Err(ServiceError::Refused(report)) => {
                self.warn(&report)?;
                return Err(CliError::KeyRefused);
            }
            made => made?,
        };
        output.json(&key)?;
        output.finish()?;
        let report = self.report(catalog, expire);
        if !report.warnings.is_empty() {
            self.warn(&report)?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn report(&self, catalog: &Catalog, expire: Expiry) -> Report {
        let now = Some(SystemClock.now());
        let edition = catalog.server_edition().map(|edition| edition.id.clone());
        scope::check(
            catalog,
            &CheckRequest {
                scopes: self.scopes.clone(),
                expire,
                now,
                tier: if self.organization { Tier::Organization } else { Tier::Project },
                edition,
                beyond_edition: Some(Enforcement::Warn),
                ..CheckRequest::default()
            },
        )
    }

    /// Prints a report to standard error, so that standard output is only JSON.
    fn warn(&self, report: &Report) -> Result<(), CliError> {
        let mut output = Output::stderr();
        print(&mut output, report, &Given::arguments(self.scopes.clone()))?;
        Ok(output.finish()?)
    }
}
