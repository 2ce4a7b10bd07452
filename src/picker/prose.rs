//! A message with quoted parts shown as code.

use leptos::prelude::*;

use super::state::{Piece, pieces, visible};

/// A message; text in backticks is shown as code.
#[component]
pub fn Prose(
    /// The message.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    pieces(&visible(&text))
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => view! { <span>{text}</span> }.into_any(),
            Piece::Code(code) => view! { <code dir="auto">{code}</code> }.into_any(),
        })
        .collect_view()
}
