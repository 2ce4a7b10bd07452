/**
 * A Standard Schema for a list of scopes.
 *
 * @module
 */
import type { AppwriteNames, Checker, CheckRequest, Names } from './index.js';

/** A Standard Schema (version 1), as validators, forms and routers take it. */
export interface ScopeListSchema<Scope extends string> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: 'scopewise';
    readonly validate: (value: unknown) =>
      | { readonly value: Scope[]; readonly issues?: undefined }
      | { readonly issues: readonly { readonly message: string; readonly path?: readonly PropertyKey[] }[] };
    readonly types?: { readonly input: readonly string[]; readonly output: Scope[] } | undefined;
  };
}

/** What {@link check} is asked besides the scopes, and which scopes are accepted. */
export type ScopeListOptions<Scope extends string, N extends Names = AppwriteNames> = Omit<CheckRequest<N>, 'scopes'> & {
  /** Only these scopes: a list, or an enum such as an SDK's, whose members the result is made of. */
  among?: readonly Scope[] | { readonly [name: string]: Scope };
};

/**
 * A schema that accepts a list of scopes without errors. `check` is that of the module or of a checker; each error of the report is an
 * issue, at the index of its scope.
 */
export function scopeList<N extends Names = AppwriteNames, const Scope extends string = N['scope']>(
  check: Checker<N>['check'],
  options?: ScopeListOptions<Scope, N>,
): ScopeListSchema<Scope>;
