//! The checker's entry point for JavaScript. It decides nothing: requests and answers cross the boundary as JSON text, so that a call
//! is one crossing whatever its size, and the answer is the same bytes as through every other entry point. What a person imports, the
//! thrown errors and the types are in `js/`.

use alloc::{boxed::Box, string::String, vec::Vec};
use core::borrow::Borrow;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::scope::{self, Catalog, Grant};

/// A catalog, ready to be asked.
#[wasm_bindgen]
pub struct Model(Source);

enum Source {
    BuiltIn,
    Own(Box<Catalog>),
}

impl Borrow<Catalog> for Source {
    fn borrow(&self) -> &Catalog {
        match self {
            Self::BuiltIn => Catalog::appwrite(),
            Self::Own(catalog) => catalog,
        }
    }
}

#[wasm_bindgen]
impl Model {
    /// The built-in catalog.
    #[wasm_bindgen(js_name = builtIn)]
    pub fn built_in() -> Self {
        Self(Source::BuiltIn)
    }

    /// A custom catalog, as JSON; `None` where something is wrong with it, which [`Model::faults`] reports.
    pub fn own(catalog: &str) -> Option<Self> {
        Catalog::from_json(catalog).ok().map(|catalog| Self(Source::Own(Box::new(catalog))))
    }

    /// Everything that is wrong with a catalog, as a JSON list of objects with `place` and `message`.
    pub fn faults(catalog: &str) -> String {
        scope::to_json(&Catalog::from_json(catalog).err().unwrap_or_default())
    }

    /// The answer of a call, `check` and its like, to a request, both as JSON. A request that cannot be answered gives an object
    /// with `error`, which no answer has.
    pub fn answer(&self, call: &str, request: &str) -> String {
        let answered = call.parse().and_then(|call| scope::answer(self.0.borrow(), call, request));
        answered.unwrap_or_else(|error| error.to_json())
    }

    /// The ids of all operations as a JSON list, in the order of [`Model::open`].
    pub fn operations(&self) -> String {
        let grant = self.grant("[]");
        let ids: Vec<&str> = grant.operations().map(|(id, _)| id).collect();
        scope::to_json(&ids)
    }

    /// For each operation, in the order of [`Model::operations`], 1 where the scopes (a JSON list) open it and 0 where not.
    pub fn open(&self, scopes: &str) -> Vec<u8> {
        self.grant(scopes).operations().map(|(_, is_open)| u8::from(is_open)).collect()
    }

    /// Whether the scopes (a JSON list) open an operation, in whatever way it is written.
    pub fn opens(&self, scopes: &str, operation: &str) -> bool {
        self.grant(scopes).allows(operation)
    }

    fn grant(&self, scopes: &str) -> Grant<&Catalog> {
        // What is not a list of texts opens nothing.
        let scopes = scope::texts(scopes).unwrap_or_default();
        Borrow::<Catalog>::borrow(&self.0).compile(&scopes)
    }
}
