/**
 * Middleware that lets a request through if its API key holds what the route needs.
 *
 * It reads the key from `X-Appwrite-Key`, or else from `Authorization: Bearer`, and asks a Scopewise server, or a function of the program.
 * A request without a key, or with one that is not valid, gets 401; one whose key lacks a scope gets 403, both with the challenge of
 * RFC 6750. Where the key cannot be verified, the answer is 503: no request passes because something is broken.
 *
 * @module
 */
import type { AppwriteNames, Checker, Names, OperationLike, ScopeLike } from './index.js';

/** A Scopewise server, which is asked about each request. Nothing is cached: a key that is deleted stops working at once. */
export interface Server {
  /** Such as `http://127.0.0.1:8420/v1`. */
  endpoint: string | { toString(): string };
  /** The id of the project whose keys are accepted. */
  project: string;
  /** The secret of an API key of this project with the scope `keys.read`. */
  key: string;
  /** How long an answer may take, in milliseconds; 2,000 where absent. */
  timeout?: number;
  /** What sends the request; the global `fetch` where absent. */
  fetch?: (url: string, options: any) => Promise<Answer>;
}

/** What the program itself knows of its keys. */
export interface Local<N extends Names = AppwriteNames> {
  /** The scopes of a key; nothing where the key is not valid. `request` is that of the framework. */
  scopesOf: (key: string, request: any) => Held | Promise<Held>;
  /** The module `scopewise`, or what `createChecker` returns. */
  checker: Pick<Checker<N>, 'check' | 'scopes'>;
}

export type Held = Iterable<string> | null | undefined | false;

/** Whom to ask: either `server` or `local`. */
export type Options<N extends Names = AppwriteNames> = {
  /** Gets what went wrong where the answer is 503. It never holds a key. */
  onError?: (error: unknown) => void;
} & ({ server: Server; local?: undefined } | { local: Local<N>; server?: undefined });

/** What is known of the key of a request. With `local`, that is `valid` and `scopes`. */
export interface VerifiedKey {
  readonly valid: true;
  /** What the key holds. */
  readonly scopes: readonly string[];
  readonly type?: 'standard' | 'ephemeral';
  readonly keyId?: string;
  readonly projectId?: string;
  /** When it expires; `""` is never. */
  readonly expire?: string;
}

/**
 * What a route needs: a scope, or scopes that are all needed; any one of several; an operation; or where absent, the operation that
 * method and path of the request mean. A route that the catalog does not know is refused.
 */
export type Needs<S extends string, O extends string, N extends Names = AppwriteNames> =
  | ScopeLike<S, N['scope']>
  | readonly ScopeLike<S, N['scope']>[]
  | { all: readonly ScopeLike<S, N['scope']>[] }
  | { any: readonly ScopeLike<S, N['scope']>[] }
  | { operation: OperationLike<O, N['operation']> };

/** For a server with a custom catalog, name its names, or `Names` for any: `forExpress<Names>({ server })`. */
export type RequireScopes<N extends Names, Middleware> = <const S extends string = never, const O extends string = never>(
  needs?: Needs<S, O, N>,
) => Middleware;

/** `requireScopes` for Express, Connect and plain `node:http`. What is known of the key is in `request.scopewise`. */
export function forExpress<N extends Names = AppwriteNames>(options: Options<N>): RequireScopes<N, (request: any, response: any, next: (error?: any) => void) => Promise<void>>;

/** `requireScopes` for Fastify, as a hook: `preHandler` or `onRequest`. What is known of the key is in `request.scopewise`. */
export function forFastify<N extends Names = AppwriteNames>(options: Options<N>): RequireScopes<N, (request: any, reply: any) => Promise<any>>;

/** `requireScopes` for Hono. What is known of the key is in `c.get('scopewise')`. */
export function forHono<N extends Names = AppwriteNames>(options: Options<N>): RequireScopes<N, (context: any, next: () => Promise<void>) => Promise<any>>;

/**
 * `requireScopes` for Next: wraps a route handler, which gets what is known of the key as its third parameter; and for whatever else
 * takes a `Request` and returns a `Response`.
 */
export function forNext<N extends Names = AppwriteNames>(
  options: Options<N>,
): RequireScopes<
  N,
  <R extends { method: string; url: string }, Context, Given>(
    handler: (request: R, context: Context, key: VerifiedKey) => Given,
  ) => (request: R, context: Context) => Promise<Awaited<Given> | OfGlobal<'Response'>>
>;

type OfGlobal<Name extends string> = typeof globalThis extends { [K in Name]: { prototype: infer T } } ? T : never;
/** The part of a `Response` that is read. */
type Answer = { readonly status: number; readonly headers: { get(name: string): string | null }; json(): Promise<unknown> };
