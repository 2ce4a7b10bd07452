//! The contract of the store: tests every promise in the documentation of `server::store` on every store. Each promise is one function
//! over two handles to one database, like two replicas; `contract!` creates a test of it for each store.

mod accounts;
mod audit;
mod dev_keys;
pub mod handle;
mod keys;
mod lifecycle;
mod list_turns;
mod lists;
mod malformed;
mod pair;
mod plans;
mod projects;
mod sample_keys;
mod searches;
mod setup;
mod upgrade;
mod writes;

use scopewise::{
    scope::DateTime,
    server::{
        SecretHash,
        query::{MAX_ROWS, PageOptions, parse},
        store::{FirstAccess, KeyAttribute, KeyRecord, KeyUse, NewAccount, NewDevKey, NewKey, NewProject, NewSession, Store},
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
        an_account_is_stored_unchanged
        an_email_and_an_id_are_unique
        a_code_is_used_up_once_and_together_with_its_change
        of_many_concurrent_first_accounts_one_is_created
        the_first_account_is_not_created_if_another_exists
        a_session_is_found_by_its_token_until_it_ends
        a_session_needs_an_existing_account
        the_oldest_sessions_end_beyond_the_limit
        concurrent_sessions_never_exceed_the_limit
        the_last_use_of_a_session_never_moves_back
        only_its_own_account_can_end_a_session
        accounts_are_listed_oldest_first
        an_account_is_renamed
        a_new_password_ends_all_other_sessions
        a_disabled_account_has_no_session_left
        deleting_an_account_deletes_its_sessions
        an_account_changes_only_if_its_basis_is_unchanged
        of_two_accounts_that_disable_each_other_one_stays
        a_replaced_password_starts_no_session
        concurrent_changes_of_one_account_never_deadlock;
    projects:
        a_project_is_stored_unchanged
        a_project_id_is_unique
        projects_are_listed_oldest_first
        a_project_is_renamed
        the_first_ping_stays
        a_policy_is_replaced_as_a_whole
        deleting_a_project_deletes_everything_in_it
        all_callers_get_the_same_signing_key
        a_signing_key_is_replaced
        the_organization_has_keys_and_is_not_a_project
        a_missing_row_is_not_an_error;
    keys:
        a_key_is_stored_unchanged
        several_secrets_find_their_keys_in_order
        keys_that_are_read_at_the_same_time_get_their_own_answers
        a_key_id_is_unique_in_a_project
        a_secret_is_unique
        a_key_needs_an_existing_project
        a_refused_key_leaves_nothing_behind
        of_many_keys_with_one_id_one_is_created
        an_update_replaces_name_scopes_and_expiry
        an_update_without_a_description_keeps_it
        the_last_of_many_updates_is_complete
        deleting_a_key_deletes_its_secret
        the_last_use_of_a_key_never_moves_back
        a_batch_of_uses_equals_single_uses
        every_sdk_is_recorded_once
        concurrent_uses_are_all_recorded
        operations_are_counted_by_day
        counts_of_a_deleted_key_are_gone_and_later_ones_are_skipped
        concurrent_counts_are_all_added
        a_sequence_is_never_reused
        a_missing_row_is_not_an_error
        an_id_that_no_database_can_store_is_missing
        the_names_in_use_are_counted
        one_handle_sees_the_finished_writes_of_the_other;
    lifecycle:
        an_import_stores_all_keys
        an_import_reports_taken_keys_and_stores_nothing
        an_import_reports_its_own_duplicates
        an_import_into_a_missing_project_stores_nothing
        a_key_is_disabled_and_enabled
        a_rotated_key_has_two_secrets_until_the_overlap_ends
        without_an_overlap_the_old_secret_ends_at_once
        only_the_last_two_secrets_overlap
        a_rotation_to_a_taken_secret_changes_nothing
        concurrent_rotations_leave_at_most_two_secrets
        the_first_exposure_stays_until_the_key_is_rotated;
    lists:
        every_list_equals_the_list_in_memory
        a_list_contains_the_keys_of_its_project_oldest_first
        the_total_is_counted_up_to_5000
        the_largest_queries_are_answered
        input_is_never_interpreted_as_sql
        a_new_name_is_found_case_insensitively;
    searches:
        every_search_equals_the_list_in_memory;
    list_turns:
        a_project_with_many_lists_leaves_slots_to_others
        cooperating_projects_leave_list_slots_to_others;
    dev_keys:
        a_dev_key_is_stored_unchanged
        a_dev_key_is_never_accepted_as_an_api_key
        a_dev_key_id_is_unique_in_a_project
        a_dev_key_needs_an_existing_project
        a_dev_key_is_changed_and_deleted
        uses_of_a_dev_key_are_recorded;
    audit:
        entries_are_listed_newest_first_by_project
        the_entries_of_one_target_are_listed_page_by_page
        every_combination_of_filters_finds_what_a_search_of_all_entries_finds
        a_page_begins_where_the_last_one_ended
        entries_outlive_their_target
        an_action_of_a_newer_version_is_returned_unchanged
        concurrent_entries_are_all_stored;
    writes:
        a_change_and_its_entry_are_written_together
        a_change_is_made_only_if_its_basis_is_unchanged
        a_deleted_row_is_not_a_basis
        of_changes_with_the_same_basis_one_is_made
        keys_that_change_each_other_never_deadlock
        of_concurrent_changes_each_is_refused_alone
        a_recreated_project_has_a_new_log
        an_overlap_is_ended_early
        revoked_ephemeral_keys_are_stored_with_the_project;
    setup:
        the_newest_setup_token_wins
        the_first_account_ends_the_setup_token;
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
        access: FirstAccess::Password(format!("$argon2id${id}")),
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
