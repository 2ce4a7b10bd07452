//! Makes one catalog of the drafts.

use std::collections::HashSet;

use super::{
    document::{Document, Named, OperationEntry},
    draft::{Draft, DraftOperation, Needs},
    editions,
    error::ImportError,
    findings::{Code, Finding, Report, Summary},
    formats,
    names::{self, Taken},
    needs::{Alternative, Judge, MAX_ALTERNATIVES, Resolved},
    node::Place,
    options::{Ids, Options, Source},
    overlay::{self, Open, Overlay},
    paths,
    routes::{self, Item},
    scopes::Scopes,
    whole,
};

/// So many scopes, and so many operations, a catalog can have.
const MAX_ITEMS: usize = 20_000;
/// So many base paths, and segments of one, a catalog can have.
const MAX_BASES: usize = 16;
/// So many paths with a tail.
const MAX_TAILS: usize = 1_000;
/// The methods that a catalog can have.
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// A catalog, and what is in doubt about it.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The catalog as JSON.
    pub catalog: String,
    /// What was found.
    pub report: Report,
}

/// Makes a catalog of one document, or of several editions of it from the oldest to the newest.
///
/// The operations are those of the newest document. A scope belongs to each edition whose document has it.
///
/// # Errors
/// The first thing that makes a file unusable, with its place.
pub fn import(sources: &[Source], options: &Options) -> Result<Imported, ImportError> {
    let Some(newest) = sources.last() else { return Err(ImportError::file("", "give a file to import")) };
    let ids = editions::ids(sources);
    let mut seen = HashSet::new();
    if let Some(twice) = ids.iter().find(|id| !seen.insert(id.as_str())) {
        return Err(ImportError::file(&newest.file, format!("two files have the edition `{twice}`; name each with --edition")));
    }
    let mut drafts = sources.iter().map(|source| formats::draft(source, options)).collect::<Result<Vec<Draft>, _>>()?;
    let mut findings = drafts.last_mut().map(|draft| std::mem::take(&mut draft.findings)).unwrap_or_default();
    let mut overlay = options.overlay.as_ref().map(overlay::read).transpose()?.unwrap_or_default();
    // What the document says about a scope itself, unless the overlay speaks of it.
    let described = drafts.last_mut().map(|draft| std::mem::take(&mut draft.described)).unwrap_or_default();
    let stated: HashSet<String> = overlay.scopes.iter().map(|scope| scope.name.clone()).collect();
    overlay.scopes.extend(described.into_iter().filter(|scope| !stated.contains(&scope.name)));
    let scopes = Scopes::new(&drafts, &overlay)?;
    for scope in &overlay.scopes {
        let editions = scope.sensitive.iter().flat_map(|sensitive| &sensitive.editions);
        if let Some(unknown) = editions.into_iter().find(|edition| !ids.contains(edition)) {
            let message = format!("`sensitive` names the edition `{unknown}`; the editions are {}", ids.join(", "));
            return Err(ImportError::at(scope.places.member("sensitive"), message));
        }
    }
    let Some(draft) = drafts.last() else { return Err(ImportError::file(&newest.file, "the file is empty")) };
    if scopes.len().max(draft.operations.len()) > MAX_ITEMS {
        let (own, scopes, operations) = (scopes.own(), scopes.len(), draft.operations.len());
        let message = format!("{scopes} scopes and {operations} operations are too many; a catalog has at most {MAX_ITEMS} of each");
        if let Some(overlay) = options.overlay.as_ref().filter(|_| operations.max(own) <= MAX_ITEMS) {
            let message = format!("{message}, and {} of the scopes are new in this file: leave some out", scopes - own);
            return Err(ImportError { place: Place { file: overlay.file.clone(), pointer: "/scopes".to_owned(), line: 0 }, message });
        }
        return Err(ImportError::file(&newest.file, message));
    }
    let fold_case = options.fold_case || draft.fold_case;

    let deprecated = scopes.deprecated();
    let mut judge = Judge::new(options.several, &deprecated);
    let mut items = operations(draft, &mut judge, &scopes, options.ids, fold_case, &mut findings);
    let tails = items.iter().filter(|item| item.route.shape.contains("{+}")).count();
    if tails > MAX_TAILS {
        let message = format!("{tails} paths have a tail such as `{{+path}}`; a catalog has at most {MAX_TAILS}");
        return Err(ImportError::file(&newest.file, message));
    }
    apply(&overlay, &mut items, &scopes, fold_case)?;
    routes::merge(&mut items, &mut findings);
    lists(&judge, &mut findings);
    if !items.iter().any(|item| matches!(item.needs, Resolved::Any(_))) {
        let place = Place { file: newest.file.clone(), ..Place::default() };
        findings.push(Finding::new(Code::NoScopes, &place, format!("none of the {} operations names a scope", items.len())));
    }
    scopes.findings(&mut findings);

    let levels = scopes.levels(&options.levels);
    if levels.is_empty() && !options.levels.is_empty() {
        let message = format!("no two scopes are levels of one resource; --levels says {}", options.levels.join(","));
        return Err(ImportError::file(&newest.file, message));
    }
    let (entries, services) = scopes.entries(&ids, &levels);
    let count = |test: &dyn Fn(&Resolved) -> bool| items.iter().filter(|item| test(&item.needs)).count();
    let summary = Summary {
        operations: items.len(),
        with_scopes: count(&|needs| matches!(needs, Resolved::Any(_))),
        public: count(&|needs| *needs == Resolved::Public),
        any_key: count(&|needs| *needs == Resolved::AnyKey),
        closed: count(&|needs| *needs == Resolved::Unknown),
        scopes: entries.len(),
        services: services.len(),
        read_as_any: judge.operations.0,
        read_as_all: judge.operations.1,
        read_from: draft.read_from.clone(),
    };
    let edition = ids.last().cloned().unwrap_or_default();
    let version = if draft.version.is_empty() { edition } else { draft.version.clone() };
    let name = options.name.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| names::one_line(&draft.title));
    let name = if name.is_empty() { "API".to_owned() } else { name };
    let document = Document {
        id: options.id.clone().unwrap_or_else(|| Some(names::kebab(&name)).filter(|id| !id.is_empty()).unwrap_or_else(|| "api".to_owned())),
        name,
        max_scopes: entries.len().max(1),
        base_paths: bases(if options.bases.is_empty() { &draft.bases } else { &options.bases }, &newest.file)?,
        fold_case,
        editions: ids.into_iter().map(|id| Named { name: id.clone(), id }).collect(),
        services,
        scopes: entries,
        operations: items.into_iter().map(|item| entry(item, &version)).collect(),
        version,
    };
    let catalog = document.text().map_err(|error| ImportError::file(&newest.file, error.to_string()))?;
    whole::check(&catalog, &document, &overlay, &scopes)?;
    findings.sort_by_key(|finding| finding.code);
    Ok(Imported { catalog, report: Report { summary, findings } })
}

