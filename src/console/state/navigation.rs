//! Where one can go: the pages of a project, what the command palette finds, and the keys that lead there.

use crate::console::route::Page;

/// How many destinations the palette shows.
const MOST: usize = 16;

/// The pages of a project, in the order of the navigation, each with its label.
pub fn project_pages(project: &str) -> [(Page, &'static str); 6] {
    let project = || project.to_owned();
    [
        (Page::Keys { project: project() }, "Keys"),
        (Page::Ephemeral { project: project() }, "Ephemeral keys"),
        (Page::DevKeys { project: project() }, "Dev keys"),
        (Page::Audit { project: project() }, "Audit"),
        (Page::Policy { project: project() }, "Policy"),
        (Page::Settings { project: project() }, "Project"),
    ]
}

/// What the command palette finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Find {
    /// Pages, projects and keys.
    Everything,
    /// Projects.
    Projects,
}

/// Something that the command palette leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// Its name.
    pub label: String,
    /// What it is: "Page", "Project", "API key".
    pub kind: &'static str,
    /// The page.
    pub page: Page,
}

impl Destination {
    /// A page.
    pub fn page(label: &str, page: Page) -> Self {
        Self { label: label.to_owned(), kind: "Page", page }
    }
}

/// The pages that the palette offers, with those of a project first.
pub fn pages(project: Option<&str>) -> Vec<Destination> {
    let mut all = Vec::new();
    if let Some(project) = project {
        let create = Page::KeyCreate { project: project.to_owned() };
        all.push(Destination::page(create.title(), create));
        for (page, _) in project_pages(project) {
            all.push(Destination::page(page.title(), page));
        }
    }
    for page in [Page::Checker, Page::Scopes, Page::Projects, Page::People, Page::ServerAudit, Page::Account] {
        all.push(Destination::page(page.title(), page));
    }
    all
}

/// The destinations whose label has every word, those that start with the first word before others.
pub fn matching(all: &[Destination], words: &str) -> Vec<Destination> {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let (mut first, mut then) = (Vec::new(), Vec::new());
    for destination in all {
        let label = destination.label.to_lowercase();
        if !words.iter().all(|word| label.contains(word.as_str())) {
            continue;
        }
        let starts = words.first().is_none_or(|word| label.starts_with(word.as_str()));
        if starts { &mut first } else { &mut then }.push(destination.clone());
    }
    first.append(&mut then);
    first.truncate(MOST);
    first
}

/// What a key press does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shortcut {
    /// Shows the shortcuts.
    Help,
    /// Moves the focus to the search of the page.
    Search,
    /// Waits for the second key.
    Wait,
    /// Goes to a page.
    Go(Page),
}

/// The shortcuts with what they do, for a person.
pub const SHORTCUTS: &[(&str, &str)] = &[
    ("Ctrl K", "Go to a page, project or key"),
    ("/", "Search on this page"),
    ("C", "Create an API key"),
    ("G then K", "API keys"),
    ("G then E", "Ephemeral keys"),
    ("G then D", "Dev keys"),
    ("G then A", "Audit log"),
    ("G then P", "Key policy"),
    ("G then S", "Project"),
    ("G then C", "Checker"),
    ("G then R", "Scopes"),
    ("G then O", "Projects"),
    ("G then U", "People"),
    ("?", "Show this list"),
];

/// What a key does, on a page of this project. `goes` is whether the key before was `g`.
pub fn shortcut(key: &str, goes: bool, project: Option<&str>) -> Option<Shortcut> {
    let of_project = |page: fn(String) -> Page| project.map(|project| Shortcut::Go(page(project.to_owned())));
    match (goes, key) {
        (_, "?") => Some(Shortcut::Help),
        (false, "/") => Some(Shortcut::Search),
        (false, "g") => Some(Shortcut::Wait),
        (false, "c") => of_project(|project| Page::KeyCreate { project }),
        (true, "k") => of_project(|project| Page::Keys { project }),
        (true, "e") => of_project(|project| Page::Ephemeral { project }),
        (true, "d") => of_project(|project| Page::DevKeys { project }),
        (true, "a") => of_project(|project| Page::Audit { project }),
        (true, "p") => of_project(|project| Page::Policy { project }),
        (true, "s") => of_project(|project| Page::Settings { project }),
        (true, "c") => Some(Shortcut::Go(Page::Checker)),
        (true, "r") => Some(Shortcut::Go(Page::Scopes)),
        (true, "o") => Some(Shortcut::Go(Page::Projects)),
        (true, "u") => Some(Shortcut::Go(Page::People)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(found: &[Destination]) -> Vec<&str> {
        found.iter().map(|destination| destination.label.as_str()).collect()
    }

    #[test]
    fn every_word_counts_and_what_starts_with_the_first_comes_first() {
        let all = pages(Some("shop"));
        assert_eq!(labels(&matching(&all, "key")), ["Key policy", "Create API key", "API keys", "Ephemeral keys", "Dev keys"]);
        assert_eq!(labels(&matching(&all, " KEYS dev ")), ["Dev keys"]);
        assert_eq!(labels(&matching(&all, "nothing")), Vec::<&str>::new());
        assert_eq!(matching(&all, "").len(), all.len());
    }

    #[test]
    fn no_more_are_shown_than_a_person_reads() {
        let all: Vec<_> = (0..100).map(|number| Destination::page(&format!("Page {number}"), Page::Checker)).collect();
        assert_eq!(matching(&all, "page").len(), MOST);
    }

    #[test]
    fn without_a_project_only_pages_that_need_none_are_offered() {
        assert!(pages(None).iter().all(|destination| destination.page.project().is_none()));
        assert_eq!(shortcut("c", false, None), None);
        assert_eq!(shortcut("k", true, None), None);
    }

    #[test]
    fn every_listed_shortcut_does_something() {
        for (keys, _) in SHORTCUTS.iter().filter(|(keys, _)| !keys.starts_with("Ctrl")) {
            let (goes, key) = keys.strip_prefix("G then ").map_or((false, *keys), |key| (true, key));
            assert!(shortcut(&key.to_lowercase(), goes, Some("shop")).is_some(), "{keys}");
        }
        assert_eq!(shortcut("g", false, None), Some(Shortcut::Wait));
        assert_eq!(shortcut("c", true, Some("shop")), Some(Shortcut::Go(Page::Checker)));
        assert_eq!(shortcut("x", false, Some("shop")), None);
    }
}
