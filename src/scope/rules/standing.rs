//! Rules about what the catalog says of a scope: its tier, its editions, how far it climbs.

use alloc::{
    borrow::{Cow, ToOwned},
    format,
    string::String,
    vec::Vec,
};

use crate::scope::{
    Code, Level, Strictness, Tier,
    check::View,
    finding::Finding,
    plan::Target,
    request::borrowed,
    text::{article, quoted, with_sentence},
};

pub(super) fn wrong_tier<'a>(view: &View<'a>, findings: &mut Vec<Finding<'a>>) {
    let wanted = view.request.tier.as_str();
    for (entry, _, scope) in view.known().filter(|(_, _, scope)| !scope.tiers.contains(&view.request.tier)) {
        let name = &scope.id;
        let is_implicit = scope.tiers.contains(&Tier::Implicit);
        let (message, help) = if is_implicit && scope.implied {
            (format!("`{name}` is held by every key and cannot be granted"), "remove it; nothing is lost".to_owned())
        } else if is_implicit {
            let message = format!("`{name}` is given to callers by the server itself; no key can hold it");
            (message, "remove it; what it opens is called without a key".to_owned())
        } else {
            let tiers: Vec<&str> = scope.tiers.iter().map(|tier| tier.as_str()).collect();
            let tiers = tiers.join(" or ");
            (
                format!("`{name}` is a scope of {tiers} keys; {} {wanted} key cannot hold it", article(wanted)),
                format!("remove it, or create {} {tiers} key for it", article(&tiers)),
            )
        };
        let finding = Finding::new(Code::WrongTier, Level::Error, message, help).with_removal(view, entry);
        findings.push(finding.at(entry.index, entry.text));
    }
}

pub(in crate::scope) fn unknown_edition<'a>(view: &View<'a>, findings: &mut Vec<Finding<'a>>) {
    let (Some(wanted), None) = (&view.request.edition, view.edition) else { return };
    let editions: Vec<String> = view.catalog.editions.iter().map(|edition| quoted(&edition.id)).collect();
    let message = format!("there is no edition {}", quoted(wanted));
    findings.push(Finding::new(Code::UnknownEdition, Level::Error, message, format!("choose one of {}", editions.join(", "))));
}

/// A warning for what the key had before, which is kept, and where the request wants no more.
pub(super) fn not_in_edition<'a>(view: &View<'a>, findings: &mut Vec<Finding<'a>>) {
    let Some(edition) = view.edition else { return };
    let target = Target { edition: Some(edition), ..view.target };
    for (entry, _, scope) in view.holdable().filter(|(_, _, scope)| !target.knows(scope)) {
        let is_mild = view.had(entry) || view.request.beyond_edition == Some(Strictness::Report);
        let level = if is_mild { Level::Warning } else { Level::Error };
        let name = &scope.id;
        let successor = scope.successor.as_ref().and_then(|successor| view.catalog.scope(successor.as_str()));
        let message = format!("`{name}` does not exist in {}", edition.name);
        let finding = |help: Cow<'a, str>| Finding::new(Code::NotInEdition, level, message, help);
        let finding = match successor.filter(|successor| target.can_hold(successor)).map(|successor| successor.id.as_str()) {
            Some(successor) if view.names(successor) => {
                finding(format!("remove it; its successor `{successor}` is granted already").into()).with_removal(view, entry)
            }
            Some(successor) => {
                finding(format!("grant `{successor}` in its place, which that edition has").into()).with_successor(view, entry, successor)
            }
            None if is_mild => finding("keep it only where the key is used with an edition that has it".into()).with_removal(view, entry),
            None => finding("remove it, or choose an edition that has it".into()).with_removal(view, entry),
        };
        findings.push(finding.at(entry.index, entry.text));
    }
}

pub(super) fn sensitive_scope<'a>(view: &View<'a>, findings: &mut Vec<Finding<'a>>) {
    for (entry, _, scope) in view.holdable() {
        let Some(sensitive) = &scope.sensitive else { continue };
        let mut finding = Finding::new(
            Code::SensitiveScope,
            Level::Warning,
            with_sentence(&["`", entry.text, "` is very sensitive: "], &sensitive.reason),
            "grant it only to a key that a trusted, secure environment holds, and never to a client-side application",
        );
        finding.path = borrowed(&sensitive.path);
        findings.push(finding.at(entry.index, entry.text));
    }
}
