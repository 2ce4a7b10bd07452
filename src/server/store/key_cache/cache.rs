//! A cache of keys and projects. Which entries are stale, and when it may be used, is for its owner to know.

use std::{
    collections::VecDeque,
    hash::{BuildHasher, RandomState},
    sync::Arc,
};

use hashbrown::{HashMap, HashTable};

use super::{encoded::StoredKey, found::Found};
use crate::server::{
    auth::SecretHash,
    store::{KeyRecord, ProjectRecord},
};

/// The default limit of the cache, in bytes of keys: a command looks up few keys.
const FEW_BYTES: usize = 4 * 1024 * 1024;
/// The memory of a key in addition to its own bytes: an allocation, a slot, and an entry in each table.
const OVERHEAD_BYTES: usize = 56;
/// With more projects than this, the cache drops all of them.
const MAX_PROJECTS: usize = 16_384;

/// Keys, each with the secrets by which it was found, and projects.
pub(in crate::server::store) struct Cache {
    max_bytes: usize,
    keys: Vec<Option<StoredKey>>,
    /// Free slots in `keys`, in the order in which they became free, so that the oldest keys are evicted first.
    free: VecDeque<u32>,
    /// The next slot to evict.
    hand: usize,
    bytes: usize,
    by_secret: HashTable<u32>,
    by_name: HashTable<u32>,
    by_sequence: HashTable<u32>,
    hasher: RandomState,
    projects: HashMap<String, Arc<ProjectRecord>>,
}

impl Default for Cache {
    fn default() -> Self {
        Self::new(FEW_BYTES)
    }
}

impl Cache {
    /// Creates an empty cache. At more than `max_bytes` bytes of keys, it evicts the keys that it stored first.
    pub fn new(max_bytes: usize) -> Self {
        Self {
            max_bytes,
            keys: Vec::new(),
            free: VecDeque::new(),
            hand: 0,
            bytes: 0,
            by_secret: HashTable::new(),
            by_name: HashTable::new(),
            by_sequence: HashTable::new(),
            hasher: RandomState::new(),
            projects: HashMap::new(),
        }
    }

    /// Sets the maximum number of bytes of keys.
    pub fn limit(&mut self, max_bytes: usize) {
        self.max_bytes = max_bytes;
        while self.bytes > self.max_bytes {
            self.make_room();
        }
    }

    /// Drops everything.
    pub fn clear(&mut self) {
        *self = Self::new(self.max_bytes);
    }

    pub fn by_secret(&self, secret: &SecretHash) -> Option<&StoredKey> {
        self.packed(*self.by_secret.find(secret_hash(secret.as_bytes()), |at| self.has_secret(*at, secret))?)
    }

    pub fn by_name(&self, project_id: &str, id: &str) -> Option<KeyRecord> {
        let name = (project_id, id);
        let is_it = |at: &u32| self.packed(*at).is_some_and(|packed| packed.name() == name);
        self.packed(*self.by_name.find(self.hasher.hash_one(name), is_it)?)?.record().ok()
    }

    pub fn project(&self, id: &str) -> Option<Arc<ProjectRecord>> {
        self.projects.get(id).cloned()
    }

    pub fn has_key(&self, secret: &SecretHash) -> bool {
        self.by_secret.find(secret_hash(secret.as_bytes()), |at| self.has_secret(*at, secret)).is_some()
    }

    pub fn has_project(&self, id: &str) -> bool {
        self.projects.contains_key(id)
    }

    pub fn keep_project(&mut self, project: &ProjectRecord) {
        if self.projects.len() >= MAX_PROJECTS {
            self.projects.clear();
        }
        self.projects.insert(project.id.clone(), Arc::new(project.clone()));
    }

    pub fn forget_project(&mut self, id: &str) {
        self.projects.remove(id);
    }

    /// Whether another key would evict one.
    pub fn is_full(&self) -> bool {
        self.bytes >= self.max_bytes
    }

    pub fn keep_key(&mut self, secret: &SecretHash, found: &Found) {
        if self.has_key(secret) {
            return;
        }
        while self.is_full() && self.bytes > 0 {
            self.make_room();
        }
        let Ok(packed) = StoredKey::new(secret, found) else { return };
        if packed.len() + OVERHEAD_BYTES > self.max_bytes {
            return;
        }
        let at = match self.free.pop_front() {
            Some(at) => at,
            None => match u32::try_from(self.keys.len()) {
                Ok(at) => {
                    self.keys.push(None);
                    at
                }
                Err(_) => return,
            },
        };
        self.bytes += packed.len() + OVERHEAD_BYTES;
        let (sequence, name) = (self.hasher.hash_one(packed.sequence()), self.hasher.hash_one(packed.name()));
        if let Some(place) = self.place(at) {
            *place = Some(packed);
        }
        let (keys, hasher) = (&self.keys, &self.hasher);
        let get = |at: &u32| keys.get(*at as usize).and_then(Option::as_ref);
        self.by_secret.insert_unique(secret_hash(secret.as_bytes()), at, |at| get(at).map_or(0, |packed| secret_hash(packed.secret())));
        self.by_name.insert_unique(name, at, |at| get(at).map_or(0, |packed| hasher.hash_one(packed.name())));
        self.by_sequence.insert_unique(sequence, at, |at| get(at).map_or(0, |packed| hasher.hash_one(packed.sequence())));
    }

