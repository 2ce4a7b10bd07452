//! The second factor: codes of an authenticator app (TOTP, RFC 6238, with the values that all apps know: SHA-1, six digits, 30 seconds),
//! and recovery codes. Reads no clock.

use std::fmt;

use constant_time_eq::constant_time_eq;
use data_encoding::BASE32_NOPAD;
use ring::hmac;

use super::{RootKey, SecretHash};
use crate::{
    api::paths::percent_encode,
    scope::DateTime,
    server::random::{Random, RandomError, bytes},
};

/// How long one code is shown.
const STEP_MILLISECONDS: i64 = 30_000;
/// How many digits a code has.
const DIGITS: usize = 6;
/// The codes of so many steps before and after the current one are accepted, since clocks differ.
const SKEW_STEPS: i64 = 1;
/// What secrets are encrypted for.
const PURPOSE: &str = "scopewise second factors 1";
/// How many characters a recovery code has: 120 random bits, so that nobody finds it from its hash.
const RECOVERY_CHARACTERS: usize = 24;

/// The secret that the server shares with an authenticator app: 160 random bits. It can be neither cloned nor printed.
pub struct FactorSecret([u8; 20]);

impl FactorSecret {
    /// A new one.
    ///
    /// # Errors
    /// [`RandomError`] where there is no randomness.
    pub fn new(random: &dyn Random) -> Result<Self, RandomError> {
        bytes(random).map(Self)
    }

    /// A secret from its bytes; `None` if it does not have 20.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Its bytes.
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// As people enter it into an app: 32 letters and digits.
    pub fn expose(&self) -> String {
        BASE32_NOPAD.encode(&self.0)
    }

    /// As an app reads it from a QR code.
    pub fn uri(&self, issuer: &str, account: &str) -> String {
        let (issuer, account, secret) = (percent_encode(issuer, ""), percent_encode(account, ""), self.expose());
        format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period=30")
    }

    /// The step of the time whose code this is, if the code is valid at `now` and later than the one of step `after`. Every accepted
    /// step is compared, each in constant time.
    pub fn step(&self, code: &str, now: DateTime, after: Option<i64>) -> Option<i64> {
        let current = now.unix_milliseconds().div_euclid(STEP_MILLISECONDS);
        let mut found = None;
        for step in current - SKEW_STEPS..=current + SKEW_STEPS {
            let is_new = after.is_none_or(|after| step > after);
            if constant_time_eq(self.code(step).as_bytes(), code.as_bytes()) && is_new && found.is_none() {
                found = Some(step);
            }
        }
        found
    }

    fn code(&self, step: i64) -> String {
        hotp(&self.0, step.cast_unsigned(), DIGITS)
    }

    /// The stored form: encrypted for this account.
    ///
    /// # Errors
    /// [`RandomError`] where there is no randomness.
    pub fn seal(&self, root: &RootKey, account_id: &str, random: &dyn Random) -> Result<Option<Vec<u8>>, RandomError> {
        Ok(root.seal(PURPOSE, account_id, &self.0, bytes(random)?))
    }

    /// Reads the stored form; `None` with another root key.
    pub fn open(root: &RootKey, account_id: &str, sealed: &[u8]) -> Option<Self> {
        Self::from_bytes(&root.open(PURPOSE, account_id, sealed)?)
    }
}

impl fmt::Debug for FactorSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FactorSecret(…)")
    }
}

/// RFC 4226, §5.3.
fn hotp(key: &[u8], counter: u64, digits: usize) -> String {
    let hash = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key), &counter.to_be_bytes());
    let offset = hash.as_ref().last().map_or(0, |last| usize::from(last & 15));
    let number = hash.as_ref().iter().skip(offset).take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) & 0x7fff_ffff;
    let modulus = 10_u32.pow(u32::try_from(digits).unwrap_or_default());
    format!("{:0digits$}", number % modulus)
}

/// A code that a person has entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnteredCode {
    /// Six digits of an app.
    App(String),
    /// The hash of what can be a recovery code.
    Recovery(SecretHash),
}

impl EnteredCode {
    /// Reads a code; spaces, hyphens and case make no difference. `None` for what can be none.
    pub fn read(text: &str) -> Option<Self> {
        let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_lowercase()).collect();
        match plain.len() {
            DIGITS if plain.bytes().all(|byte| byte.is_ascii_digit()) => Some(Self::App(plain)),
            RECOVERY_CHARACTERS => Some(Self::Recovery(SecretHash::of(&plain))),
            _ => None,
        }
    }
}

