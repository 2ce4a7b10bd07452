//! The token of the setup link.

use super::{Pair, account, hash};

pub async fn the_newest_setup_token_wins(pair: Pair) {
    assert!(pair.one.setup_token().await.unwrap().is_none());
    for (n, token) in ["first", "second", "second", "third"].into_iter().enumerate() {
        pair.turn(n).set_setup_token(&hash(token)).await.unwrap();
        for store in [&pair.one, &pair.other] {
            assert!(store.setup_token().await.unwrap().unwrap().matches(&hash(token)));
        }
    }
}

pub async fn the_first_account_ends_the_setup_token(pair: Pair) {
    pair.one.set_setup_token(&hash("token")).await.unwrap();
    pair.other.create_account(account("ada", "ada@example.com"), true).await.unwrap();
    assert!(pair.one.setup_token().await.unwrap().is_none());
    // A replica that started late and has not seen the account cannot create a new token.
    pair.one.set_setup_token(&hash("late")).await.unwrap();
    assert!(pair.other.setup_token().await.unwrap().is_none());
}
