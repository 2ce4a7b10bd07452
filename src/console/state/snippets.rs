//! Set-up code: for the SDKs of Appwrite's API, or for another API.

use crate::scope::{Catalog, Operation};

/// The id of the catalog whose API the SDKs call.
const WITH_SDKS: &str = "appwrite";

/// What a client needs.
#[derive(Clone, Copy)]
pub struct Connection<'a> {
    /// Where the API is, with `/v1`.
    pub endpoint: &'a str,
    /// The id of the project.
    pub project: &'a str,
    /// The secret, or its hint while it is hidden.
    pub secret: &'a str,
    /// The catalog of the API.
    pub catalog: &'a Catalog,
}

/// Set-up code for one environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Snippet {
    /// Environment variables; the others read the secret from them.
    Env,
    /// node-appwrite.
    Node,
    /// The Python SDK.
    Python,
    /// The PHP SDK.
    Php,
    /// The Go SDK.
    Go,
    /// dart_appwrite.
    Dart,
    /// The .NET SDK.
    DotNet,
    /// The Ruby SDK.
    Ruby,
    /// The Kotlin SDK for servers.
    Kotlin,
    /// The Swift SDK for servers.
    Swift,
    /// The Rust SDK.
    Rust,
    /// A single request.
    Curl,
    /// A secret of a GitHub repository, and a step that reads it.
    Actions,
    /// An environment variable, for another API.
    Variable,
    /// The header of each request, for another API.
    Header,
    /// A single request to another API.
    Request,
}

impl Snippet {
    /// Those for Appwrite's API, in the order of the menu.
    const SDKS: &[Self] = &[
        Self::Env,
        Self::Node,
        Self::Python,
        Self::Php,
        Self::Go,
        Self::Ruby,
        Self::DotNet,
        Self::Dart,
        Self::Kotlin,
        Self::Swift,
        Self::Rust,
        Self::Curl,
        Self::Actions,
    ];
    /// Those for another API.
    const OTHER: &[Self] = &[Self::Variable, Self::Header, Self::Request];

