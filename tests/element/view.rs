//! A page of the package `view` alone, for `view.test.js`: everything that can change in a view, and setters that change it.

#![expect(missing_docs, reason = "only its test calls it")]

use std::any::Any;

use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
pub struct Page {
    rows: RwSignal<Vec<String>>,
    title: RwSignal<Option<String>>,
    on: RwSignal<bool>,
    shape: RwSignal<u32>,
    clicks: RwSignal<u32>,
    made: RwSignal<u32>,
    ended: RwSignal<u32>,
    _mounted: Box<dyn Any>,
}

#[wasm_bindgen]
impl Page {
    #[wasm_bindgen(constructor)]
    pub fn new(parent: &web_sys::Element) -> Self {
        let owner = Owner::new();
        owner.with(|| {
            let rows = RwSignal::new(Vec::new());
            let title = RwSignal::new(None::<String>);
            let (on, shape) = (RwSignal::new(false), RwSignal::new(0));
            let [clicks, made, ended] = [(); 3].map(|()| RwSignal::new(0));
            let mounted = mount_to(parent, move || {
                view! {
                    <ul class="rows" title=move || title.get() class:on=move || on.get() hidden=move || on.get()>
                        <li>"first"</li>
                        <For each=move || rows.get() key=String::clone let(row)>
                            <Row row clicks made ended />
                        </For>
                        <li>"last"</li>
                    </ul>
                    <input prop:value=move || title.get().unwrap_or_default() />
                    <p class="shape">"before "{move || shown(shape.get(), clicks)}" after"</p>
                    <p class="whole">{move || whole(shape.get(), title)}</p>
                }
            });
            Self { rows, title, on, shape, clicks, made, ended, _mounted: Box::new((mounted, owner.clone())) }
        })
    }

    pub fn set_rows(&self, rows: Vec<String>) {
        self.rows.set(rows);
    }

    pub fn set_title(&self, title: Option<String>) {
        self.title.set(title);
    }

    pub fn set_on(&self, on: bool) {
        self.on.set(on);
    }

    pub fn set_shape(&self, shape: u32) {
        self.shape.set(shape);
    }

    /// How often rows were clicked, how many were made, and how many have ended.
    pub fn counts(&self) -> Vec<u32> {
        [self.clicks, self.made, self.ended].map(|count| count.get_untracked()).into()
    }
}

#[component]
fn Row(row: String, clicks: RwSignal<u32>, made: RwSignal<u32>, ended: RwSignal<u32>) -> impl IntoView {
    made.update(|made| *made += 1);
    on_cleanup(move || {
        ended.try_update(|ended| *ended += 1);
    });
    // Several nodes, one of them of a closure: a row is not one element.
    view! {
        <li on:click=move |_| clicks.update(|clicks| *clicks += 1)>{row.clone()}</li>
        {move || (clicks.get() == 0).then(|| view! { <li>{format!("under {row}")}</li> })}
    }
}

/// Views of each kind in one place.
fn shown(shape: u32, clicks: RwSignal<u32>) -> AnyView {
    match shape {
        0 => ().into_any(),
        1 => "a text".into_any(),
        2 => "another text".to_owned().into_any(),
        3 => view! { <b on:click=move |_| clicks.set(100)>"an element"</b> }.into_any(),
        4 => view! { <i>"two"</i><i>"elements"</i> }.into_any(),
        5 => Some(view! { <b on:click=move |_| clicks.set(200)>"another element"</b> }).into_any(),
        6 => (move || clicks.get().to_string()).into_any(),
        // A list of that many.
        _ => (7..shape).map(|at| view! { <b>{at}</b> }).collect_view().into_any(),
    }
}

/// An element that stays while what it has changes.
fn whole(shape: u32, title: RwSignal<Option<String>>) -> AnyView {
    match shape % 3 {
        0 => view! { <span id="kept" class="zero" lang="en">"zero"</span> }.into_any(),
        1 => view! { <span id="kept" class="one" title=move || title.get()>"one"</span> }.into_any(),
        _ => view! { <span id="kept" title="two">{move || title.get()}</span> }.into_any(),
    }
}
