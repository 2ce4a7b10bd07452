//! The store's contract: every promise that `server::store` documents, proved on every store. A promise is written once, as a
//! function over two handles on one database, as two replicas have them; `contract!` makes a test of it for each store.

mod accounts;
mod audit;
mod dev_keys;
pub mod handle;
mod keys;
mod lifecycle;
mod lists;
mod malformed;
mod pair;
mod projects;
mod setup;
mod upgrade;
mod writes;

use scopewise::{
    scope::DateTime,
    server::{
        SecretHash,
        query::{MAX_ROWS, PageOptions, parse},
        store::{KeyAttribute, KeyRecord, KeyUse, NewAccount, NewDevKey, NewKey, NewProject, NewSession, Store},
    },
};

use pair::Pair;

macro_rules! contract {
    ($($room:ident: $($promise:ident)+;)+) => {
        mod sqlite {
            $(mod $room { $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $promise() {
                    crate::store::$room::$promise(crate::store::Pair::sqlite().await).await;
                }
            )+ })+
        }

        mod postgres {
            $(mod $room { $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $promise() {
                    if let Some(pair) = crate::store::Pair::postgres().await {
                        crate::store::$room::$promise(pair).await;
                    }
                }
            )+ })+
        }
    };
}

contract! {
    accounts:
        an_account_is_kept_as_it_was_given
        an_email_and_an_id_are_taken_once
        of_many_first_accounts_at_once_one_is_made
        the_first_account_is_not_made_beside_another
        a_session_is_found_by_its_token_until_it_is_ended
        a_session_belongs_to_an_account_that_exists
        the_oldest_sessions_end_beyond_what_is_kept
        sessions_that_begin_at_once_never_exceed_what_is_kept
        the_last_use_of_a_session_never_moves_back
        a_session_is_ended_by_its_own_account_only
        accounts_are_listed_oldest_first
        an_account_is_renamed
        a_new_password_ends_all_sessions_but_the_one_that_is_kept
        a_disabled_account_has_no_session_left
        a_deleted_account_goes_with_its_sessions
        an_account_is_changed_only_where_its_basis_is_as_it_was
        of_two_accounts_that_disable_each_other_one_stays
        no_session_is_opened_by_a_password_that_was_replaced
        changes_of_one_account_at_once_never_wait_for_each_other;
    projects:
        a_project_is_kept_as_it_was_given
        a_project_id_is_taken_once
        projects_are_listed_oldest_first
        a_project_is_renamed
        the_first_ping_stays
        a_policy_is_replaced_as_a_whole
        a_project_goes_with_all_that_belongs_to_it
        all_callers_get_the_same_signing_key
        a_signing_key_is_replaced
        the_organization_has_keys_and_is_no_project
        what_is_missing_is_no_error;
    keys:
        a_key_is_kept_as_it_was_given
        a_key_id_is_taken_once_in_a_project
        a_secret_is_taken_once
        a_key_belongs_to_a_project_that_exists
        a_refused_key_leaves_nothing_behind
        of_many_keys_with_one_id_one_is_made
        an_update_replaces_name_scopes_and_expiry
        a_description_stays_where_none_is_given
        the_last_update_of_many_is_whole
        a_deleted_key_is_gone_with_its_secret
        the_last_use_of_a_key_never_moves_back
        many_uses_are_noted_like_one_after_the_other
        every_sdk_is_noted_once
        uses_that_are_noted_at_once_are_all_kept
        a_sequence_is_never_used_again
        what_is_missing_is_no_error
        an_id_that_no_database_can_hold_is_missing
        what_one_handle_has_answered_the_other_sees;
    lifecycle:
        an_import_keeps_all_keys
        an_import_tells_what_is_taken_and_keeps_nothing
        an_import_tells_doubles_within_itself
        an_import_into_a_missing_project_keeps_nothing
        a_key_is_switched_off_and_on
        a_rotated_key_has_two_secrets_until_the_overlap_ends
        without_an_overlap_the_old_secret_ends_at_once
        only_the_last_two_secrets_overlap
        a_taken_secret_leaves_the_key_as_it_was
        of_many_rotations_at_once_at_most_two_secrets_stay
        the_first_exposure_stays_until_the_key_is_rotated;
    lists:
        every_list_is_the_one_that_memory_would_give
        a_list_holds_the_keys_of_its_project_oldest_first
        the_total_is_counted_up_to_5000
        the_largest_queries_are_answered
        what_is_sent_is_never_read_as_sql
        a_new_name_is_found_in_any_case
        a_project_that_asks_for_many_lists_leaves_turns_to_the_others
        projects_that_work_together_leave_turns_for_lists_to_the_others;
    dev_keys:
        a_dev_key_is_kept_as_it_was_given
        a_dev_key_never_opens_what_an_api_key_opens
        a_dev_key_id_is_taken_once_in_a_project
        a_dev_key_belongs_to_a_project_that_exists
        a_dev_key_is_changed_and_deleted
        uses_of_a_dev_key_are_noted;
    audit:
        entries_are_listed_newest_first_by_project
        a_page_begins_where_the_last_one_ended
        entries_outlive_what_they_are_about
        an_action_of_a_newer_version_is_told_as_it_is
        entries_that_are_written_at_once_are_all_kept;
    writes:
        a_change_and_its_entry_are_one
        a_change_is_made_only_where_its_basis_is_as_it_was
        what_is_gone_is_no_basis
        of_changes_that_were_judged_by_one_state_one_is_made
        keys_that_change_each_other_never_wait_for_ever
        a_project_that_is_made_again_has_a_log_of_its_own
        an_overlap_is_ended_early
        ephemeral_keys_that_were_ended_are_kept_with_the_project;
    setup:
        the_newest_set_up_token_wins
        the_first_account_ends_the_set_up_token;
}