/// Base paths begin with `/` and do not end with it.
fn bases(given: &[String], file: &str) -> Result<Vec<String>, ImportError> {
    let mut bases = Vec::new();
    if given.len() > MAX_BASES {
        return Err(ImportError::file(
            file,
            format!("there are {} base paths; a catalog has at most {MAX_BASES}: choose with --base", given.len()),
        ));
    }
    for base in given {
        let base = format!("/{}", base.trim_matches('/'));
        let is_odd = |c: char| c.is_control() || matches!(c, '{' | '}' | '?' | '#' | '%' | ':' | ' ');
        if base.contains(is_odd) || base.contains("//") || base.matches('/').count() > MAX_BASES {
            return Err(ImportError::file(file, format!("`{base}` cannot be a base path; set one with --base, such as /v1")));
        }
        if base != "/" && !bases.contains(&base) {
            bases.push(base);
        }
    }
    Ok(bases)
}

fn operations(
    draft: &Draft,
    judge: &mut Judge<'_>,
    scopes: &Scopes<'_>,
    ids: Ids,
    fold_case: bool,
    findings: &mut Vec<Finding>,
) -> Vec<Item> {
    let mut taken = Taken::default();
    let mut items = Vec::with_capacity(draft.operations.len());
    for operation in &draft.operations {
        let label = format!("{} {}", operation.method, operation.path);
        if !METHODS.contains(&operation.method.as_str()) {
            findings.push(Finding::new(Code::MethodNotSupported, &operation.place, format!("{label} is left out")));
            continue;
        }
        let (wanted, changed) = operation_id(operation, ids);
        let id = taken.unique(&wanted);
        if changed || id != wanted {
            let from = operation.id.as_ref().or(operation.name.as_ref()).unwrap_or(&wanted);
            findings.push(Finding::new(Code::OperationRenamed, &operation.place, format!("`{from}` ({label}) has the id `{id}`")));
        }
        if operation.needs == Needs::Unknown {
            findings.push(Finding::new(Code::OperationWithoutScopes, &operation.place, format!("{label} ({id})")));
        }
        let needs = judge.resolve(&operation.needs, &operation.place).unwrap_or_else(|| {
            let message = format!("{label} has more than {MAX_ALTERNATIVES} alternatives");
            findings.push(Finding::new(Code::TooManyAlternatives, &operation.place, message));
            Resolved::Unknown
        });
        items.push(Item {
            id,
            method: operation.method.clone(),
            route: paths::route(&operation.path, fold_case),
            needs: with_ids(needs, scopes),
            least: operation.least.as_ref().map(|names| names.iter().map(|name| scopes.id(name)).collect()),
            deprecated: operation.deprecated,
            place: operation.place.clone(),
            label,
            stated: false,
        });
    }
    items
}

