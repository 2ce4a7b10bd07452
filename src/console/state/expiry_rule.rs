//! What the policy of a project says about an expiry, judged as the server judges it.

use super::{ExpiryChoice, ExpiryDraft, policy_form::duration};
use crate::{
    api::KeyDetails,
    key::{ExpiryRefusal, Policy},
    scope::DateTime,
};

/// What an expiry is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpiryRule {
    policy: Policy,
    saved: Option<Saved>,
}

/// The part of a saved key that counts when its expiry changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Saved {
    expire: Option<DateTime>,
    /// When its secret was made: what a limit counts from.
    since: Option<DateTime>,
}

impl ExpiryRule {
    /// For a new key, or a new secret: a limit counts from now.
    pub fn of_new_secret(policy: Policy) -> Self {
        Self { policy, saved: None }
    }

    /// For an update of a saved key: a limit counts from its last rotation, else from its creation. The saved expiry, and any earlier
    /// one, is always allowed.
    pub fn of_saved(policy: Policy, details: &KeyDetails) -> Self {
        let since = details.rotated_at.0.or(details.key.created_at.0);
        Self { policy, saved: Some(Saved { expire: details.key.expire.0, since }) }
    }

    /// Why the policy forbids this expiry, as a sentence; `None` where it allows it.
    pub fn refusal(self, expire: Option<DateTime>, now: DateTime) -> Option<String> {
        let since = self.saved.and_then(|saved| saved.since).unwrap_or(now);
        match self.policy.judge_expiry(expire, self.saved.map(|saved| saved.expire), since, None) {
            Ok(()) => None,
            Err(ExpiryRefusal::Missing) => Some("The key policy of this project requires an expiry.".to_owned()),
            Err(ExpiryRefusal::TooLate(_) | ExpiryRefusal::BeyondGrantor(_)) => {
                Some(format!("The key policy of this project limits a secret to {}. Choose an earlier time.", self.limit()))
            }
        }
    }

    /// Why the policy forbids a choice. An exact time is judged only once it is written.
    pub fn choice_refusal(self, draft: &ExpiryDraft, choice: ExpiryChoice, now: DateTime) -> Option<String> {
        let offered = ExpiryDraft { choice, exact: String::new(), saved: draft.saved };
        offered.resolve(now, |_| None).ok().and_then(|expire| self.refusal(expire, now))
    }

    /// What the policy requires, and which of these choices it forbids; `None` where it forbids no expiry at all.
    pub fn sentence(self, draft: &ExpiryDraft, choices: &[ExpiryChoice], now: DateTime) -> Option<String> {
        // No expiry is later than none.
        self.refusal(None, now)?;
        let (rule, advice) = match (self.policy.max_lifetime_seconds, self.saved) {
            (None, _) => ("This project requires an expiry".to_owned(), ""),
            (Some(_), None) => (format!("This project requires an expiry within {}", self.limit()), ""),
            (Some(_), Some(_)) => (
                format!("This project limits a secret to {} from its creation or last rotation", self.limit()),
                " For a later expiry, rotate the secret.",
            ),
        };
        let disabled = choices.iter().filter(|choice| self.choice_refusal(draft, **choice, now).is_some());
        let labels: Vec<String> = disabled.map(|choice| format!("“{}”", choice.label())).collect();
        Some(match labels.split_last() {
            None => format!("{rule}.{advice}"),
            Some((last, [])) => format!("{rule}, so {last} is not available.{advice}"),
            Some((last, others)) => format!("{rule}, so {} and {last} are not available.{advice}", others.join(", ")),
        })
    }

    /// Moves a choice that the policy forbids to the longest one that it allows, or to an exact time where it allows none.
    pub fn fit(self, draft: &mut ExpiryDraft, now: DateTime) {
        if self.choice_refusal(draft, draft.choice, now).is_some() {
            let days = ExpiryChoice::FOR_NEW.iter().copied().filter(|choice| matches!(choice, ExpiryChoice::Days(_)));
            draft.choice = days.rev().find(|choice| self.choice_refusal(draft, *choice, now).is_none()).unwrap_or(ExpiryChoice::Exact);
        }
    }

    fn limit(self) -> String {
        self.policy.max_lifetime_seconds.map(duration).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Key, KeyStatus, WireDate};

    const DAY: i64 = 86_400;

    fn now() -> DateTime {
        DateTime::from_unix_milliseconds(1_800_000_000_000)
    }

    fn limited(seconds: i64) -> Policy {
        Policy { max_lifetime_seconds: Some(seconds), ..Policy::default() }
    }

    fn required() -> Policy {
        Policy { require_expiry: true, ..Policy::default() }
    }

    /// A key whose times are days from now; created 60 days ago.
    fn key(expire: Option<i64>, rotated: Option<i64>) -> KeyDetails {
        let at = |days: i64| now().plus_seconds(days * DAY);
        let key = Key {
            id: "a".into(),
            created_at: WireDate(Some(at(-60))),
            updated_at: WireDate(None),
            name: "Importer".into(),
            expire: WireDate(expire.map(at)),
            scopes: Vec::new(),
            secret: String::new(),
            accessed_at: WireDate(None),
            sdks: Vec::new(),
            description: String::new(),
        };
        let rotated_at = WireDate(rotated.map(at));
        let [overlap_until, exposed_at] = [WireDate(None); 2];
        KeyDetails { key, enabled: true, status: KeyStatus::Active, rotated_at, overlap_until, exposed_at, created_by: None }
    }

