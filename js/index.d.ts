/**
 * What a set of API key scopes allows, risks and lacks.
 *
 * Every function takes one plain object and returns another; nothing is changed in place. A request that cannot be answered
 * throws a {@link ScopewiseError}; what is wrong with a key is part of the answer. So does a request that JSON would write as
 * something else: with an invalid `Date`, `NaN`, an infinite number, a function or a symbol in it. `undefined` is absent.
 *
 * @module
 */
/// <reference lib="esnext.disposable" />
import type {
  Climb,
  DiagnosticCode,
  EditionName,
  OperationName,
  RequestErrorCode,
  RunsIn,
  ScopeName,
  ServiceName,
  Tier,
} from './names.js';

export type {
  Climb,
  DiagnosticCode,
  EditionName,
  OperationName,
  RequestErrorCode,
  RunsIn,
  ScopeName,
  ServiceName,
  Tier,
} from './names.js';

// ---- Names

/** The names of a catalog. */
export interface Names {
  scope: string;
  operation: string;
  edition: string;
  service: string;
}

/** The names of the built-in catalog. */
export interface AppwriteNames extends Names {
  scope: ScopeName;
  operation: OperationName;
  edition: EditionName;
  service: ServiceName;
}

/** Takes every text, and completes the known ones: what is to be judged may be wrong. */
export type Loose<Known extends string> = Known | (string & {});

/** A request's method and path, such as `GET /v1/users`. */
export type Route = `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS'} /${string}`;

/** A text that is only known when the program runs: `string`, or a template such as `users.${string}`. */
type Unknowable<Text extends string> = {} extends Record<Text, 1> ? Text : never;
/** A member of an enum of texts, such as those of the SDKs, where its text is known. */
type Member<Text extends string, Known extends string> = `${Text}` extends Known ? Text : never;

// Each takes one mark away, or writes it as JavaScript does. Without recursion, which is not bounded where a type is not known yet.
type Cut<Text extends string, Mark extends string> = Text extends `${infer A}${Mark}${infer B}` ? `${A}${B}` : Text;
type Cut4<Text extends string> = Cut<Cut<Cut<Cut<Text, '_'>, '_'>, '_'>, '_'>;
type Dotted<Text extends string> = Text extends `${infer A}->${infer B}` ? `${A}.${B}` : Text extends `${infer A}::${infer B}` ? `${A}.${B}` : Text;
type Plain<Text extends string> = Lowercase<Cut4<Cut4<Cut<Cut<Dotted<Text>, '$'>, '()'>>>>;
/** An operation in another spelling, such as `tables_db.list_rows`. */
type Spelling<Text extends string, Known extends string> = {} extends Record<Text, 1>
  ? never
  : Text extends Known
    ? Text
    : Plain<Text> extends Lowercase<Known>
      ? Text
      : never;

/**
 * A scope that is prepared for being asked: one of the catalog, a member of an SDK's enum, or a text that is only known when the
 * program runs. A misspelled literal does not compile.
 */
export type ScopeLike<Text extends string, Known extends string = ScopeName> = Known | Unknowable<Text> | Member<Text, Known>;

/**
 * An operation that a set of scopes is asked for: one of the catalog, in any spelling, a route, or a text that is only known when the
 * program runs. A misspelled literal does not compile.
 */
export type OperationLike<Text extends string, Known extends string = OperationName> =
  | Known
  | Route
  | Unknowable<Text>
  | Spelling<Text, Known>;

// ---- Reports

/** One diagnostic. */
export interface Diagnostic {
  /** What it is about. The meaning of a code never changes. */
  code: DiagnosticCode;
  /** Only errors decide. */
  level: 'error' | 'warning' | 'hint';
  /** What was found, in one lower-case sentence. */
  message: string;
  /** What to do next, in one sentence. */
  help: string;
  /** The scope as it was given, where one is meant. */
  scope?: string;
  /** Its position in the list, from 0. */
  index?: number;
  /** The operation, where one is meant. */
  operation?: string;
  /** For a sensitive scope: the steps that gain more access. */
  path?: string[];
  /** A change that a machine can make. */
  fix?: Fix;
}

/** A change that a machine can make. */
export interface Fix {
  /** What it does, as the label of a button. */
  title: string;
  /** The changes; all indexes are those of the checked list. */
  edits: Edit[];
}

/** One change to a list of scopes. */
export type Edit =
  | { kind: 'remove'; index: number }
  | { kind: 'replace'; index: number; with: string }
  | { kind: 'add'; scope: string };

