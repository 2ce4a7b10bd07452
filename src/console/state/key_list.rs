//! What the table of keys shows: which part of which list, and how it is written into the address bar.

use crate::{
    api::{KeyDetails, KeyFilter, KeySort, paths::percent_encode},
    console::route::decode,
    key::KeyStatus,
    scope::DateTime,
};

/// How high the rows are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Density {
    /// Room to read and to touch.
    #[default]
    Normal,
    /// More rows on the screen.
    Compact,
}

impl Density {
    /// The height of a row, in pixels.
    pub fn row_height(self) -> usize {
        match self {
            Self::Normal => 44,
            Self::Compact => 32,
        }
    }

    /// Its name, as it is stored and as the style knows it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Compact => "compact",
        }
    }
}

/// How many keys one page has: a browser cannot show a million rows below each other.
pub const PAGE_ROWS: usize = 1000;
/// How many keys are fetched at a time. Reading more takes longer than a frame.
pub const BLOCK_ROWS: usize = 50;
/// Rows that are rendered before and after the visible ones.
const AROUND: usize = 12;
/// So many of them come with one frame.
const PER_FRAME: usize = 6;

/// The label of a filter.
pub fn filter_label(filter: KeyFilter) -> &'static str {
    match filter {
        KeyFilter::All => "All",
        KeyFilter::Active => "Active",
        KeyFilter::Expiring => "Expires soon",
        KeyFilter::Expired => "Expired",
        KeyFilter::Disabled => "Disabled",
        KeyFilter::Exposed => "Exposed",
        KeyFilter::NeverUsed => "Never used",
        KeyFilter::NeverExpires => "Never expires",
        KeyFilter::Sensitive => "Sensitive scopes",
    }
}

/// Which part of which list is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListView {
    /// What is searched for.
    pub search: String,
    /// Which keys are shown.
    pub filter: KeyFilter,
    /// What they are sorted by.
    pub sort: KeySort,
    /// Whether the last comes first.
    pub descending: bool,
    /// The page, from 0.
    pub page: usize,
}

impl Default for ListView {
    fn default() -> Self {
        Self { search: String::new(), filter: KeyFilter::All, sort: KeySort::Created, descending: true, page: 0 }
    }
}

/// Whether an order starts with its last key: the newest, the last used, the one with the most scopes.
fn starts_descending(sort: KeySort) -> bool {
    matches!(sort, KeySort::Created | KeySort::Used | KeySort::Scopes)
}

impl ListView {
    /// Reads the query of an address, and the first row that was in view. What it cannot read is as by default.
    pub fn of_query(query: &str) -> (Self, usize) {
        let (mut view, mut row) = (Self::default(), 0);
        let mut order = "";
        for (name, value) in query.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('=')) {
            match name {
                "search" => view.search = decode(value),
                "filter" => view.filter = value.parse().unwrap_or_default(),
                "sort" => view.sort = value.parse().unwrap_or_default(),
                "order" => order = value,
                "page" => view.page = value.parse().map_or(0, |page: usize| page.saturating_sub(1)),
                "row" => row = value.parse().unwrap_or(0),
                _ => {}
            }
        }
        view.descending = match order {
            "asc" => false,
            "desc" => true,
            _ => starts_descending(view.sort),
        };
        (view, row.min(PAGE_ROWS - 1))
    }

    /// The query of the address, with the first row in view; empty where everything is as by default.
    pub fn query(&self, row: usize) -> String {
        let mut query = String::new();
        let mut add = |name: &str, value: &str| {
            query.push(if query.is_empty() { '?' } else { '&' });
            query.push_str(name);
            query.push('=');
            query.push_str(&percent_encode(value, ""));
        };
        if !self.search.is_empty() {
            add("search", &self.search);
        }
        if self.filter != KeyFilter::All {
            add("filter", self.filter.as_str());
        }
        if self.sort != KeySort::Created {
            add("sort", self.sort.as_str());
        }
        if self.descending != starts_descending(self.sort) {
            add("order", if self.descending { "desc" } else { "asc" });
        }
        if self.page > 0 {
            add("page", &(self.page + 1).to_string());
        }
        if row > 0 {
            add("row", &row.to_string());
        }
        query
    }

    /// The query of the request for the block of keys that starts at this row of the page.
    pub fn request(&self, row: usize) -> String {
        let search = percent_encode(self.search.trim(), "");
        let (filter, sort, offset) = (self.filter.as_str(), self.sort.as_str(), self.page * PAGE_ROWS + row);
        format!("search={search}&filter={filter}&sort={sort}&descending={}&offset={offset}&limit={BLOCK_ROWS}", self.descending)
    }

    /// Sorts by a column. If it is sorted by it, the order is reversed.
    pub fn sort_by(&mut self, sort: KeySort) {
        self.descending = if self.sort == sort { !self.descending } else { starts_descending(sort) };
        self.sort = sort;
        self.page = 0;
    }

    /// The value of `aria-sort` of a column.
    pub fn aria_sort(&self, sort: KeySort) -> &'static str {
        match (self.sort == sort, self.descending) {
            (false, _) => "none",
            (true, false) => "ascending",
            (true, true) => "descending",
        }
    }

    /// Whether all keys are shown.
    pub fn is_whole(&self) -> bool {
        self.search.trim().is_empty() && self.filter == KeyFilter::All
    }
}