    /// Drops a key with all its secrets.
    pub fn forget(&mut self, sequence: i64) {
        let hash = self.hasher.hash_one(sequence);
        while let Some(at) = self.by_sequence.find(hash, |at| self.packed(*at).is_some_and(|packed| packed.sequence() == sequence)) {
            self.remove(*at);
        }
    }

    fn make_room(&mut self) {
        let at = self.hand % self.keys.len().max(1);
        self.hand = at + 1;
        if let Ok(at) = u32::try_from(at) {
            self.remove(at);
        }
    }

    fn remove(&mut self, at: u32) {
        let Some(packed) = self.place(at).and_then(Option::take) else { return };
        self.bytes = self.bytes.saturating_sub(packed.len() + OVERHEAD_BYTES);
        self.free.push_back(at);
        let hashes = [
            (secret_hash(packed.secret()), &mut self.by_secret),
            (self.hasher.hash_one(packed.name()), &mut self.by_name),
            (self.hasher.hash_one(packed.sequence()), &mut self.by_sequence),
        ];
        for (hash, table) in hashes {
            if let Ok(entry) = table.find_entry(hash, |other| *other == at) {
                entry.remove();
            }
        }
    }

    fn packed(&self, at: u32) -> Option<&StoredKey> {
        self.keys.get(at as usize)?.as_ref()
    }

    fn place(&mut self, at: u32) -> Option<&mut Option<StoredKey>> {
        self.keys.get_mut(at as usize)
    }

    fn has_secret(&self, at: u32, secret: &SecretHash) -> bool {
        self.packed(at).is_some_and(|packed| packed.secret() == secret.as_bytes())
    }
}

/// Uses the SHA-256 itself: it is already a good hash.
fn secret_hash(secret: &[u8]) -> u64 {
    secret.first_chunk().map_or(0, |first| u64::from_le_bytes(*first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::DateTime;

    fn found(n: i64) -> (SecretHash, Found) {
        let key = KeyRecord {
            sequence: n,
            project_id: "shop".to_owned(),
            id: format!("key{n}"),
            version: 1,
            name: "n".repeat(usize::try_from(n % 50 + 1).unwrap()).parse().unwrap(),
            description: String::new(),
            scopes: vec!["users.read".parse().unwrap()],
            hint: String::new(),
            enabled: true,
            expire: None,
            created_at: DateTime::from_unix_milliseconds(n),
            updated_at: DateTime::from_unix_milliseconds(n),
            accessed_at: None,
            sdks: Vec::new(),
            rotated_at: None,
            overlap_until: None,
            exposed_at: None,
        };
        (SecretHash::of(&n.to_string()), Found { key, valid_until: None })
    }

    #[test]
    fn the_cache_evicts_the_oldest_keys_beyond_its_limit() {
        let mut kept = Cache::new(100_000);
        for n in 1..=3000 {
            let (secret, found) = found(n);
            kept.keep_key(&secret, &found);
            assert!(kept.bytes < 101_000, "{} bytes", kept.bytes);
            assert_eq!(kept.by_secret(&secret).unwrap().record().unwrap(), found.key);
        }
        let mut held: Vec<i64> = (1..=3000).filter(|n| kept.by_secret(&found(*n).0).is_some()).collect();
        assert!((400..1000).contains(&held.len()), "{}", held.len());
        assert_eq!(held, (held[0]..=3000).collect::<Vec<_>>());
        assert_eq!((kept.by_name.len(), kept.by_sequence.len()), (held.len(), held.len()));
        kept.limit(50_000);
        assert!((45_000..=50_000).contains(&kept.bytes));
        for n in held.split_off(held.len() - kept.by_secret.len()) {
            assert_eq!(kept.by_name("shop", &format!("key{n}")).unwrap().sequence, n);
            kept.forget(n);
            assert_eq!(kept.by_name("shop", &format!("key{n}")), None);
        }
        assert_eq!((kept.bytes, kept.by_secret.len(), kept.by_name.len(), kept.by_sequence.len()), (0, 0, 0, 0));
        kept.limit(0);
        let (secret, found) = found(1);
        kept.keep_key(&secret, &found);
        assert!(kept.by_secret(&secret).is_none());
    }

    #[test]
    fn removing_a_key_removes_both_its_secrets() {
        let mut kept = Cache::default();
        let (first, found) = found(1);
        let second = SecretHash::of("second");
        kept.keep_key(&first, &found);
        kept.keep_key(&second, &found);
        assert!(kept.by_secret(&first).is_some() && kept.by_secret(&second).is_some());
        kept.forget(1);
        assert!(kept.by_secret(&first).is_none() && kept.by_secret(&second).is_none() && kept.by_name("shop", "key1").is_none());
    }
}
