//! `scopewise completions` and `scopewise man`: files for packages of the program.

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Command};
use clap_complete::Shell;

use super::{CliError, output::Output};

/// Print a shell completion script
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  scopewise completions bash > /etc/bash_completion.d/scopewise
  scopewise completions fish > ~/.config/fish/completions/scopewise.fish")]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    /// Prints the script.
    pub fn run(self, mut command: Command, output: &mut Output) -> Result<ExitCode, CliError> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, "scopewise", &mut script);
        output.bytes(&script)?;
        output.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Print the manual page, or write the manual pages of all commands into a folder
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  scopewise man | man -l -
  scopewise man --folder /usr/local/share/man/man1")]
pub(super) struct Man {
    /// The folder for scopewise.1, scopewise-check.1 and so on; it must exist
    #[arg(long, env = "SCOPEWISE_MAN_FOLDER", value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

impl Man {
    /// Prints or writes the pages.
    pub fn run(self, command: Command, output: &mut Output) -> Result<ExitCode, CliError> {
        match self.folder {
            Some(folder) => clap_mangen::generate_to(command, folder)?,
            None => {
                let mut page = Vec::new();
                clap_mangen::Man::new(command).render(&mut page)?;
                output.bytes(&page)?;
                output.finish()?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
