//! Why each rule exists and what to do about its findings, for the pages of docs/rules. Decides nothing.

use super::Code;

/// What a page says of a code beyond [`Code::summary`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Exactly when it is reported, and when it is not.
    pub when: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
}

impl Code {
    /// When, why and what to do, in whole sentences.
    pub fn explanation(self) -> Explanation {
        let (when, why, remedy) = texts(self);
        Explanation { when, why, remedy }
    }
}

fn texts(code: Code) -> (&'static str, &'static str, &'static str) {
    match code {
        Code::MalformedScope => (
            "An entry is empty, is longer than 128 characters, or holds a character that RFC 6749 §3.3 does not allow in a scope: a space, `\"`, `\\`, a control character, or anything outside of ASCII. It is reported once for each distinct text.",
            "No server can store such a scope, and letters that look alike or turn the direction of a line could pass for a scope that they are not. Everything that is not printable ASCII is therefore shown escaped.",
            "Take the suggested scope. Where one text holds several scopes, the fix gives each an entry of its own.",
        ),
        Code::UnknownScope => (
            "The text could be a scope, but the catalog has none of this name. For a scope that stands in `previous` it is a warning, otherwise an error.",
            "A misspelled scope grants nothing, and the key fails later. A scope that the key has had before may come from a server that is newer than the catalog: it is kept, so that an edit of something else is never stopped by it.",
            "Take the suggested scope, if one is near enough to be sure of; only scopes that this tier and edition can have are suggested. There are no wildcards: `users.*` becomes `users.read` and `users.write`.",
        ),
        Code::WrongTier => (
            "The catalog knows the scope, but a key of the given `tier` cannot hold it. No other rule about the catalog's facts then speaks of this scope.",
            "Keys of projects and keys of organizations have different scopes, and a few are given to callers by the server itself.",
            "Remove the scope, or create a key of the tier that can hold it.",
        ),
        Code::NotInEdition => (
            "`edition` is given, and that edition does not have the scope. It is an error; a warning where `beyondEdition` is `report`, and for what stands in `previous`, which is kept.",
            "A server or an SDK of that edition refuses the whole list because of it.",
            "Put its successor, or in an older edition its predecessor, in its place, or choose another edition. The fix does only what `migrate` does: there is none where something that the scope opens would close; where `operations` is given, where one of these would.",
        ),
        Code::TooManyScopes => (
            "The list has more entries than the catalog allows for one key (Appwrite: 200). Repetitions count.",
            "The server refuses a longer list, and a key that can do so much is hard to judge and costly to lose.",
            "Remove repetitions and what the code does not call, or split the work between two keys.",
        ),
        Code::ExpiryMalformed => (
            "`expire` is a text that is not a date, or a date and time, between the years 0000 and 9999. Dates of ISO 8601 are read, also with a space in the place of the `T` and before the offset, and those of mail and HTTP, such as `Tue, 31 Dec 2030 23:59:59 GMT`. `null`, and the empty text that the server writes, mean never.",
            "A text that is read in two ways lets a key live longer than was meant.",
            "Write it with a time and an offset, such as `2030-12-31T23:59:59.000+00:00`.",
        ),
        Code::ExposedInClient => (
            "`runsIn` is `browser` or `mobile`, whatever the scopes are.",
            "Everything that is shipped to a browser or a phone can be read by whoever has it. An API key passes over the permissions of rows and files, so that one extracted key opens the data of every user.",
            "Sign the user in, and use the session there. Keep the API key on a server. In development a dev key lifts rate limits and CORS, and opens nothing else.",
        ),
        Code::MissingScope => (
            "An operation of `operations` is not open with the granted scopes. Any one of an operation's scopes is enough; to write never includes to read.",
            "The call would be refused with 401 when the code runs.",
            "Add the suggested scope. The suggestions of one report together are the smallest set that opens everything. Where no scope of such a key opens the operation, the help says who can call it.",
        ),
        Code::UnknownOperation => (
            "A text of `operations` is neither an SDK method of the catalog, in the spelling of any language, nor the HTTP method and path of one of its routes.",
            "What is not understood cannot be judged. Passing over it would make a key look sufficient that is not.",
            "Take the suggested name, or write the request as it goes over the wire: `GET /v1/users`.",
        ),
        Code::UnknownEdition => (
            "`edition` names none of the catalog's editions.",
            "Without the edition nothing can be said of which scopes it has.",
            "Use one of the editions that the help lists.",
        ),
        Code::ExceedsGrantor => (
            "`grantor` is given, and does not hold a scope that is newly granted. An earlier or later spelling of a scope counts where it opens at least the same operations; what stands in `previous` is kept, not granted. It is a warning, and an error where `beyondGrantor` is `reject`.",
            "A key that creates stronger keys than itself is a way around its own limits.",
            "Remove the scope, or let somebody create the key who holds it.",
        ),
        Code::SensitiveScope => (
            "The key holds a scope whose holder can climb: create stronger keys, run code with scopes of his choice, act as any user, read keys, or change the whole project. The way up is told step by step in `path`.",
            "What such a key can do is more than what its list of scopes says.",
            "Grant it only where the key is kept safe, let the key expire soon, and look for a narrower scope that does the work.",
        ),
        Code::SensitiveWithoutExpiry => (
            "The key holds a sensitive scope, and `expire` is `null`. It is reported once for the key, and `never-expires` is silent then.",
            "A leak that nobody notices stays open for ever.",
            "Set an expiry, and rotate the key before it.",
        ),
        Code::SensitiveInCi => (
            "The key holds a sensitive scope, and `runsIn` is `ci`. It is reported once for the key.",
            "A pipeline runs the code of many people: its own steps, actions of others, and every dependency's build script. Each of them can read the key.",
            "Create an ephemeral key for each run, with the scopes of that job alone, or let a server that you trust do the step.",
        ),
        Code::DeprecatedScope => (
            "The key holds a deprecated scope. It is silent where the target edition does not have the successor, where nothing that the code calls needs the scope (`unused-scope`), and where the successor is granted too and nothing would be lost (`redundant-scope`).",
            "A deprecated scope is still accepted, and will be dropped one day. But some open more than their successors do: `collections.read` opens `databases.listCollections`, which `tables.read` does not.",
            "Where the successor opens the same, or everything that `operations` names, the fix puts it in place. Otherwise there is no fix, since it would take access away: move the calls that the help names first.",
        ),
        Code::DuplicateScope => (
            "A text stands more than once. It is reported once for each such text, however often it stands.",
            "A repetition grants nothing, counts against the limit, and hides in a long list.",
            "Keep the first.",
        ),
        Code::RedundantScope => (
            "A deprecated scope stands beside its successor and opens nothing more, or nothing more of what `operations` names.",
            "It grants nothing, and it will not be accepted for ever.",
            "Remove it; no access is lost.",
        ),
        Code::UnusedScope => (
            "`operations` is given, every operation is understood, and none of them needs the scope.",
            "What the code does not need serves only whoever steals the key.",
            "Remove the scope, or add the operation that needs it to the list.",
        ),
        Code::ExpiryInPast => (
            "`expire` is not later than `now`. Nothing is said where `now` is not given.",
            "The key is refused from its first request on. The server accepts such a date without a word.",
            "Choose a later expiry.",
        ),
        Code::ExpiresSoon => (
            "`expire` is later than `now`, by less than 14 days.",
            "A key that ends unnoticed takes its service down. For a key that is meant to be short-lived, all is well.",
            "Plan the rotation: a new secret, with an overlap in which both are valid.",
        ),
        Code::NeverExpires => (
            "`expire` is `null`, and the key holds no sensitive scope. Nothing is said where `expire` is absent.",
            "Keys are forgotten, and a forgotten key is found by others.",
            "Set an expiry; a year is better than never.",
        ),
        Code::SsrBeyondSessions => (
            "`runsIn` is `ssr`, and the list has anything but `sessions.write`.",
            "A server that renders pages acts for its users. With an API key it passes over their permissions, and one mistake shows the data of all to each of them.",
            "Keep a key with `sessions.write` for signing in and out, and fetch data with the session of the user.",
        ),
        Code::InjectedKeyAvailable => (
            "`runsIn` is `function`.",
            "Each execution of a function receives a key of its own with the function's scopes. A second key has to be stored, rotated and kept secret for nothing.",
            "Give the scopes to the function, and use the key that comes with the request in the header `x-appwrite-key`.",
        ),
        Code::NoScopes => (
            "The list is empty, and `operations` names nothing.",
            "The key opens only what is open to every key. It may be what you want, as for a ping.",
            "Grant the scopes of what the code calls; `suggest` finds the smallest set.",
        ),
        Code::EveryScope => (
            "The key holds every current scope that a key of its tier can have in its edition, the newest where none is given. Deprecated scopes and those that every key holds do not count, and it is silent in catalogs of fewer than five.",
            "Such a key is full access by another name.",
            "Name the operations that the code calls, and take the smallest set that `suggest` gives.",
        ),
    }
}
