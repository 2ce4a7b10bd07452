//! Hexadecimal digits of keys, tokens and hashes.

/// Two digits in lower case for each byte.
pub fn encode(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The bytes that exactly `2 * N` digits stand for, in either case. `None` for anything else.
pub fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits: Vec<u8> = text.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
    if digits.len() == 2 * N { bytes.try_into().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded_in_either_case() {
        let bytes: Vec<u8> = (0..=255).collect();
        let text = encode(&bytes);
        assert!(text.starts_with("000102") && text.ends_with("fdfeff") && text.len() == 512, "{text}");
        assert_eq!(decode::<256>(&text).unwrap().as_slice(), bytes);
        assert_eq!(decode::<256>(&text.to_uppercase()).unwrap().as_slice(), bytes);
    }

    #[test]
    fn nothing_else_is_decoded() {
        for text in ["", "0", "000", "00000", "0g00", "+1+1", " 000", "\u{ff10}000"] {
            assert_eq!(decode::<2>(text), None, "{text}");
        }
    }
}
