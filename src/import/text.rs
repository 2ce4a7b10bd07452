//! Reads a text as JSON or YAML.

use super::{error::ImportError, json, node::Node, options::Source, yaml};

/// Reads JSON or YAML.
pub(super) fn parse(source: &Source) -> Result<Node, ImportError> {
    let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
    if text.trim_start().starts_with(['{', '[']) { json::parse(&source.file, text) } else { yaml::parse(&source.file, text) }
}
