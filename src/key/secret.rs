//! The form of a secret: prefix, 256 random bits, checksum. Never stores, never logs, never makes randomness.
//!
//! `scopewise_key_`, `scopewise_org_` or `scopewise_dev_`, then 43 characters of `0-9A-Za-z` (256 bits, base 62, most significant first, padded
//! with `0`), then 6 characters: the CRC-32 (IEEE) of everything before them, in base 62. As a regular expression:
//! `\bscopewise_(key|org|dev)_[0-9A-Za-z]{49}\b`.

use alloc::{borrow::ToOwned, format, string::String};
use core::fmt;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const RANDOM_CHARACTERS: usize = 43;
const CHECKSUM_CHARACTERS: usize = 6;

/// What a secret is for. No kind is ever taken for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SecretKind {
    /// An API key of a project.
    Key,
    /// An API key of the organization.
    Organization,
    /// A dev key.
    Dev,
}

impl SecretKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Key, Self::Organization, Self::Dev];

    /// What a secret of this kind begins with.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Key => "scopewise_key_",
            Self::Organization => "scopewise_org_",
            Self::Dev => "scopewise_dev_",
        }
    }
}

/// A secret in plain text. It can be neither cloned, printed nor serialised; [`Secret::expose`] is the only way to read it.
pub struct Secret {
    kind: SecretKind,
    text: String,
}

/// Why a text is not one of our secrets. Says nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// It does not begin with one of our prefixes: it may be a secret of another maker.
    #[error("not a Scopewise secret")]
    Foreign,
    /// The prefix is ours, but length, alphabet or checksum are wrong: a typo, or made up.
    #[error("the secret is damaged: its checksum does not fit")]
    Damaged,
}

impl Secret {
    /// Makes a secret of 32 bytes from a cryptographic source.
    pub fn new(kind: SecretKind, random: &[u8; 32]) -> Self {
        let mut text = String::with_capacity(kind.prefix().len() + RANDOM_CHARACTERS + CHECKSUM_CHARACTERS);
        text.push_str(kind.prefix());
        text.extend(base62::<32, RANDOM_CHARACTERS>(*random).map(char::from));
        let sum = checksum(&text);
        text.extend(sum.map(char::from));
        Self { kind, text }
    }

    /// Reads a secret that a client sent. Cheap: nothing is looked up.
    ///
    /// # Errors
    /// [`SecretError::Foreign`] without our prefix, [`SecretError::Damaged`] where form or checksum are wrong.
    pub fn parse(text: &str) -> Result<Self, SecretError> {
        let kind = SecretKind::ALL.into_iter().find(|kind| text.starts_with(kind.prefix())).ok_or(SecretError::Foreign)?;
        let length = kind.prefix().len() + RANDOM_CHARACTERS + CHECKSUM_CHARACTERS;
        if text.len() != length || !text.is_ascii() {
            return Err(SecretError::Damaged);
        }
        let (body, sum) = text.split_at(length - CHECKSUM_CHARACTERS);
        if sum.as_bytes() != checksum(body) {
            return Err(SecretError::Damaged);
        }
        Ok(Self { kind, text: text.to_owned() })
    }

    /// What it is for.
    pub fn kind(&self) -> SecretKind {
        self.kind
    }

    /// The plain text, for the one answer that hands it out and for hashing.
    pub fn expose(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({}…)", self.kind.prefix())
    }
}

/// The harmless beginning and end of a secret, to tell keys apart: the prefix with 4 characters, and the last 4.
///
/// A secret of another maker shows 4 and 4 around its prefix up to the first `_`; one under 32 characters shows nothing.
///
/// ```
/// use scopewise::key::{Secret, SecretKind, hint};
/// let secret = Secret::new(SecretKind::Key, &[7; 32]);
/// let hint = hint(secret.expose());
/// assert!(hint.starts_with("scopewise_key_") && hint.chars().count() == 23);
/// ```
pub fn hint(secret: &str) -> String {
    let prefix = SecretKind::ALL.into_iter().map(SecretKind::prefix).find(|prefix| secret.starts_with(prefix));
    let prefix = prefix.map_or_else(|| secret.find('_').map_or(0, |at| at + 1), str::len);
    let (head, tail) = (secret.get(..prefix + 4), secret.len().checked_sub(4).and_then(|at| secret.get(at..)));
    match (head, tail) {
        (Some(head), Some(tail)) if secret.len() >= prefix + 32 => format!("{head}…{tail}"),
        _ => "…".to_owned(),
    }
}

