//! Light or dark: the person's choice, or else the system's.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::storage;

const STORAGE_KEY: &str = "scopewise-theme";

/// Which colours are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Theme {
    /// As the system is set.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    pub const ALL: &[Self] = &[Self::Auto, Self::Light, Self::Dark];

    pub fn label(self) -> &'static str {
        match self {
            Self::Auto => "System",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn stored() -> Self {
        let word = storage::read(STORAGE_KEY);
        word.and_then(|word| Self::of_word(&word)).unwrap_or_default()
    }

    fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|theme| theme.word() == word)
    }
}

/// The stored theme; each change is applied, stored and passed on.
pub(super) fn start(pass_on: impl Fn(Theme) + 'static) -> RwSignal<Theme> {
    let theme = RwSignal::new(Theme::stored());
    effect(move |before: Option<Theme>| {
        let theme = theme.get();
        if let Some(root) = document().document_element() {
            drop(root.set_attribute("data-theme", theme.word()));
        }
        // If the browser refuses to store it, the choice lasts as long as the page.
        if before.is_some_and(|before| before != theme) && theme != Theme::stored() {
            storage::write(STORAGE_KEY, theme.word());
            pass_on(theme);
        }
        theme
    });
    theme
}