/// A recovery code in plain text, such as `abcd-efgh-ijkl-mnop-qrst-2345`. It can be neither cloned, printed nor serialised.
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// A new one.
    ///
    /// # Errors
    /// [`RandomError`] where there is no randomness.
    pub fn new(random: &dyn Random) -> Result<Self, RandomError> {
        let bytes: [u8; RECOVERY_CHARACTERS * 5 / 8] = bytes(random)?;
        Ok(Self(BASE32_NOPAD.encode(&bytes).to_ascii_lowercase()))
    }

    /// As people read it.
    pub fn expose(&self) -> String {
        let characters: Vec<char> = self.0.chars().collect();
        characters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    }

    /// Its stored form.
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(&self.0)
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::random::SeededRandom;

    const KEY: &[u8; 20] = b"12345678901234567890";

    fn at(seconds: i64) -> DateTime {
        DateTime::from_unix_milliseconds(seconds * 1000)
    }

    #[test]
    fn codes_are_those_of_rfc_4226_appendix_d() {
        let codes = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
        for (counter, code) in (0..).zip(codes) {
            assert_eq!(hotp(KEY, counter, 6), code);
        }
    }

    #[test]
    fn codes_are_those_of_rfc_6238_appendix_b() {
        for (seconds, code) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(hotp(KEY, seconds / 30, 8), code);
            let step = i64::try_from(seconds / 30).unwrap();
            assert_eq!(FactorSecret(*KEY).step(code.split_at(2).1, at(step * 30), None), Some(step));
        }
    }

    #[test]
    fn a_code_is_valid_one_step_before_and_after_its_own_and_after_the_last_used_one() {
        let secret = FactorSecret(*KEY);
        let code = secret.code(100);
        let accepted: Vec<i64> = (97 * 30..104 * 30).filter(|second| secret.step(&code, at(*second), None) == Some(100)).collect();
        assert_eq!((accepted.first(), accepted.last()), (Some(&(99 * 30)), Some(&(102 * 30 - 1))));
        assert_eq!(accepted.len(), 90);
        assert_eq!(secret.step(&code, at(3000), Some(99)), Some(100));
        assert_eq!(secret.step(&code, at(3000), Some(100)), None);
        for wrong in ["", "12345", "1234567", "abcdef", &secret.code(102), &secret.code(98)] {
            assert_eq!(secret.step(wrong, at(3000), None), None, "{wrong}");
        }
        // Before 1970, too.
        assert_eq!(secret.step(&secret.code(-1), at(-1), None), Some(-1));
    }

    #[test]
    fn an_app_is_given_what_it_needs() {
        let uri = FactorSecret(*KEY).uri("Scopewise (keys.example.com)", "ada@example.com");
        assert_eq!(
            uri,
            "otpauth://totp/Scopewise%20%28keys.example.com%29:ada%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=Scopewise%20%28keys.example.com%29&algorithm=SHA1&digits=6&period=30"
        );
    }

    #[test]
    fn the_stored_form_is_read_with_the_same_root_key_and_account() {
        let (random, secret) = (SeededRandom::new(1), FactorSecret(*KEY));
        let root = RootKey::new(&random).unwrap();
        let sealed = secret.seal(&root, "ada", &random).unwrap().unwrap();
        assert!(!sealed.windows(4).any(|bytes| bytes == &KEY[..4]));
        assert_eq!(FactorSecret::open(&root, "ada", &sealed).unwrap().expose(), secret.expose());
        assert!(FactorSecret::open(&root, "eve", &sealed).is_none());
        assert!(FactorSecret::open(&RootKey::new(&random).unwrap(), "ada", &sealed).is_none());
        assert_eq!(format!("{secret:?}"), "FactorSecret(…)");
    }

    #[test]
    fn codes_are_read_as_people_write_them() {
        let made = RecoveryCode::new(&SeededRandom::new(1)).unwrap();
        let text = made.expose();
        assert_eq!((text.len(), text.matches('-').count()), (29, 5));
        let same = Some(EnteredCode::Recovery(made.hash()));
        for written in [text.clone(), text.to_uppercase(), text.replace('-', " "), format!(" {} ", text.replace('-', ""))] {
            assert_eq!(EnteredCode::read(&written), same, "{written}");
        }
        for written in ["123456", " 123 456 ", "123-456"] {
            assert_eq!(EnteredCode::read(written), Some(EnteredCode::App("123456".to_owned())), "{written}");
        }
        for other in ["", "12345", "1234567", "12345a", text.split_at(1).1, "١٢٣٤٥٦"] {
            assert_eq!(EnteredCode::read(other), None, "{other}");
        }
        assert_eq!(format!("{made:?}"), "RecoveryCode(…)");
    }
}
