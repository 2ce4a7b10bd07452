// Lets a request through if its API key holds what a route needs. Asks a Scopewise server, or a set of scopes that the program knows.
// Whatever goes wrong on the way, the request is refused.

const REALM = 'Bearer realm="scopewise"';

/** What a challenge can quote (RFC 6750 §3). */
const quoted = (text) => `${text}`.replace(/[^ !#-[\]-~]/g, '');

/** A refusal: status, body, and what `WWW-Authenticate` says. */
function refusal(status, error, message, { challenge, retryAfter, missing } = {}) {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  if (challenge) headers['www-authenticate'] = challenge;
  if (retryAfter) headers['retry-after'] = retryAfter;
  return { status, headers, body: JSON.stringify({ error, message, missing }) };
}

const noKey = () => refusal(401, 'missing_key', 'send an API key in `X-Appwrite-Key` or `Authorization: Bearer`', { challenge: REALM });

const badKey = (message) => refusal(401, 'invalid_token', message, { challenge: `${REALM}, error="invalid_token", error_description="${quoted(message)}"` });

function tooNarrow(message, missing) {
  // The first of several that would each be enough is the best.
  const scope = [missing[0] ?? []].flat().map(quoted).join(' ');
  return refusal(403, 'insufficient_scope', message, { challenge: `${REALM}, error="insufficient_scope"${scope && `, scope="${scope}"`}`, missing });
}

const unknownRoute = (message) => refusal(403, 'unknown_operation', message);

const unavailable = (retryAfter = '1') =>
  refusal(503, 'temporarily_unavailable', 'the API key cannot be verified now; try again later', { retryAfter });

/** The key of a request, from the headers that Scopewise reads. */
function keyOf(header) {
  const bearer = /^Bearer +(\S+)$/i.exec(header('authorization') ?? '');
  return header('x-appwrite-key') || bearer?.[1];
}

/** What a route needs, checked when the program starts. */
function needsOf(given) {
  if (given === undefined) return {};
  const needs = typeof given === 'string' || Array.isArray(given) ? { all: given } : given;
  const [[kind, value] = [], ...more] = Object.entries(needs ?? {});
  const list = [value].flat();
  const isRight = ['all', 'any', 'operation'].includes(kind) && more.length === 0 && list.length > 0 && list.every((text) => text && typeof text === 'string');
  if (!isRight || (kind === 'operation' && typeof value !== 'string')) {
    throw new TypeError('requireScopes takes a scope, a list of scopes, { all: […] }, { any: […] } or { operation: "users.list" }');
  }
  return kind === 'operation' ? { operation: value } : { scopes: list, match: kind };
}

/** Asks `POST /v1/keys/verify`. */
function serverVerifier({ endpoint, project, key, timeout = 2000, fetch = globalThis.fetch }) {
  if (!endpoint || !project || !key) throw new TypeError('`server` needs `endpoint`, `project` and `key`, an API key with the scope keys.read');
  const url = `${endpoint}`.replace(/\/+$/, '').concat('/keys/verify');
  const headers = { 'content-type': 'application/json', 'x-appwrite-project': project, 'x-appwrite-key': key };
  return async (sent, { scopes, match, operation }) => {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body: JSON.stringify({ key: sent, scopes, match, operation }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeout),
    });
    if (response.status === 429) return unavailable(response.headers.get('retry-after') ?? undefined);
    const answer = await response.json();
    // What the server does not know, no key opens.
    if (response.status === 400 && operation) return unknownRoute(answer.message);
    if (response.status !== 200 || typeof answer.valid !== 'boolean') throw new Error(`the Scopewise server answers with ${response.status}: ${answer.message}`);
    if (answer.valid) return { key: answer };
    return answer.code === 'insufficient-scope' ? tooNarrow(answer.message, answer.missing) : badKey(answer.message);
  };
}

