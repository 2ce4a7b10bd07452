//! The command line, with one file per command. Each parses its arguments, calls one function and prints the result; decisions about scopes
//! and keys are made elsewhere.
//!
//! Exit codes: 0 done (`check`: valid, `allows`: yes), 1 failed (`check`: not valid, `allows`: no), 2 wrong usage.

mod admin;
mod allows;
mod backup;
mod batch;
mod catalog;
mod check;
mod compare;
mod copy;
mod database;
mod generate;
mod github;
mod import;
mod input;
mod key;
mod migrate;
mod model;
mod output;
mod project;
mod reach;
mod render;
mod restore;
mod sarif;
mod serve;
mod suggest;

use std::{ffi::OsString, io, process::ExitCode};

use clap::{CommandFactory, Parser, Subcommand};

use crate::{
    scope::{CatalogError, RequestError},
    server::{
        StartError,
        config::ConfigError,
        service::{ServiceError, accounts::AccountError, import::ImportError},
        store::{StoreError, sqlite::backup::BackupError, transfer::TransferError},
    },
};
use output::Output;

/// Issue scoped API keys, and check what a set of scopes allows.
#[derive(Debug, Parser)]
#[command(name = "scopewise", version, max_term_width = 100, propagate_version = true, subcommand_required = true)]
#[command(arg_required_else_help = true, after_help = "You can also set every option with the environment variable named in its help.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    #[command(subcommand)]
    Admin(admin::Admin),
    #[command(subcommand)]
    Project(project::Project),
    #[command(subcommand)]
    Key(key::Key),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Copy(copy::Copy),
    Check(check::Check),
    Allows(allows::Allows),
    Suggest(suggest::Suggest),
    Reach(reach::Reach),
    Compare(compare::Compare),
    Migrate(migrate::Migrate),
    Catalog(catalog::Catalog),
    Batch(batch::Batch),
    Completions(generate::Completions),
    Man(generate::Man),
}

/// Why a command failed, in one line.
#[derive(Debug, thiserror::Error)]
enum CliError {
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
    #[error("cannot start the runtime: {0}")]
    Runtime(io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Service(#[from] ServiceError),
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Config(ConfigError),
    #[error(transparent)]
    Backup(#[from] BackupError),
    #[error(transparent)]
    Transfer(#[from] TransferError),
    #[error(
        "{0} works only with SQLite; for PostgreSQL, use pg_dump and pg_restore, or copy to or from a SQLite file with `scopewise copy`"
    )]
    SqliteOnly(&'static str),
    #[error("no terminal to ask for the password; set SCOPEWISE_ADMIN_PASSWORD")]
    PasswordMissing,
    #[error("the passwords do not match; nothing was changed")]
    PasswordsDiffer,
    #[error("the key was not created; fix the errors in the report")]
    KeyRefused,
    #[error("cannot read {path}: {problem}")]
    File { path: String, problem: String },
    #[error("cannot write {path}: {problem}")]
    WriteFile { path: String, problem: String },
    #[error("cannot import {0}")]
    ImportCatalog(#[from] crate::import::ImportError),
    #[error("{path} is not a valid catalog: {}", faults(.errors))]
    Catalog { path: String, errors: Vec<CatalogError> },
    #[error("{0}; {help}", help = .0.help)]
    Request(#[from] RequestError),
}

impl CliError {
    /// 2 if the input of the command cannot be used, 1 for every other failure.
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::File { .. } | Self::ImportCatalog(_) | Self::Catalog { .. } | Self::Request(_) | Self::Config(_) => ExitCode::from(2),
            _ => ExitCode::FAILURE,
        }
    }
}

/// All errors of a catalog, one per line if there are several, and where its form is described.
fn faults(errors: &[CatalogError]) -> String {
    const HELP: &str = "the form of a catalog is in schema/catalog.schema.json";
    match errors {
        [only] => format!("{only}; {HELP}"),
        _ => errors.iter().map(|error| format!("\n  {error}")).chain([format!("\n{HELP}")]).collect(),
    }
}

/// Runs a command; the first argument is the program's name. Returns the exit code of the process.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(message) => {
            // Help and version take this way, too. If printing fails, there is nothing left to do.
            let _ = message.print();
            return ExitCode::from(u8::try_from(message.exit_code()).unwrap_or(2));
        }
    };
    let mut output = Output::stdout();
    let done = match cli.command {
        Command::Serve(serve) => serve.run(),
        Command::Admin(admin) => admin.run(&mut output),
        Command::Project(project::Project::Create(create)) => create.run(&mut output),
        Command::Key(key::Key::Create(create)) => create.run(&mut output),
        Command::Key(key::Key::Import(import)) => import.run(&mut output),
        Command::Backup(backup) => backup.run(&mut output),
        Command::Restore(restore) => restore.run(&mut output),
        Command::Copy(copy) => copy.run(&mut output),
        Command::Check(check) => check.run(&mut output),
        Command::Allows(allows) => allows.run(&mut output),
        Command::Suggest(suggest) => suggest.run(&mut output),
        Command::Reach(reach) => reach.run(&mut output),
        Command::Compare(compare) => compare.run(&mut output),
        Command::Migrate(migrate) => migrate.run(&mut output),
        Command::Catalog(catalog) => catalog.run(&mut output),
        Command::Batch(batch) => batch.run(&mut output),
        Command::Completions(completions) => completions.run(Cli::command(), &mut output),
        Command::Man(man) => man.run(Cli::command(), &mut output),
    };
    match done {
        Ok(code) => code,
        // The reader has closed the pipe, as in `scopewise catalog | head`.
        Err(CliError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            output::tell_error(&error);
            error.exit_code()
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Command as Clap;

    use super::*;

    fn visit(command: &Clap, seen: &mut impl FnMut(&Clap)) {
        seen(command);
        for child in command.get_subcommands().filter(|child| child.get_name() != "help") {
            visit(child, seen);
        }
    }

    #[test]
    fn the_definition_holds() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_option_is_an_environment_variable_too() {
        let mut options = 0;
        visit(&Cli::command(), &mut |command| {
            for argument in command.get_opts() {
                let variable = argument.get_env().and_then(|name| name.to_str()).unwrap_or_default();
                assert!(variable.starts_with("SCOPEWISE_"), "{} --{}", command.get_name(), argument.get_id());
                options += 1;
            }
        });
        assert!(options >= 6, "{options}");
    }

    #[test]
    fn every_command_and_argument_says_what_it_is_and_every_leaf_shows_an_example() {
        visit(&Cli::command(), &mut |command| {
            let name = command.get_name();
            assert!(command.get_about().is_some(), "{name}");
            for argument in command.get_arguments() {
                assert!(argument.get_help().is_some(), "{name} {}", argument.get_id());
            }
            if !command.has_subcommands() {
                let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
                assert!(after.starts_with("Examples:\n  scopewise ") || after.starts_with("Example:\n  scopewise "), "{name}");
            }
        });
    }
}
