//! Every text of the picker, in one table. An embedder can replace each by its key. What the check reports is not in here: that is the scope model's.

use std::collections::BTreeMap;

macro_rules! texts {
    ($($name:ident $key:literal $english:literal)*) => {
        /// A text of the picker.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Text {
            $(#[doc = $english] $name,)*
        }

        impl Text {
            /// All texts, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The key to replace it by.
            pub fn key(self) -> &'static str {
                KEYS.get(self as usize).copied().unwrap_or_default()
            }

            /// The text in English.
            pub fn english(self) -> &'static str {
                ENGLISH.get(self as usize).copied().unwrap_or_default()
            }
        }

        const KEYS: &[&str] = &[$($key),*];
        const ENGLISH: &[&str] = &[$($english),*];
    };
}

texts! {
    Search "search" "Search scopes"
    SearchHint "searchHint" "Search, such as: send an email"
    SearchOperationsHint "searchOperationsHint" "Search, such as: list rows"
    FoundOne "foundOne" "{count} scope found"
    FoundMany "foundMany" "{count} scopes found"
    NothingFound "nothingFound" "No scope matches. Try a part of a scope's name, the name of a service, or what your code does."
    HiddenDeprecatedOne "hiddenDeprecatedOne" "{count} deprecated scope also matches."
    HiddenDeprecatedMany "hiddenDeprecatedMany" "{count} deprecated scopes also match."
    HiddenUnchosenOne "hiddenUnchosenOne" "{count} scope that is not selected also matches."
    HiddenUnchosenMany "hiddenUnchosenMany" "{count} scopes that are not selected also match."
    InEditionOne "inEditionOne" "{count} more scope in {edition}."
    InEditionMany "inEditionMany" "{count} more scopes in {edition}."
    OfProjectOne "ofProjectOne" "{count} more scope for project keys."
    OfProjectMany "ofProjectMany" "{count} more scopes for project keys."
    OfOrganizationOne "ofOrganizationOne" "{count} more scope for organization keys."
    OfOrganizationMany "ofOrganizationMany" "{count} more scopes for organization keys."
    ShowThem "showThem" "Show"
    ShowMore "showMore" "Show {count} more"
    NotLoaded "notLoaded" "This part of the picker cannot be loaded."
    LoadAgain "loadAgain" "Try again"
    Layout "layout" "Layout"
    ByService "byService" "By service"
    ReadAndWrite "readAndWrite" "Read and write"
    ByCall "byCall" "By operation"
    ChosenOf "chosenOf" "{count} of {total} selected"
    Chosen "chosen" "{count} selected"
    Selected "selected" "selected"
    SomeOf "someOf" "{count} of {total}"
    Undo "undo" "Undo"
    Redo "redo" "Redo"
    Undone "undone" "Undone."
    Redone "redone" "Redone."
    Clear "clear" "Clear selection"
    SelectedOnly "selectedOnly" "Selected only"
    ShowDeprecated "showDeprecated" "Show deprecated"
    ExpandAll "expandAll" "Expand all"
    CollapseAll "collapseAll" "Collapse all"
    Scopes "scopes" "Scopes"
    AllOfService "allOfService" "All of {service}"
    Others "others" "Not in this catalog"
    AllOthers "allOthers" "All scopes that are not in this catalog"
    Deprecated "deprecated" "Deprecated"
    DeprecatedUse "deprecatedUse" "Deprecated: use {scope}"
    Sensitive "sensitive" "Sensitive."
    SensitiveAction "sensitiveAction" "Sensitive {action}."
    Includes "includes" "Includes {scopes}."
    IncludesSensitive "includesSensitive" "It includes `{scope}`: {reason}"
    HeldThrough "heldThrough" "Held through `{scope}`."
    LabelHeldThrough "labelHeldThrough" "{label}, held through {scope}"
    CannotGrant "cannotGrant" "You cannot grant this scope, because you do not hold it."
    OpensOperation "opensOperation" "Opens"
    AndMore "andMore" "and {count} more"
    More "more" "{count} more"
    Opens "opens" "Opens"
    OpensWhat "opensWhat" "what {scope} opens"
    OpensOne "opensOne" "opens {count} operation"
    OpensMany "opensMany" "opens {count} operations"
    OpensWith "opensWith" "together with {scopes}"
    MatrixCaption "matrixCaption" "Scopes by resource, with read and write side by side"
    Resource "resource" "Resource"
    Read "read" "Read"
    Write "write" "Write"
    OtherAction "otherAction" "Other"
    AllOfColumn "allOfColumn" "{column}: all shown"
    Presets "presets" "Presets"
    PresetReadOnly "presetReadOnly" "Read-only"
    PresetReadOnlyAbout "presetReadOnlyAbout" "Everything that reads and is not sensitive"
    PresetDeploy "presetDeploy" "Deploy from CI"
    PresetDeployAbout "presetDeployAbout" "Deploys functions and sites from a pipeline"
    PresetSsr "presetSsr" "SSR sessions"
    PresetSsrAbout "presetSsrAbout" "Makes sessions on a server that renders pages"
    PresetMessaging "presetMessaging" "Messaging"
    PresetMessagingAbout "presetMessagingAbout" "Sends messages to topics, users and targets"
    PresetBackups "presetBackups" "Backups"
    PresetBackupsAbout "presetBackupsAbout" "Reads users, teams, databases and files to copy them"
    AskTitle "askTitle" "Grant {count} scopes?"
    AskSensitiveOne "askSensitiveOne" "{count} of them is sensitive:"
    AskSensitiveMany "askSensitiveMany" "{count} of them are sensitive:"
    AskOthers "askOthers" "The others:"
    AskAll "askAll" "These scopes are added:"
    AskGrantAll "askGrantAll" "Grant all {count}"
    AskCalmOne "askCalmOne" "Grant only the other one"
    AskCalmMany "askCalmMany" "Grant only the other {count}"
    Cancel "cancel" "Cancel"
    AddFromList "addFromList" "Add from a list"
    PasteLabel "pasteLabel" "Scope names"
    PasteHint "pasteHint" "Paste names with anything between them, code with the SDK's enum, JSON, YAML or a .env file. Scopes that are not in the catalog are kept and reported."
    AddScopes "addScopes" "Add scopes"
    NothingAdded "nothingAdded" "No new scopes in that text."
    AddedOne "addedOne" "{count} scope added."
    AddedMany "addedMany" "{count} scopes added."
    ReadAs "readAs" "Read as {format}."
    Copy "copy" "Copy the selection"
    SdkEnum "sdkEnum" "SDK enum"
    Copied "copied" "Copied as {format}."
    CopyRefused "copyRefused" "The browser blocked copying. Copy the text below."
    CallsTitle "callsTitle" "What your code calls"
    CallsAbout "callsAbout" "Search for operations above, or paste a list of them or source code. Scopewise finds the smallest set of scopes for them."
    CodeLabel "codeLabel" "Operations or source code"
    FindCalls "findCalls" "Find operations"
    NoCalls "noCalls" "No new operations in that text. Write each as in an SDK, such as users.list, or as a method and a path."
    CallsOne "callsOne" "{count} operation added."
    CallsMany "callsMany" "{count} operations added."
    NoOperation "noOperation" "No operation matches."
    MoreOperations "moreOperations" "{count} more. Type more of the name."
    CallsOpen "callsOpen" "{open} of {count} open with the selected scopes"
    CallOpen "callOpen" "Opened by {scopes}"
    CallOpenToAll "callOpenToAll" "Open to every key"
    CallNeeds "callNeeds" "Needs {scopes}"
    CallImpossible "callImpossible" "No scope of this key opens it"
    RemoveCall "removeCall" "Remove {operation}"
    ClearCalls "clearCalls" "Remove all operations"
    SmallestSet "smallestSet" "Smallest set: {scopes}"
    GrantMissingOne "grantMissingOne" "Grant the missing scope"
    GrantMissingMany "grantMissingMany" "Grant the {count} missing scopes"
    UseExactlyOne "useExactlyOne" "Use exactly this scope"
    UseExactlyMany "useExactlyMany" "Use exactly these {count} scopes"
    CheckResults "checkResults" "Check results"
    Check "check" "Check"
    NoProblems "noProblems" "No problems found"
    ErrorsOne "errorsOne" "{count} error"
    ErrorsMany "errorsMany" "{count} errors"
    WarningsOne "warningsOne" "{count} warning"
    WarningsMany "warningsMany" "{count} warnings"
    HintsOne "hintsOne" "{count} hint"
    HintsMany "hintsMany" "{count} hints"
    Error "error" "Error"
    Warning "warning" "Warning"
    Hint "hint" "Hint"
    Climb "climb" "How this scope leads to more access"
    Changes "changes" "Changes to scopes"
    NoChanges "noChanges" "No changes to the saved scopes."
    GrantedOne "grantedOne" "{count} scope granted"
    GrantedMany "grantedMany" "{count} scopes granted"
    RevokedOne "revokedOne" "{count} scope revoked"
    RevokedMany "revokedMany" "{count} scopes revoked"
}

