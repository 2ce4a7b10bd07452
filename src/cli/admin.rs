//! `scopewise admin create`: makes an account that can sign in to the console.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::{CliError, database::Database, output::Output};
use crate::server::admin;

/// The variable that the password is read from. Never an option: other users of the machine can see those.
const PASSWORD_VARIABLE: &str = "SCOPEWISE_ADMIN_PASSWORD";

/// Manage the accounts of the console
#[derive(Debug, Subcommand)]
#[command(arg_required_else_help = true)]
pub(super) enum Admin {
    Create(Create),
}

/// Create an account that can sign in to the console
///
/// The password is read from the environment variable SCOPEWISE_ADMIN_PASSWORD, or asked for.
/// It is not an option, because other users of the machine could see it there.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  scopewise admin create --email ada@example.com --name Ada
  SCOPEWISE_ADMIN_PASSWORD=… scopewise admin create --email ada@example.com")]
pub(super) struct Create {
    /// The email address to sign in with
    #[arg(long, env = "SCOPEWISE_ADMIN_EMAIL", value_name = "EMAIL")]
    email: String,
    /// The person's name, as the console shows it
    #[arg(long, env = "SCOPEWISE_ADMIN_NAME", value_name = "NAME", default_value = "")]
    name: String,
    #[command(flatten)]
    database: Database,
}

impl Create {
    /// Makes the account and prints its email.
    pub fn run(self, output: &mut Output) -> Result<ExitCode, CliError> {
        let password = password()?;
        let account = self.database.work(async |tools| {
            let made = admin::create_account(&*tools.store, &tools.clock, &tools.random, &self.email, &password, &self.name).await;
            Ok(made?)
        })?;
        output.line(format!("created the account {}", account.email))?;
        output.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The password from the environment, else asked for twice on the terminal, without showing it.
fn password() -> Result<String, CliError> {
    if let Ok(password) = std::env::var(PASSWORD_VARIABLE) {
        return Ok(password);
    }
    let ask = |prompt| rpassword::prompt_password(prompt).map_err(|_| CliError::PasswordMissing);
    let password = ask("Password: ")?;
    if ask("Password, once more: ")? == password { Ok(password) } else { Err(CliError::PasswordsDiffer) }
}
