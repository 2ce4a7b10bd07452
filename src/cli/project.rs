//! `scopewise project create`: creates a project.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::{CliError, database::Database, output::Output};
use crate::{
    key::PROJECT_ID_RULE,
    server::{Caller, models, service},
};

/// Manage projects
#[derive(Debug, Subcommand)]
#[command(arg_required_else_help = true)]
pub(super) enum Project {
    Create(Create),
}

/// Create a project and print it as JSON
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  scopewise project create --id shop --name 'Web shop'
  scopewise project create --id 'unique()' --name 'Web shop'")]
pub(super) struct Create {
    #[arg(long, env = "SCOPEWISE_PROJECT_ID", value_name = "ID", help = format!("The project ID, or unique() to generate one: {PROJECT_ID_RULE}"))]
    id: String,
    /// The name of the project: 1 to 128 characters
    #[arg(long, env = "SCOPEWISE_PROJECT_NAME", value_name = "NAME")]
    name: String,
    #[command(flatten)]
    database: Database,
}

impl Create {
    /// Creates the project and prints it.
    pub fn run(self, output: &mut Output) -> Result<ExitCode, CliError> {
        let project = self.database.work(async |tools| {
            let caller = Caller::command_line();
            Ok(service::create_project(&*tools.store, &tools.clock, &tools.random, &self.id, &self.name, &caller).await?)
        })?;
        output.json(&models::project(project))?;
        output.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}