/// Some rows of a page: the first, and the one after the last.
pub type Rows = (usize, usize);

/// The rows in view, of a page with `count` rows. `above` is how far the top of the table is above the top of the window, in pixels.
pub fn visible(above: f64, height: f64, row_height: usize, count: usize) -> Rows {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast from float saturates")]
    let row = |pixels: f64| pixels.max(0.0) as usize / row_height;
    (row(above).min(count), (row(above + height) + 1).min(count))
}

/// The rows to render: those in view, and some around them.
pub fn around(visible: Rows, count: usize) -> Rows {
    // In steps, so that not each pixel renders something.
    let step = 2;
    (visible.0.saturating_sub(AROUND) / step * step, ((visible.1 + AROUND).div_ceil(step) * step).min(count))
}

/// The rows to render in the next frame, on the way from those that are there to the `wanted` ones: all in view, and only some of the others, so that no
/// frame takes long.
pub fn approach(there: Rows, visible: Rows, wanted: Rows) -> Rows {
    let stay = (there.0.max(wanted.0), there.1.min(wanted.1));
    let is_near = stay.0 < stay.1 && stay.0 <= visible.1 && visible.0 <= stay.1;
    let next = if is_near { (stay.0.min(visible.0), stay.1.max(visible.1)) } else { visible };
    let below = wanted.1.saturating_sub(next.1).min(PER_FRAME);
    let above = next.0.saturating_sub(wanted.0).min(PER_FRAME - below);
    (next.0 - above, next.1 + below)
}

/// How many rows a page has, of a list with `total` keys.
pub fn rows_of_page(total: usize, page: usize) -> usize {
    total.saturating_sub(page * PAGE_ROWS).min(PAGE_ROWS)
}

/// A whole number with separators: "1,000,000".
pub fn number(value: usize) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Whether a key can be used at `now`, and if not, why.
pub fn status(details: &KeyDetails, now: DateTime) -> KeyStatus {
    KeyStatus::of(details.enabled, details.key.expire.0, now)
}