/// The texts of one picker: English, but for those that are replaced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strings(BTreeMap<String, String>);

impl Strings {
    /// Replaces texts by their keys. Keys that are none change nothing.
    pub fn new(replaced: &BTreeMap<String, String>) -> Self {
        Self(replaced.clone())
    }

    /// A text, with the names of its parts in braces where it has some.
    pub fn get(&self, text: Text) -> &str {
        self.0.get(text.key()).map_or(text.english(), String::as_str)
    }

    /// A text with its parts filled in. What is filled in is not read for braces.
    pub fn fill(&self, text: Text, parts: &[(&str, &str)]) -> String {
        let mut filled = String::new();
        let mut rest = self.get(text);
        while let Some((before, behind)) = rest.split_once('{') {
            filled.push_str(before);
            let part = behind.split_once('}').and_then(|(name, after)| Some((parts.iter().find(|(part, _)| *part == name)?.1, after)));
            if let Some((value, after)) = part {
                filled.push_str(value);
                rest = after;
            } else {
                filled.push('{');
                rest = behind;
            }
        }
        filled + rest
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_text_has_a_key_of_its_own() {
        let keys: BTreeSet<&str> = Text::ALL.iter().map(|text| text.key()).collect();
        assert_eq!(keys.len(), Text::ALL.len());
        assert!(keys.iter().all(|key| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric())));
        assert!(Text::ALL.iter().all(|text| !text.english().is_empty()));
    }

