//! Which gateway asks, and what its operator has set. Both stand in the path of the question, which the gateway's configuration
//! holds and no client can write: `/v1/forward-auth/nginx/project=shop`.
//!
//! The older address, `/v1/keys/forward-auth?project=shop`, is still read. There a query that is the client's own sets nothing.

use std::borrow::Cow;

use crate::api::paths;

/// Behind the name of the gateway where nothing is set.
const NOTHING: &str = "-";

/// Who asks. It decides which headers name method and path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server::http) enum Gateway {
    /// The older address does not say: the headers of nginx, Caddy and Traefik are read, or the path of Envoy.
    Unnamed,
    Nginx,
    IngressNginx,
    Caddy,
    Traefik,
    Envoy,
}

impl Gateway {
    const NAMED: [(&str, Self); 5] = [
        ("nginx", Self::Nginx),
        ("ingress-nginx", Self::IngressNginx),
        ("caddy", Self::Caddy),
        ("traefik", Self::Traefik),
        ("envoy", Self::Envoy),
    ];
}

/// A gateway's question, as its address states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::server::http) struct Question<'a> {
    pub gateway: Gateway,
    pub settings: Settings<'a>,
    /// The client's own path, as Envoy puts it behind ours; empty where headers name it.
    pub path: &'a str,
}

/// What the operator has set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::server::http) struct Settings<'a> {
    /// The project whose keys the gateway takes; without one, the client names it.
    pub project: Option<Cow<'a, str>>,
    /// Any one of them opens every route.
    pub scopes: Vec<String>,
}

/// Why the address cannot be used, as a sentence.
pub(in crate::server::http) type BadAddress = Cow<'static, str>;

/// The address without its query; `None` where the path is no gateway's question.
fn split(path: &str) -> Option<(bool, &str)> {
    let behind = |prefix: &str| path.strip_prefix(prefix).filter(|rest| rest.is_empty() || rest.starts_with('/'));
    behind(paths::FORWARD_AUTH).map(|rest| (true, rest)).or_else(|| behind(paths::keys::FORWARD_AUTH).map(|rest| (false, rest)))
}

/// Which of our paths a gateway asks, without what stands behind it; `None` where the path is no gateway's question.
pub(in crate::server::http) fn asked_path(path: &str) -> Option<&'static str> {
    split(path).map(|(is_new, _)| if is_new { paths::FORWARD_AUTH } else { paths::keys::FORWARD_AUTH })
}

/// Reads the address of a question.
///
/// # Errors
/// [`BadAddress`] where the operator has written something else than a gateway and its settings.
pub(in crate::server::http) fn question<'a>(path: &'a str, query: Option<&'a str>) -> Result<Question<'a>, BadAddress> {
    let (true, rest) = split(path).unwrap_or_default() else { return unnamed(path, query) };
    let (name, behind) = cut(rest.strip_prefix('/').unwrap_or_default(), b'/');
    let Some((_, gateway)) = Gateway::NAMED.into_iter().find(|(own, _)| *own == name) else {
        let names = Gateway::NAMED.map(|(name, _)| name).join(", ");
        return Err(format!(
            "The path of forward-auth names no gateway. Write {}/NAME/project=ID; NAME is one of {names}.",
            paths::FORWARD_AUTH
        )
        .into());
    };
    let behind = behind.unwrap_or_default();
    let (settings, _) = cut(behind, b'/');
    let path = behind.get(settings.len()..).unwrap_or_default();
    let settings = match settings {
        NOTHING => Settings::default(),
        "" if gateway != Gateway::Envoy => Settings::default(),
        "" => return Err(format!("Behind {name} stand its settings, such as project=ID, or `-` where nothing is set.").into()),
        text => read(text, "the path")?,
    };
    match gateway {
        Gateway::Envoy if path.is_empty() => {
            Err("Envoy puts the client's path behind the path of forward-auth, and it is not there.".into())
        }
        Gateway::Envoy => Ok(Question { gateway, settings, path }),
        _ if path.is_empty() => Ok(Question { gateway, settings, path }),
        _ => Err(format!("Behind the settings of {name}, the path of forward-auth ends.").into()),
    }
}

/// The older address.
fn unnamed<'a>(path: &'a str, query: Option<&'a str>) -> Result<Question<'a>, BadAddress> {
    let path = split(path).map(|(_, rest)| rest).unwrap_or_default();
    // Behind a path, the query is the client's: Envoy appends both.
    let settings = match query.filter(|query| path.is_empty() && !query.is_empty()) {
        Some(query) => read(query, "the query")?,
        None => Settings::default(),
    };
    Ok(Question { gateway: Gateway::Unnamed, settings, path })
}

