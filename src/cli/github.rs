//! Findings as annotations of a GitHub workflow: commands in its log that mark a line of a file.

use std::io;

use super::{check::summary, input::Given, output::Output};
use crate::scope::{Level, Report};

/// Prints an annotation for each finding, and the verdict.
pub(super) fn print(output: &mut Output, report: &Report, given: &Given) -> io::Result<()> {
    for finding in report.all() {
        let command = match finding.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Hint => "notice",
        };
        let mut properties = Vec::new();
        if let Some((index, (file, place))) = finding.index.and_then(|index| Some((index, given.place(index)?))) {
            let width = given.items.get(index).map_or(0, |item| item.chars().count());
            properties.push(format!("file={}", property(file)));
            properties.push(format!("line={},col={},endColumn={}", place.line, place.column, place.column + width));
        }
        properties.push(format!("title={}", property(finding.code.as_str())));
        let mut message = format!("{}\nhelp: {}", finding.message, finding.help);
        if !finding.path.is_empty() {
            message = format!("{message}\nreach: {}", finding.path.join(" → "));
        }
        output.line(format!("::{command} {}::{}", properties.join(","), data(&message)))?;
    }
    output.line(format!("{}: {}", if report.valid { "valid" } else { "not valid" }, summary(report, given)))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_ends_the_command() {
        assert_eq!(data("100%\r\n::error::x"), "100%25%0D%0A::error::x");
        assert_eq!(property("a:b,c"), "a%3Ab%2Cc");
    }
}