/// The times of a key, each in a line; `long` writes them.
pub fn exact_times(details: &KeyDetails, long: impl Fn(DateTime) -> String) -> String {
    let key = &details.key;
    let times = [("Expires", key.expire.0), ("Last used", key.accessed_at.0), ("Created", key.created_at.0)];
    let line = |(what, at): (&str, Option<DateTime>)| match at {
        Some(at) => format!("{what} {}", long(at)),
        None => format!("{what}: never"),
    };
    times.map(line).join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_in_the_address_and_comes_back_from_it() {
        let view = |query: &str| ListView::of_query(query);
        assert_eq!(view(""), (ListView::default(), 0));
        assert_eq!(ListView::default().query(0), "");
        for query in [
            "?search=nightly%20export%26%3D&filter=expiring&sort=name&order=desc&page=12&row=345",
            "?order=asc",
            "?sort=used",
            "?sort=expires&row=9",
        ] {
            let (read, row) = view(query);
            assert_eq!(read.query(row), query);
        }
        assert_eq!(
            view("?search=a%20b&x=1&page=0&row=x&filter=new&sort=&order=up").0,
            ListView { search: "a b".into(), ..ListView::default() }
        );
        assert_eq!(view("?row=999999").1, PAGE_ROWS - 1);
    }

    #[test]
    fn a_column_is_sorted_by_what_matters_first_and_then_reversed() {
        let mut view = ListView { page: 3, ..ListView::default() };
        view.sort_by(KeySort::Expires);
        assert_eq!((view.descending, view.page, view.aria_sort(KeySort::Expires)), (false, 0, "ascending"));
        view.sort_by(KeySort::Expires);
        assert_eq!((view.aria_sort(KeySort::Expires), view.aria_sort(KeySort::Name)), ("descending", "none"));
        view.sort_by(KeySort::Used);
        assert!(view.descending);
    }

    #[test]
    fn a_request_names_the_part_of_the_list() {
        let view = ListView { search: " a&b ".into(), sort: KeySort::Name, descending: false, page: 2, ..ListView::default() };
        assert_eq!(view.request(300), "search=a%26b&filter=all&sort=name&descending=false&offset=2300&limit=50");
    }

    #[test]
    fn only_the_rows_around_the_window_are_rendered() {
        let window = |above, row_height, count| around(visible(above, 900.0, row_height, count), count);
        assert_eq!(visible(-200.0, 900.0, 44, 1000), (0, 16));
        assert_eq!(window(-200.0, 44, 1000), (0, 28));
        assert_eq!(window(-200.0, 44, 7), (0, 7));
        assert_eq!(visible(22_000.0, 900.0, 44, 1000), (500, 521));
        assert_eq!(window(22_000.0, 44, 1000), (488, 534));
        let (first, last) = window(1e12, 32, 50);
        assert!(first >= 36 && last == 50, "{first} {last}");
        assert_eq!((rows_of_page(1_000_001, 1000), rows_of_page(2500, 1), rows_of_page(5, 3)), (1, 1000, 0));
    }

    #[test]
    fn rows_in_view_come_at_once_and_those_around_them_with_the_frames_after() {
        let frames = |mut there: Rows, visible: Rows, wanted: Rows| {
            let mut frames = Vec::new();
            while there != wanted {
                there = approach(there, visible, wanted);
                frames.push(there);
                assert!(frames.len() < 20, "{frames:?}");
            }
            frames
        };
        // At the start.
        assert_eq!(frames((0, 16), (0, 16), (0, 28)), [(0, 22), (0, 28)]);
        // Further down: both sides, those below first.
        assert_eq!(frames((0, 28), (500, 520), (488, 532)), [(500, 526), (500, 532), (494, 532), (488, 532)]);
        // A little further down, and up again: what leaves goes at once, and what comes is no more than a frame takes.
        assert_eq!(frames((0, 28), (4, 20), (0, 32)), [(0, 32)]);
        assert_eq!(frames((20, 60), (16, 36), (4, 48)), [(10, 48), (4, 48)]);
        // A page without rows.
        assert_eq!(approach((0, 28), (0, 0), (0, 0)), (0, 0));
    }

    #[test]
    fn numbers_have_separators() {
        assert_eq!([0, 12, 999, 1000, 1_000_000].map(number), ["0", "12", "999", "1,000", "1,000,000"]);
    }
}
