//! Letters whatever their case, of the scripts that search knows. The tables of `std` have all scripts, and take nine kilobytes of
//! what a browser loads.

/// The small form of a Latin, Greek, Cyrillic or Armenian letter; any other character as it is.
pub fn lower(letter: char) -> char {
    let code = u32::from(letter);
    let small = match code {
        0x41..=0x5a | 0xc0..=0xd6 | 0xd8..=0xde | 0x391..=0x3a1 | 0x3a3..=0x3ab | 0x410..=0x42f => code + 32,
        0x400..=0x40f => code + 80,
        0x531..=0x556 => code + 48,
        // A capital letter, and behind it the same as a small one.
        0x100..=0x12f
        | 0x132..=0x137
        | 0x14a..=0x177
        | 0x1de..=0x1ef
        | 0x1f8..=0x21f
        | 0x460..=0x481
        | 0x48a..=0x4bf
        | 0x4d0..=0x52f
        | 0x1e00..=0x1e95
        | 0x1ea0..=0x1eff => code | 1,
        0x139..=0x148 | 0x179..=0x17e | 0x1cd..=0x1dc | 0x4c1..=0x4ce => code + code % 2,
        0x178 => 0xff,
        0x4c0 => 0x4cf,
        0x386 => 0x3ac,
        0x388..=0x38a => code + 37,
        0x38c => 0x3cc,
        0x38e | 0x38f => code + 63,
        _ => code,
    };
    char::from_u32(small).unwrap_or(letter)
}

/// A text in small letters.
pub fn lowered(text: &str) -> String {
    text.chars().map(lower).collect()
}

/// Whether a character is a digit or can be a letter; most marks, such as those of a list, are neither.
pub fn is_letter_or_digit(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, 'ª' | 'µ' | 'º' | 'À'..='\u{1fff}' | '\u{2c00}'..='\u{2dff}' | '\u{3040}'..) && !matches!(c, '×' | '÷')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_become_small_as_everywhere() {
        // But for `İ`, of which `std` makes two characters, and three letters of other languages' own.
        let known = (0..0x180).chain(0x1cd..0x1f0).chain(0x1f8..0x220).chain(0x370..0x530).chain(0x531..0x557).chain(0x1e00..0x1f00);
        for code in known {
            let Some(letter) = char::from_u32(code).filter(|letter| !"İϏϗẞ".contains(*letter)) else { continue };
            if !(0x3d8..0x400).contains(&code) && !(0x370..0x380).contains(&code) && !"ϴǱǲǴ".contains(letter) {
                assert_eq!(lower(letter).to_string(), letter.to_lowercase().to_string(), "U+{code:04X}");
            }
        }
        assert_eq!(lowered("ÉCRIRE Łódź ΠΟΣ Ёлка ĂN 字 Ω̈ x1"), "écrire łódź ποσ ёлка ăn 字 ω̈ x1");
    }

    #[test]
    fn marks_of_a_list_are_no_letters() {
        assert!("aZ0é字жªا".chars().all(is_letter_or_digit));
        assert!("-*•·–—→×÷✓▪。「」 ,\u{a0}".chars().all(|c| !is_letter_or_digit(c)));
    }
}