/** Asks for the scopes of a key, and judges them with the model of this package. */
function localVerifier({ scopesOf, checker }) {
  if (typeof scopesOf !== 'function' || typeof checker?.scopes !== 'function') {
    throw new TypeError('`local` needs `scopesOf`, a function that returns the scopes of a key, and `checker`, the module scopewise or what createChecker returns');
  }
  return async (sent, { scopes, match, operation }, request) => {
    const held = await scopesOf(sent, request);
    if (!held) return badKey('this API key is not valid');
    const set = checker.scopes([...held]);
    if (operation) {
      if (set.allows(operation)) return { key: { valid: true, scopes: set.scopes } };
      const { operations, missing, message } = set.explain(operation);
      return operations.length > 0 ? tooNarrow(message, missing) : unknownRoute(message);
    }
    const { errors } = checker.check({ scopes, grantor: set.scopes, beyondGrantor: 'reject' });
    const missing = errors.filter(({ code }) => code === 'exceeds-grantor' || code === 'unknown-scope').map(({ scope }) => scope);
    const isOpen = match === 'any' ? missing.length < scopes.length : missing.length === 0;
    if (isOpen) return { key: { valid: true, scopes: set.scopes } };
    return tooNarrow(match === 'any' ? 'the API key has none of the needed scopes' : 'the API key lacks a scope', match === 'any' ? missing : [missing]);
  };
}

/** The operation of a request, where a route names none: its method and path. */
function routeOf(method, target) {
  const [path] = (URL.canParse(target) ? new URL(target).pathname : target).split(/[?#]/, 1);
  // In a text that a person writes, braces stand for whatever a parameter takes; in a request they would be read otherwise.
  return /[{}]|%7[bd]/i.test(path) ? undefined : `${method} ${path}`;
}

/** Judges a request: `{ key }`, or a refusal. Never throws. */
function judge({ server, local, onError }) {
  if (!server === !local) throw new TypeError('pass either `server` or `local`');
  const verify = server ? serverVerifier(server) : localVerifier(local);
  return async (needs, { method, target, header, request }) => {
    try {
      const sent = keyOf(header);
      if (!sent) return noKey();
      if (needs.scopes || needs.operation) return await verify(sent, needs, request);
      const operation = routeOf(method, target);
      return operation ? await verify(sent, { operation }, request) : unknownRoute('a path with braces means no operation');
    } catch (error) {
      try {
        onError?.(error);
      } catch {
        // The request is refused all the same.
      }
      return unavailable();
    }
  };
}

/** Makes `requireScopes` for a framework: `adapt` makes the middleware of what asks for one request. */
const made = (adapt) => (options) => {
  const ask = judge(options);
  return (given) => {
    const needs = needsOf(given);
    return adapt((asked) => ask(needs, asked));
  };
};

/** For Node's own requests, with or without a framework around them. */
const ofNode = (request, raw = request) => ({
  method: raw.method,
  target: request.originalUrl ?? raw.url,
  header: (name) => raw.headers[name],
  request,
});

const ofFetch = (request, raw = request) => ({ method: raw.method, target: raw.url, header: (name) => raw.headers.get(name), request });

const responded = ({ status, headers, body }) => new Response(body, { status, headers });

/** `requireScopes` for Express, Connect and plain `node:http`. What is known of the key is in `request.scopewise`. */
export const forExpress = made((ask) => async (request, response, next) => {
  const { key, status, headers, body } = await ask(ofNode(request));
  if (key) {
    request.scopewise = key;
    return next();
  }
  response.writeHead(status, headers).end(body);
});

/** `requireScopes` for Fastify, as a hook: `preHandler`, `onRequest`. What is known of the key is in `request.scopewise`. */
export const forFastify = made((ask) => async (request, reply) => {
  const { key, status, headers, body } = await ask(ofNode(request, request.raw));
  if (!key) return reply.code(status).headers(headers).send(body);
  request.scopewise = key;
});

/** `requireScopes` for Hono. What is known of the key is in `c.get('scopewise')`. */
export const forHono = made((ask) => async (context, next) => {
  const asked = await ask(ofFetch(context.req, context.req.raw));
  if (!asked.key) return responded(asked);
  context.set('scopewise', asked.key);
  await next();
});

/**
 * `requireScopes` for Next: wraps a route handler, which gets what is known of the key as its third parameter; and for whatever else takes
 * a `Request` and gives a `Response`.
 */
export const forNext = made((ask) => (handler) => async (request, context) => {
  const asked = await ask(ofFetch(request));
  return asked.key ? handler(request, context, asked.key) : responded(asked);
});