/// All keys of a project, oldest first.
pub async fn all_keys(store: &dyn Store, project_id: &str) -> Vec<KeyRecord> {
    let options = PageOptions { default_limit: MAX_ROWS, with_total: true, seed: 0 };
    let query = parse::<KeyAttribute>(&[]).unwrap().resolve(None, options).unwrap();
    let page = store.list_keys(project_id, query).await.unwrap();
    assert!(page.total == page.rows.len() && page.total < MAX_ROWS, "there are more keys than a page holds");
    page.rows
}

/// One use of a key.
fn used(key_sequence: i64, at: DateTime, sdk: Option<&str>) -> Vec<KeyUse> {
    vec![KeyUse { key_sequence, at, sdk: sdk.map(str::to_owned) }]
}

/// A point in time, in seconds after an arbitrary one.
fn at(seconds: i64) -> DateTime {
    "2026-08-21T12:00:00.123+00:00".parse::<DateTime>().unwrap().plus_seconds(seconds)
}

fn hash(text: &str) -> SecretHash {
    SecretHash::of(text)
}

fn account(id: &str, email: &str) -> NewAccount {
    NewAccount {
        id: id.parse().unwrap(),
        email: email.to_owned(),
        name: "Ada Lovelace é".to_owned(),
        password_hash: format!("$argon2id${id}"),
        created_at: at(0),
    }
}

/// A session whose token is its id.
fn session(id: &str, account_id: &str, created_at: DateTime) -> NewSession {
    NewSession {
        id: id.to_owned(),
        account_id: account_id.to_owned(),
        token: hash(id),
        ip: "192.0.2.1".to_owned(),
        client_name: "Chrome".to_owned(),
        created_at,
        expires_at: at(1000),
    }
}

fn project(id: &str) -> NewProject {
    NewProject { id: id.parse().unwrap(), name: format!("Project {id}").parse().unwrap(), created_at: at(0) }
}

/// A key whose secret is `secret of` and its id.
fn key(project_id: &str, id: &str) -> NewKey {
    NewKey {
        project_id: project_id.to_owned(),
        id: id.parse().unwrap(),
        name: format!("Key {id} “é”").parse().unwrap(),
        description: "for “é”".to_owned(),
        scopes: ["rows.read", "rows.read", "of'another'server,{}[]"].map(|scope| scope.parse().unwrap()).to_vec(),
        secret: hash(&format!("secret of {id}")),
        hint: "standard_ab…cd".to_owned(),
        expire: Some(at(500)),
        created_at: at(1),
    }
}

fn dev_key(project_id: &str, id: &str) -> NewDevKey {
    NewDevKey {
        project_id: project_id.to_owned(),
        id: id.parse().unwrap(),
        name: format!("Dev key {id}").parse().unwrap(),
        secret: hash(&format!("dev secret of {id}")),
        hint: "dev_ab…cd".to_owned(),
        expire: at(500),
        created_at: at(1),
    }
}
