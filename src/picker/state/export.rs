//! The chosen scopes as a text for another program.

/// A form of such a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A JSON array.
    Json,
    /// A line of an `.env` file.
    Env,
    /// A list of the official SDKs' enum.
    SdkEnum,
}

/// The enum of the SDKs whose members are the scopes of project keys.
const ENUM: &str = "ProjectKeyScopes";

/// The scopes in this form. `is_known` says which of them the SDKs' enum has; the others are written as texts.
pub fn export(form: Form, scopes: &[String], is_known: impl Fn(&str) -> bool) -> String {
    match form {
        Form::Json => {
            let lines: Vec<String> = scopes.iter().map(|scope| format!("  {}", json(scope))).collect();
            if lines.is_empty() { "[]".to_owned() } else { format!("[\n{}\n]", lines.join(",\n")) }
        }
        Form::Env => {
            let list = scopes.join(",");
            let is_plain =
                list.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b',' | b'_' | b'-' | b':' | b'/' | b'*'));
            if is_plain { format!("SCOPES={list}") } else { format!("SCOPES='{}'", list.replace('\'', r"'\''")) }
        }
        Form::SdkEnum => {
            let member =
                |scope: &String| if is_known(scope) { format!("  {ENUM}.{},", member(scope)) } else { format!("  {},", json(scope)) };
            let lines: Vec<String> = scopes.iter().map(member).collect();
            if lines.is_empty() { "[]".to_owned() } else { format!("[\n{}\n]", lines.join("\n")) }
        }
    }
}

fn json(text: &str) -> String {
    // A text can always be written.
    serde_json::to_string(text).unwrap_or_default()
}

/// The name of a scope's member: `RowsRead`.
pub(super) fn member(scope: &str) -> String {
    let capital = |word: &str| {
        let mut word = word.to_owned();
        if let Some(first) = word.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        word
    };
    scope.split(|c: char| !c.is_ascii_alphanumeric()).map(capital).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn scopes_are_written_in_every_form() {
        let scopes = list(&["rows.read", "project.policies.read", "z.future"]);
        let known = |scope: &str| scope != "z.future";
        assert_eq!(export(Form::Json, &scopes, known), "[\n  \"rows.read\",\n  \"project.policies.read\",\n  \"z.future\"\n]");
        assert_eq!(export(Form::Env, &scopes, known), "SCOPES=rows.read,project.policies.read,z.future");
        assert_eq!(
            export(Form::SdkEnum, &scopes, known),
            "[\n  ProjectKeyScopes.RowsRead,\n  ProjectKeyScopes.ProjectPoliciesRead,\n  \"z.future\",\n]"
        );
    }

    #[test]
    fn nothing_is_an_empty_list() {
        assert_eq!([Form::Json, Form::Env, Form::SdkEnum].map(|form| export(form, &[], |_| true)), ["[]", "SCOPES=", "[]"]);
    }

    #[test]
    fn hostile_names_do_not_leave_their_quotes() {
        let scopes = list(&["a'$(x)", "b\"\\\n"]);
        assert_eq!(export(Form::Env, &scopes, |_| false), "SCOPES='a'\\''$(x),b\"\\\n'");
        assert_eq!(export(Form::Json, &scopes, |_| false), "[\n  \"a'$(x)\",\n  \"b\\\"\\\\\\n\"\n]");
    }
}
