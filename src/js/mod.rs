//! wasm-bindgen exports of the checker. They translate, nothing else: requests and answers cross as JSON, which is both the
//! smallest and the fastest way, and the reason why every door gives the same bytes.

use std::{borrow::Borrow, rc::Rc};

use js_sys::{Error, JSON, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

use crate::scope::{self, Call, Catalog, CatalogError, Grant, RequestError};

/// The built-in catalog, or one of the caller's own.
#[derive(Clone)]
enum Source {
    BuiltIn,
    Own(Rc<Catalog>),
}

impl Borrow<Catalog> for Source {
    fn borrow(&self) -> &Catalog {
        match self {
            Self::BuiltIn => Catalog::appwrite(),
            Self::Own(catalog) => catalog,
        }
    }
}

/// The model over one catalog.
#[wasm_bindgen]
pub struct Checker(Source);

#[wasm_bindgen]
impl Checker {
    /// The model over the built-in catalog.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self(Source::BuiltIn)
    }

    /// The model over a catalog of the caller's own, as JSON text.
    ///
    /// # Errors
    /// An `Error` with `code: "invalid-catalog"` and `errors`, everything that is wrong with it as `{place, message}`.
    #[wasm_bindgen(js_name = fromJson)]
    pub fn from_json(catalog: &str) -> Result<Self, Error> {
        Catalog::from_json(catalog).map(|catalog| Self(Source::Own(Rc::new(catalog)))).map_err(|errors| catalog_error(&errors))
    }

    /// Answers a call; request and answer are JSON text. Never throws: what cannot be answered gives `{"error":{…}}`.
    pub fn answer(&self, call: &str, request: &str) -> String {
        let answered = call.parse().and_then(|call| scope::answer(self.0.borrow(), call, request));
        answered.unwrap_or_else(|error| error.to_json())
    }

    /// `scope::check`.
    ///
    /// # Errors
    /// An `Error` with `code` and `help` where the request has another form.
    pub fn check(&self, request: &JsValue) -> Result<JsValue, Error> {
        self.call(Call::Check, request)
    }

    /// `scope::allows`.
    ///
    /// # Errors
    /// An `Error` with `code` and `help` where the request has another form.
    pub fn allows(&self, request: &JsValue) -> Result<JsValue, Error> {
        self.call(Call::Allows, request)
    }

    /// `scope::suggest`.
    ///
    /// # Errors
    /// An `Error` with `code` and `help` where the request has another form.
    pub fn suggest(&self, request: &JsValue) -> Result<JsValue, Error> {
        self.call(Call::Suggest, request)
    }

    /// `scope::reach`.
    ///
    /// # Errors
    /// An `Error` with `code` and `help` where the request has another form.
    pub fn reach(&self, request: &JsValue) -> Result<JsValue, Error> {
        self.call(Call::Reach, request)
    }

    /// `scope::compare`.
    ///
    /// # Errors
    /// An `Error` with `code` and `help` where the request has another form.
    pub fn compare(&self, request: &JsValue) -> Result<JsValue, Error> {
        self.call(Call::Compare, request)
    }

    /// `scope::migrate`.
    ///
    /// # Errors
    /// An `Error` with `code` and `help` where the request has another form.
    pub fn migrate(&self, request: &JsValue) -> Result<JsValue, Error> {
        self.call(Call::Migrate, request)
    }

    /// The catalog, or the part that the request asks for.
    ///
    /// # Errors
    /// An `Error` with `code` and `help` where the request has another form.
    pub fn catalog(&self, request: &JsValue) -> Result<JsValue, Error> {
        self.call(Call::Catalog, request)
    }

    /// A set of scopes, prepared for being asked often.
    pub fn scopes(&self, scopes: Vec<String>) -> Scopes {
        Scopes(Grant::new(self.0.clone(), &scopes))
    }

    fn call(&self, call: Call, request: &JsValue) -> Result<JsValue, Error> {
        // A cycle or a BigInt cannot be written, `undefined` is written as nothing.
        let text = JSON::stringify(request).map_err(|error| error.unchecked_into::<Error>())?;
        let text = text.as_string().unwrap_or_default();
        let answer = scope::answer(self.0.borrow(), call, &text).map_err(|error| request_error(&error))?;
        JSON::parse(&answer).map_err(|error| error.unchecked_into::<Error>())
    }
}

impl Default for Checker {
    fn default() -> Self {
        Self::new()
    }
}

/// A set of scopes, prepared for being asked often.
#[wasm_bindgen]
pub struct Scopes(Grant<Source>);

#[wasm_bindgen]
impl Scopes {
    /// Whether the scopes open the operation.
    pub fn allows(&self, operation: &str) -> bool {
        self.0.allows(operation)
    }
}

fn request_error(error: &RequestError) -> Error {
    let thrown = Error::new(&error.message);
    thrown.set_name("ScopewiseError");
    set(&thrown, "code", &error.code.as_str().into());
    set(&thrown, "help", &error.help.as_str().into());
    thrown
}

fn catalog_error(errors: &[CatalogError]) -> Error {
    let thrown = Error::new(&errors.first().map(ToString::to_string).unwrap_or_default());
    thrown.set_name("ScopewiseError");
    set(&thrown, "code", &"invalid-catalog".into());
    let list = js_sys::Array::new();
    for error in errors {
        let entry = js_sys::Object::new();
        set(&entry, "place", &error.place.as_str().into());
        set(&entry, "message", &error.message.as_str().into());
        list.push(&entry);
    }
    set(&thrown, "errors", &list);
    thrown
}

fn set(target: &JsValue, name: &str, value: &JsValue) {
    // A fresh object takes every property.
    let _ = Reflect::set(target, &name.into(), value);
}