    /// What fits the API of a catalog, in the order of the menu.
    pub fn offered(catalog: &Catalog) -> &'static [Self] {
        if catalog.id == WITH_SDKS { Self::SDKS } else { Self::OTHER }
    }

    /// Its label.
    pub fn label(self) -> &'static str {
        match self {
            Self::Env | Self::Variable => ".env",
            Self::Header => "Header",
            Self::Node => "Node.js",
            Self::Python => "Python",
            Self::Php => "PHP",
            Self::Go => "Go",
            Self::Dart => "Dart",
            Self::DotNet => ".NET",
            Self::Ruby => "Ruby",
            Self::Kotlin => "Kotlin",
            Self::Swift => "Swift",
            Self::Rust => "Rust",
            Self::Actions => "GitHub Actions",
            Self::Curl | Self::Request => "curl",
        }
    }

    /// The command that installs the SDK; `None` if none is needed.
    pub fn install(self) -> Option<&'static str> {
        match self {
            // Swift's package manager has no command that adds one.
            Self::Env | Self::Curl | Self::Variable | Self::Header | Self::Request | Self::Swift => None,
            // It asks for the secret, so that no shell keeps it.
            Self::Actions => Some("gh secret set APPWRITE_API_KEY"),
            Self::Ruby => Some("gem install appwrite"),
            Self::Kotlin => Some("implementation(\"io.appwrite:sdk-for-kotlin:+\")"),
            Self::Rust => Some("cargo add appwrite"),
            Self::Node => Some("npm install node-appwrite"),
            Self::Python => Some("pip install appwrite"),
            Self::Php => Some("composer require appwrite/appwrite"),
            Self::Go => Some("go get github.com/appwrite/sdk-for-go"),
            Self::Dart => Some("dart pub add dart_appwrite"),
            Self::DotNet => Some("dotnet add package Appwrite"),
        }
    }

    /// Whether the text contains the secret. Source code reads it from the environment, so that it is never committed.
    pub fn holds_secret(self) -> bool {
        matches!(self, Self::Env | Self::Curl | Self::Variable | Self::Header | Self::Request)
    }

    /// The text to paste.
    pub fn text(self, connection: Connection<'_>) -> String {
        let Connection { endpoint, project, secret, catalog } = connection;
        match self {
            Self::Env => format!("APPWRITE_ENDPOINT={endpoint}\nAPPWRITE_PROJECT_ID={project}\nAPPWRITE_API_KEY={secret}\n"),
            Self::Node => format!(
                "import {{ Client }} from \"node-appwrite\";\n\n\
                 const client = new Client()\n  .setEndpoint(\"{endpoint}\")\n  .setProject(\"{project}\")\n  \
                 .setKey(process.env.APPWRITE_API_KEY);\n"
            ),
            Self::Python => format!(
                "import os\n\nfrom appwrite.client import Client\n\n\
                 client = Client()\nclient.set_endpoint(\"{endpoint}\")\nclient.set_project(\"{project}\")\n\
                 client.set_key(os.environ[\"APPWRITE_API_KEY\"])\n"
            ),
            Self::Php => format!(
                "<?php\n\nuse Appwrite\\Client;\n\n\
                 $client = (new Client())\n    ->setEndpoint('{endpoint}')\n    ->setProject('{project}')\n    \
                 ->setKey(getenv('APPWRITE_API_KEY'));\n"
            ),
            Self::Go => format!(
                "import (\n\t\"os\"\n\n\t\"github.com/appwrite/sdk-for-go/appwrite\"\n)\n\n\
                 client := appwrite.NewClient(\n\tappwrite.WithEndpoint(\"{endpoint}\"),\n\tappwrite.WithProject(\"{project}\"),\n\t\
                 appwrite.WithKey(os.Getenv(\"APPWRITE_API_KEY\")),\n)\n"
            ),
            Self::Dart => format!(
                "import 'dart:io';\n\nimport 'package:dart_appwrite/dart_appwrite.dart';\n\n\
                 final client = Client()\n    .setEndpoint('{endpoint}')\n    .setProject('{project}')\n    \
                 .setKey(Platform.environment['APPWRITE_API_KEY']!);\n"
            ),
            Self::DotNet => format!(
                "using Appwrite;\n\n\
                 var client = new Client()\n    .SetEndpoint(\"{endpoint}\")\n    .SetProject(\"{project}\")\n    \
                 .SetKey(Environment.GetEnvironmentVariable(\"APPWRITE_API_KEY\")!);\n"
            ),
            Self::Ruby => format!(
                "require \"appwrite\"\n\n\
                 client = Appwrite::Client.new\n  .set_endpoint(\"{endpoint}\")\n  .set_project(\"{project}\")\n  \
                 .set_key(ENV.fetch(\"APPWRITE_API_KEY\"))\n"
            ),
            Self::Kotlin => format!(
                "import io.appwrite.Client\n\n\
                 val client = Client()\n    .setEndpoint(\"{endpoint}\")\n    .setProject(\"{project}\")\n    \
                 .setKey(System.getenv(\"APPWRITE_API_KEY\"))\n"
            ),
            Self::Swift => format!(
                "// Package: https://github.com/appwrite/sdk-for-swift\nimport Appwrite\nimport Foundation\n\n\
                 let client = Client()\n    .setEndpoint(\"{endpoint}\")\n    .setProject(\"{project}\")\n    \
                 .setKey(ProcessInfo.processInfo.environment[\"APPWRITE_API_KEY\"]!)\n"
            ),
            Self::Rust => format!(
                "use appwrite::Client;\n\n\
                 let client = Client::new()\n    .set_endpoint(\"{endpoint}\")\n    .set_project(\"{project}\")\n    \
                 .set_key(std::env::var(\"APPWRITE_API_KEY\")?);\n"
            ),
            Self::Actions => format!(
                "- run: npm run deploy\n  env:\n    APPWRITE_ENDPOINT: {endpoint}\n    APPWRITE_PROJECT_ID: {project}\n    \
                 APPWRITE_API_KEY: ${{{{ secrets.APPWRITE_API_KEY }}}}\n"
            ),
            Self::Curl => {
                format!("curl {endpoint}/ping \\\n  -H \"X-Appwrite-Project: {project}\" \\\n  -H \"X-Appwrite-Key: {secret}\"\n")
            }
            Self::Variable => format!("API_KEY={secret}\n"),
            Self::Header => format!("Authorization: Bearer {secret}\n"),
            Self::Request => {
                let (method, path) = example(catalog).map_or(("GET", "/"), |operation| (&operation.method, &operation.path));
                format!("curl -X {method} \"https://YOUR-API-HOST{path}\" \\\n  -H \"Authorization: Bearer {secret}\"\n")
            }
        }
    }
}

