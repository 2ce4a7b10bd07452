//! The presets of the picker where the embedder gives none.

use super::strings::{Strings, Text};
use crate::scope::Catalog;

/// A set of scopes that a person chooses with one click.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
pub struct Preset {
    /// What it is called.
    pub name: String,
    /// What it is for, in one sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its scopes.
    pub scopes: Vec<String>,
}

/// The catalog that the presets below are for; of others, the picker knows only which scopes read.
const CATALOG: &str = "appwrite";
const OF_CATALOG: &[(Text, Text, &[&str])] = &[
    (Text::PresetDeploy, Text::PresetDeployAbout, &["functions.read", "functions.write", "sites.read", "sites.write"]),
    (Text::PresetSsr, Text::PresetSsrAbout, &["sessions.write"]),
    (
        Text::PresetMessaging,
        Text::PresetMessagingAbout,
        &["messages.read", "messages.write", "providers.read", "topics.read", "subscribers.read", "targets.read"],
    ),
    (
        Text::PresetBackups,
        Text::PresetBackupsAbout,
        &[
            "users.read",
            "teams.read",
            "databases.read",
            "tables.read",
            "columns.read",
            "indexes.read",
            "rows.read",
            "buckets.read",
            "files.read",
        ],
    ),
];

/// The presets for a catalog, with those of their scopes that are offered; `offered` is in the order of the catalog. A preset without any is left out.
/// What only reads has no scope that is sensitive in the edition.
pub fn presets(catalog: &Catalog, offered: &[usize], edition: Option<&str>, strings: &Strings, given: Option<&[Preset]>) -> Vec<Preset> {
    let is_offered = |name: &String| catalog.scope_index(name).is_some_and(|at| offered.binary_search(&at).is_ok());
    let own = || {
        let reads = offered.iter().filter_map(|at| catalog.scopes().get(*at)).filter(|scope| {
            scope.id.action() == Some("read") && !scope.deprecated && catalog.sensitivity_of(scope.id.as_str(), edition).is_none()
        });
        let preset = |name: Text, about: Text, scopes: Vec<String>| Preset {
            name: strings.get(name).to_owned(),
            description: Some(strings.get(about).to_owned()),
            scopes,
        };
        let read_only = preset(Text::PresetReadOnly, Text::PresetReadOnlyAbout, reads.map(|scope| scope.id.as_str().to_owned()).collect());
        let of_catalog = OF_CATALOG.iter().filter(|_| catalog.id == CATALOG);
        let of_catalog =
            of_catalog.map(|(name, about, scopes)| preset(*name, *about, scopes.iter().map(|scope| (*scope).to_owned()).collect()));
        std::iter::once(read_only).chain(of_catalog).collect::<Vec<_>>()
    };
    let mut presets = given.map_or_else(own, <[Preset]>::to_vec);
    presets.iter_mut().for_each(|preset| preset.scopes.retain(is_offered));
    presets.retain(|preset| !preset.scopes.is_empty());
    presets
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(catalog: &Catalog) -> Vec<usize> {
        (0..catalog.scopes().len()).collect()
    }

    #[test]
    fn presets_have_only_current_scopes_of_the_catalog() {
        let catalog = Catalog::appwrite();
        for (name, _, scopes) in OF_CATALOG {
            for scope in *scopes {
                assert!(catalog.scope(scope).is_some_and(|scope| !scope.deprecated), "{}: {scope}", name.english());
            }
        }
    }

    #[test]
    fn reading_is_a_preset_of_every_catalog_and_has_nothing_sensitive() {
        let catalog = Catalog::appwrite();
        let presets = presets(catalog, &all(catalog), None, &Strings::default(), None);
        assert_eq!(
            presets.iter().map(|preset| preset.name.as_str()).collect::<Vec<_>>(),
            ["Read-only", "Deploy from CI", "SSR sessions", "Messaging", "Backups"]
        );
        assert!(presets[0].scopes.contains(&"rows.read".to_owned()) && !presets[0].scopes.contains(&"keys.read".to_owned()));
    }

    #[test]
    fn reading_has_what_is_not_sensitive_in_the_edition() {
        let text = r#"{"id":"x","name":"X","version":"1","maxScopes":9,"editions":[{"id":"old","name":"Old"},{"id":"new","name":"New"}],
            "services":[{"id":"s","name":"S"}],"operations":[],"scopes":[
            {"id":"rows.read","service":"s","description":"","tiers":["project"],"editions":["old","new"]},
            {"id":"logs.read","service":"s","description":"","tiers":["project"],"editions":["old","new"],
                "sensitive":{"reach":"secrets","reason":"It shows secrets.","path":[],"editions":["new"]}}]}"#;
        let catalog = Catalog::from_json(text).unwrap();
        let count = |edition| presets(&catalog, &all(&catalog), edition, &Strings::default(), None)[0].scopes.len();
        assert_eq!([Some("old"), Some("new"), None].map(count), [2, 1, 1]);
    }

    #[test]
    fn an_embedders_presets_count_instead_with_what_is_offered() {
        let catalog = Catalog::appwrite();
        let given = [
            Preset { name: "Mine".into(), description: None, scopes: vec!["rows.read".into(), "future.read".into()] },
            Preset { name: "None".into(), description: None, scopes: vec!["future.read".into()] },
        ];
        let presets = presets(catalog, &all(catalog), None, &Strings::default(), Some(&given));
        assert_eq!(presets, [Preset { name: "Mine".into(), description: None, scopes: vec!["rows.read".into()] }]);
    }
}