    /// Writes the page again with `SCOPEWISE_BLESS=1`.
    #[test]
    fn the_page_of_texts_lists_every_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/picker-texts.md");
        let begin = "| key | English |\n|---|---|\n";
        let page = std::fs::read_to_string(path).unwrap();
        let (before, _) = page.split_once(begin).unwrap();
        let rows: String = Text::ALL.iter().map(|text| format!("| `{}` | {} |\n", text.key(), text.english())).collect();
        let expected = format!("{before}{begin}{rows}");
        if std::env::var_os("SCOPEWISE_BLESS").is_some() {
            std::fs::write(path, &expected).unwrap();
            return;
        }
        assert!(page == expected, "docs/picker-texts.md is stale: run this test with SCOPEWISE_BLESS=1");
    }

    #[test]
    fn a_replaced_text_is_filled_like_the_english_one() {
        let strings = Strings::new(&BTreeMap::from([("foundMany".to_owned(), "{count} Rechte {gefunden} {".to_owned())]));
        assert_eq!(strings.fill(Text::FoundMany, &[("count", "3")]), "3 Rechte {gefunden} {");
        assert_eq!(strings.fill(Text::FoundOne, &[("count", "1")]), "1 scope found");
        assert_eq!(strings.fill(Text::AllOfService, &[("service", "{count}"), ("count", "x")]), "All of {count}");
    }
}
