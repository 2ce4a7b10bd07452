//! The document: its operations, and which of its three languages each speaks about scopes.

use std::collections::{BTreeMap, HashSet};

use super::{
    extensions, schemes,
    security::{self, Security},
    texts,
};
use crate::import::{
    draft::{Draft, DraftOperation, List, Needs, Requirement},
    error::ImportError,
    export::{CLOSED, EXTENSION},
    findings::{Code, Finding, ReadFrom},
    node::{Node, Place},
    options::{Ids, Options, ScopeSource},
    overlay,
};

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "patch", "head", "options"];
const OTHER_METHODS: [&str; 3] = ["trace", "query", "connect"];

/// Reads a document.
pub(in crate::import) fn read(document: &Node, place: &Place, options: &Options) -> Result<Draft, ImportError> {
    let version = document.get("openapi").or_else(|| document.get("swagger")).and_then(Node::word).unwrap_or_default();
    if !version.starts_with("3.") && version != "2.0" {
        return Err(ImportError::at(place, format!("OpenAPI 3 and Swagger 2.0 can be imported, not version `{version}`")));
    }
    let only = match &options.scopes {
        Some(ScopeSource::Security(scheme)) => scheme.as_deref(),
        _ => None,
    };
    let info = |member: &str| document.get("info").and_then(|info| info.get(member)).and_then(Node::word).unwrap_or_default().to_owned();
    let mut draft = Draft { title: info("title"), version: info("version"), ..Draft::default() };
    draft.bases = bases(document, place, &mut draft.findings);
    draft.scopes = schemes::declared(document, place, only)?;
    if let Some(extension) = document.get(EXTENSION) {
        let place = place.member(EXTENSION, extension);
        draft.fold_case = extension.get("foldCase").and_then(Node::flag).unwrap_or(false);
        if let Some(scopes) = extension.get("scopes") {
            draft.described = overlay::scopes(scopes, &place.member("scopes", scopes))?;
        }
    }
    let found = operations(document, place, &mut draft.findings)?;
    Reader { document, place, options, only, sources: BTreeMap::new(), public: 0 }.fill(&mut draft, &found);
    Ok(draft)
}

/// The base paths of the servers.
fn bases(document: &Node, place: &Place, findings: &mut Vec<Finding>) -> Vec<String> {
    if let Some(base) = document.get("basePath").and_then(Node::text) {
        return if base.trim_matches('/').is_empty() { Vec::new() } else { vec![base.to_owned()] };
    }
    let Some(servers) = document.get("servers") else { return Vec::new() };
    let mut paths: Vec<String> = Vec::new();
    for server in servers.items() {
        let mut url = server.get("url").and_then(Node::text).unwrap_or_default().to_owned();
        for (name, variable) in server.get("variables").map(Node::members).unwrap_or_default() {
            let value = variable.get("default").and_then(Node::word).unwrap_or_default();
            url = url.replace(&format!("{{{name}}}"), value);
        }
        let path = match url.split_once("://") {
            Some((_, rest)) => rest.split_once('/').map(|(_, path)| path.to_owned()).unwrap_or_default(),
            None => url,
        };
        let path = format!("/{}", path.trim_matches('/'));
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    if paths.first().is_none_or(|first| first == "/") && paths.len() < 2 {
        return Vec::new();
    }
    let is_plain = |path: &String| path != "/" && !path.contains(['{', '}', '?', '#', '%', ' ']);
    let (kept, left): (Vec<String>, Vec<String>) = paths.into_iter().partition(is_plain);
    if !left.is_empty() {
        let message = format!("the servers have different base paths; read: {}; not read: {}", kept.join(", "), left.join(", "));
        findings.push(Finding::new(Code::BasePath, &place.member("servers", servers), message));
    }
    kept
}

/// One method of one path.
struct Found<'a> {
    path: &'a str,
    method: &'a str,
    node: &'a Node,
    place: Place,
}

