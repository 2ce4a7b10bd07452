//! Searches of keys, as the console's table makes them.

// INVARIANT: every store returns the same keys as the search over all keys in memory.

use scopewise::{
    api::{KeyFilter, KeySort},
    key::KeyStatus,
    server::{
        query::page,
        store::{KeyRecord, KeySearch, filtered},
    },
};

use super::{
    Pair, at,
    sample_keys::{ids, part, with_many_keys},
};
use crate::dice::Dice;

pub async fn every_search_equals_the_list_in_memory(pair: Pair) {
    let pair = pair.with_shop().await;
    let dice = &mut Dice::new(0x5c09_e317_15e5_0002);
    let mut keys = with_many_keys(&pair.one, dice).await;
    for key in &mut keys {
        if dice.chance(30) {
            pair.one.set_key_enabled("shop", &key.id, false, at(9)).await.unwrap();
        }
        if dice.chance(20) {
            assert!(pair.one.record_key_exposure(key.sequence, at(9)).await.unwrap());
        }
        *key = pair.one.key("shop", &key.id).await.unwrap().unwrap();
    }
    let sensitive: Vec<String> = ["rows.write", "a,b", "'"].map(str::to_owned).to_vec();
    let now = at(2);
    let (mut full, mut cut) = (0, 0);
    for n in 0..2500 {
        let some = &keys[dice.below(keys.len())];
        let text = match dice.below(8) {
            0 => some.hint.to_uppercase(),
            1 => dice.text(2),
            2 => dice.scope().to_uppercase(),
            3 => format!("{} {}", part(dice, "name", &keys), part(dice, "$id", &keys)),
            4 => dice.one(&["s.re", "read", "\"", ",", "[", "a,", "\\", "\0", "b}", "RE"]).to_owned(),
            _ => String::new(),
        };
        let search = KeySearch {
            text: &text,
            filter: dice.one(KeyFilter::ALL).0,
            sort: dice.one(KeySort::ALL).0,
            descending: dice.chance(50),
            offset: if dice.chance(30) { dice.below(40) } else { 0 },
            limit: 1 + dice.below(20),
            sensitive: &sensitive,
            now,
        };
        let wanted = page(keys.clone(), &search.query());
        let found = pair.turn(n).list_keys("shop", search.query()).await.unwrap_or_else(|error| panic!("{error}: {search:?}"));
        assert_eq!((found.total, ids(&found)), (wanted.total, ids(&wanted)), "{search:?}");
        full += usize::from(!found.rows.is_empty());
        cut += usize::from(found.rows.len() < found.total);
    }
    assert!(full > 1000 && cut > 500, "{full} {cut}");
    // Each filter finds the keys that its name says, and is counted so.
    for (filter, name) in KeyFilter::ALL {
        let query = filtered(*filter, now);
        let fits = |key: &&KeyRecord| match filter {
            KeyFilter::All => true,
            KeyFilter::Active => key.status(now).is_usable(),
            KeyFilter::Expiring => key.status(now) == KeyStatus::ExpiresSoon,
            KeyFilter::Expired => key.status(now) == KeyStatus::Expired,
            KeyFilter::Disabled => !key.enabled,
            KeyFilter::Exposed => key.exposed_at.is_some(),
            KeyFilter::NeverUsed => key.accessed_at.is_none(),
            KeyFilter::NeverExpires => key.expire.is_none(),
            KeyFilter::Sensitive => false,
        };
        let wanted = keys.iter().filter(fits).count();
        assert_eq!(pair.other.count_keys("shop", vec![query]).await.unwrap(), [wanted], "{name}");
        assert!(wanted > 0 || matches!(filter, KeyFilter::Sensitive), "{name}");
    }
    assert_eq!(pair.other.count_keys("a\0b", vec![filtered(KeyFilter::All, now)]).await.unwrap(), [0]);
}
