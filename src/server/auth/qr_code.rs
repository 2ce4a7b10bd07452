//! A text as a QR code.

use qrcode::{Color, EcLevel, QrCode};

use crate::api::QrCodeImage;

/// The picture, as the path of an SVG with one unit for each module and without a margin. `None` if the text is too long.
pub fn qr_code(text: &str) -> Option<QrCodeImage> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let (size, colors) = (code.width(), code.into_colors());
    let mut path = String::new();
    for (y, row) in colors.chunks(size).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, next| one == next) {
            if run.first() == Some(&Color::Dark) {
                let width = run.len();
                path.push_str(&format!("M{x} {y}h{width}v1h-{width}z"));
            }
            x += run.len();
        }
    }
    Some(QrCodeImage { size, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_has_the_three_squares_of_a_code() {
        let code = qr_code("otpauth://totp/x").unwrap();
        assert_eq!(code.size % 4, 1);
        let right = code.size - 7;
        for corner in ["M0 0h7v1h-7z".to_owned(), format!("M{right} 0h7v1h-7z"), format!("M0 {right}h7v1h-7z")] {
            assert!(code.path.contains(&corner), "{corner}");
        }
        assert_eq!(qr_code(&"x".repeat(10_000)), None);
    }
}
