//! How wide chips are, known without a layout of the page.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::console::state::{ServiceUse, fitting};

// As in the style, in units of `rem`.
const PAGE_TEXT: f64 = 0.875;
const CHIP_TEXT: f64 = 0.75;
/// Around the text of a chip.
const CHIP_PADDING: f64 = 1.0;
/// Between two chips.
const GAP: f64 = 0.25;
/// Room for the number of services that have no chip.
const REST: f64 = 1.5;
/// What a column keeps free at its end.
const COLUMN_END: f64 = 1.0;

/// Measures chips in the font of the page.
pub(super) struct TextWidths {
    canvas: CanvasRenderingContext2d,
    family: String,
    rem: f64,
    /// The widths of texts that were measured: as many as the catalog has services.
    known: Vec<(String, f64)>,
}

impl TextWidths {
    /// With the font that the page has now; `None` where the browser does not say.
    pub fn new() -> Option<Self> {
        let style = window().get_computed_style(&document().body()?.into()).ok()??;
        let size = js_sys::parse_float(&style.get_property_value("font-size").ok()?);
        let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
        let canvas = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        Some(Self { canvas, family: style.get_property_value("font-family").ok()?, rem: size / PAGE_TEXT, known: Vec::new() })
    }

    /// How many of these chips fit into a column of so many pixels, of a key that has `count` of them.
    pub fn chips_in(&mut self, room: f64, chips: &[ServiceUse], count: usize) -> usize {
        let widths: Vec<f64> = chips.iter().map(|chip| self.of_chip(chip)).collect();
        fitting(&widths, count, GAP, REST, room / self.rem - COLUMN_END)
    }

    fn of_chip(&mut self, chip: &ServiceUse) -> f64 {
        CHIP_PADDING + self.of_text(400, &format!("{} ", chip.title)) + self.of_text(600, chip.letters())
    }

    fn of_text(&mut self, weight: u32, text: &str) -> f64 {
        if let Some((_, width)) = self.known.iter().find(|(known, _)| known == text) {
            return *width;
        }
        self.canvas.set_font(&format!("{weight} 100px {}", self.family));
        // Where the browser does not say, chips may be cut.
        let width = self.canvas.measure_text(text).map_or(0.0, |measured| measured.width() / 100.0 * CHIP_TEXT);
        self.known.push((text.to_owned(), width));
        width
    }
}
