//! Says what was done, for a while, and offers to undo it.

use std::time::Duration;

use leptos::prelude::*;

/// How long it is shown: long enough to read it and to reach the button.
const SHOWN: Duration = Duration::from_secs(12);

#[derive(Clone)]
struct Toast {
    text: String,
    undo: Option<Callback<()>>,
}

/// What was done last.
#[derive(Clone, Copy)]
pub(super) struct Toasts {
    shown: RwSignal<Option<Toast>>,
    number: StoredValue<u32>,
}

impl Toasts {
    /// Nothing was done yet.
    pub fn start() -> Self {
        Self { shown: RwSignal::new(None), number: StoredValue::new(0) }
    }

    /// Says what was done. `undo` reverts it.
    pub fn say(self, text: String, undo: Option<Callback<()>>) {
        let number = self.number.get_value().wrapping_add(1);
        self.number.set_value(number);
        self.shown.set(Some(Toast { text, undo }));
        let clear = move || {
            if self.number.get_value() == number {
                self.shown.set(None);
            }
        };
        set_timeout(clear, SHOWN);
    }
}

/// The toasts that the application provides.
pub(super) fn use_toasts() -> Toasts {
    expect_context()
}

/// Where it is shown. The region is always there, so that screen readers announce what appears in it.
#[component]
pub(super) fn ToastRegion(toasts: Toasts) -> impl IntoView {
    let shown = toasts.shown;
    view! {
        <div class="toasts" role="status">
            {move || {
                shown.get().map(|toast| {
                    let undo = toast.undo.map(|undo| {
                        let revert = move |_| {
                            shown.set(None);
                            undo.try_run(());
                        };
                        view! { <button type="button" class="button" on:click=revert>"Undo"</button> }
                    });
                    view! {
                        <div class="toast">
                            <p dir="auto">{toast.text}</p>
                            {undo}
                            <button type="button" class="button" data-kind="quiet" on:click=move |_| shown.set(None)>"Dismiss"</button>
                        </div>
                    }
                })
            }}
        </div>
    }
}