    /// The choices that an update of this key cannot make.
    fn disabled(policy: Policy, details: &KeyDetails) -> Vec<ExpiryChoice> {
        let (rule, draft) = (ExpiryRule::of_saved(policy, details), ExpiryDraft::keep(details.key.expire.0));
        ExpiryChoice::FOR_SAVED.iter().copied().filter(|choice| rule.choice_refusal(&draft, *choice, now()).is_some()).collect()
    }

    #[test]
    fn a_preset_that_breaks_the_policy_is_refused_with_the_reason() {
        let (rule, draft) = (ExpiryRule::of_new_secret(limited(30 * DAY)), ExpiryDraft::new());
        let refusal = |choice| rule.choice_refusal(&draft, choice, now());
        assert_eq!(refusal(ExpiryChoice::Days(30)), None);
        assert_eq!(refusal(ExpiryChoice::Exact), None);
        assert!(refusal(ExpiryChoice::Days(90)).unwrap().contains("30 days"));
        assert!(refusal(ExpiryChoice::Never).unwrap().contains("requires an expiry"));
        assert_eq!(ExpiryRule::of_new_secret(Policy::default()).choice_refusal(&draft, ExpiryChoice::Never, now()), None);
    }

    #[test]
    fn a_saved_key_is_judged_by_the_age_of_its_secret() {
        let later = [ExpiryChoice::Days(90), ExpiryChoice::Days(365), ExpiryChoice::Never];
        assert_eq!(disabled(limited(90 * DAY), &key(Some(10), None)), later, "30 of 90 days are left");
        assert_eq!(disabled(limited(90 * DAY), &key(Some(10), Some(0))), later[1..], "a rotation starts the limit again");
        assert_eq!(disabled(limited(61 * DAY), &key(Some(1), None)).len(), 5, "Keep and an exact time are left");
        assert_eq!(disabled(required(), &key(Some(10), None)), [ExpiryChoice::Never]);
        assert_eq!(disabled(Policy::default(), &key(Some(10), None)), []);
    }

    #[test]
    fn a_saved_key_may_keep_or_shorten_an_expiry_that_the_policy_would_now_refuse() {
        assert_eq!(disabled(limited(30 * DAY), &key(None, None)), [], "a key that never expires keeps that");
        assert_eq!(disabled(limited(30 * DAY), &key(Some(100), None)), [ExpiryChoice::Days(365), ExpiryChoice::Never]);
        let rule = ExpiryRule::of_saved(limited(30 * DAY), &key(Some(100), None));
        assert_eq!(rule.refusal(Some(now().plus_seconds(100 * DAY)), now()), None);
        let sentence = rule.refusal(Some(now().plus_seconds(100 * DAY + 1)), now());
        assert_eq!(sentence.as_deref(), Some("The key policy of this project limits a secret to 30 days. Choose an earlier time."));
    }

    #[test]
    fn a_new_secret_may_not_keep_an_expiry_that_the_policy_refuses() {
        let rule = ExpiryRule::of_new_secret(required());
        let mut draft = ExpiryDraft::keep(None);
        assert!(rule.choice_refusal(&draft, ExpiryChoice::Keep, now()).is_some());
        rule.fit(&mut draft, now());
        assert_eq!(draft.choice, ExpiryChoice::Days(365));
    }

    #[test]
    fn a_choice_moves_to_the_longest_one_that_is_allowed() {
        let fitted = |policy| {
            let mut draft = ExpiryDraft::new();
            ExpiryRule::of_new_secret(policy).fit(&mut draft, now());
            draft.choice
        };
        assert_eq!(fitted(Policy::default()), ExpiryChoice::Days(90));
        assert_eq!(fitted(limited(40 * DAY)), ExpiryChoice::Days(30));
        assert_eq!(fitted(limited(3600)), ExpiryChoice::Exact);
    }

    #[test]
    fn what_a_policy_requires_is_said_in_a_sentence() {
        let new = |policy| ExpiryRule::of_new_secret(policy).sentence(&ExpiryDraft::new(), ExpiryChoice::FOR_NEW, now());
        assert_eq!(new(Policy::default()), None);
        assert_eq!(
            new(limited(90 * DAY)).as_deref(),
            Some("This project requires an expiry within 90 days, so “1 year” and “Never” are not available.")
        );
        assert_eq!(new(required()).as_deref(), Some("This project requires an expiry, so “Never” is not available."));
        let saved = |details: &KeyDetails| {
            let draft = ExpiryDraft::keep(details.key.expire.0);
            ExpiryRule::of_saved(limited(120 * DAY), details).sentence(&draft, ExpiryChoice::FOR_SAVED, now())
        };
        assert_eq!(
            saved(&key(Some(10), None)).as_deref(),
            Some(
                "This project limits a secret to 120 days from its creation or last rotation, so “90 days”, “1 year” and “Never” are not \
                 available. For a later expiry, rotate the secret."
            )
        );
        assert_eq!(saved(&key(None, None)), None, "nothing is forbidden to a key that never expires");
    }
}
