//! `scopewise admin …`: the accounts that can sign in to the console.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::{
    CliError,
    database::{Database, Tools},
    output::{Format, Output, Paint},
};
use crate::{
    api::{AccountList, AccountState, ListedAccount},
    server::{
        Caller,
        service::{
            self,
            accounts::{AccountError, Accounts, Last},
        },
    },
};

/// The variable with the password. It is never an option, because other users of the machine can see those.
const PASSWORD_VARIABLE: &str = "SCOPEWISE_ADMIN_PASSWORD";

/// Manage the accounts of the console
#[derive(Debug, Subcommand)]
#[command(arg_required_else_help = true)]
pub(super) enum Admin {
    Create(Create),
    List(List),
    Update(Update),
    Reset(Reset),
    ResetSecondFactor(ResetSecondFactor),
    SignOut(SignOut),
    Disable(Disable),
    Enable(Enable),
    Delete(Delete),
}

/// Create a console account
///
/// Set the password in the environment variable SCOPEWISE_ADMIN_PASSWORD, or enter it when asked.
/// It is not an option because other users of the machine could see it.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  scopewise admin create --email ada@example.com --name Ada
  SCOPEWISE_ADMIN_PASSWORD=… scopewise admin create --email ada@example.com")]
pub(super) struct Create {
    #[command(flatten)]
    account: Account,
    /// The person's name, shown in the console
    #[arg(long, env = "SCOPEWISE_ADMIN_NAME", value_name = "NAME", default_value = "")]
    name: String,
}

/// List all accounts, oldest first
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  scopewise admin list
  scopewise admin list --format json")]
pub(super) struct List {
    /// The output format
    #[arg(long, env = "SCOPEWISE_FORMAT", value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    database: Database,
}

/// Change the name of an account
#[derive(Args, Debug)]
#[command(after_help = "Example:
  scopewise admin update --email ada@example.com --name 'Ada Lovelace'")]
pub(super) struct Update {
    #[command(flatten)]
    account: Account,
    /// The person's name, shown in the console; can be empty
    #[arg(long, env = "SCOPEWISE_ADMIN_NAME", value_name = "NAME")]
    name: String,
}

/// Set a new password for an account and end all its sessions
///
/// Set the password in the environment variable SCOPEWISE_ADMIN_PASSWORD, or enter it when asked.
/// It is not an option because other users of the machine could see it.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  scopewise admin reset --email ada@example.com
  SCOPEWISE_ADMIN_PASSWORD=… scopewise admin reset --email ada@example.com")]
pub(super) struct Reset {
    #[command(flatten)]
    account: Account,
}

/// Remove the second factor of an account and end all its sessions
///
/// For a person who has lost their authenticator app and recovery codes. The password stays.
#[derive(Args, Debug)]
#[command(after_help = "Example:
  scopewise admin reset-second-factor --email ada@example.com")]
pub(super) struct ResetSecondFactor {
    #[command(flatten)]
    account: Account,
}

/// End all sessions of an account
#[derive(Args, Debug)]
#[command(after_help = "Example:
  scopewise admin sign-out --email ada@example.com")]
pub(super) struct SignOut {
    #[command(flatten)]
    account: Account,
}

/// Disable an account and end all its sessions
#[derive(Args, Debug)]
#[command(after_help = "Example:
  scopewise admin disable --email ada@example.com")]
pub(super) struct Disable {
    #[command(flatten)]
    account: Account,
    #[command(flatten)]
    last: LastOne,
}

/// Enable a disabled account
#[derive(Args, Debug)]
#[command(after_help = "Example:
  scopewise admin enable --email ada@example.com")]
pub(super) struct Enable {
    #[command(flatten)]
    account: Account,
}

/// Delete an account and its sessions; projects, keys and the audit log stay
#[derive(Args, Debug)]
#[command(after_help = "Example:
  scopewise admin delete --email ada@example.com")]
pub(super) struct Delete {
    #[command(flatten)]
    account: Account,
    #[command(flatten)]
    last: LastOne,
}

#[derive(Args, Debug)]
struct Account {
    /// The email address of the account
    #[arg(long, env = "SCOPEWISE_ADMIN_EMAIL", value_name = "EMAIL")]
    email: String,
    #[command(flatten)]
    database: Database,
}

#[derive(Args, Debug)]
struct LastOne {
    /// Do it even if no account can sign in afterwards
    #[arg(long, env = "SCOPEWISE_ADMIN_FORCE")]
    force: bool,
}