/** The answer of {@link check}. It carries everything that was found. */
export interface Report {
  /** Whether there are no errors. */
  valid: boolean;
  /** What must change. */
  errors: Diagnostic[];
  /** What is risky. */
  warnings: Diagnostic[];
  /** What is good to know. */
  hints: Diagnostic[];
}

// ---- Requests and answers

/** What {@link check} is asked. What is absent is not judged. */
export interface CheckRequest<N extends Names = AppwriteNames> {
  /** The scopes of the key. At most 1,000, like every list of a request. */
  scopes: readonly Loose<N['scope']>[];
  /** Where the code that holds the key runs. */
  runsIn?: RunsIn | null;
  /** When the key expires, such as `2030-12-31T23:59:59Z`; `null` where it never does. An invalid `Date` is an error, not "never". */
  expire?: string | Date | null;
  /** The present, as ISO 8601. Without it nothing is said of expiries in the past or soon. An invalid `Date` is an error. */
  now?: string | Date | null;
  /** What the code will call. */
  operations?: readonly Loose<N['operation']>[] | null;
  /** The scopes of the key's creator. */
  grantor?: readonly Loose<N['scope']>[] | null;
  /** What a scope that the grantor does not hold is: a warning (`report`, the default) or an error (`reject`). */
  beyondGrantor?: 'report' | 'reject' | null;
  /** The scopes of the key before an update; they are kept, not granted. */
  previous?: readonly Loose<N['scope']>[] | null;
  /** The edition that the key is for. */
  edition?: Loose<N['edition']> | null;
  /** What a scope that the edition lacks is: an error (`reject`, the default) or a warning (`report`). */
  beyondEdition?: 'report' | 'reject' | null;
  /** What kind of key it is; `project` where absent. */
  tier?: Tier | null;
}

/** What {@link allows} is asked. */
export interface AllowsRequest<N extends Names = AppwriteNames> {
  scopes: readonly Loose<N['scope']>[];
  /** An SDK method in the spelling of any language (`tables_db.list_rows`), or a method and a path (`GET /v1/users`). */
  operation: Loose<N['operation']>;
  /** The edition that the key is for; any where absent. */
  edition?: Loose<N['edition']> | null;
}

/** Whether scopes open an operation, and why. */
export interface Verdict<N extends Names = AppwriteNames> {
  /** Always `false` for an operation that the catalog does not know. */
  allowed: boolean;
  /** The ids of the operation; several where one route serves several methods, none when it is unknown. */
  operations: N['operation'][];
  /** The scopes of the set that open it. */
  grantedBy: N['scope'][];
  /** What would open it, the best first: any one of these, each a scope or a list of scopes that are all to be granted. */
  missing: (N['scope'] | N['scope'][])[];
  /** The verdict in one sentence. */
  message: string;
  /** What to do next, in one sentence; empty when it is open. */
  help: string;
  /** What the catalog does not know. */
  problems: Diagnostic[];
}

/** What {@link suggest} is asked. */
export interface SuggestRequest<N extends Names = AppwriteNames> {
  /** What the code will call. */
  operations: readonly Loose<N['operation']>[];
  /** Scopes that the key already holds; only what they lack is suggested. */
  scopes?: readonly Loose<N['scope']>[] | null;
  /** The edition that the key is for; any where absent. */
  edition?: Loose<N['edition']> | null;
  /** What kind of key it is; `project` where absent. */
  tier?: Tier | null;
  /** What to prefer among sets that open the same: `narrow` scopes, which open little else (the default), or `few` scopes. */
  prefer?: 'narrow' | 'few' | null;
}

/** The scopes to grant. */
export interface Suggestion<N extends Names = AppwriteNames> {
  /** The scopes to grant. */
  scopes: N['scope'][];
  /** What opens each operation; operations that stay closed are left out. */
  operations: { operation: string; scopes: N['scope'][] }[];
  /** Whether it is proven that no set costs less. `false` only for hard cases of large catalogs. */
  minimal: boolean;
  /** What the catalog does not know, and what no such key can open. */
  problems: Diagnostic[];
}

/** What {@link reach} is asked. */
export interface ReachRequest<N extends Names = AppwriteNames> {
  scopes: readonly Loose<N['scope']>[];
  /** The edition that the key is for; any where absent. */
  edition?: Loose<N['edition']> | null;
}

/** What scopes open, and how much more access their holder can gain. */
export interface Reach<N extends Names = AppwriteNames> {
  /** Whether they amount to every scope. */
  fullAccess: boolean;
  /** The operations that they open, with those that are open to every key. */
  operations: N['operation'][];
  /** The ways to more access, the furthest first. */
  climbs: Way<N>[];
  /** What the catalog does not know. */
  problems: Diagnostic[];
}

