//! Reads a catalog from JSON and reports everything that is wrong with it, each with its place.

use alloc::{
    borrow::{Cow, ToOwned},
    format,
    string::String,
    vec,
    vec::Vec,
};

use super::{
    Alternative, Catalog, Edition, Escalation, Operation, Scope, Sensitivity, Service, Tier, TrailingSlash,
    includes::{self, Fault},
    index::Index,
    route,
};
use crate::scope::{
    ScopeName,
    json::{
        decode::{Decode, DecodeError, DecodeErrors, ObjectDecoder, not_a_word, owned},
        parse::{self, Json, JsonError},
        wire::object,
    },
    support::{
        gather::Gather,
        sort::{order, positions},
        text::{digits, fill, item},
    },
};

object! {
    /// One thing that is wrong with a catalog.
    #[derive(thiserror::Error)]
    #[error("{}{message}", if place.is_empty() { String::new() } else { format!("{place}: ") })]
    pub struct CatalogError {
        /// Where, such as `scopes[3].successor`, or `line 4, column 2` for what is not JSON; empty for the whole.
        pub place "place": String,
        /// What, in one sentence.
        pub message "message": String,
    }
}

/// So many scopes, and so many operations, a catalog can have.
const MAX_ITEMS: usize = 20_000;
/// So often, a successor can have a successor itself.
const MAX_SUCCESSORS: usize = 16;

impl Catalog {
    /// Reads a catalog. Its form is that of `schema/catalog.schema.json`.
    ///
    /// # Errors
    /// Everything that is wrong, each with its place: text that is not JSON; otherwise members of another form, ids that are listed twice,
    /// names that point nowhere, paths and methods out of form. What only follows from another fault is not reported.
    pub fn from_json(text: &str) -> Result<Self, Vec<CatalogError>> {
        let mut errors = DecodeErrors::all();
        let read = document(parse::parse(text).map_err(not_json)?, &mut errors);
        let errors = errors.into_errors().into_iter().map(|DecodeError { place, message }| CatalogError { place, message });
        let mut faults = Faults::after(errors.collect());
        match read {
            Some(catalog) => {
                faults.of(&catalog);
                if faults.found.is_empty() { Ok(catalog) } else { Err(faults.found) }
            }
            None => {
                let message = fill("a catalog has at most {} scopes and {} operations", &[&digits(MAX_ITEMS), &digits(MAX_ITEMS)]);
                faults.found.push(CatalogError { place: String::new(), message });
                Err(faults.found)
            }
        }
    }

    /// A successor, the successor of that one, and so on; endless if they lead in a circle.
    fn successors<'c>(&'c self, first: &ScopeName) -> impl Iterator<Item = &'c Scope> {
        let next = |name: &ScopeName| self.scope(name.as_str());
        core::iter::successors(next(first), move |scope| next(scope.successor.as_ref()?))
    }
}

fn not_json(error: JsonError) -> Vec<CatalogError> {
    let place = fill("line {}, column {}", &[&digits(error.line), &digits(error.column)]);
    vec![CatalogError { place, message: error.message.to_owned() }]
}

/// The catalog, with placeholders for what does not fit; `None` where there is too much of it.
fn document(json: Json<'_>, errors: &mut DecodeErrors) -> Option<Catalog> {
    let mut object = ObjectDecoder::new(json, String::new(), errors);
    let _schema = object.optional_text("$schema");
    let (id, name, version) = (object.text("id"), object.text("name"), object.text("version"));
    let max_scopes = object.number("maxScopes");
    let base_paths = object.optional_texts("basePaths").map(owned).unwrap_or_default();
    let fold_case = object.flag("foldCase").unwrap_or(false);
    let words: Vec<&str> = TrailingSlash::ALL.iter().map(|slash| slash.as_str()).collect();
    let trailing_slash = object.word("trailingSlash", &words).and_then(|at| TrailingSlash::ALL.get(at)).copied().unwrap_or_default();
    let (mut editions, mut services, mut scopes, mut operations) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    items(&mut object, "editions", &mut |item| {
        let (id, name) = (item.text("id"), item.text("name"));
        editions.push(Edition { id, name, self_hosted: item.flag("selfHosted").unwrap_or(false) });
    });
    items(&mut object, "services", &mut |item| services.push(Service { id: item.text("id"), name: item.text("name") }));
    let nameless: ScopeName = "?".parse().ok()?;
    items(&mut object, "scopes", &mut |item| scopes.push(scope(item, &nameless)));
    items(&mut object, "operations", &mut |item| operations.push(operation(item)));
    object.end();
    (scopes.len().max(operations.len()) <= MAX_ITEMS).then(|| {
        let index = Index::new(&scopes, operations);
        Catalog { id, name, version, max_scopes, base_paths, fold_case, trailing_slash, editions, services, scopes, index }
    })
}

