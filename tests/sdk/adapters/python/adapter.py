"""Runs the official Python SDK that is on the path, unmodified: a line of JSON in, a line of JSON out. See support/sdk.js."""

import inspect
import json
import re
import sys

from pydantic import BaseModel

from appwrite.client import Client
from appwrite.exception import AppwriteException
from appwrite.query import Query
from appwrite.services.project import Project

try:
    from appwrite.services.organization import Organization
except ImportError:
    Organization = None
try:
    from appwrite.enums.project_key_scopes import ProjectKeyScopes
except ImportError:
    from appwrite.enums.scopes import Scopes as ProjectKeyScopes
try:
    from appwrite.enums.organization_key_scopes import OrganizationKeyScopes
except ImportError:
    OrganizationKeyScopes = ()

SERVICES = {"project": Project, "organization": Organization}
RENAMED = {"or_queries": "or", "and_queries": "and"}


def camel(name):
    return re.sub(r"_(\w)", lambda found: found.group(1).upper(), RENAMED.get(name, name))


def snake(name):
    return re.sub(r"[A-Z]", lambda found: "_" + found.group().lower(), name)


HELPERS = {
    camel(name): getattr(Query, name)
    for name, member in vars(Query).items()
    if isinstance(member, staticmethod) and not name.startswith("_")
}


def about(_request):
    methods = [
        f"{service}.{camel(name)}"
        for service, kind in SERVICES.items()
        if kind
        for name, _ in inspect.getmembers(kind, inspect.isfunction)
        if re.search(r"_keys?$", name)
    ]
    return {
        "methods": methods,
        "helpers": list(HELPERS),
        "scopes": [scope.value for scope in ProjectKeyScopes],
        "organizationScopes": [scope.value for scope in OrganizationKeyScopes],
        "describes": [method for method in methods if "description" in parameters(method)],
    }


def parameters(method):
    service, name = method.split(".")
    return inspect.signature(getattr(SERVICES[service], snake(name))).parameters


def query(value):
    """What is marked as a query is made by the SDK's own helper, also inside the arguments of another one."""
    if isinstance(value, list):
        return [query(item) for item in value]
    if not isinstance(value, dict) or "query" not in value:
        return value
    helper, *args = value["query"]
    if helper == "builder":
        builder = Query.builder()
        for name, *inner in args[0]:
            builder = getattr(builder, snake(name))(*inner)
        return builder
    return HELPERS[helper](*[query(arg) for arg in args])


def queries(values):
    made = [query(value) for value in values]
    return [single for one in made for single in (one if isinstance(one, list) else [one])]


def call(request):
    options = request["client"]
    client = Client().set_endpoint(options["endpoint"])
    if options.get("project"):
        client.set_project(options["project"])
    if options.get("key"):
        client.set_key(options["key"])
    if options.get("organization"):
        if hasattr(client, "set_organization"):
            client.set_organization(options["organization"])
        else:
            client.add_header("X-Appwrite-Organization", options["organization"])
    for name, value in options.get("headers", {}).items():
        client.add_header(name, value)
    service, name = request["method"].split(".")
    args = {snake(key): value for key, value in request["args"].items()}
    if "queries" in args:
        args["queries"] = queries(args["queries"])
    if "scopes" in args:
        kind = OrganizationKeyScopes if request["method"] in ("organization.createKey", "organization.updateKey") else ProjectKeyScopes
        args["scopes"] = [kind(scope) for scope in args["scopes"]]
    answer = getattr(SERVICES[service](client), snake(name))(**args)
    if isinstance(answer, BaseModel):
        return answer.to_dict()
    if answer in (b"", "", None):
        return None
    raise TypeError(f"{request['method']} answered with {type(answer).__name__}: {answer!r}")


for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = {"value": (about if request["ask"] == "about" else call)(request)}
    except Exception as error:  # noqa: BLE001 - every exception is an answer here
        code, kind = getattr(error, "code", None), getattr(error, "type", None)
        name = "AppwriteException" if isinstance(error, AppwriteException) else type(error).__name__
        answer = {"error": {"name": name, "code": code, "type": kind, "message": str(error)}}
    print(json.dumps(answer), flush=True)