impl Admin {
    /// Runs the command and prints one line.
    pub fn run(self, output: &mut Output) -> Result<ExitCode, CliError> {
        let line = match self {
            Self::List(list) => return list.run(output),
            Self::Create(create) => create.run()?,
            Self::Update(Update { account, name }) => {
                let made = account.work(async |accounts, email| accounts.rename(email, &name).await)?;
                if made.name.is_empty() { format!("removed the name of {}", made.email) } else { format!("renamed {}", made.email) }
            }
            Self::Reset(Reset { account }) => account.reset()?,
            Self::ResetSecondFactor(ResetSecondFactor { account }) => {
                match account.work(async |accounts, email| accounts.reset_second_factor(email).await)? {
                    Some(account) => format!("removed the second factor of {} and ended all its sessions", account.email),
                    None => format!("{} has no second factor", account.email.to_lowercase()),
                }
            }
            Self::SignOut(SignOut { account }) => {
                let account = account.work(async |accounts, email| accounts.sign_out(email).await)?;
                format!("ended all sessions of {}", account.email)
            }
            Self::Disable(Disable { account, last }) => {
                match account.work(async |accounts, email| accounts.disable(email, last.may()).await)? {
                    Some(account) => format!("disabled {} and ended all its sessions", account.email),
                    None => format!("{} is already disabled", account.email.to_lowercase()),
                }
            }
            Self::Enable(Enable { account }) => match account.work(async |accounts, email| accounts.enable(email).await)? {
                Some(account) => format!("enabled {}", account.email),
                None => format!("{} is already enabled", account.email.to_lowercase()),
            },
            Self::Delete(Delete { account, last }) => {
                let account = account.work(async |accounts, email| accounts.delete(email, last.may()).await)?;
                format!("deleted the account {}", account.email)
            }
        };
        output.line(line)?;
        output.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Create {
    fn run(&self) -> Result<String, CliError> {
        let password = password()?;
        let account = self.account.database.work(async |tools| {
            let email = &self.account.email;
            Ok(service::create_account(&*tools.store, &tools.clock, &tools.random, email, &password, &self.name).await?)
        })?;
        Ok(format!("created the account {}", account.email))
    }
}

impl Account {
    fn reset(&self) -> Result<String, CliError> {
        let password = password()?;
        let account =
            self.database.work(async |tools| Ok(accounts(&tools).reset(&tools.random, self.email.as_str(), &password).await?))?;
        let so = format!("set a new password for {} and ended all its sessions", account.email);
        Ok(if account.status { so } else { format!("{so}; the account is disabled, enable it with `scopewise admin enable`") })
    }

    fn work<T>(&self, work: impl AsyncFnOnce(&Accounts<'_>, &str) -> Result<T, AccountError>) -> Result<T, CliError> {
        self.database.work(async |tools| Ok(work(&accounts(&tools), &self.email).await?))
    }
}

impl LastOne {
    fn may(&self) -> Last {
        if self.force { Last::MayGo } else { Last::Stays }
    }
}

impl List {
    fn run(self, output: &mut Output) -> Result<ExitCode, CliError> {
        if self.format == Format::Json {
            let list = self.database.work(async |tools| Ok(accounts(&tools).list().await?))?;
            output.json(&AccountList { total: list.len(), accounts: list })?;
        } else {
            let list = self.database.work(async |tools| Ok(accounts(&tools).listed("").await?))?;
            table(output, &list)?;
        }
        output.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}

fn table(output: &mut Output, list: &[ListedAccount]) -> Result<(), CliError> {
    if list.is_empty() {
        output.line("No accounts yet. Create one with `scopewise admin create`.")?;
    }
    let widest = list.iter().map(|account| account.email.chars().count()).max().unwrap_or_default();
    for account in list {
        let (paint, state) = match account.state {
            AccountState::Active => (Paint::Good, "enabled "),
            AccountState::Invited => (Paint::Good, "invited "),
            AccountState::Disabled => (Paint::Warning, "disabled"),
        };
        let used = account.accessed_at.0.map_or_else(|| "not signed in".to_owned(), |at| format!("last seen {at}"));
        // A name can contain anything; a terminal must not interpret it.
        let name: String = account.name.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
        let factor = if account.second_factor { "second factor  " } else { "" };
        let line = format!("{:widest$}  {}  {used}  {factor}{name}", account.email, output.paint(paint, state));
        output.line(line.trim_end())?;
    }
    Ok(())
}

fn accounts(tools: &Tools) -> Accounts<'_> {
    Accounts { store: &*tools.store, clock: &tools.clock, caller: Caller::command_line() }
}

/// The password from the environment, or from two hidden prompts.
fn password() -> Result<String, CliError> {
    if let Ok(password) = std::env::var(PASSWORD_VARIABLE) {
        return Ok(password);
    }
    let ask = |prompt| rpassword::prompt_password(prompt).map_err(|_| CliError::PasswordMissing);
    let password = ask("Password: ")?;
    if ask("Confirm password: ")? == password { Ok(password) } else { Err(CliError::PasswordsDiffer) }
}