#[inline(never)]
fn items<'a>(object: &mut ObjectDecoder<'a, '_>, name: &'static str, read: &mut dyn FnMut(&mut ObjectDecoder<'a, '_>)) {
    let list = object.list(name);
    for (index, json) in list.into_iter().enumerate() {
        let mut item = ObjectDecoder::item(json, name, index, object.errors());
        read(&mut item);
        item.end();
    }
}

fn scope(item: &mut ObjectDecoder<'_, '_>, nameless: &ScopeName) -> Scope {
    let id = item.text("id");
    let id = name(item, ("id", None), &id).unwrap_or_else(|| nameless.clone());
    let (service, description, words) = (item.text("service"), item.text("description"), item.texts("tiers"));
    let mut tiers = Vec::with_capacity(words.len());
    for word in words {
        match Tier::ALL.iter().find(|tier| tier.as_str() == word) {
            Some(tier) => tiers.push(*tier),
            None => item.error(item.place_of("tiers"), not_a_word(&word, &Tier::ALL.iter().map(|tier| tier.as_str()).collect::<Vec<_>>())),
        }
    }
    let editions = owned(item.texts("editions"));
    let (deprecated, implied) = (item.flag("deprecated").unwrap_or(false), item.flag("implied").unwrap_or(false));
    let successor = item.optional_text("successor").and_then(|successor| name(item, ("successor", None), &successor));
    let includes = item.optional_texts("includes").unwrap_or_default();
    let includes = includes.iter().filter_map(|scope| name(item, ("includes", None), scope)).gathered();
    let shown = item.optional_text("name").map(Cow::into_owned);
    let sensitive = item.take("sensitive").filter(|json| *json != Json::Null).map(|json| {
        let mut inner = ObjectDecoder::new(json, item.place_of("sensitive"), item.errors());
        let words: Vec<&str> = Escalation::ALL.iter().map(|climb| climb.as_str()).collect();
        let reach = inner.word("reach", &words).and_then(|at| Escalation::ALL.get(at)).copied();
        let place = inner.place_of("reach");
        if reach.is_none() && !inner.errors().ends_with(&place) {
            inner.error(place, "is missing".to_owned());
        }
        let (reason, path) = (inner.text("reason"), owned(inner.texts("path")));
        let editions = owned(inner.optional_texts("editions").unwrap_or_default());
        inner.end();
        Sensitivity { reach: reach.unwrap_or(Escalation::Broad), reason, path, editions }
    });
    Scope { id, name: shown, service, description, tiers, editions, deprecated, implied, successor, includes, sensitive }
}

fn operation(item: &mut ObjectDecoder<'_, '_>) -> Operation {
    let (id, method, path) = (item.text("id"), item.text("method"), item.text("path"));
    let mut scopes = Vec::new();
    for (index, json) in item.list("scopes").into_iter().enumerate() {
        scopes.extend(alternative(item, ("scopes", Some(index)), json));
    }
    let least = item.take("least").filter(|json| *json != Json::Null).and_then(|json| alternative(item, ("least", None), json));
    let open = Decode::optional(item, "open");
    let inferred = item.flag("inferred").unwrap_or(false);
    let callers = item.optional_texts("callers").map(owned).unwrap_or_default();
    Operation {
        id,
        method,
        path,
        scopes,
        least,
        open,
        inferred,
        callers,
        deprecated: item.optional_text("deprecated").map(Cow::into_owned),
        successor: item.optional_text("successor").map(Cow::into_owned),
    }
}

