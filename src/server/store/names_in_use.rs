//! Which names of a catalog the stored rows use.

/// The names of a catalog that stored rows use, each with the number of rows. The most used ones come first, and the names of equally
/// used ones are in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamesInUse {
    /// The scopes of keys, with the number of keys. Keys of the organization count.
    pub scopes: Vec<(String, u64)>,
    /// The editions that policies name, with the number of projects.
    pub editions: Vec<(String, u64)>,
}

impl NamesInUse {
    /// So many scopes are reported, and so many editions.
    pub const MAX: u32 = 40_000;
}
