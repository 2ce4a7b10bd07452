//! The scopes of the catalog: who declares and who uses each, its id, its service, the levels that it includes.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{
    document::{Named, ScopeEntry},
    draft::{Draft, DraftScope, OverlayScope},
    error::ImportError,
    findings::{Code, Finding},
    names::{self, Resources},
    node::Place,
    overlay::{self, Overlay},
};

/// For so many undeclared scopes the nearest declared one is looked for.
const MAX_HELPED: usize = 100;

/// What is known about one scope, by its name in the documents.
#[derive(Default)]
struct Known<'a> {
    /// As the newest document declares it.
    declared: Option<&'a DraftScope>,
    /// The editions that have it, by number.
    editions: BTreeSet<usize>,
    /// Where the newest document first uses it.
    used: Option<Place>,
}

/// All scopes of all documents.
pub(super) struct Scopes<'a> {
    known: BTreeMap<String, Known<'a>>,
    /// The id of each name.
    ids: HashMap<String, String>,
    overlay: &'a Overlay,
    newest: usize,
    declares: bool,
    /// How many the documents have.
    own: usize,
}

impl<'a> Scopes<'a> {
    /// Collects them. The drafts stand from the oldest to the newest.
    pub fn new(drafts: &'a [Draft], overlay: &'a Overlay) -> Result<Self, ImportError> {
        let mut known: BTreeMap<String, Known<'a>> = BTreeMap::new();
        let newest = drafts.len().saturating_sub(1);
        for (edition, draft) in drafts.iter().enumerate() {
            for scope in &draft.scopes {
                let entry = known.entry(scope.name.clone()).or_default();
                entry.editions.insert(edition);
                entry.declared = Some(scope);
            }
            for operation in &draft.operations {
                for name in operation.needs.names().chain(operation.least.iter().flatten().map(String::as_str)) {
                    let entry = known.entry(name.to_owned()).or_default();
                    entry.editions.insert(edition);
                    if edition == newest && entry.used.is_none() {
                        entry.used = Some(operation.place.clone());
                    }
                }
            }
        }
        let declares = drafts.last().is_some_and(|draft| !draft.scopes.is_empty());
        let own = known.len();
        let mut scopes = Self { ids: names::scope_ids(known.keys().map(String::as_str)), known, overlay, newest, declares, own };
        scopes.add_overlay()?;
        Ok(scopes)
    }

    /// A scope that only the overlay uses must be described there; one that it describes must be used.
    fn add_overlay(&mut self) -> Result<(), ImportError> {
        for operation in &self.overlay.operations {
            let used = operation.scopes.iter().flatten().flatten().map(|name| ("scopes", name));
            for (member, name) in used.chain(operation.least.iter().flatten().map(|name| ("least", name))) {
                if let Some(name) = self.name(name) {
                    let name = name.to_owned();
                    self.known.entry(name).or_default().used.get_or_insert_with(|| operation.places.own.clone());
                } else if self.overlay.scopes.iter().any(|scope| scope.name == *name) {
                    let entry = self.known.entry(name.clone()).or_default();
                    entry.editions.insert(self.newest);
                    entry.used = Some(operation.places.own.clone());
                } else {
                    let help = format!("to declare a new one, add `{name}: {{}}` under `scopes` of this file");
                    let names = self.known.keys().map(String::as_str);
                    return Err(overlay::fits_nothing(operation.places.member(member), "scope", name, names, &help));
                }
            }
        }
        self.ids = names::scope_ids(self.known.keys().map(String::as_str));
        let mut seen: HashMap<String, &OverlayScope> = HashMap::new();
        for scope in &self.overlay.scopes {
            let included = scope.includes.iter().flatten().map(|name| ("includes", name));
            let names = std::iter::once(("", &scope.name)).chain(included);
            for (member, name) in names.chain(scope.successor.iter().map(|name| ("successor", name))) {
                if self.name(name).is_none() {
                    let help = match member {
                        "" => "to declare a new one, name it in an operation under `operations` too".to_owned(),
                        _ => format!(
                            "to declare a new one, add `{name}: {{}}` under `scopes`, and name it in an operation under `operations`"
                        ),
                    };
                    let names = self.known.keys().map(String::as_str);
                    return Err(overlay::fits_nothing(scope.places.member(member), "scope", name, names, &help));
                }
            }
            // What the overlay says counts, not what the document does.
            if let Some(other) = seen.insert(self.id(&scope.name), scope)
                && other.places.own.file == scope.places.own.file
            {
                let (name, other) = (&scope.name, &other.name);
                let message = format!("`{name}` is the scope `{other}`, which has an entry already; say everything in one of them");
                return Err(ImportError::at(&scope.places.own, message));
            }
        }
        Ok(())
    }

    /// The name in the documents, of a name or an id.
    fn name(&self, text: &str) -> Option<&str> {
        if let Some((name, _)) = self.known.get_key_value(text) {
            return Some(name);
        }
        self.ids.iter().find_map(|(name, id)| (id == text).then_some(name.as_str()))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// How many the documents have, without those that the overlay declares.
    pub fn own(&self) -> usize {
        self.own
    }

    /// The id, of a name or an id.
    pub fn id(&self, text: &str) -> String {
        match self.ids.get(text) {
            Some(id) => id.clone(),
            None => text.to_owned(),
        }
    }

    /// The names that are deprecated.
    pub fn deprecated(&self) -> HashSet<String> {
        let is = |name: &str, known: &Known<'_>| match self.described(name).and_then(|overlay| overlay.deprecated) {
            Some(flag) => flag,
            None => known.declared.is_some_and(|scope| scope.deprecated),
        };
        self.known.iter().filter(|(name, known)| is(name, known)).map(|(name, _)| name.clone()).collect()
    }