/// A member, or an item of one, which is written only where something does not fit.
type Member = (&'static str, Option<usize>);

fn written((member, index): Member) -> String {
    index.map_or_else(|| member.to_owned(), |index| item(member, index))
}

/// One scope, or a list of scopes that are all needed; `None` where it does not fit.
fn alternative<'a>(item: &mut ObjectDecoder<'a, '_>, member: Member, json: Json<'a>) -> Option<Alternative> {
    let texts = match json {
        Json::Text(text) => vec![text],
        json => item.texts_of(&written(member), "a text or a list of texts", json)?,
    };
    if texts.is_empty() {
        item.error(item.place_of(&written(member)), "is empty; list the scopes that are all needed".to_owned());
    }
    let scopes: Vec<ScopeName> = texts.iter().filter_map(|scope| name(item, member, scope)).gathered();
    (!scopes.is_empty()).then_some(Alternative(scopes))
}

fn name(item: &mut ObjectDecoder<'_, '_>, member: Member, text: &str) -> Option<ScopeName> {
    match text.parse() {
        Ok(name) => Some(name),
        Err(error) => {
            item.error(item.place_of(&written(member)), error.said());
            None
        }
    }
}

/// What is found wrong, besides what does not fit.
pub(super) struct Faults {
    found: Vec<CatalogError>,
    /// The places of what does not fit, in alphabetical order.
    errors: Vec<String>,
    /// Lists whose ids are not all known.
    vague: Vec<&'static str>,
}