/// The `.env` file of a key: its name, and what fits the API of the catalog.
pub fn env_file(connection: Connection<'_>) -> (String, String) {
    let snippet = if connection.catalog.id == WITH_SDKS { Snippet::Env } else { Snippet::Variable };
    (format!("{}.env", connection.project), snippet.text(connection))
}

/// An operation to try: one that reads, and whose path has no parameter, where there is one.
fn example(catalog: &Catalog) -> Option<&Operation> {
    let reads = || catalog.operations().iter().filter(|operation| operation.method == "GET" && operation.open.is_none());
    reads().find(|operation| !operation.path.contains([':', '{', '('])).or_else(|| reads().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_api_gets_no_set_up_for_sdks() {
        let catalog = Catalog::from_json(
            r#"{ "id": "harbor", "name": "Harbor", "version": "1", "maxScopes": 9, "editions": [], "services": [], "scopes": [],
                "operations": [
                    { "id": "ships.get", "method": "GET", "path": "/ships/:shipId", "scopes": [] },
                    { "id": "ships.list", "method": "GET", "path": "/ships", "scopes": [] }] }"#,
        )
        .unwrap();
        let connection = Connection { endpoint: "https://keys.example/v1", project: "my-project", secret: "s3cret", catalog: &catalog };
        let texts: Vec<String> = Snippet::offered(&catalog).iter().map(|snippet| snippet.text(connection)).collect();
        let request = "curl -X GET \"https://YOUR-API-HOST/ships\" \\\n  -H \"Authorization: Bearer s3cret\"\n";
        assert_eq!(texts, ["API_KEY=s3cret\n", "Authorization: Bearer s3cret\n", request]);
        assert!(Snippet::offered(&catalog).iter().all(|snippet| snippet.holds_secret() && snippet.install().is_none()));
    }

    #[test]
    fn the_env_file_is_named_after_the_project_and_holds_the_secret() {
        let connection =
            Connection { endpoint: "https://keys.example/v1", project: "my-project", secret: "s3cret", catalog: Catalog::appwrite() };
        let (name, text) = env_file(connection);
        assert_eq!(name, "my-project.env");
        assert_eq!(text, "APPWRITE_ENDPOINT=https://keys.example/v1\nAPPWRITE_PROJECT_ID=my-project\nAPPWRITE_API_KEY=s3cret\n");
    }

    #[test]
    fn every_set_up_names_endpoint_and_project_and_source_code_never_holds_the_secret() {
        let connection =
            Connection { endpoint: "https://keys.example/v1", project: "my-project", secret: "s3cret", catalog: Catalog::appwrite() };
        for snippet in Snippet::offered(Catalog::appwrite()) {
            let text = snippet.text(connection);
            assert!(text.contains(connection.endpoint) && text.contains(connection.project), "{}", snippet.label());
            assert_eq!(text.contains(connection.secret), snippet.holds_secret(), "{}", snippet.label());
            assert!(text.contains("APPWRITE_API_KEY") || *snippet == Snippet::Curl, "{}", snippet.label());
        }
    }
}
