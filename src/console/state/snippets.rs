//! Set-up code for SDKs.

/// What a client needs.
#[derive(Clone, Copy)]
pub struct Connection<'a> {
    /// Where the API is, with `/v1`.
    pub endpoint: &'a str,
    /// The id of the project.
    pub project: &'a str,
    /// The secret, or its hint while it is hidden.
    pub secret: &'a str,
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
    /// A single request.
    Curl,
}

impl Snippet {
    /// Every variant, in the order of the menu.
    pub const ALL: &[Self] = &[Self::Env, Self::Node, Self::Python, Self::Php, Self::Go, Self::Dart, Self::DotNet, Self::Curl];

    /// Its label.
    pub fn label(self) -> &'static str {
        match self {
            Self::Env => ".env",
            Self::Node => "Node.js",
            Self::Python => "Python",
            Self::Php => "PHP",
            Self::Go => "Go",
            Self::Dart => "Dart",
            Self::DotNet => ".NET",
            Self::Curl => "curl",
        }
    }

    /// The command that installs the SDK; `None` if none is needed.
    pub fn install(self) -> Option<&'static str> {
        match self {
            Self::Env | Self::Curl => None,
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
        matches!(self, Self::Env | Self::Curl)
    }

    /// The text to paste.
    pub fn text(self, connection: Connection<'_>) -> String {
        let Connection { endpoint, project, secret } = connection;
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
            Self::Curl => {
                format!("curl {endpoint}/ping \\\n  -H \"X-Appwrite-Project: {project}\" \\\n  -H \"X-Appwrite-Key: {secret}\"\n")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_up_names_endpoint_and_project_and_source_code_never_holds_the_secret() {
        let connection = Connection { endpoint: "https://keys.example/v1", project: "my-project", secret: "s3cret" };
        for snippet in Snippet::ALL {
            let text = snippet.text(connection);
            assert!(text.contains(connection.endpoint) && text.contains(connection.project), "{}", snippet.label());
            assert_eq!(text.contains(connection.secret), snippet.holds_secret(), "{}", snippet.label());
            assert!(text.contains("APPWRITE_API_KEY") || *snippet == Snippet::Curl, "{}", snippet.label());
        }
    }
}