fn with_ids(needs: Resolved, scopes: &Scopes<'_>) -> Resolved {
    match needs {
        Resolved::Any(alternatives) => {
            Resolved::Any(alternatives.iter().map(|names| names.iter().map(|name| scopes.id(name)).collect()).collect())
        }
        other => other,
    }
}

/// The id of an operation, and whether its name in the document had to be changed.
fn operation_id(operation: &DraftOperation, ids: Ids) -> (String, bool) {
    let dotted = |text: &str| -> String {
        let parts: Vec<String> = text.split('.').map(names::word).filter(|part| !part.is_empty()).collect();
        parts.join(".")
    };
    if let Some(id) = operation.id.as_deref() {
        let made = dotted(id);
        if !made.is_empty() {
            let changed = made != id;
            return (made, changed);
        }
    }
    let literal = || operation.path.split(['/', '?']).find(|segment| !segment.is_empty() && !segment.contains(['{', '}', ':']));
    let tag = operation.tag.as_deref().map(names::word).filter(|tag| !tag.is_empty());
    let tag = tag.or_else(|| literal().map(names::word)).filter(|tag| !tag.is_empty()).unwrap_or_else(|| "api".to_owned());
    let tag = names::small(&tag);
    let given = operation.name.as_deref().unwrap_or_default();
    // `repos/get` of the tag `repos` is `repos.get`.
    let bare = given.split_at_checked(tag.len()).filter(|(head, _)| head.eq_ignore_ascii_case(&tag));
    let bare = bare.and_then(|(_, tail)| tail.strip_prefix(['/', '.', ':'])).unwrap_or(given);
    let name = names::word(bare);
    if name.is_empty() {
        return (format!("{tag}.{}", made_name(operation)), !given.is_empty());
    }
    let changed = name != bare;
    (if ids == Ids::OperationId { dotted(given) } else { format!("{tag}.{name}") }, changed)
}

