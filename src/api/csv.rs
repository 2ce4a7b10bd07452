//! Cells of CSV files (RFC 4180).

use alloc::{format, string::String};

/// What begins a formula in a spreadsheet, also in its full-width and small forms, which some make plain.
const FORMULA_SIGNS: [char; 13] =
    ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}', '\u{fe66}', '\u{fe62}', '\u{fe63}', '\u{fe6b}', '\u{2212}'];

/// A cell of a CSV file, in quotes. What a spreadsheet would take for a formula is made a text, and what would break the line is made a space.
pub fn csv_cell(cell: &str) -> String {
    let is_blank =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    let is_formula = cell.trim_start_matches(is_blank).starts_with(FORMULA_SIGNS) || cell.starts_with(['\t', '\r', '\n']);
    let plain: String = cell.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let guard = if is_formula { "'" } else { "" };
    format!("\"{guard}{}\"", plain.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_neither_a_formula_nor_a_new_line() {
        assert_eq!(csv_cell("plain"), "\"plain\"");
        assert_eq!(csv_cell("=cmd|' /C calc'!A0"), "\"'=cmd|' /C calc'!A0\"");
        assert_eq!(csv_cell("\t@x"), "\"' @x\"");
        for sign in ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫", "−"] {
            for before in ["", " ", "\u{a0}", "\u{3000}", "\u{feff}", "\u{200b}", "\t", "\r\n", "\0"] {
                let cell = csv_cell(&format!("{before}{sign}1"));
                assert!(cell.starts_with("\"'"), "{before:?}{sign}: {cell}");
            }
        }
        assert_eq!([csv_cell("\tx"), csv_cell("\rx"), csv_cell("a=b"), csv_cell("a-b")], ["\"' x\"", "\"' x\"", "\"a=b\"", "\"a-b\""]);
        assert_eq!(csv_cell("a\"b\r\n2026,done"), "\"a\"\"b  2026,done\"");
    }
}