/// `project=shop&scope=rows.read,rows.write`, percent-encoded where needed.
fn read<'a>(text: &'a str, place: &str) -> Result<Settings<'a>, BadAddress> {
    let (mut settings, mut rest) = (Settings::default(), Some(text));
    while let Some(text) = rest {
        let (first, behind) = cut(text, b'&');
        rest = behind;
        let Some((name, value)) = Some(first).filter(|first| !first.is_empty()).and_then(pair) else { continue };
        match &*name {
            "project" if settings.project.is_none() && !value.is_empty() => settings.project = Some(value),
            "scope" => settings.scopes.extend(value.split([',', ' ']).filter(|scope| !scope.is_empty()).map(str::to_owned)),
            "project" => return Err("Forward-auth takes one `project`, by its id.".into()),
            other => {
                return Err(format!("Forward-auth finds `{other}` among its settings in {place}; there are `project` and `scope`.").into());
            }
        }
    }
    Ok(settings)
}

/// Name and value. Most have nothing to decode.
fn pair(text: &str) -> Option<(Cow<'_, str>, Cow<'_, str>)> {
    if text.bytes().any(|byte| matches!(byte, b'%' | b'+')) {
        return form_urlencoded::parse(text.as_bytes()).next();
    }
    let (name, value) = cut(text, b'=');
    Some((name.into(), value.unwrap_or_default().into()))
}

/// What is before and behind the first such byte, which is ASCII. In texts as short as these, looking at each byte is quicker than what
/// searches in long ones.
pub(super) fn cut(text: &str, at: u8) -> (&str, Option<&str>) {
    let both = text.bytes().position(|byte| byte == at).and_then(|place| Some((text.get(..place)?, text.get(place + 1..)?)));
    both.map_or((text, None), |(before, behind)| (before, Some(behind)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(path: &str) -> Result<(Gateway, Option<String>, Vec<String>, String), BadAddress> {
        question(path, Some("project=evil&scope=global"))
            .map(|asked| (asked.gateway, asked.settings.project.map(Cow::into_owned), asked.settings.scopes, asked.path.to_owned()))
    }

    #[test]
    fn gateway_and_settings_stand_in_the_path_and_no_query_counts() {
        let shop = || Some("shop".to_owned());
        for (name, gateway) in Gateway::NAMED.into_iter().filter(|(_, gateway)| *gateway != Gateway::Envoy) {
            assert_eq!(asked(&format!("/v1/forward-auth/{name}/project=shop")), Ok((gateway, shop(), vec![], String::new())));
            assert_eq!(asked(&format!("/v1/forward-auth/{name}")), Ok((gateway, None, vec![], String::new())));
            assert_eq!(asked(&format!("/v1/forward-auth/{name}/-")), Ok((gateway, None, vec![], String::new())));
            assert!(asked(&format!("/v1/forward-auth/{name}/project=shop/v1/users")).is_err(), "{name}");
        }
        let scopes = vec!["rows.read".to_owned(), "rows.write".to_owned()];
        assert_eq!(
            asked("/v1/forward-auth/caddy/project=shop&scope=rows.read,rows.write"),
            Ok((Gateway::Caddy, shop(), scopes, String::new()))
        );
    }

    #[test]
    fn behind_the_settings_of_envoy_stands_the_clients_path_and_sets_nothing() {
        let path = "/scope=global/project=evil/v1/users".to_owned();
        let found = asked(&format!("/v1/forward-auth/envoy/project=shop{path}"));
        assert_eq!(found, Ok((Gateway::Envoy, Some("shop".to_owned()), vec![], path)));
        assert_eq!(asked("/v1/forward-auth/envoy/-/").unwrap().3, "/");
        // Settings that were left out are reported: the client's own path is never taken for them.
        for bad in [
            "/v1/forward-auth/envoy",
            "/v1/forward-auth/envoy/project=shop",
            "/v1/forward-auth/envoy/v1/users",
            "/v1/forward-auth/envoy//v1/users",
        ] {
            assert!(asked(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_no_setting_is_reported() {
        for bad in [
            "",
            "/",
            "/apache",
            "/apache/project=shop",
            "/nginx/projekt=shop",
            "/nginx/project=",
            "/nginx/project=a&project=b",
            "/nginx/shop",
        ] {
            assert!(asked(&format!("/v1/forward-auth{bad}")).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_whole_parts_of_a_path_are_a_question() {
        assert_eq!(asked_path("/v1/forward-auth/nginx"), Some("/v1/forward-auth"));
        assert_eq!(asked_path("/v1/keys/forward-auth/v1/users"), Some("/v1/keys/forward-auth"));
        for other in ["/v1/forward-authority", "/v1/keys/forward-auth2", "/v1/keys", "/forward-auth"] {
            assert_eq!(asked_path(other), None, "{other}");
        }
    }
}