/** A way from a scope to more than it opens. */
export interface Way<N extends Names = AppwriteNames> {
  /** The scope that it begins with. */
  scope: N['scope'];
  /** How far it leads. */
  reach: Climb;
  /** Why, in one sentence. */
  reason: string;
  /** Step by step. */
  path: string[];
}

/** What {@link compare} is asked. */
export interface CompareRequest<N extends Names = AppwriteNames> {
  before: readonly Loose<N['scope']>[];
  after: readonly Loose<N['scope']>[];
  /** The edition that the key is for; any where absent. */
  edition?: Loose<N['edition']> | null;
}

/** What changes between two sets of scopes. */
export interface Comparison<N extends Names = AppwriteNames> {
  /** Scopes that only the later set has. */
  granted: string[];
  /** Scopes that only the earlier set has. */
  revoked: string[];
  /** Scopes that both have. */
  kept: string[];
  /** The ways to more access that only the later set has. */
  climbed: Way<N>[];
  /** Operations that only the later set opens. */
  gained: N['operation'][];
  /** Operations that only the earlier set opens. */
  lost: N['operation'][];
  /** Whether only the later set gives full access. */
  becomesFullAccess: boolean;
  /** What the catalog does not know. */
  problems: Diagnostic[];
}

/** What {@link migrate} is asked. */
export interface MigrateRequest<N extends Names = AppwriteNames> {
  scopes: readonly Loose<N['scope']>[];
  /** The edition to go to; the newest where absent. */
  edition?: Loose<N['edition']> | null;
  /** What kind of key it is; `project` where absent. */
  tier?: Tier | null;
}

/** What became of the scopes. */
export interface Migration<N extends Names = AppwriteNames> {
  /** The scopes after it. They open at least what was open before. */
  scopes: string[];
  /** The edition that was gone to; absent when the catalog does not know it, and then nothing was changed. */
  edition?: N['edition'];
  /** Whether every scope is a current one of that edition. */
  complete: boolean;
  /** What was done with each scope that is not simply current, and why. */
  steps: {
    action: 'replaced' | 'removed' | 'joined' | 'kept';
    scope: string;
    /** The successor that replaces it, or joins it. */
    successor?: N['scope'];
    /** In an older edition: the predecessor that replaces it, or joins it. */
    predecessor?: N['scope'];
    reason: string;
    operations?: N['operation'][];
  }[];
  /** Operations that were not open before. */
  gained: N['operation'][];
  /** What the catalog does not know. */
  problems: Diagnostic[];
}

/** Which part of the {@link catalog} to return; all of it by default. */
export interface CatalogRequest<N extends Names = AppwriteNames> {
  /** Only scopes that such a key can hold. */
  tier?: Tier | null;
  /** Only scopes of this edition. */
  edition?: Loose<N['edition']> | null;
  /** Only scopes of this service. */
  service?: Loose<N['service']> | null;
  /** `false` leaves the operations out. */
  operations?: boolean | null;
}

/** Services, scopes, operations and editions of one product. */
export interface CatalogData<N extends Names = Names> {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** How many scopes a key may have at the most. */
  readonly maxScopes: number;
  /** A request's path begins with one of them, and the paths of the operations come after it. */
  readonly basePaths?: readonly string[];
  /** Whether the letters of a path are compared whatever their case. */
  readonly foldCase?: boolean;
  /** Whether a slash at the end of a path counts: by default it does not. */
  readonly trailingSlash?: 'ignored' | 'distinct';
  /** From the oldest to the newest. */
  readonly editions: readonly { readonly id: N['edition']; readonly name: string; readonly selfHosted?: boolean }[];
  readonly services: readonly { readonly id: N['service']; readonly name: string }[];
  readonly scopes: readonly CatalogScope<N>[];
  readonly operations: readonly CatalogOperation<N>[];
}

/** One scope of a catalog. */
export interface CatalogScope<N extends Names = Names> {
  readonly id: N['scope'];
  /** What a person calls it, where that is more than the id. */
  readonly name?: string;
  /** The service that it is shown in. */
  readonly service: N['service'];
  /** What it opens, in one line. */
  readonly description: string;
  /** Which kinds of key can hold it. */
  readonly tiers: readonly Tier[];
  /** The editions that know it. */
  readonly editions: readonly N['edition'][];
  /** Still accepted, but not to be granted any more. */
  readonly deprecated?: boolean;
  /** Every key holds it, whether it is granted or not. */
  readonly implied?: boolean;
  /** What to grant instead of a deprecated scope. */
  readonly successor?: N['scope'];
  /** Scopes that its holder holds as well, and what those include. */
  readonly includes?: readonly N['scope'][];
  /** Set for a scope with which a key can gain more access. */
  readonly sensitive?: {
    readonly reach: Climb;
    readonly reason: string;
    readonly path: readonly string[];
    /** The editions in which this is so; all without it. */
    readonly editions?: readonly N['edition'][];
  };
}

