//! Why each rule exists and what to do about its diagnostics, for the pages of docs/rules.

use crate::scope::Code;

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
            "An entry is empty, is longer than 128 characters, or holds a character that RFC 6749 §3.3 forbids in a scope: a space, `\"`, `\\`, a control character, or anything that is not ASCII. Each distinct text is reported once.",
            "No server can store such a scope. Letters that look alike, or that turn the direction of a line, could also make one scope look like another, so messages show everything that is not printable ASCII in escaped form.",
            "Use the suggested scope. Where one text holds several scopes, the fix gives each its own entry.",
        ),
        Code::UnknownScope => (
            "The text is a possible name for a scope, but the catalog has no scope of this name. It is an error, or a warning where the text is also in `previous`.",
            "A misspelled scope grants nothing, and the key fails later. A scope that the key already had may come from a server that is newer than the catalog, so it is kept: it never stops you from editing something else.",
            "Use the suggested scope. There is a suggestion only where a scope of this tier and edition is close enough to be sure. There are no wildcards: `users.*` becomes `users.read` and `users.write`. A text that holds several scopes (`users.read/write`, `users.{read,write}`, lines of a list) is split. A verb becomes the scope that opens its operations: `messages.send` becomes `messages.write`.",
        ),
        Code::WrongTier => (
            "The catalog knows the scope, but a key of this `tier` cannot hold it. The other rules then say nothing about this scope.",
            "Project keys and organization keys have different scopes, and the server itself gives a few scopes to every caller.",
            "Remove the scope, or create a key of the tier that can hold it.",
        ),
        Code::NotInEdition => (
            "The request names an `edition`, and that edition does not have the scope. It is an error. It is a warning where `beyondEdition` is `report`, and for a scope in `previous`, which is kept.",
            "A server or an SDK of that edition refuses the whole list because of this one scope.",
            "Replace it with its successor (in an older edition: with its predecessor), or choose another edition. The fix does only what `migrate` does: there is none where the change would close an operation that the scope opens, or, with `operations`, one of those.",
        ),
        Code::TooManyScopes => (
            "The list has more entries than the catalog allows for one key (Appwrite: 200). Repetitions count.",
            "The server refuses a longer list. A key that can do so much is also hard to judge and costly to lose.",
            "Remove repetitions and scopes that the code does not need, or split the work between two keys.",
        ),
        Code::ExpiryMalformed => (
            "The text in `expire` is not a date, or a date and time, between the years 0000 and 9999. You can write ISO 8601, also with a space instead of the `T` and before the offset, or the form of mail and HTTP, such as `Tue, 31 Dec 2030 23:59:59 GMT`. `null` and the empty text mean never.",
            "If two programs read a date differently, a key can live longer than you meant.",
            "Write a date, a time and an offset, such as `2030-12-31T23:59:59.000+00:00`.",
        ),
        Code::ExposedInClient => (
            "`runsIn` is `browser` or `mobile`, with any scopes.",
            "Anyone can read what you ship to a browser or a phone. An API key ignores the permissions of rows and files, so one extracted key opens the data of every user.",
            "Sign the user in and use the session. Keep the API key on a server. For development, use a dev key: it lifts rate limits and CORS, and opens nothing else.",
        ),
        Code::MissingScope => (
            "The granted scopes do not open one of the `operations`. One of an operation's alternatives is enough: a scope, or several scopes that are all needed. A write scope includes the read scope only where the catalog says so; in Appwrite's it never does.",
            "The server would refuse the call with 401 when the code runs.",
            "Add the suggested scope. Together, the suggestions of one report are what `suggest` gives: the least privileged set that opens everything. Where no scope of such a key opens the operation, the help says who can call it.",
        ),
        Code::UnknownOperation => (
            "An entry of `operations` is neither an SDK method of the catalog, in the spelling of any language, nor the HTTP method and path of one of its routes; or it holds several operations.",
            "The check cannot judge what it does not know. If it skipped the entry, or judged one of several operations, a key that lacks a scope would look sufficient.",
            "Use the suggested name, or write the request as it is sent: `GET /v1/users`. List each operation separately. A line of code (`await this.users.list<Prefs>()`, `(new Users($client))->list()`), one word (`usersList`), a command with its options, a line of a log and `curl -X GET https://host/v1/users` are read too.",
        ),
        Code::UnknownEdition => (
            "The catalog has no edition with the id in `edition`.",
            "Without the edition, the check cannot say which scopes exist in it.",
            "Use one of the editions that the help lists.",
        ),
        Code::ExceedsGrantor => (
            "The request gives the `grantor`'s scopes, and the key would newly get a scope that is not among them. An older or newer name of the scope counts too, if it opens at least the same operations. A scope in `previous` is kept, not granted. It is a warning, or an error where `beyondGrantor` is `reject`.",
            "If a key can create a stronger key, its own limits mean nothing.",
            "Remove the scope, or ask someone who holds it to create the key.",
        ),
        Code::SensitiveScope => (
            "With this scope, anyone who holds the key can gain more access: create stronger keys, run code with other scopes, act as any user, read keys, or change the whole project. `path` shows the steps. A scope that includes such a scope counts too. Some scopes are sensitive only in some editions of the API; if the check does not name an edition, they count.",
            "Such a key can do more than its list of scopes says.",
            "Grant it only where the key is kept safe, give the key a short life, and look for a narrower scope that does the job.",
        ),
        Code::SensitiveWithoutExpiry => (
            "The key holds a sensitive scope, and `expire` is `null`. It is reported once for each key, instead of `never-expires`.",
            "If the key leaks and nobody notices, it keeps working.",
            "Set an expiry, and rotate the key before that.",
        ),
        Code::SensitiveInCi => (
            "The key holds a sensitive scope, and `runsIn` is `ci`. It is reported once for each key.",
            "A pipeline runs code by many people: its own steps, other people's actions, and the build script of every dependency. Each of them can read the key.",
            "Create an ephemeral key for each run, with only the scopes of that job, or let a server that you trust do the step.",
        ),
        Code::DeprecatedScope => (
            "The key holds a deprecated scope. It is not reported where the target edition lacks the successor, where nothing that the code calls needs it (see `unused-scope`), or where the key also holds the successor and would lose no access without it (see `redundant-scope`).",
            "Servers still accept a deprecated scope, but will stop accepting it one day. Some open more than their successors: `collections.read` opens `databases.listCollections`, which `tables.read` does not.",
            "Where the successor opens the same operations, or all of `operations`, the fix replaces the scope. Otherwise there is no fix, since it would take access away: first move the calls that the help names.",
        ),
        Code::DuplicateScope => (
            "The same text is in the list more than once. Each such text is reported once.",
            "A repetition grants nothing, counts against the limit, and is easy to miss in a long list.",
            "Keep the first.",
        ),
        Code::RedundantScope => (
            "The key holds a scope that includes this one; or this one is deprecated, the key holds its successor, and it opens nothing more (with `operations`: nothing more of those).",
            "It grants nothing. If it is deprecated, servers will stop accepting it one day.",
            "Remove it. The key loses no access.",
        ),
        Code::UnusedScope => (
            "The request gives `operations`, the check knows all of them, and none needs the scope.",
            "A scope that the code does not need helps only someone who steals the key.",
            "Remove the scope, or add the operation that needs it to the list.",
        ),
        Code::ExpiryInPast => (
            "`expire` is not later than `now`. Without `now`, nothing is reported.",
            "The server accepts such a date without a warning, and then refuses every request with the key.",
            "Choose a later expiry.",
        ),
        Code::ExpiresSoon => (
            "`expire` is less than 14 days later than `now`.",
            "If nobody notices that a key ends, its service stops. A key that is meant to be short-lived is fine.",
            "Plan the rotation: a new secret, and an overlap in which both work.",
        ),
        Code::NeverExpires => (
            "`expire` is `null`, and the key holds no sensitive scope. Without `expire`, nothing is reported.",
            "People forget keys, and others find them.",
            "Set an expiry. A year is better than never.",
        ),
        Code::SsrBeyondSessions => (
            "`runsIn` is `ssr`, and the list holds a scope other than `sessions.write`.",
            "A server that renders pages acts for its users. An API key ignores their permissions, so one mistake shows every user's data to everyone.",
            "Use a key with `sessions.write` to sign users in and out, and fetch data with the user's session.",
        ),
        Code::InjectedKeyAvailable => (
            "`runsIn` is `function`, and the catalog has `functions.write`.",
            "Each execution of a function already receives its own key with the function's scopes. You would store, rotate and protect a second key for nothing.",
            "Give the scopes to the function, and use the key in the request's `x-appwrite-key` header.",
        ),
        Code::NoScopes => (
            "The list is empty, and `operations` names nothing.",
            "The key opens only what every key opens. That may be what you want, for example for a ping.",
            "Grant the scopes that the code needs. `suggest` finds the least privileged ones.",
        ),
        Code::EveryScope => (
            "The key holds every current scope that its tier can have in its edition (the newest where the request names none). Deprecated scopes and those that every key holds do not count. Catalogs with fewer than five scopes are not reported.",
            "Such a key is full access under another name.",
            "List the operations that the code calls, and use the set that `suggest` gives.",
        ),
    }
}
