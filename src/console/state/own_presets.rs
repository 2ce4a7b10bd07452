//! The presets of a project that a person has saved in this browser.

use crate::{picker::state::Preset, scope::MAX_SCOPE_NAME_LENGTH};

/// So many are kept.
const MAX_PRESETS: usize = 30;
/// The longest name.
const MAX_NAME: usize = 60;
/// So many scopes a preset has.
const MAX_SCOPES: usize = 300;
/// A longer text was not written by the console.
const MAX_BYTES: usize = 256 * 1024;

/// Why a preset is not saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PresetProblem {
    /// No name.
    #[error("Enter a name for the preset.")]
    NoName,
    /// No scopes.
    #[error("Select at least one scope first.")]
    NoScopes,
    /// The name is too long.
    #[error("Use at most 60 characters for the name.")]
    TooLong,
    /// There are too many.
    #[error("You have 30 presets for this project. Delete one first.")]
    TooMany,
}

/// Reads what the browser has stored. What cannot be read is left out.
pub fn read_presets(text: &str) -> Vec<Preset> {
    if text.len() > MAX_BYTES {
        return Vec::new();
    }
    let mut presets: Vec<Preset> = serde_json::from_str(text).unwrap_or_default();
    presets.retain(is_well_formed);
    presets.truncate(MAX_PRESETS);
    presets
}

/// What the browser stores.
pub fn write_presets(presets: &[Preset]) -> String {
    // Texts can always be written.
    serde_json::to_string(presets).unwrap_or_default()
}

/// The presets with one more, which replaces the one of the same name.
///
/// # Errors
/// If it has no name or no scopes, or there is no room for it.
pub fn with_preset(presets: &[Preset], name: &str, scopes: &[String]) -> Result<Vec<Preset>, PresetProblem> {
    let name = name.trim();
    let added = Preset { name: name.to_owned(), description: None, scopes: scopes.to_vec() };
    match () {
        () if name.is_empty() => return Err(PresetProblem::NoName),
        () if name.chars().count() > MAX_NAME => return Err(PresetProblem::TooLong),
        () if scopes.is_empty() => return Err(PresetProblem::NoScopes),
        () => {}
    }
    let mut all: Vec<Preset> = presets.iter().filter(|preset| preset.name != name).cloned().collect();
    if all.len() >= MAX_PRESETS || !is_well_formed(&added) {
        return Err(PresetProblem::TooMany);
    }
    all.push(added);
    Ok(all)
}

fn is_well_formed(preset: &Preset) -> bool {
    let is_name = |name: &String| !name.is_empty() && name.len() <= MAX_SCOPE_NAME_LENGTH && !name.chars().any(char::is_control);
    let name = preset.name.trim();
    !name.is_empty() && name.chars().count() <= MAX_NAME && preset.scopes.len() <= MAX_SCOPES && preset.scopes.iter().all(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_preset_is_saved_and_read_back_and_one_of_the_same_name_replaces_it() {
        let one = with_preset(&[], " Import ", &list(&["rows.read"])).unwrap();
        let two = with_preset(&one, "Import", &list(&["rows.read", "rows.write"])).unwrap();
        assert_eq!(two.len(), 1);
        assert_eq!(read_presets(&write_presets(&two)), two);
        assert_eq!(two.first().map(|preset| preset.scopes.len()), Some(2));
    }

    #[test]
    fn what_lacks_a_name_or_scopes_or_room_is_refused() {
        let scopes = list(&["rows.read"]);
        assert_eq!(with_preset(&[], "  ", &scopes), Err(PresetProblem::NoName));
        assert_eq!(with_preset(&[], "x", &[]), Err(PresetProblem::NoScopes));
        assert_eq!(with_preset(&[], &"x".repeat(61), &scopes), Err(PresetProblem::TooLong));
        let full: Vec<Preset> =
            (0..30).map(|number| Preset { name: number.to_string(), description: None, scopes: scopes.clone() }).collect();
        assert_eq!(with_preset(&full, "x", &scopes), Err(PresetProblem::TooMany));
        assert!(with_preset(&full, "7", &scopes).is_ok());
    }

    #[test]
    fn what_the_browser_stores_can_be_anything() {
        for text in ["", "{}", "[1]", "[{\"name\":\"x\"}]", "null"] {
            assert_eq!(read_presets(text), [], "{text}");
        }
        let bad = r#"[{"name":"","scopes":["a"]},{"name":"x","scopes":["\u0000"]},{"name":"ok","scopes":["rows.read"]}]"#;
        assert_eq!(read_presets(bad), [Preset { name: "ok".into(), description: None, scopes: list(&["rows.read"]) }]);
        assert_eq!(read_presets(&format!("[{}]", " ".repeat(MAX_BYTES))), []);
    }
}