/** One SDK method and its HTTP route. */
export interface CatalogOperation<N extends Names = Names> {
  /** Namespace and method, such as `tablesDB.listRows`. */
  readonly id: N['operation'];
  /** The HTTP method, upper case. */
  readonly method: string;
  /** The path with `:name` for each parameter. */
  readonly path: string;
  /** What opens it: any one of these, each a scope or a list of scopes that are all needed. Empty where nobody has said. */
  readonly scopes: readonly (N['scope'] | readonly N['scope'][])[];
  /** Which one of its alternatives the API's owner calls least privileged. */
  readonly least?: N['scope'] | readonly N['scope'][];
  /** Set where it needs no scope: it is open to anyone without a key, or to every valid key. */
  readonly open?: 'public' | 'any-key';
  /** Whether its scopes follow from names, and were not read from a source. */
  readonly inferred?: boolean;
  /** Who may call it; absent or empty where anyone may. */
  readonly callers?: readonly string[];
  /** The version that deprecated it. */
  readonly deprecated?: string;
  /** The operation to call instead. */
  readonly successor?: string;
}

// ---- Functions

/** Judges a key's scopes. */
export function check(request: CheckRequest): Report;

/** Whether scopes open an operation, with what grants it or what is missing. */
export function allows(request: AllowsRequest): Verdict;

/** The scopes that open all operations at the least risk. */
export function suggest(request: SuggestRequest): Suggestion;

/** What scopes open, and how much more access their holder can gain. */
export function reach(request: ReachRequest): Reach;

/** What changes between two sets of scopes. */
export function compare(request: CompareRequest): Comparison;

/** Brings scopes to an edition, a newer or an older one, without loss of access. */
export function migrate(request: MigrateRequest): Migration;

/** The built-in catalog, or a part of it. Each call returns a new object. */
export function catalog(request?: CatalogRequest): CatalogData<AppwriteNames>;

/** Prepares a set of scopes for being asked often. */
export function scopes<const S extends string>(scopes: readonly ScopeLike<S>[]): ScopeSet<AppwriteNames>;

/**
 * A set of scopes, prepared for being asked often. It holds no WebAssembly memory. Its functions need no `this`: pass them on, as in
 * `operations.filter(key.allows)`.
 */
export interface ScopeSet<N extends Names = Names> {
  /** The scopes as they were given, in a frozen list. */
  readonly scopes: readonly string[];
  /**
   * Whether they open the operation: the verdict of {@link allows} without its reasons. The names of the catalog are answered
   * from what was decided when the set was made; another spelling, or a route, asks the model once.
   */
  readonly allows: <const O extends string>(operation: OperationLike<O, N['operation']>) => boolean;
  /** The same verdict with its reasons: the answer of {@link allows}. */
  readonly explain: <const O extends string>(operation: OperationLike<O, N['operation']>) => Verdict<N>;
}

/** A catalog, ready to be asked. Its functions are those of the module, and need no `this`. */
export interface Checker<N extends Names = Names> extends Disposable {
  readonly check: (request: CheckRequest<N>) => Report;
  readonly allows: (request: AllowsRequest<N>) => Verdict<N>;
  readonly suggest: (request: SuggestRequest<N>) => Suggestion<N>;
  readonly reach: (request: ReachRequest<N>) => Reach<N>;
  readonly compare: (request: CompareRequest<N>) => Comparison<N>;
  readonly migrate: (request: MigrateRequest<N>) => Migration<N>;
  readonly catalog: (request?: CatalogRequest<N>) => CatalogData<N>;
  readonly scopes: <const S extends string>(scopes: readonly ScopeLike<S, N['scope']>[]) => ScopeSet<N>;
  /** Gives the memory back now, rather than when the garbage collector finds the checker. Sets of scopes stay usable for the names of the catalog. */
  readonly free: () => void;
}

/**
 * A catalog as {@link createChecker} takes it: {@link CatalogData}, with any text where that has certain words, as TypeScript reads
 * imported JSON. What is wrong with it is an error when the checker is made.
 */
