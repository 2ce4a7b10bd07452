//! The results of the check.

use leptos::{html, prelude::*};

use super::{
    icons::{self, Icon},
    inputs::PickerInputs,
    paint::painted,
    picker::Picker,
    prose::Prose,
    state::{Text, sentence, verdict},
};
use crate::scope::{Code, Diagnostic, Fix, Level, Report, apply_edits};

/// The report alone, for a page that chooses scopes in another way. A fix changes the scopes of the inputs.
#[component]
pub fn ScopeReport(
    /// The inputs.
    inputs: PickerInputs,
    /// The report: [`PickerInputs::report`].
    #[prop(into)]
    report: Signal<Report>,
) -> impl IntoView {
    view! { <div class="picker"><ReportPanel picker=Picker::new(inputs) report /></div> }
}

/// The report: a summary, and each diagnostic with its help.
#[component]
pub(super) fn ReportPanel(
    /// The picker; a fix changes the scopes.
    picker: Picker,
    /// The report.
    #[prop(into)]
    report: Signal<Report>,
) -> impl IntoView {
    let report = painted(report);
    let title = NodeRef::<html::H3>::new();
    let offers_fix = Signal::derive(move || !picker.inputs.read_only.get() && !picker.inputs.read_only_report.get());
    let level = memo(move || report.with(|report| report.all().map(|diagnostic| diagnostic.level).min()));
    let on_fix = Callback::new(move |fix: Fix| {
        picker.change(picker.inputs.scopes.with_untracked(|scopes| apply_edits(scopes, &fix.edits)));
        // The button disappears with its diagnostic; the focus must stay in the report.
        if let Some(title) = title.get_untracked() {
            drop(title.focus());
        }
    });
    view! {
        <section class="report" part="check" aria-labelledby="report-title" data-level=move || level_word(level.get())>
            <h3 class="panel-title" part="title" id="report-title" tabindex="-1" node_ref=title>{picker.text(Text::Check)}</h3>
            <p class="report-verdict" part="verdict" role="status">
                {move || view! { <Icon path=level_icon(level.get()) /> }}
                <span>{move || report.with(|report| picker.with_strings(|strings| verdict(strings, report)))}</span>
            </p>
            <ul class="diagnostics" hidden=move || level.get().is_none()>
                <For each=move || report.with(|report| report.all().cloned().collect::<Vec<_>>()) key=key let(diagnostic)>
                    <Item picker diagnostic on_fix offers_fix />
                </For>
            </ul>
        </section>
    }
}

/// A diagnostic with a path keeps its element, and its expanded details, when other scopes change.
fn key(diagnostic: &Diagnostic) -> (Code, String, Option<usize>) {
    (diagnostic.code, diagnostic.message.clone(), if diagnostic.path.is_empty() { diagnostic.index } else { None })
}

fn level_word(level: Option<Level>) -> &'static str {
    match level {
        Some(Level::Error) => "error",
        Some(Level::Warning) => "warning",
        Some(Level::Hint) => "hint",
        None => "fine",
    }
}

fn level_icon(level: Option<Level>) -> &'static str {
    match level {
        Some(Level::Error) => icons::ERROR,
        Some(Level::Warning) => icons::WARNING,
        Some(Level::Hint) => icons::HINT,
        None => icons::FINE,
    }
}

#[component]
fn Item(picker: Picker, diagnostic: Diagnostic, on_fix: Callback<Fix>, offers_fix: Signal<bool>) -> impl IntoView {
    let Diagnostic { code, level, message, help, path, fix, .. } = diagnostic;
    let word = match level {
        Level::Error => Text::Error,
        Level::Warning => Text::Warning,
        Level::Hint => Text::Hint,
    };
    let path = (!path.is_empty()).then(|| {
        view! {
            <details class="climb">
                <summary>{picker.text(Text::Climb)}</summary>
                <ol>{path.into_iter().map(|step| view! { <li><Prose text=sentence(&step) /></li> }).collect_view()}</ol>
            </details>
        }
    });
    let fix = fix.map(|fix| {
        let title = sentence(&fix.title).trim_end_matches('.').to_owned();
        view! {
            <button type="button" class="button diagnostic-fix" part="button fix" hidden=move || !offers_fix.get() on:click=move |_| on_fix.run(fix.clone())>
                <span><Prose text=title /></span>
            </button>
        }
    });
    view! {
        <li class="diagnostic" part="diagnostic" data-level=level_word(Some(level)) data-code=code.as_str()>
            <Icon path=level_icon(Some(level)) />
            <div class="diagnostic-text">
                <p class="diagnostic-message">
                    <span class="visually-hidden">{picker.text(word)}": "</span>
                    <Prose text=sentence(&message) />
                </p>
                <p class="diagnostic-help"><Prose text=sentence(&help) /></p>
                {path}
                {fix}
            </div>
        </li>
    }
}