/// A name made of method and path: `getUsersByIdMessages`.
fn made_name(operation: &DraftOperation) -> String {
    let mut name = operation.method.to_lowercase();
    for segment in operation.path.split(['/', '?']).filter(|segment| !segment.is_empty()) {
        let inner = segment.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')).or_else(|| segment.strip_prefix(':'));
        name.push_str(if inner.is_some() { "By" } else { "" });
        name.push_str(&names::capital(&names::word(inner.unwrap_or(segment))));
    }
    name
}

/// Sets what the overlay says.
fn apply(overlay: &Overlay, items: &mut [Item], scopes: &Scopes<'_>, fold_case: bool) -> Result<(), ImportError> {
    let ids = |alternative: &Alternative| -> Alternative { alternative.iter().map(|name| scopes.id(name)).collect() };
    for stated in &overlay.operations {
        let route = stated.name.split_once(' ').map(|(method, path)| (method, paths::route(path.trim(), fold_case).shape));
        let fits = |item: &Item| {
            item.id == stated.name || route.as_ref().is_some_and(|(method, shape)| item.method == *method && item.route.shape == *shape)
        };
        let mut found = false;
        for item in items.iter_mut().filter(|item| fits(item)) {
            found = true;
            if let Some(alternatives) = &stated.scopes {
                item.needs = Resolved::Any(alternatives.iter().map(ids).collect());
            }
            if let Some(open) = stated.open {
                item.needs = if open == Open::Public { Resolved::Public } else { Resolved::AnyKey };
            }
            item.least = stated.least.as_ref().map(ids).or_else(|| item.least.take());
            item.stated |= stated.scopes.is_some() || stated.open.is_some();
            if stated.least.is_some() && least(item).is_none() {
                let help = match &item.needs {
                    Resolved::Any(alternatives) => {
                        let all: Vec<String> = alternatives.iter().map(|names| format!("`{}`", names.join("` with `"))).collect();
                        format!("repeat one of them: {}", all.join(", "))
                    }
                    _ => "it has none, so give `scopes` as well".to_owned(),
                };
                let message = format!("`least` must be one of the operation's alternatives; {help}");
                return Err(ImportError::at(stated.places.member("least"), message));
            }
        }
        if !found {
            let (ids, help) = (items.iter().map(|item| item.id.as_str()), "name one of its operations by id, or by method and path");
            return Err(overlay::fits_nothing(&stated.places.own, "operation", &stated.name, ids, help));
        }
    }
    Ok(())
}

/// The least privileged alternative, if it is one.
fn least(item: &Item) -> Option<Alternative> {
    let sorted = |alternative: &Alternative| {
        let mut sorted = alternative.clone();
        sorted.sort();
        sorted.dedup();
        sorted
    };
    let wanted = sorted(item.least.as_ref()?);
    match &item.needs {
        Resolved::Any(alternatives) => alternatives.iter().find(|alternative| sorted(alternative) == wanted).cloned(),
        _ => None,
    }
}

fn entry(item: Item, version: &str) -> OperationEntry {
    let least = least(&item).map(Into::into);
    let open = match item.needs {
        Resolved::Public => Some("public"),
        Resolved::AnyKey => Some("any-key"),
        _ => None,
    };
    let scopes = match item.needs {
        Resolved::Any(alternatives) => alternatives.into_iter().map(Into::into).collect(),
        _ => Vec::new(),
    };
    let deprecated = item.deprecated.then(|| version.to_owned());
    OperationEntry { id: item.id, method: item.method, path: item.route.path, scopes, least, open, inferred: false, deprecated }
}

/// The lists whose meaning was assumed.
fn lists(judge: &Judge<'_>, findings: &mut Vec<Finding>) {
    for (code, lists) in [(Code::ListReadAsAny, &judge.any), (Code::ListReadAsAll, &judge.all)] {
        for (names, (count, place)) in lists {
            let operations = if *count == 1 { "1 operation".to_owned() } else { format!("{count} operations") };
            let levels = if names::are_levels(names) { "; levels of one resource, which often means any" } else { "" };
            let place: &Place = place;
            findings.push(Finding::new(code, place, format!("{} ({operations}{levels})", names.join(", "))));
        }
    }
}
