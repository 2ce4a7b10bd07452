//! The whole picker: toolbar, list of scopes, and results of the check.

use leptos::prelude::*;

use super::{
    changes::ChangesPanel,
    inputs::{Picker, PickerInputs},
    matrix::{Group, Matrix},
    paste::Paste,
    report::ReportPanel,
    service::{OtherScopes, ServiceGroup},
    state::{Layout, in_pairs},
    toolbar::Toolbar,
};
use crate::scope::{Report, catalog::Service};

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
    let groups = move || -> Vec<Group> {
        let (catalog, offered) = (inputs.catalog(), picker.offered.get());
        let group = |service: &Service| {
            let scopes = in_pairs(offered.iter().filter(|scope| scope.service == service.id).cloned());
            (service.id.clone(), service.name.clone(), scopes)
        };
        catalog.services.iter().map(group).filter(|(_, _, scopes)| !scopes.is_empty()).collect()
    };
    let layout = Memo::new(move |_| picker.view.with(|view| view.layout));
    let nothing_found =
        move || !picker.offered.with(|offered| offered.iter().any(|scope| picker.shows(scope))) && picker.others().is_empty();
    let list = move || match layout.get() {
        Layout::Services => {
            groups().into_iter().map(|(id, name, scopes)| view! { <ServiceGroup picker id name scopes /> }).collect_view().into_any()
        }
        Layout::Matrix => view! { <Matrix picker groups=groups() /> }.into_any(),
    };
    view! {
        <div class="picker"><div class="picker-grid">
            <div class="picker-main">
                <Toolbar picker />
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
