//! The key of a form as code that creates the same: a command, an SDK call, a request.

use crate::api::CreateKey;

/// A way to create a key without the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipe {
    /// `scopewise key create`.
    CommandLine,
    /// The official SDK for Node.js.
    Node,
    /// One HTTP request.
    Request,
}

impl Recipe {
    /// Every way, in the order of the menu.
    pub const ALL: &[Self] = &[Self::CommandLine, Self::Node, Self::Request];

    /// Its label.
    pub fn label(self) -> &'static str {
        match self {
            Self::CommandLine => "Command line",
            Self::Node => "Node.js SDK",
            Self::Request => "curl",
        }
    }

    /// What it needs, in one sentence.
    pub fn about(self) -> &'static str {
        match self {
            Self::CommandLine => "Run it on the machine of the server: it works on the database.",
            Self::Node | Self::Request => "Needs a key with keys.write in SCOPEWISE_KEY.",
        }
    }

    /// The text to paste.
    pub fn text(self, endpoint: &str, project: &str, key: &CreateKey) -> String {
        match self {
            Self::CommandLine => command(project, key),
            Self::Node => node(endpoint, project, key),
            Self::Request => {
                let body = serde_json::to_string_pretty(key).unwrap_or_default();
                format!(
                    "curl -X POST {} \\\n  -H \"Content-Type: application/json\" \\\n  -H {} \\\n  -H \"X-Appwrite-Key: $SCOPEWISE_KEY\" \\\n  -d {}\n",
                    shell(&format!("{endpoint}/project/keys")),
                    shell(&format!("X-Appwrite-Project: {project}")),
                    shell(&body)
                )
            }
        }
    }
}

fn command(project: &str, key: &CreateKey) -> String {
    let mut text = format!("scopewise key create --project {} --name {}", shell(project), shell(&key.name));
    let mut add = |option: &str, value: &str| text.push_str(&format!(" \\\n  --{option} {}", shell(value)));
    if let Some(description) = &key.description {
        add("description", description);
    }
    for scope in &key.scopes {
        add("scope", scope);
    }
    if let Some(expire) = &key.expire {
        add("expire", expire);
    }
    text + "\n"
}

fn node(endpoint: &str, project: &str, key: &CreateKey) -> String {
    let json = |text: &str| serde_json::to_string(text).unwrap_or_default();
    let scopes: String = key.scopes.iter().map(|scope| format!("    {},\n", json(scope))).collect();
    let scopes = if scopes.is_empty() { "[]".to_owned() } else { format!("[\n{scopes}  ]") };
    let id = if key.key_id == "unique()" { "ID.unique()".to_owned() } else { json(&key.key_id) };
    let expire = key.expire.as_deref().map(|expire| format!("  expire: {},\n", json(expire))).unwrap_or_default();
    format!(
        "import {{ Client, ID, Project }} from \"node-appwrite\";\n\n\
         const client = new Client()\n  .setEndpoint({})\n  .setProject({})\n  .setKey(process.env.SCOPEWISE_KEY);\n\n\
         const key = await new Project(client).createKey({{\n  keyId: {id},\n  name: {},\n  scopes: {scopes},\n{expire}}});\n",
        json(endpoint),
        json(project),
        json(&key.name)
    )
}

/// A text as one word of a shell.
fn shell(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b':' | b'/' | b'+' | b'@' | b',');
    if !text.is_empty() && text.bytes().all(is_plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str, scopes: &[&str]) -> CreateKey {
        CreateKey {
            key_id: "unique()".into(),
            name: name.into(),
            description: None,
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            expire: Some("2030-01-01T00:00:00.000+00:00".into()),
        }
    }

    fn text(recipe: Recipe, key: &CreateKey) -> String {
        recipe.text("https://keys.example/v1", "shop", key)
    }

    #[test]
    fn the_command_line_names_every_scope() {
        assert_eq!(
            text(Recipe::CommandLine, &key("Nightly export", &["rows.read", "files.write"])),
            "scopewise key create --project shop --name 'Nightly export' \\\n  --scope rows.read \\\n  --scope files.write \\\n  \
             --expire 2030-01-01T00:00:00.000+00:00\n"
        );
    }

    #[test]
    fn the_sdk_and_the_request_have_the_same_key() {
        let key = key("Export", &["rows.read"]);
        assert!(text(Recipe::Node, &key).contains("scopes: [\n    \"rows.read\",\n  ],\n  expire: \"2030-01-01T00:00:00.000+00:00\",\n}"));
        let request = text(Recipe::Request, &key);
        assert!(request.starts_with("curl -X POST https://keys.example/v1/project/keys "), "{request}");
        assert!(request.contains("-H 'X-Appwrite-Project: shop'") && request.contains("\"keyId\": \"unique()\""), "{request}");
    }

    #[test]
    fn a_hostile_name_does_not_leave_its_quotes() {
        let key = key("'; rm -rf $(x) \"`\n", &[]);
        assert!(text(Recipe::CommandLine, &key).contains(r#"--name ''\''; rm -rf $(x) "`"#));
        assert!(text(Recipe::Node, &key).contains(r#"name: "'; rm -rf $(x) \"`\n""#));
        assert!(text(Recipe::Request, &key).contains(r#""name": "'\''; rm -rf $(x) \"`\n""#));
    }
}
