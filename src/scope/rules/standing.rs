//! Rules about what the catalog says of a scope: its tier, its editions, its successor, how far it climbs.

use crate::scope::{Code, Diagnostic, Edit, Level, Tier, check::View};

pub(super) fn wrong_tier(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    let tier = view.request.tier;
    for (entry, scope) in view.known() {
        if scope.tiers.contains(&tier) {
            continue;
        }
        let (name, wanted) = (&scope.id, tier.as_str());
        let (message, help) = if scope.tiers.contains(&Tier::Implicit) {
            (format!("`{name}` is granted by the server itself and cannot be given to a key"), "remove it; nothing is lost".to_owned())
        } else {
            let tiers: Vec<&str> = scope.tiers.iter().map(|tier| tier.as_str()).collect();
            let tiers = tiers.join(" or ");
            (
                format!("`{name}` is a scope of {tiers} keys; a {wanted} key cannot hold it"),
                format!("remove it, or create a key of the {tiers} for it"),
            )
        };
        let finding = Diagnostic::new(Code::WrongTier, Level::Error, message, help)
            .with_fix(format!("remove `{name}`"), vec![Edit::Remove { index: entry.index }]);
        findings.push(finding.at(entry.index, entry.text));
    }
}

pub(super) fn not_in_edition(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(wanted) = &view.request.edition else { return };
    let Some((_, edition)) = view.catalog.edition(wanted) else {
        let editions: Vec<String> = view.catalog.editions.iter().map(|edition| format!("`{}`", edition.id)).collect();
        let message = format!("there is no edition {}", super::names::quoted(wanted));
        findings.push(Diagnostic::new(Code::UnknownEdition, Level::Error, message, format!("choose one of {}", editions.join(", "))));
        return;
    };
    for (entry, scope) in view.known() {
        if scope.editions.contains(&edition.id) || scope.tiers.contains(&Tier::Implicit) {
            continue;
        }
        let name = &scope.id;
        let finding = Diagnostic::new(
            Code::NotInEdition,
            Level::Error,
            format!("`{name}` does not exist in {}", edition.name),
            "remove it, or choose an edition that knows it",
        )
        .with_fix(format!("remove `{name}`"), vec![Edit::Remove { index: entry.index }]);
        findings.push(finding.at(entry.index, entry.text));
    }
}

pub(super) fn deprecated_scope(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for (entry, scope) in view.known().filter(|(_, scope)| scope.deprecated) {
        let name = &scope.id;
        let message = format!("`{name}` is deprecated");
        let finding = match &scope.successor {
            Some(successor) if view.names(successor.as_str()) => Diagnostic::new(
                Code::DeprecatedScope,
                Level::Warning,
                message,
                format!("remove it; its successor `{successor}` is granted already"),
            )
            .with_fix(format!("remove `{name}`"), vec![Edit::Remove { index: entry.index }]),
            Some(successor) => Diagnostic::new(Code::DeprecatedScope, Level::Warning, message, format!("grant `{successor}` in its place"))
                .with_fix(format!("replace by `{successor}`"), vec![Edit::Replace { index: entry.index, with: successor.to_string() }]),
            None => Diagnostic::new(
                Code::DeprecatedScope,
                Level::Warning,
                message,
                "it has no successor; remove it once nothing calls what it opens",
            ),
        };
        findings.push(finding.at(entry.index, entry.text));
    }
}

pub(super) fn sensitive_scope(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for (entry, scope) in view.known() {
        let Some(sensitive) = &scope.sensitive else { continue };
        let mut finding = Diagnostic::new(
            Code::SensitiveScope,
            Level::Warning,
            format!("`{}` is very sensitive: {}", scope.id, lower_first(sensitive.reason.trim_end_matches('.'))),
            "grant it only to a key that a trusted, secure environment holds, and never to a client-side application",
        );
        finding.path.clone_from(&sensitive.path);
        findings.push(finding.at(entry.index, entry.text));
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