fn operations<'a>(document: &'a Node, place: &Place, findings: &mut Vec<Finding>) -> Result<Vec<Found<'a>>, ImportError> {
    let Some(paths) = document.get("paths") else {
        return Err(ImportError::at(place, "the document has no `paths`, so it has no operations to import"));
    };
    let paths_place = place.member("paths", paths);
    if !paths.is_map() {
        return Err(ImportError::at(&paths_place, format!("`paths` must be an object, not {}", paths.kind())));
    }
    let mut found = Vec::new();
    for (path, item) in paths.members().iter().filter(|(path, _)| !path.starts_with("x-")) {
        let item_place = paths_place.member(path, item);
        if !item.is_map() {
            return Err(ImportError::at(&item_place, format!("a path must be an object, not {}", item.kind())));
        }
        let target = schemes::resolve(document, item, &item_place)?;
        let mut members: Vec<&(String, Node)> = item.members().iter().collect();
        if !std::ptr::eq(target, item) {
            let is_known = |name: &str| METHODS.contains(&name) || OTHER_METHODS.contains(&name) || name == "additionalOperations";
            members.extend(target.members().iter().filter(|(name, _)| is_known(name) && item.get(name).is_none()));
        }
        for (method, node) in members {
            let place = item_place.member(method, node);
            if METHODS.contains(&method.as_str()) {
                if !node.is_map() {
                    return Err(ImportError::at(&place, format!("an operation must be an object, not {}", node.kind())));
                }
                // Bundlers and documents in several files have references here, too; what is behind one says which scopes are needed.
                let node = schemes::resolve(document, node, &place)?;
                found.push(Found { path, method, node, place });
            } else if OTHER_METHODS.contains(&method.as_str()) {
                findings.push(Finding::new(Code::MethodNotSupported, &place, format!("{} {path} is left out", method.to_uppercase())));
            } else if method == "additionalOperations" {
                for (method, node) in node.members() {
                    let message = format!("{method} {path} is left out");
                    findings.push(Finding::new(Code::MethodNotSupported, &place.member(method, node), message));
                }
            }
        }
    }
    Ok(found)
}

struct Reader<'a> {
    document: &'a Node,
    place: &'a Place,
    options: &'a Options,
    only: Option<&'a str>,
    /// For how many operations each source was read.
    sources: BTreeMap<String, usize>,
    /// Operations that the document's own empty `security` makes public.
    public: usize,
}