export interface CatalogInput {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly maxScopes: number;
  readonly basePaths?: readonly string[] | undefined;
  readonly foldCase?: boolean | undefined;
  readonly trailingSlash?: Loose<'ignored' | 'distinct'> | undefined;
  readonly editions: readonly { readonly id: string; readonly name: string; readonly selfHosted?: boolean | undefined }[];
  readonly services: readonly { readonly id: string; readonly name: string }[];
  readonly scopes: readonly {
    readonly id: string;
    readonly name?: string | undefined;
    readonly service: string;
    readonly description: string;
    readonly tiers: readonly Loose<Tier>[];
    readonly editions: readonly string[];
    readonly deprecated?: boolean | undefined;
    readonly implied?: boolean | undefined;
    readonly successor?: string | undefined;
    readonly includes?: readonly string[] | undefined;
    readonly sensitive?:
      | { readonly reach: Loose<Climb>; readonly reason: string; readonly path: readonly string[]; readonly editions?: readonly string[] | undefined }
      | undefined;
  }[];
  readonly operations: readonly {
    readonly id: string;
    readonly method: string;
    readonly path: string;
    readonly scopes: readonly (string | readonly string[])[];
    readonly least?: string | readonly string[] | undefined;
    readonly open?: Loose<'public' | 'any-key'> | undefined;
    readonly inferred?: boolean | undefined;
    readonly callers?: readonly string[] | undefined;
    readonly deprecated?: string | undefined;
    readonly successor?: string | undefined;
  }[];
}

/** The names of a catalog, as far as its type has them. */
export interface NamesOf<C extends CatalogInput> extends Names {
  scope: C['scopes'][number]['id'];
  operation: C['operations'][number]['id'];
  edition: C['editions'][number]['id'];
  service: C['services'][number]['id'];
}

/** A checker of the built-in catalog. */
export function createChecker(): Checker<AppwriteNames>;
/** A checker of a custom catalog: as JSON text, as imported JSON, or as an object, whose literal types make the names known. */
export function createChecker<const C extends CatalogInput>(catalog: C): Checker<NamesOf<C>>;
export function createChecker(catalog: string): Checker;

// ---- Loading

type OfGlobal<Name extends string> = typeof globalThis extends { [K in Name]: { prototype: infer T } } ? T : never;
type CompiledModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer T } } } ? T : never;

/** The WebAssembly itself, `scopewise/scopewise.wasm`: its address, the answer of `fetch`, its bytes, or compiled. */
export type WasmSource = string | OfGlobal<'URL'> | OfGlobal<'Response'> | ArrayBuffer | ArrayBufferView | CompiledModule;

/** A module of this WebAssembly whose exports were imported, `import * as instance from 'scopewise/scopewise.wasm'`. */
export interface WasmInstance {
  readonly model_find: (...parameters: never) => unknown;
}

/**
 * Loads the WebAssembly without blocking. With `scopewise` it is optional, since the first call loads what it needs; with
 * `scopewise/slim` it comes first, and says where the WebAssembly is. Once it is loaded, a call does nothing; after a failure, another
 * call can succeed. The `code` of a failure says what went wrong: `wasm-not-found`, `wasm-unreachable`, `wasm-refused` (the host or its
 * content security policy forbids WebAssembly), `wasm-mismatch` (it is something else), or `invalid-source`.
 */
export function init(
  source?: WasmSource | WasmInstance | { default: WasmSource } | Promise<WasmSource | WasmInstance | { default: WasmSource }>,
): Promise<void>;

// ---- Errors

/** What a {@link ScopewiseError} is about. */
export type ErrorCode =
  | RequestErrorCode
  | 'invalid-catalog'
  | 'checker-freed'
  | 'not-initialized'
  | 'invalid-source'
  | 'wasm-not-found'
  | 'wasm-unreachable'
  | 'wasm-refused'
  | 'wasm-mismatch';

/**
 * What every misuse throws. The faults of a key are not misuse: they are part of the report. `instanceof` recognizes it whichever build
 * of the package it comes from.
 */
export class ScopewiseError extends Error {
  private constructor();
  readonly name: 'ScopewiseError';
  readonly code: ErrorCode;
  /** What to do next, in one sentence. */
  readonly help: string;
  /** For `invalid-catalog`: every fault with its place, such as `scopes[3].successor`. */
  readonly errors?: readonly { readonly place: string; readonly message: string }[];
  /** With its message, which JSON leaves out of other errors. */
  toJSON(): { name: 'ScopewiseError'; code: ErrorCode; message: string; help: string; errors?: readonly { place: string; message: string }[] };
}
