//! Texts of the catalog on the page: safe to look at, and with what a search finds in them.

use leptos::prelude::*;

use super::{
    picker::Picker,
    state::{spans, visible},
};

/// A text with the words of the search marked.
pub(super) fn marked(picker: Picker, text: &str) -> impl IntoView + use<> {
    let text = visible(text);
    dynamic(move || picker.query.with(|query| parts(&text, query.as_ref().map_or(&[], |query| &query.words), false)))
}

/// The id of an operation with what the search means by it.
pub(super) fn marked_operation(picker: Picker, id: &str) -> impl IntoView + use<> {
    let words = picker.query.with(|query| query.as_ref().map(super::state::Query::operation_words).unwrap_or_default());
    parts(&visible(id), &words, true)
}

fn parts(text: &str, words: &[String], at_begin: bool) -> impl IntoView + use<> {
    let part = |span: super::state::Span| if span.marked { view! { <mark>{span.text}</mark> }.into_any() } else { span.text.into_any() };
    spans(text, words, at_begin).into_iter().map(part).collect_view()
}
