//! The ids of editions, from the names of their files.

use std::collections::HashSet;

use super::{names::kebab, options::Source};

/// An id for each file: the given one; otherwise the file's name, or its folder's where the names are the same.
pub(super) fn ids(sources: &[Source]) -> Vec<String> {
    let parts = |source: &Source| -> Vec<String> { source.file.split(['/', '\\']).map(str::to_owned).collect() };
    let stem = |source: &Source| {
        let file = parts(source).pop().unwrap_or_default();
        let stem = ["json", "yaml", "yml"].iter().find_map(|end| file.strip_suffix(end)?.strip_suffix('.'));
        kebab_dots(stem.unwrap_or(&file))
    };
    let folder = |source: &Source| parts(source).iter().rev().nth(1).map(|folder| kebab_dots(folder)).unwrap_or_default();
    let whole = |source: &Source| kebab(&source.file);
    let namings: [&dyn Fn(&Source) -> String; 3] = [&stem, &folder, &whole];
    let distinct = |naming: &dyn Fn(&Source) -> String| {
        let mut seen = HashSet::new();
        sources.iter().all(|source| {
            let id = naming(source);
            !id.is_empty() && seen.insert(id)
        })
    };
    let naming = namings.into_iter().find(|naming| distinct(naming));
    let derived = |(index, source): (usize, &Source)| match &source.edition {
        Some(edition) => edition.clone(),
        None => naming.map_or_else(|| format!("edition-{}", index + 1), |naming| naming(source)),
    };
    sources.iter().enumerate().map(derived).collect()
}

/// Kebab case that keeps dots between digits (`v1.2`).
fn kebab_dots(text: &str) -> String {
    text.split('.').map(kebab).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editions_are_named_after_files_or_folders() {
        let of = |files: &[&str]| {
            let source = |file: &&str| Source { file: (*file).to_owned(), ..Source::default() };
            ids(&files.iter().map(source).collect::<Vec<_>>())
        };
        assert_eq!(of(&["api/v1.2.yaml", "api/V 2.json"]), ["v1.2", "v-2"]);
        assert_eq!(of(&["ghes-3.10/a.json", "ghes-3.11/a.json"]), ["ghes-3.10", "ghes-3.11"]);
        assert_eq!(of(&["x.json", "x.json"]), ["edition-1", "edition-2"]);
        let named = Source { file: "a.json".into(), edition: Some("2026".into()), ..Source::default() };
        assert_eq!(ids(&[named]), ["2026"]);
    }
}
