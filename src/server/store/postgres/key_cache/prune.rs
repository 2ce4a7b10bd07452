//! Keeps the table `changes` short.

use std::sync::Arc;

use tokio_postgres::Error;

use crate::server::store::postgres::connect::{Connections, bounded, execute};

/// Keeps the newest changes; run at each start, too. A trigger notes what was deleted; a server that has not seen it yet drops its whole cache. A restored dump
/// may hold changes of transactions that this server has not reached: they would be new to each read.
pub(in crate::server::store::postgres) const PRUNE: &str = "DELETE FROM changes WHERE number <= (SELECT number FROM changes ORDER BY number DESC OFFSET 4096 LIMIT 1) \
    OR xid >= pg_snapshot_xmax(pg_current_snapshot())";

/// Deletes old changes in the background. If that fails, the table stays longer until the next time.
pub(super) fn prune(connections: &Arc<Connections>) {
    let connections = connections.clone();
    tokio::spawn(async move {
        let Ok(mut checkout) = connections.checkout().await else { return };
        let _: Result<Result<u64, Error>, _> = bounded(execute(checkout.client(), PRUNE, &[])).await;
    });
}
