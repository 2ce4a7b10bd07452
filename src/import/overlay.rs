//! A file written by hand that fills gaps: what a person knows, and the document does not say.

use super::{
    document::Sensitive,
    draft::OverlayScope,
    error::ImportError,
    needs::Alternative,
    node::{Node, Place, Places, Value},
    options::Source,
    text,
};
use crate::scope::{catalog::Escalation, nearest_word};

/// What the file says.
#[derive(Clone, Debug, Default)]
pub(super) struct Overlay {
    pub scopes: Vec<OverlayScope>,
    pub operations: Vec<OverlayOperation>,
}

#[derive(Clone, Debug)]
pub(super) struct OverlayOperation {
    /// An id, or a method and a path.
    pub name: String,
    pub scopes: Option<Vec<Alternative>>,
    pub least: Option<Alternative>,
    pub open: Option<Open>,
    pub places: Places,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Open {
    Public,
    AnyKey,
}

/// Reads the file.
pub(super) fn read(source: &Source) -> Result<Overlay, ImportError> {
    let document = text::parse(source)?;
    let place = Place::of(&source.file, &document);
    known(&document, &place, &["scopes", "operations"])?;
    let mut overlay = Overlay::default();
    let section = |name: &str| document.get(name).map(|node| (node, place.member(name, node)));
    if let Some((node, place)) = section("scopes") {
        overlay.scopes = scopes(node, &place)?;
    }
    if let Some((node, place)) = section("operations") {
        for (name, entry) in map(node, &place)? {
            overlay.operations.push(operation(name, entry, place.member(name, entry))?);
        }
    }
    Ok(overlay)
}

/// Reads what is said about scopes.
pub(super) fn scopes(node: &Node, place: &Place) -> Result<Vec<OverlayScope>, ImportError> {
    map(node, place)?.iter().map(|(name, entry)| scope(name, entry, place.member(name, entry))).collect()
}

fn scope(name: &str, node: &Node, place: Place) -> Result<OverlayScope, ImportError> {
    known(node, &place, &["name", "description", "service", "includes", "deprecated", "successor", "sensitive"])?;
    let word = |member: &str| member_of(node, &place, member, "a text", |node| node.text().map(str::to_owned));
    let sensitive = match node.get("sensitive") {
        Some(inner) => Some(sensitive(inner, &place.member("sensitive", inner))?),
        None => None,
    };
    Ok(OverlayScope {
        name: name.to_owned(),
        display: word("name")?,
        description: word("description")?,
        service: word("service")?,
        includes: member_of(node, &place, "includes", "a list of texts", texts)?,
        deprecated: member_of(node, &place, "deprecated", "true or false", Node::flag)?,
        successor: word("successor")?,
        sensitive,
        places: Places::of(place, node),
    })
}

fn sensitive(node: &Node, place: &Place) -> Result<Sensitive, ImportError> {
    known(node, place, &["reach", "reason", "path", "editions"])?;
    let reach = member_of(node, place, "reach", "a text", |node| node.text().map(str::to_owned))?.unwrap_or_default();
    let words: Vec<&str> = Escalation::ALL.iter().map(|word| word.as_str()).collect();
    if !words.contains(&reach.as_str()) {
        return Err(ImportError::at(place, format!("`reach` must be one of {}", words.join(", "))));
    }
    let reason = member_of(node, place, "reason", "a text", |node| node.text().map(str::to_owned))?;
    let Some(reason) = reason else { return Err(ImportError::at(place, "`reason` is missing")) };
    let list = |member| member_of(node, place, member, "a list of texts", texts).map(Option::unwrap_or_default);
    Ok(Sensitive { reach, reason, path: list("path")?, editions: list("editions")? })
}

fn operation(name: &str, node: &Node, place: Place) -> Result<OverlayOperation, ImportError> {
    known(node, &place, &["scopes", "least", "open"])?;
    let scopes = member_of(node, &place, "scopes", "a list of scopes, or of lists of scopes", |node| {
        node.is_list().then(|| node.items().iter().map(alternative).collect::<Option<Vec<_>>>()).flatten().filter(|list| !list.is_empty())
    })?;
    let open = member_of(node, &place, "open", "`public` or `any-key`", |node| match node.text()? {
        "public" => Some(Open::Public),
        "any-key" => Some(Open::AnyKey),
        _ => None,
    })?;
    let least = member_of(node, &place, "least", "a scope or a list of scopes", alternative)?;
    if scopes.is_some() && open.is_some() {
        return Err(ImportError::at(&place, "give `scopes` or `open`, not both"));
    }
    Ok(OverlayOperation { name: name.to_owned(), scopes, least, open, places: Places::of(place, node) })
}

/// A scope, or several that are all needed.
fn alternative(node: &Node) -> Option<Alternative> {
    match &node.value {
        Value::Text(text) => Some(vec![text.clone()]),
        _ => texts(node).filter(|names| !names.is_empty()),
    }
}

fn texts(node: &Node) -> Option<Vec<String>> {
    let texts = node.texts();
    (node.is_list() && texts.len() == node.items().len()).then_some(texts)
}

fn member_of<T>(node: &Node, place: &Place, name: &str, form: &str, read: impl Fn(&Node) -> Option<T>) -> Result<Option<T>, ImportError> {
    let Some(member) = node.get(name) else { return Ok(None) };
    match read(member) {
        Some(value) => Ok(Some(value)),
        None => Err(ImportError::at(&place.member(name, member), format!("`{name}` must be {form}"))),
    }
}

fn map<'a>(node: &'a Node, place: &Place) -> Result<&'a [(String, Node)], ImportError> {
    if node.is_map() { Ok(node.members()) } else { Err(ImportError::at(place, format!("must be an object, not {}", node.kind()))) }
}

/// Refuses members that mean nothing here.
fn known(node: &Node, place: &Place, names: &[&str]) -> Result<(), ImportError> {
    for (name, member) in map(node, place)? {
        if !names.contains(&name.as_str()) {
            let help = nearest_word(name, names)
                .map_or_else(|| format!("the members are: {}", names.join(", ")), |near| format!("did you mean `{near}`?"));
            return Err(ImportError::at(&place.member(name, member), format!("unknown member `{name}`; {help}")));
        }
    }
    Ok(())
}

/// The error for a name that fits nothing in the document, and what else to do than to mend it.
pub(super) fn fits_nothing<'a>(place: &Place, kind: &str, name: &str, names: impl Iterator<Item = &'a str>, help: &str) -> ImportError {
    let names: Vec<&str> = names.collect();
    let near = nearest_word(name, &names).map_or_else(|| "; ".to_owned(), |near| format!("; did you mean `{near}`? "));
    ImportError::at(place, format!("there is no {kind} `{name}` in the document{near}{help}"))
}
