//! The checker's entry point for JavaScript. It decides nothing: requests and answers cross the boundary as JSON text, so that a call
//! is one crossing whatever its size, and the answer is the same bytes as through every other entry point. What a person imports, the
//! thrown errors and the types are in `js/`.

use alloc::{boxed::Box, string::String, vec::Vec};

use wasm_bindgen::prelude::wasm_bindgen;

use crate::{
    no_std,
    scope::{self, Catalog},
};

/// A catalog, ready to be asked.
#[wasm_bindgen]
pub struct Model {
    catalog: Box<Catalog>,
    /// The region that it was made in, with what it makes when it is first asked for.
    region: usize,
}

impl From<Catalog> for Model {
    fn from(catalog: Catalog) -> Self {
        Self { catalog: Box::new(catalog.kept_by(no_std::KEEPER)), region: no_std::region() }
    }
}

#[wasm_bindgen]
impl Model {
    /// The built-in catalog.
    #[wasm_bindgen(js_name = builtIn)]
    pub fn built_in() -> Self {
        Catalog::built_in().into()
    }

    /// A custom catalog, as JSON; `None` where something is wrong with it, which [`Model::faults`] reports.
    pub fn own(catalog: &str) -> Option<Self> {
        Catalog::from_json(catalog).ok().map(Self::from)
    }

    /// Everything that is wrong with a catalog, as a JSON list of objects with `place` and `message`.
    pub fn faults(catalog: &str) -> String {
        scope::to_json(&Catalog::from_json(catalog).err().unwrap_or_default())
    }

    /// The answer of a call, `check` and its like, to a request, both as JSON. A request that cannot be answered gives an object
    /// with `error`, which no answer has.
    pub fn answer(&self, call: &str, request: &str) -> String {
        let answered = call.parse().and_then(|call| scope::answer(self.catalog(), call, request));
        answered.unwrap_or_else(|error| error.to_json())
    }

    /// The ids of all operations as a JSON list, in the order of the catalog.
    pub fn operations(&self) -> String {
        let mut ids: Vec<&str> = Vec::new();
        self.catalog().operations().iter().for_each(|operation| ids.push(&operation.id));
        scope::to_json(&ids)
    }

    /// The words of [`Catalog::route_words`] as a JSON list; `null` where there are none.
    pub fn words(&self) -> String {
        scope::to_json(&self.catalog().route_words())
    }

    /// For each operation, in the order of [`Model::operations`], `1` where the scopes of a request (that of `reach`) open it, and `0`
    /// where not; or an object with `error`.
    pub fn open(&self, request: &str) -> String {
        scope::verdicts(self.catalog(), request).unwrap_or_else(|error| error.to_json())
    }

    /// The operations that a text means, in whatever way it is written: their positions in [`Model::operations`], as a JSON list.
    pub fn find(&self, text: &str) -> String {
        scope::to_json(&self.catalog().operation_positions(text))
    }

    fn catalog(&self) -> &Catalog {
        no_std::keep_in(self.region);
        &self.catalog
    }
}
