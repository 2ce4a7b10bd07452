//! Finds operations by the letters and digits of their ids: what all spellings of an id share.

use alloc::vec::Vec;

use super::{
    index::{Spellings, squashed},
    lookup::Catalog,
};
use crate::scope::support::{gather::Gather, nearest::Patience, sort::order, text::cut_last};

/// A word that can be a namespace.
#[derive(Clone, Copy)]
pub(super) struct Word<'a> {
    pub text: &'a str,
    /// Whether a call of one of its methods comes before: it stands for what that answers.
    pub is_answer: bool,
}

/// The hash of a text's letters and digits.
pub(super) fn hash(text: &str) -> u32 {
    hash_behind(0x811c_9dc5, text)
}

/// The hash of a text behind another one (FNV-1a).
#[inline(never)]
fn hash_behind(before: u32, text: &str) -> u32 {
    squashed(text).fold(before, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Namespace and method of an operation's id.
fn split(id: &str) -> (&str, &str) {
    cut_last(id, b'.').unwrap_or(("", id))
}

/// Whether a word in one has this namespace and this method, with a mark between them: a separator or a capital letter.
fn is_joined(word: &str, namespace: &str, method: &str) -> bool {
    let length = squashed(namespace).count();
    let begins = word.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_alphanumeric()).nth(length);
    let is_marked = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| word.as_bytes().get(before));
        !before.is_some_and(u8::is_ascii_alphanumeric) || word.as_bytes().get(at).is_some_and(u8::is_ascii_uppercase)
    };
    // A method alone is taken for an operation if it is more than one word.
    let is_known = length > 0 || word.bytes().skip(1).any(|byte| !byte.is_ascii_lowercase());
    is_known && squashed(word).eq(squashed(namespace).chain(squashed(method))) && begins.is_some_and(|(at, _)| is_marked(at))
}

impl Catalog {
    #[inline(never)]
    fn spellings(&self) -> &Spellings {
        self.index.spellings.get(self.index.keeper, || {
            let ids = || self.operations().iter().map(|operation| operation.id.as_str());
            let sorted = |hashes: &[u32]| {
                let mut positions = self.positions_by_id().to_vec();
                let own = |position: u16| hashes.get(usize::from(position)).copied().unwrap_or(0);
                order(&mut positions, &mut |a, b| own(a).cmp(&own(b)));
                (positions.iter().map(|position| own(*position)).collect::<Vec<u32>>(), positions)
            };
            let whole: Vec<u32> = ids().map(hash).collect();
            let namespaces: Vec<u32> = ids().map(|id| hash(split(id).0)).collect();
            let (hashes, operations) = sorted(&whole);
            let (mut namespaces, _) = sorted(&namespaces);
            namespaces.dedup();
            let methods = self.positions_by_id().iter().map(|position| hash(split(self.operation_id(*position)).1)).collect();
            Spellings { hashes, operations, namespaces, methods }
        })
    }

    /// The operations with these letters and digits, whatever their case and whatever stands between them: of a namespace and a
    /// method, or of a word that has both. A deprecated one gives way to a current one.
    #[inline(never)]
    pub(super) fn positions_spelled(&self, namespace: Option<&str>, word: &str) -> Vec<u16> {
        let Spellings { hashes, operations, .. } = self.spellings();
        let wanted = namespace.map_or_else(|| hash(word), |namespace| hash_behind(hash(namespace), word));
        let first = hashes.partition_point(|own| *own < wanted);
        let mut found = Vec::new();
        for (own, position) in hashes.iter().zip(operations).skip(first) {
            if *own != wanted {
                break;
            }
            let (own_namespace, own_method) = split(self.operation_id(*position));
            let fits = match namespace {
                Some(namespace) => squashed(own_namespace).eq(squashed(namespace)) && squashed(own_method).eq(squashed(word)),
                None => is_joined(word, own_namespace, own_method),
            };
            if fits {
                found.push(*position);
            }
        }
        let is_current = |position: &u16| self.operation_at(*position).is_some_and(|operation| operation.deprecated.is_none());
        if found.iter().any(is_current) {
            found.retain(is_current);
        }
        // A word that two namespaces fit is not clear.
        let length = |position: &u16| squashed(split(self.operation_id(*position)).0).count();
        if found.windows(2).any(|pair| pair.first().map(length) != pair.last().map(length)) {
            found.clear();
        }
        found
    }

    /// The operations with this method, whatever their namespace, current ones first. None where it is a single word, such as `list`,
    /// which says too little, or where too few looks are left.
    #[inline(never)]
    pub(super) fn positions_of_method(&self, method: &str, patience: &Patience) -> Vec<u16> {
        let has_words =
            method.bytes().any(|byte| byte.is_ascii_lowercase()) && method.bytes().skip(1).any(|byte| !byte.is_ascii_lowercase());
        // Four hashes are compared in the time of one look.
        if !has_words || !patience.spend(self.operations().len() / 4) {
            return Vec::new();
        }
        let wanted = hash(method);
        let of_all = self.positions_by_id().iter().zip(&self.spellings().methods);
        let mut found: Vec<u16> = of_all.filter(|(_, own)| **own == wanted).map(|(position, _)| *position).gathered();
        // Comparing and listing one takes as long as this many looks.
        if !patience.spend(32 * found.len()) {
            return Vec::new();
        }
        found.retain(|position| squashed(split(self.operation_id(*position)).1).eq(squashed(method)));
        // Two entries can share one id.
        found.dedup_by_key(|position| self.operation_id(*position));
        let is_deprecated = |position: u16| self.operation_at(position).is_some_and(|operation| operation.deprecated.is_some());
        order(&mut found, &mut |a, b| is_deprecated(a).cmp(&is_deprecated(b)));
        found
    }

    /// Whether operations of the catalog have this namespace.
    pub(super) fn is_namespace(&self, word: &str) -> bool {
        self.spellings().namespaces.binary_search(&hash(word)).is_ok()
    }
}