    /// What the overlay says about a scope.
    fn described(&self, name: &str) -> Option<&'a OverlayScope> {
        let id = self.ids.get(name);
        self.overlay.scopes.iter().find(|scope| scope.name == name || Some(&scope.name) == id)
    }

    /// Adds the findings about scopes.
    pub fn findings(&self, findings: &mut Vec<Finding>) {
        let declared: Vec<&str> = self.known.iter().filter(|(_, known)| known.declared.is_some()).map(|(name, _)| name.as_str()).collect();
        let mut helped = 0;
        for (name, known) in &self.known {
            let place = known.declared.map(|scope| &scope.place).or(known.used.as_ref()).cloned().unwrap_or_default();
            let overlay = self.described(name);
            let id = self.id(name);
            if id != *name {
                findings.push(Finding::new(Code::ScopeRenamed, &place, format!("`{name}` has the id `{id}`")));
            }
            if known.editions.contains(&self.newest) {
                if known.declared.is_none() && self.declares && overlay.is_none() {
                    helped += 1;
                    let near = (helped <= MAX_HELPED).then(|| names::nearest_declared(name, &declared)).flatten();
                    let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                    findings.push(Finding::new(Code::UndeclaredScope, &place, format!("`{name}` is not declared{near}")));
                }
                if known.used.is_none() && known.declared.is_some_and(|scope| scope.includes.is_empty()) {
                    findings.push(Finding::new(Code::UnusedScope, &place, format!("no operation needs `{name}`")));
                }
            }
            let why = known.declared.and_then(|scope| scope.sensitive.clone());
            let why = why.or_else(|| names::is_sensitive(name).then(|| names::WHY_SENSITIVE.to_owned()));
            if let Some(why) = why.filter(|_| overlay.is_none_or(|overlay| overlay.sensitive.is_none())) {
                findings.push(Finding::new(Code::SensitiveCandidate, &place, format!("`{name}`: {why}")));
            }
        }
    }

    /// The entries and the services that they are shown in, both in alphabetical order of ids.
    pub fn entries(&self, editions: &[String], levels: &HashMap<String, String>) -> (Vec<ScopeEntry>, Vec<Named>) {
        let resources = Resources::new(self.known.keys().map(String::as_str));
        let deprecated = self.deprecated();
        let mut services: BTreeMap<String, String> = BTreeMap::new();
        let mut entries = Vec::new();
        for (name, known) in &self.known {
            let overlay = self.described(name);
            let id = self.id(name);
            let resource = overlay.and_then(|overlay| overlay.service.clone()).or_else(|| resources.of(name)).unwrap_or_default();
            let (service, title) = match names::kebab(&resource) {
                service if service.is_empty() => ("general".to_owned(), "General".to_owned()),
                service => (service, title(&resource)),
            };
            services.entry(service.clone()).or_insert(title);
            let mut includes: Vec<String> = known.declared.map(|scope| scope.includes.clone()).unwrap_or_default();
            includes.extend(levels.get(name).cloned());
            includes.extend(overlay.and_then(|overlay| overlay.includes.clone()).unwrap_or_default());
            let includes: BTreeSet<String> = includes.iter().map(|name| self.id(name)).collect();
            let described = overlay.and_then(|overlay| overlay.description.clone());
            let display =
                overlay.and_then(|overlay| overlay.display.clone()).or_else(|| known.declared.and_then(|scope| scope.display.clone()));
            entries.push(ScopeEntry {
                name: display.or_else(|| (id != *name).then(|| names::one_line(name))),
                id,
                service,
                description: described.unwrap_or_else(|| names::one_line(known.declared.map_or("", |scope| &scope.description))),
                tiers: ["project"],
                editions: known.editions.iter().filter_map(|edition| editions.get(*edition).cloned()).collect(),
                includes: includes.into_iter().collect(),
                deprecated: deprecated.contains(name),
                successor: overlay.and_then(|overlay| overlay.successor.as_ref()).map(|name| self.id(name)),
                sensitive: overlay.and_then(|overlay| overlay.sensitive.clone()),
            });
        }
        entries.sort_by(|one, other| (&one.service, &one.id).cmp(&(&other.service, &other.id)));
        (entries, services.into_iter().map(|(id, name)| Named { id, name }).collect())
    }

    /// The next lower level of each scope that has one.
    pub fn levels(&self, levels: &[String]) -> HashMap<String, String> {
        let mut below = HashMap::new();
        if levels.is_empty() {
            return below;
        }
        let mut resources: BTreeMap<Vec<String>, BTreeMap<u8, &str>> = BTreeMap::new();
        for name in self.known.keys() {
            if let Some((resource, rank)) = names::level(name, levels) {
                resources.entry(resource).or_default().entry(rank).or_insert(name);
            }
        }
        for names in resources.values() {
            let names: Vec<&str> = names.values().copied().collect();
            for pair in names.windows(2) {
                if let [low, high] = pair {
                    below.insert((*high).to_owned(), (*low).to_owned());
                }
            }
        }
        below
    }
}

/// What a person calls a service.
fn title(resource: &str) -> String {
    let is_loud = resource.chars().any(char::is_uppercase) && !resource.chars().any(char::is_lowercase);
    names::capital(&if is_loud { resource.to_lowercase() } else { resource.to_owned() })
}