fn checksum(body: &str) -> [u8; CHECKSUM_CHARACTERS] {
    base62(crc32(body.as_bytes()).to_be_bytes())
}

/// A big-endian number in base 62, padded to `WIDTH` digits.
fn base62<const BYTES: usize, const WIDTH: usize>(mut number: [u8; BYTES]) -> [u8; WIDTH] {
    let mut digits = [b'0'; WIDTH];
    for digit in digits.iter_mut().rev() {
        let mut rest = 0_u32;
        for byte in &mut number {
            let value = rest << 8 | u32::from(*byte);
            *byte = u8::try_from(value / 62).unwrap_or(u8::MAX);
            rest = value % 62;
        }
        *digit = DIGITS.get(rest as usize).copied().unwrap_or(b'0');
    }
    digits
}

/// CRC-32 as in IEEE 802.3, the checksum of zip and PNG.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32| crc >> 4 ^ CRC_OF_HALF_A_BYTE.get(crc as usize & 15).copied().unwrap_or_default();
    !bytes.iter().fold(!0_u32, |crc, byte| step(step(crc ^ u32::from(*byte))))
}

/// Of each half of a byte, as the polynomial 0xedb88320 makes it.
const CRC_OF_HALF_A_BYTE: [u32; 16] = [
    0x0000_0000,
    0x1db7_1064,
    0x3b6e_20c8,
    0x26d9_30ac,
    0x76dc_4190,
    0x6b6b_51f4,
    0x4db2_6158,
    0x5005_713c,
    0xedb8_8320,
    0xf00f_9344,
    0xd6d6_a3e8,
    0xcb61_b38c,
    0x9b64_c2b0,
    0x86d3_d2d4,
    0xa00a_e278,
    0xbdbd_f21c,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksum_is_the_crc_32_of_zip() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn base_62_keeps_every_bit() {
        assert_eq!(base62([0; 32]), [b'0'; 43]);
        assert_eq!(&base62([0, 0, 0, 61]), b"0z");
        assert_eq!(&base62([0, 0, 0, 62]), b"10");
        // 2^256 - 1 has 43 digits: nothing is cut off.
        let (all, longer) = (base62::<32, 43>([255; 32]), base62::<32, 44>([255; 32]));
        assert_ne!(all[0], b'0');
        assert_eq!((longer[0], &longer[1..]), (b'0', &all[..]));
    }

    #[test]
    fn a_typo_never_passes() {
        let secret = Secret::new(SecretKind::Key, &std::array::from_fn(|i| i as u8));
        let text = secret.expose();
        assert_eq!(Secret::parse(text).map(|secret| secret.kind()), Ok(SecretKind::Key));
        for index in SecretKind::Key.prefix().len()..text.len() {
            let mut typo = text.as_bytes().to_vec();
            typo[index] = if typo[index] == b'x' { b'y' } else { b'x' };
            let typo = String::from_utf8(typo).unwrap();
            assert_eq!(Secret::parse(&typo).map(|_| ()), Err(SecretError::Damaged), "{index}");
        }
        assert_eq!(Secret::parse(text.strip_suffix(|_| true).unwrap()).map(|_| ()), Err(SecretError::Damaged));
        assert_eq!(Secret::parse("standard_abc").map(|_| ()), Err(SecretError::Foreign));
    }

    #[test]
    fn a_secret_never_prints_itself() {
        assert_eq!(format!("{:?}", Secret::new(SecretKind::Dev, &[9; 32])), "Secret(scopewise_dev_…)");
    }

    #[test]
    fn hints_show_little() {
        let imported = format!("standard_{}", "ab".repeat(128));
        assert_eq!(hint(&imported), "standard_abab…abab");
        assert_eq!(hint("short_1234567890"), "…");
        assert_eq!(hint(""), "…");
    }
}