impl Faults {
    fn after(errors: Vec<CatalogError>) -> Self {
        let place = |position: u16| errors.get(usize::from(position)).map_or("", |error| error.place.as_str());
        let mut sorted = positions(errors.len());
        order(&mut sorted, &mut |a, b| place(a).cmp(place(b)));
        let places: Vec<String> = sorted.into_iter().map(|position| place(position).to_owned()).collect();
        let is_id = |list: &str, place: &str| {
            let rest = place.strip_prefix(list);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('[') && rest.ends_with("].id"))
        };
        let mut vague = Vec::new();
        for list in ["editions", "services", "scopes", "operations"] {
            if places.iter().any(|place| is_id(list, place)) {
                vague.push(list);
            }
        }
        Self { found: errors, errors: places, vague }
    }

    /// Notes a fault, where nothing at its place, or within it, is known to be wrong already.
    #[inline(never)]
    pub(super) fn add(&mut self, place: &str, message: String) {
        if self.is_sound(place) {
            self.found.push(CatalogError { place: place.to_owned(), message });
        }
    }

    /// Notes a fault of a member of an item, as [`Faults::add`] does.
    #[inline(never)]
    pub(super) fn of_member(&mut self, (list, index): (&str, usize), member: &str, template: &'static str, texts: &[&str]) {
        self.add(&member_of((list, index), member), fill(template, texts));
    }

    /// Whether everything fits at this place and within it.
    #[inline(never)]
    pub(super) fn is_sound(&self, place: &str) -> bool {
        let first = self.errors.partition_point(|error| error.as_str() < place);
        let mut alike = self.errors.get(first..).unwrap_or_default().iter().map_while(|error| error.strip_prefix(place));
        !alike.any(|rest| rest.is_empty() || matches!(rest.as_bytes(), [b'.' | b'[', ..]))
    }

    /// Everything that a catalog can have wrong beyond its form.
    fn of(&mut self, catalog: &Catalog) {
        if catalog.max_scopes == 0 {
            self.add("maxScopes", "must be at least 1".into());
        }
        let editions = self.unique("editions", catalog.editions.iter().map(|edition| edition.id.as_str()).collect());
        let services = self.unique("services", catalog.services.iter().map(|service| service.id.as_str()).collect());
        let scopes = self.unique("scopes", catalog.scopes.iter().map(|scope| scope.id.as_str()).collect());
        for (index, scope) in catalog.scopes.iter().enumerate() {
            let item = ("scopes", index);
            if !services.may_have(&scope.service) {
                self.of_member(item, "service", "there is no service `{}`", &[&scope.service]);
            }
            let sensitive_in =
                scope.sensitive.iter().flat_map(|sensitive| &sensitive.editions).map(|edition| ("sensitive.editions", edition));
            let all = scope.editions.iter().map(|edition| ("editions", edition)).chain(sensitive_in);
            for (member, edition) in all.filter(|(_, edition)| !editions.may_have(edition)) {
                self.of_member(item, member, "there is no edition `{}`", &[edition]);
            }
            if scope.tiers.is_empty() {
                self.of_member(item, "tiers", "names no tier, so no key could hold the scope", &[]);
            }
            if let Some(successor) = scope.successor.as_ref().filter(|_| self.is_sound(&member_of(item, "deprecated"))) {
                if !scopes.may_have(successor.as_str()) {
                    self.of_member(item, "successor", "there is no scope `{}`", &[successor.as_str()]);
                } else if !scope.deprecated || *successor == scope.id {
                    self.of_member(item, "successor", "only a deprecated scope has a successor, which is another scope", &[]);
                } else if catalog.successors(successor).take(MAX_SUCCESSORS + 1).count() > MAX_SUCCESSORS {
                    self.of_member(item, "successor", "leads in a circle, or passes more than {} successors", &[&digits(MAX_SUCCESSORS)]);
                }
            }
        }
        self.of_includes(catalog, &scopes);
        let knows_operations = !self.vague.contains(&"operations");
        for (index, operation) in catalog.operations().iter().enumerate() {
            let item = ("operations", index);
            if operation.id.is_empty() || !operation.id.bytes().all(|byte| byte.is_ascii_graphic()) {
                self.of_member(item, "id", "`{}` is not the name of an operation, such as `users.list`", &[&operation.id]);
            }
            if let Some(successor) = operation.successor.as_ref().filter(|_| knows_operations)
                && catalog.operations_named(successor).next().is_none()
            {
                self.of_member(item, "successor", "there is no operation `{}`", &[successor]);
            }
            if !matches!(operation.method.as_str(), "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS") {
                self.of_member(item, "method", "`{}` is not an HTTP method in upper case", &[&operation.method]);
            }
            if !operation.path.starts_with('/') {
                self.of_member(item, "path", "`{}` does not begin with `/`", &[&operation.path]);
            } else if let Some(fault) = route::fault(&operation.path) {
                self.of_member(item, "path", "`{}` {}", &[&operation.path, fault]);
            }
            // The look into the hash table mostly suffices.
            let is_known = |scope: &str| catalog.scope_position(scope).is_some() || scopes.may_have(scope);
            for scope in operation.scopes.iter().flat_map(|alternative| &alternative.0).filter(|scope| !is_known(scope.as_str())) {
                self.of_member(item, "scopes", "there is no scope `{}`", &[scope.as_str()]);
            }
            if operation.open.is_some() && !operation.scopes.is_empty() {
                self.of_member(item, "open", "cannot be set for an operation that needs scopes; remove one of the two", &[]);
            }
            if operation.least.as_ref().is_some_and(|least| !operation.scopes.contains(least)) && self.is_sound(&member_of(item, "scopes"))
            {
                self.of_member(item, "least", "is none of the operation's alternatives; repeat one of `scopes`", &[]);
            }
        }
        self.paths(catalog);
    }

    #[inline(never)]
    fn of_includes(&mut self, catalog: &Catalog, scopes: &Ids<'_>) {
        for (index, scope) in catalog.scopes.iter().enumerate() {
            for included in &scope.includes {
                let item = ("scopes", index);
                if !scopes.may_have(included.as_str()) {
                    self.of_member(item, "includes", "there is no scope `{}`", &[included.as_str()]);
                } else if let Some(inner) = catalog.scope(included.as_str())
                    && !scope.tiers.iter().all(|tier| inner.tiers.contains(tier))
                {
                    let message = "not all keys that can hold this scope can hold `{}`; give that one the same tiers";
                    self.of_member(item, "includes", message, &[included.as_str()]);
                }
            }
        }
        match includes::closures(catalog) {
            Ok(_) => {}
            Err(Fault::Circle(scopes)) => {
                let first = scopes.first().copied().map(usize::from).unwrap_or_default();
                let names = Alternative(scopes.iter().map(|scope| catalog.scope_name(*scope)).collect());
                self.of_member(("scopes", first), "includes", "leads in a circle: {}", &[&names.joined("includes")]);
            }
            Err(Fault::TooMuch) => {
                self.add("scopes", "include too much; at most 16 may include each other one after the other".to_owned());
            }
        }
    }

    /// The ids in alphabetical order; an id that is listed twice is an error.
    fn unique<'a>(&mut self, list: &str, ids: Vec<&'a str>) -> Ids<'a> {
        let id = |position: u16| ids.get(usize::from(position)).copied().unwrap_or_default();
        let mut sorted = positions(ids.len());
        order(&mut sorted, &mut |a, b| id(a).cmp(id(b)));
        let twice = |pair: &[u16]| matches!(pair, [first, second] if id(*first) == id(*second));
        let mut repeated: Vec<u16> = sorted.windows(2).filter(|pair| twice(pair)).filter_map(|pair| pair.last().copied()).gathered();
        order(&mut repeated, &mut |a, b| a.cmp(&b));
        for position in repeated {
            self.of_member((list, usize::from(position)), "id", "`{}` appears twice", &[id(position)]);
        }
        Ids { sorted: sorted.into_iter().map(id).collect(), is_vague: self.vague.contains(&list) }
    }
}

