//! A set of names. Those of `std` are quicker for many thousands, and larger in what a browser loads.

/// Names, each once, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names<T = String>(Vec<T>);

impl<T: AsRef<str>> Names<T> {
    /// An empty set.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Whether a name is in the set.
    pub fn contains(&self, name: &str) -> bool {
        self.place(name).is_ok()
    }

    /// Adds a name, and returns whether it is new.
    pub fn insert(&mut self, name: T) -> bool {
        let place = self.place(name.as_ref());
        if let Err(place) = place {
            self.0.insert(place, name);
        }
        place.is_err()
    }

    /// Removes a name, and returns whether it was there.
    pub fn remove(&mut self, name: &str) -> bool {
        let place = self.place(name);
        if let Ok(place) = place {
            self.0.remove(place);
        }
        place.is_ok()
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|known| known.as_ref().cmp(name))
    }
}

impl FromIterator<String> for Names {
    fn from_iter<I: IntoIterator<Item = String>>(names: I) -> Self {
        let mut all = Self::new();
        for name in names {
            all.insert(name);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_in_the_set_once() {
        let mut names: Names = ["b", "c", "a", "b"].map(str::to_owned).into_iter().collect();
        assert_eq!(names.0, ["a", "b", "c"]);
        assert!(names.contains("c") && !names.contains("d"));
        assert!(names.insert("d".into()) && !names.insert("d".into()));
        assert!(names.remove("a") && !names.remove("a"));
        assert_eq!(names.0, ["b", "c", "d"]);
    }
}