impl Reader<'_> {
    fn fill(mut self, draft: &mut Draft, found: &[Found<'_>]) {
        let security: Vec<Security> = found.iter().map(|found| self.security(found.node)).collect();
        let extension: Vec<Option<(String, Result<Needs, String>)>> = found.iter().map(|found| self.extension(found.node)).collect();
        let pattern = self.pattern(found, &security, &extension);
        let text: Vec<Option<List>> =
            found.iter().map(|found| pattern.as_deref().and_then(|pattern| texts::find(found.node, pattern))).collect();
        // Where scopes are not read from `security`, its silence about scopes says nothing.
        let says_scopes = |security: &Security| matches!(security, Security::Scopes { .. });
        let elsewhere = self.is_elsewhere()
            || security
                .iter()
                .zip(extension.iter().zip(&text))
                .any(|(security, (extension, text))| !says_scopes(security) && (extension.is_some() || text.is_some()));
        for (((found, security), extension), text) in found.iter().zip(security).zip(extension).zip(text) {
            let needs =
                self.needs(found, security, extension, text.map(|list| (pattern.clone().unwrap_or_default(), list)), elsewhere, draft);
            let operation = self.operation(found, needs);
            // Operations that have the route as well.
            let also = found.node.get(EXTENSION).and_then(|extension| extension.get("also")).map(Node::items).unwrap_or_default();
            let also = also.iter().filter_map(|also| {
                let id = also.get("id").and_then(Node::text)?.to_owned();
                let deprecated = also.get("deprecated").and_then(Node::flag).unwrap_or(false);
                Some(DraftOperation { id: Some(id), deprecated, least: least(also), ..operation.clone() })
            });
            let also: Vec<DraftOperation> = also.collect();
            draft.operations.push(operation);
            draft.operations.extend(also);
        }
        if self.public > 0 {
            let security = self.document.get("security").unwrap_or(self.document);
            let message =
                format!("the document's own `security` is empty, and operations without one of their own are public: {}", self.public);
            draft.findings.push(Finding::new(Code::PublicByDefault, &self.place.member("security", security), message));
        }
        draft.read_from = self.sources.into_iter().map(|(source, operations)| ReadFrom { source, operations }).collect();
    }

    /// Whether the options say that scopes stand elsewhere than in `security`.
    fn is_elsewhere(&self) -> bool {
        matches!(self.options.scopes, Some(ScopeSource::Extension(_) | ScopeSource::Text(_)))
    }

    fn security(&self, operation: &Node) -> Security {
        let own = operation.get("security");
        let read = security::read(own.or_else(|| self.document.get("security")), self.only);
        match read {
            // Only whether it is public counts.
            Security::Scopes { .. } if self.is_elsewhere() => Security::AnyKey { optional: false },
            read => read,
        }
    }

    fn extension(&self, operation: &Node) -> Option<(String, Result<Needs, String>)> {
        match &self.options.scopes {
            None => extensions::known(operation).map(|(name, needs)| (name.to_owned(), needs)),
            Some(ScopeSource::Extension(name)) => Some((name.clone(), extensions::read(operation, name)?)),
            Some(_) => None,
        }
    }

    fn pattern(&self, found: &[Found<'_>], security: &[Security], extension: &[Option<(String, Result<Needs, String>)>]) -> Option<String> {
        match &self.options.scopes {
            Some(ScopeSource::Text(pattern)) => Some(pattern.clone()),
            Some(_) => None,
            None => {
                let mute = found.iter().zip(security).zip(extension);
                let mute = mute.filter(|((_, security), extension)| !matches!(security, Security::Scopes { .. }) && extension.is_none());
                texts::recognize(mute.map(|((found, _), _)| found.node)).map(str::to_owned)
            }
        }
    }

    /// What one operation needs: what `security` says, then an extension, then its description.
    fn needs(
        &mut self,
        found: &Found<'_>,
        security: Security,
        extension: Option<(String, Result<Needs, String>)>,
        text: Option<(String, List)>,
        elsewhere: bool,
        draft: &mut Draft,
    ) -> Needs {
        let mut note = |code: Code, message: String| draft.findings.push(Finding::new(code, &found.place, message));
        let head = format!("{} {}", found.method.to_uppercase(), found.path);
        if let Security::Scopes { optional: true, .. } | Security::AnyKey { optional: true } = security {
            note(Code::OptionalAuthentication, format!("{head} also allows requests without a key"));
        }
        let extension = match extension {
            Some((name, Ok(needs))) => Some((name, needs)),
            Some((_, Err(message))) => {
                note(Code::UnexpectedForm, format!("{head}: {message}"));
                return Needs::Unknown;
            }
            None => None,
        };
        let mut count = |source: &str| *self.sources.entry(source.to_owned()).or_default() += 1;
        match (security, extension) {
            (Security::Wrong(message), _) => {
                note(Code::UnexpectedForm, format!("{head}: {message}"));
                Needs::Unknown
            }
            (Security::Scopes { requirements, .. }, _) if found.node.get(EXTENSION).is_some() => {
                // Written by an export: all scopes of a list are needed.
                let closed = requirements.iter().flatten().any(|list| list.names.iter().any(|name| name == CLOSED));
                let stated = |requirement: Requirement| requirement.into_iter().map(|list| List::all(list.names)).collect();
                if closed {
                    return Needs::Unknown;
                }
                count("security");
                Needs::Any(requirements.into_iter().map(stated).collect())
            }
            (Security::Scopes { requirements, .. }, extension) => {
                let needs = Needs::Any(requirements);
                // An extension that names the same scopes also says how they are meant.
                let names = |needs: &Needs| needs.names().map(str::to_owned).collect::<HashSet<_>>();
                match extension {
                    Some((name, explicit)) if names(&explicit) == names(&needs) => {
                        count(&name);
                        explicit
                    }
                    _ => {
                        count("security");
                        needs
                    }
                }
            }
            (_, Some((name, needs))) => {
                count(&name);
                needs
            }
            (security, None) => match (text, security) {
                (Some((pattern, list)), _) => {
                    count(&format!("text {pattern}"));
                    Needs::Any(vec![vec![list]])
                }
                (None, Security::Public) => {
                    self.public += usize::from(found.node.get("security").is_none());
                    Needs::Public
                }
                (None, Security::AnyKey { .. }) if !elsewhere => Needs::AnyKey,
                _ => Needs::Unknown,
            },
        }
    }

    fn operation(&self, found: &Found<'_>, needs: Needs) -> DraftOperation {
        let text = |member: &str| found.node.get(member).and_then(Node::text).filter(|text| !text.trim().is_empty()).map(str::to_owned);
        let tag = found.node.get("tags").map(Node::texts).unwrap_or_default().into_iter().next();
        let fern = || {
            let group = found.node.get("x-fern-sdk-group-name").map(Node::texts).filter(|group| !group.is_empty())?;
            Some((group.join("."), text("x-fern-sdk-method-name")?))
        };
        let own = found.node.get(EXTENSION);
        let stated = own.and_then(|extension| extension.get("id")).and_then(Node::text).map(str::to_owned);
        let id = stated.or_else(|| match self.options.ids {
            Ids::OperationId => text("operationId"),
            Ids::TagOperationId => None,
            Ids::Fern => fern().map(|(group, method)| format!("{group}.{method}")),
        });
        DraftOperation {
            tag,
            name: text("operationId"),
            id,
            method: found.method.to_uppercase(),
            path: found.path.to_owned(),
            needs,
            least: own.and_then(least),
            deprecated: found.node.get("deprecated").and_then(Node::flag).unwrap_or(false),
            place: found.place.clone(),
        }
    }
}

/// What an export says about the least privileged alternative.
fn least(extension: &Node) -> Option<Vec<String>> {
    extension.get("least").map(Node::texts).filter(|least| !least.is_empty())
}
