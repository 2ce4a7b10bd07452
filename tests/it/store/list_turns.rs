//! Projects take turns at lists.

use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::{StreamExt, future::join_all, stream::FuturesUnordered};
use scopewise::server::{
    query::{MAX_ROWS, PageOptions, parse},
    store::{KeyAttribute, NewKey, StoreError},
};

use super::{Pair, hash, key, project};

/// Whether a list was refused because others took longer than a list may wait.
fn is_late(error: &StoreError) -> bool {
    matches!(error, StoreError::Busy(_)) && error.to_string().contains("no turn came in time")
}

pub async fn a_project_with_many_lists_leaves_slots_to_others(pair: Pair) {
    let store = pair.one.clone();
    for id in ["heavy", "light"] {
        store.create_project(project(id)).await.unwrap();
    }
    store.import_keys((0..300).map(|n| key("heavy", &format!("k{n}"))).collect()).await.unwrap();
    let list = |project: &'static str| {
        let (store, options) = (store.clone(), PageOptions { default_limit: MAX_ROWS, with_total: true, seed: 0 });
        let query = parse::<KeyAttribute>(&[]).unwrap().resolve(None, options).unwrap();
        async move { (project, store.list_keys(project, query).await) }
    };
    let mut asked: FuturesUnordered<_> = (0..120).map(|_| list("heavy")).chain([list("light")]).collect();
    let (mut place, mut made, mut late) = (None, 0, 0);
    while let Some((project, answer)) = asked.next().await {
        match answer {
            Ok(_) if project == "light" => place = Some(made),
            Ok(_) => made += 1,
            // Only lists of the heavy project wait in vain, and they fail immediately; on a busy machine also after five seconds.
            Err(error) => {
                assert!(project == "heavy" && matches!(error, StoreError::Busy(_)), "{project}: {error}");
                late += usize::from(is_late(&error));
            }
        }
    }
    // Of the 120 heavy lists, some finished before the light one was requested.
    assert!(place.is_some_and(|place| place < 30), "it finished after {place:?} of {made}");
    assert!((66..120).contains(&(made + late)), "{made} finished, {late} waited too long");
}

/// Two projects request the maximum number of lists, and a third one requests some, one after the other. The third one waits for at most
/// one turn of each of the others.
pub async fn cooperating_projects_leave_list_slots_to_others(pair: Pair) {
    let store = pair.one.clone();
    for id in ["heavy", "heavier", "light"] {
        store.create_project(project(id)).await.unwrap();
    }
    for id in ["heavy", "heavier"] {
        let keys = (0..300).map(|n| NewKey { secret: hash(&format!("{id} {n}")), ..key(id, &format!("k{n}")) });
        store.import_keys(keys.collect()).await.unwrap();
    }
    let made = AtomicUsize::new(0);
    let list = |project: &'static str| {
        let (store, made, options) = (store.clone(), &made, PageOptions { default_limit: MAX_ROWS, with_total: true, seed: 0 });
        let query = parse::<KeyAttribute>(&[]).unwrap().resolve(None, options).unwrap();
        async move {
            match store.list_keys(project, query).await {
                Ok(_) => made.fetch_add(1, Ordering::SeqCst),
                // On a busy machine, the last of the heavy projects' lists may wait too long; the light one's may not.
                Err(error) => {
                    assert!(project != "light" && is_late(&error), "{project}: {error}");
                    made.load(Ordering::SeqCst)
                }
            }
        }
    };
    let heavy = join_all((0..64).flat_map(|_| ["heavy", "heavier"]).map(list));
    let light = async {
        let mut places = Vec::new();
        for _ in 0..5 {
            places.push(list("light").await);
        }
        places
    };
    let (_, places) = tokio::join!(heavy, light);
    assert!(places.iter().all(|place| *place < 100), "{places:?}");
}