/// The place of a member of an item.
fn member_of((list, index): (&str, usize), member: &str) -> String {
    fill("{}.{}", &[&item(list, index), member])
}

/// The ids of a list.
struct Ids<'a> {
    sorted: Vec<&'a str>,
    /// Whether there are others, which could not be read.
    is_vague: bool,
}

impl Ids<'_> {
    /// What is referred to may be what could not be read.
    fn may_have(&self, id: &str) -> bool {
        self.is_vague || self.sorted.binary_search(&id).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn successors_end_and_operations_have_names() {
        let text = r#"{"id":"x","name":"X","version":"1","maxScopes":9,"editions":[],"services":[{"id":"s","name":"S"}],
            "scopes":[
                {"id":"a","service":"s","description":"","tiers":["project"],"editions":[],"deprecated":true,"successor":"b"},
                {"id":"b","service":"s","description":"","tiers":["project"],"editions":[],"deprecated":true,"successor":"a"}],
            "operations":[
                {"id":"bad id","method":"GET","path":"/v1","scopes":["a"]},
                {"id":"s.old","method":"GET","path":"/v2","scopes":["a"],"deprecated":"1","successor":"s.new"}]}"#;
        let errors: Vec<String> = Catalog::from_json(text).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            errors,
            [
                "scopes[0].successor: leads in a circle, or passes more than 16 successors",
                "scopes[1].successor: leads in a circle, or passes more than 16 successors",
                "operations[0].id: `bad id` is not the name of an operation, such as `users.list`",
                "operations[1].successor: there is no operation `s.new`",
            ]
        );
    }

    #[test]
    fn every_fault_is_reported_with_its_place() {
        let text = r#"{"id":"x","name":"X","version":"1","maxScopes":0,
            "editions":[{"id":"e","name":"E"},{"id":"e","name":"E"}],"services":[{"id":"s","name":"S"}],
            "scopes":[{"id":"a.read","service":"t","description":"","tiers":[],"editions":["f"],"successor":"b.read"}],
            "operations":[{"id":"a.list","method":"get","path":"v1","scopes":["b.read"]}]}"#;
        let errors: Vec<String> = Catalog::from_json(text).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            errors,
            [
                "maxScopes: must be at least 1",
                "editions[1].id: `e` appears twice",
                "scopes[0].service: there is no service `t`",
                "scopes[0].editions: there is no edition `f`",
                "scopes[0].tiers: names no tier, so no key could hold the scope",
                "scopes[0].successor: there is no scope `b.read`",
                "operations[0].method: `get` is not an HTTP method in upper case",
                "operations[0].path: `v1` does not begin with `/`",
                "operations[0].scopes: there is no scope `b.read`",
            ]
        );
    }

    #[test]
    fn faults_of_alternatives_are_reported_with_their_place() {
        let text = r#"{"id":"x","name":"X","version":"1","maxScopes":9,"editions":[],"services":[{"id":"s","name":"S"}],
            "scopes":[{"id":"a","service":"s","description":"","tiers":["project"],"editions":[],"includes":["o","z"]},
                {"id":"b","service":"s","description":"","tiers":["project"],"editions":[],"name":"B of S"},
                {"id":"o","service":"s","description":"","tiers":["organization"],"editions":[]}],
            "operations":[
                {"id":"s.both","method":"GET","path":"/1","scopes":["a",["a","b"]],"least":["a","b"]},
                {"id":"s.none","method":"GET","path":"/2","scopes":[[]]},
                {"id":"s.odd","method":"GET","path":"/3","scopes":[["a",7],["z","b"]]},
                {"id":"s.least","method":"GET","path":"/4","scopes":["a"],"least":"b"},
                {"id":"s.open","method":"GET","path":"/5","scopes":["a"],"open":"public"},
                {"id":"s.closed","method":"GET","path":"/6","scopes":[],"inferred":true},
                {"id":"s.free","method":"GET","path":"/7","scopes":[],"open":"everybody"}]}"#;
        let errors: Vec<String> = Catalog::from_json(text).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            errors,
            [
                "operations[1].scopes[0]: is empty; list the scopes that are all needed",
                "operations[2].scopes[0][1]: must be a text, not a number",
                "operations[6].open: must be one of `public`, `any-key`, not `everybody`",
                "scopes[0].includes: not all keys that can hold this scope can hold `o`; give that one the same tiers",
                "scopes[0].includes: there is no scope `z`",
                "operations[3].least: is none of the operation's alternatives; repeat one of `scopes`",
                "operations[4].open: cannot be set for an operation that needs scopes; remove one of the two",
            ]
        );
    }

    #[test]
    fn what_is_not_json_is_reported_with_line_and_column() {
        let errors = Catalog::from_json("{\n  \"id\": x}").unwrap_err();
        assert_eq!(errors.first().map(ToString::to_string).as_deref(), Some("line 2, column 9: a value is expected here"));
    }

    #[test]
    fn every_misfit_is_reported_with_its_place() {
        let text = r#"{"id":3,"name":"X","maxScopes":-1,"editions":[],"services":[[]],
            "scopes":[{"id":"a b","service":"t","description":"","tiers":["team",1],"editions":[],"sensitive":{"reach":"far","reason":"","path":[]}}],
            "operations":[],"colour":"red","name":"Y"}"#;
        let errors: Vec<String> = Catalog::from_json(text).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            errors,
            [
                "id: must be a text, not a number",
                "version: is missing",
                "maxScopes: must be a whole number, not negative",
                "services[0]: must be an object, not a list",
                "services[0].id: is missing",
                "services[0].name: is missing",
                "scopes[0].id: ` ` is not allowed in a scope name",
                "scopes[0].tiers[1]: must be a text, not a number",
                "scopes[0].tiers: must be one of `project`, `organization`, `account`, `implicit`, not `team`",
                "scopes[0].sensitive.reach: must be one of `full-access`, `runs-code`, `any-user`, `secrets`, `broad`, not `far`",
                "unknown member `colour`; the members are `$schema`, `id`, `name`, `version`, `maxScopes`, `basePaths`, `foldCase`, `trailingSlash`, `editions`, `services`, `scopes`, `operations`",
                "`name` appears twice",
            ]
        );
        assert_eq!(
            Catalog::from_json("[]").unwrap_err().first().map(ToString::to_string).as_deref(),
            Some("must be an object, not a list")
        );
    }

    #[test]
    fn what_does_not_fit_and_what_points_nowhere_are_reported_together() {
        let text = r#"{"id":"x","name":"X","version":1,"maxScopes":9,"editions":[{"id":"e","name":"E","old":true}],
            "services":[{"id":"s","name":"S"},{"id":"s","name":7}],
            "scopes":[
                {"id":"a.read","service":"t","description":"","tiers":["project"],"editions":["f"],"deprecated":"yes","successor":"b.read"},
                {"id":"b.read","service":4,"description":"","tiers":["team"],"editions":["e"],"successor":"c.read"}],
            "operations":[
                {"id":"a.list","method":1,"path":"/v1","scopes":["a.read"]},
                {"id":"a.list","method":2,"path":"/v1","scopes":["c.read"]},
                {"id":"","method":"get","path":"/v2","scopes":[5],"successor":"a.fly"}]}"#;
        let errors: Vec<String> = Catalog::from_json(text).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            errors,
            [
                "version: must be a text, not a number",
                "editions[0]: unknown member `old`; the members are `id`, `name`, `selfHosted`",
                "services[1].name: must be a text, not a number",
                "scopes[0].deprecated: must be `true` or `false`, not a text",
                "scopes[1].service: must be a text, not a number",
                "scopes[1].tiers: must be one of `project`, `organization`, `account`, `implicit`, not `team`",
                "operations[0].method: must be a text, not a number",
                "operations[1].method: must be a text, not a number",
                "operations[2].scopes[0]: must be a text or a list of texts, not a number",
                "services[1].id: `s` appears twice",
                "scopes[0].service: there is no service `t`",
                "scopes[0].editions: there is no edition `f`",
                "scopes[1].successor: there is no scope `c.read`",
                "operations[1].scopes: there is no scope `c.read`",
                "operations[2].id: `` is not the name of an operation, such as `users.list`",
                "operations[2].successor: there is no operation `a.fly`",
                "operations[2].method: `get` is not an HTTP method in upper case",
            ]
        );
    }

    #[test]
    fn what_only_follows_from_another_fault_is_not_reported() {
        // Each with one fault, to which everything else refers.
        let catalog = |editions: &str, services: &str, scope: &str, operation: &str| {
            let text = format!(
                r#"{{"id":"x","name":"X","version":"1","maxScopes":9,"editions":{editions},"services":{services},
                "scopes":[{{"id":{scope},"service":"s","description":"","tiers":["project"],"editions":["e"]}},
                    {{"id":"b","service":"s","description":"","tiers":["project"],"editions":["e"],"deprecated":true,"successor":"a"}}],
                "operations":[{{"id":{operation},"method":"GET","path":"/v1","scopes":["a"]}},
                    {{"id":"p","method":"GET","path":"/v2","scopes":["b"],"deprecated":"1","successor":"o"}}]}}"#
            );
            Catalog::from_json(&text).map_err(|errors| errors.iter().map(|error| error.place.clone()).collect::<Vec<_>>())
        };
        let (editions, services) = (r#"[{"id":"e","name":"E"}]"#, r#"[{"id":"s","name":"S"}]"#);
        assert!(catalog(editions, services, "\"a\"", "\"o\"").is_ok());
        assert_eq!(catalog("null", services, "\"a\"", "\"o\"").unwrap_err(), ["editions"]);
        assert_eq!(catalog(r#"[{"name":"E"}]"#, services, "\"a\"", "\"o\"").unwrap_err(), ["editions[0].id"]);
        assert_eq!(catalog(editions, "[7]", "\"a\"", "\"o\"").unwrap_err(), ["services[0]", "services[0].id", "services[0].name"]);
        assert_eq!(catalog(editions, services, "\"a a\"", "\"o\"").unwrap_err(), ["scopes[0].id"]);
        assert_eq!(catalog(editions, services, "\"a\"", "null").unwrap_err(), ["operations[0].id"]);
    }

    #[test]
    fn a_catalog_beyond_the_limit_is_refused() {
        let scope = r#"{"id":"a","service":"s","description":"","tiers":["project"],"editions":[]}"#;
        let scopes = vec![scope; 70_000].join(",");
        let text = format!(
            r#"{{"id":"x","name":"X","version":"1","maxScopes":9,"editions":[],"services":[],"scopes":[{scopes}],"operations":[]}}"#
        );
        let errors: Vec<String> = Catalog::from_json(&text).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(errors, ["a catalog has at most 20000 scopes and 20000 operations"]);
    }

    #[test]
    fn the_built_in_catalog_is_found_by_name() {
        let catalog = Catalog::appwrite();
        for scope in catalog.scopes() {
            assert_eq!(catalog.scope(scope.id.as_str()), Some(scope));
        }
        for operation in catalog.operations() {
            assert!(catalog.operations_named(&operation.id).any(|found| found == operation));
        }
        assert_eq!(catalog.operations_named("presences.update").count(), 2);
        assert!(catalog.scope("rows.reed").is_none());
        assert_eq!(catalog.operations_named("rows.reed").count(), 0);
    }
    #[test]
    fn a_serialized_catalog_is_read_again() {
        let text = serde_json::to_string(Catalog::appwrite()).unwrap();
        let again = Catalog::from_json(&text).unwrap();
        assert_eq!(again.scopes(), Catalog::appwrite().scopes());
        assert_eq!(again.operations(), Catalog::appwrite().operations());
    }
}
