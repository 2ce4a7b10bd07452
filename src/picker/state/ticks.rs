//! Which scopes of a catalog are chosen, and which are held through chosen ones; by position, so that a row finds its own at once.

use super::held::held;
use crate::scope::Catalog;

/// What a row shows of its scope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tick {
    /// Whether the scope is chosen.
    pub chosen: bool,
    /// The chosen scope that includes it.
    pub through: Option<String>,
}

/// A selection, seen from the catalog's scopes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ticks {
    chosen: Vec<bool>,
    through: Vec<(usize, String)>,
}

impl Ticks {
    /// Those of a selection.
    pub fn of(catalog: &Catalog, selection: &[String]) -> Self {
        let mut chosen = vec![false; catalog.scopes().len()];
        for at in selection.iter().filter_map(|name| catalog.scope_index(name)) {
            if let Some(place) = chosen.get_mut(at) {
                *place = true;
            }
        }
        let through = held(catalog, selection).into_iter().filter_map(|(name, through)| Some((catalog.scope_index(&name)?, through)));
        Self { chosen, through: through.collect() }
    }

    /// What a row shows of the scope at this position.
    pub fn tick(&self, scope: usize) -> Tick {
        Tick { chosen: self.is_chosen(scope), through: self.through(scope).map(str::to_owned) }
    }

    /// Whether the scope at this position is chosen.
    pub fn is_chosen(&self, scope: usize) -> bool {
        self.chosen.get(scope).copied().unwrap_or(false)
    }

    /// The chosen scope that includes the one at this position.
    pub fn through(&self, scope: usize) -> Option<&str> {
        self.through.iter().find(|(at, _)| *at == scope).map(|(_, through)| through.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selection_is_found_by_position() {
        let catalog = Catalog::appwrite();
        let ticks = Ticks::of(catalog, &["rows.read".into(), "future.read".into()]);
        let at = |name| catalog.scope_index(name).unwrap();
        assert!(ticks.is_chosen(at("rows.read")) && !ticks.is_chosen(at("rows.write")) && !ticks.is_chosen(usize::MAX));
        assert_eq!(ticks.through(at("rows.read")), None);
    }
}
