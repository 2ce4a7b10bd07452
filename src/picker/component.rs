//! The whole picker: toolbar, list of scopes, and results of the check.

use leptos::prelude::*;

use super::{
    changes::ChangesPanel,
    inputs::{Picker, PickerInputs},
    matrix::Matrix,
    paste::Paste,
    report::ReportPanel,
    service::{OtherScopes, ServiceGroup},
    state::{Layout, in_pairs},
    toolbar::Toolbar,
};
use crate::scope::{Report, Scope};

/// Lets a person choose scopes and shows the results of the check.
#[component]
pub fn ScopePicker(
    /// The inputs of the picker.
    inputs: PickerInputs,
    /// The results of the check: [`PickerInputs::report`].
    #[prop(into)]
    report: Signal<Report>,
) -> impl IntoView {
    let picker = Picker::new(inputs);
    let offered = picker.offered();
    let groups: Vec<(&'static str, &'static str, Vec<&'static Scope>)> = inputs
        .catalog
        .services
        .iter()
        .map(|service| {
            let scopes = in_pairs(offered.iter().copied().filter(|scope| scope.service == service.id));
            (service.id.as_str(), service.name.as_str(), scopes)
        })
        .filter(|(_, _, scopes): &(_, _, Vec<_>)| !scopes.is_empty())
        .collect();
    let layout = Memo::new(move |_| picker.view.with(|view| view.layout));
    let nothing_found = {
        let offered = offered.clone();
        move || !offered.iter().any(|scope| picker.shows(scope)) && picker.others().is_empty()
    };
    let list = {
        let groups = groups.clone();
        move || match layout.get() {
            Layout::Services => {
                groups.iter().cloned().map(|(id, name, scopes)| view! { <ServiceGroup picker id name scopes /> }).collect_view().into_any()
            }
            Layout::Matrix => view! { <Matrix picker groups=groups.clone() /> }.into_any(),
        }
    };
    view! {
        <div class="picker"><div class="picker-grid">
            <div class="picker-main">
                <Toolbar picker offered />
                <div class="picker-list" role="group" aria-label="Scopes">
                    {list}
                    <OtherScopes picker />
                    <p class="picker-nothing" hidden=move || !nothing_found()>
                        "No scope matches. Try a part of a scope's name, or the name of a service."
                    </p>
                </div>
                <Paste picker />
            </div>
            <div class="picker-side" role="region" aria-label="Check results" tabindex="0">
                <ChangesPanel inputs />
                <ReportPanel inputs report />
            </div>
        </div></div>
    }
}
