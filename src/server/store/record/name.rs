//! Names that earlier versions stored.

use crate::key::{KeyName, MAX_NAME_CHARACTERS};

/// A valid name instead of this one: spaces for control characters, cut to the limit, and the id instead of an empty name. `None` if
/// the name is valid.
pub(in crate::server::store) fn replaced_name(name: &str, id: &str) -> Option<String> {
    if name.parse::<KeyName>().is_ok() {
        return None;
    }
    let name = if name.is_empty() { id } else { name };
    Some(name.chars().take(MAX_NAME_CHARACTERS).map(|c| if c.is_control() { ' ' } else { c }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replaced_name_is_valid_and_a_valid_name_stays() {
        for c in ('\0'..='\u{9f}').filter(|c| c.is_control()) {
            assert_eq!(replaced_name(&format!("a{c}b"), "id").as_deref(), Some("a b"), "{c:?}");
        }
        for (name, replaced) in [("", Some("id")), ("\n", Some(" ")), ("Ada", None), (" ", None)] {
            assert_eq!(replaced_name(name, "id").as_deref(), replaced, "{name:?}");
        }
        let long = replaced_name(&"🔑".repeat(200), "id").unwrap();
        assert!(long.chars().count() == MAX_NAME_CHARACTERS && long.parse::<KeyName>().is_ok());
    }
}
