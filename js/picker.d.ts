/**
 * The custom element `<scope-picker>`: a form control for the scopes of an API key. Importing this module defines nothing;
 * `scopewise/picker/define` does.
 *
 * @module
 */
import type { CatalogData, EditionName, Loose, OperationName, Report, RunsIn, ScopeName, Tier } from './index.js';

/** A set of scopes that a person chooses with one click. */
export interface Preset {
  name: string;
  description?: string;
  scopes: readonly string[];
}

/** What `input`, `change` and `ready` carry. */
export interface PickerDetail {
  /** The chosen scopes. */
  value: string[];
  /** The report of the check; `null` where WebAssembly cannot run. */
  report: Report | null;
}

/** What `error` carries. */
export interface PickerErrorDetail {
  code: 'wasm-refused' | 'wasm-not-loaded' | 'catalog-not-loaded' | 'invalid-catalog' | 'invalid-attribute' | 'unexpected';
  /** What is wrong. */
  message: string;
  /** What to do. */
  help: string;
  /** Each fault of a catalog. */
  errors?: { place: string; message: string }[];
  error: Error;
}

/** The error of an `error` event. */
export declare class PickerError extends Error {
  code: PickerErrorDetail['code'];
  help: string;
  errors?: { place: string; message: string }[];
}

/** The properties that a page sets. An attribute of the same name (`runs-in` for `runsIn`) sets each of them as well. */
export interface PickerProperties {
  /** The chosen scopes. A text is a list with spaces or commas. Unknown scopes are kept. */
  value: string[];
  /** The name of the entries in the form. */
  name: string;
  /** A catalog, or the URL of one; `null` for the built-in one. */
  catalog: CatalogData | URL | string | null;
  /** The edition that the key is for. */
  edition: Loose<EditionName> | undefined;
  /** The kind of key: a project's, by default. */
  tier: Tier | undefined;
  /** Where the code that uses the key runs. */
  runsIn: RunsIn | undefined;
  /** When the key expires; `null` if it never does. */
  expire: string | Date | null | undefined;
  /** The present, by default the time of the browser. */
  now: string | Date | undefined;
  /** How to treat a scope that the edition does not have: `reject` by default. */
  beyondEdition: 'report' | 'reject' | undefined;
  /** How to treat a scope that the grantor does not hold: `report` by default. */
  beyondGrantor: 'report' | 'reject' | undefined;
  /** The operations that the code will call. */
  operations: readonly Loose<OperationName>[] | undefined;
  /** The scopes of the creator of the key. Others are shown with the reason, and cannot be chosen. */
  grantor: readonly Loose<ScopeName>[] | undefined;
  /** The saved scopes of an existing key: the picker shows what changes. */
  previous: readonly Loose<ScopeName>[] | undefined;
  /** Only these are offered: scopes, services, or the scopes of a resource such as `rows.*`. */
  allow: readonly string[] | undefined;
  /** These are not offered, with entries as in `allow`. */
  hide: readonly string[] | undefined;
  /** Sets of scopes to choose with one click. */
  presets: readonly Preset[] | undefined;
  /** Other texts than the English ones, by their keys. */
  strings: Record<string, string> | undefined;
  /** Whether at least one scope must be chosen. */
  required: boolean;
  disabled: boolean;
  /** Whether the scopes are shown, and submitted, but cannot be changed. */
  readOnly: boolean;
  /** Whether the report is shown without fixes. */
  readOnlyReport: boolean;
}

export interface ScopePicker extends PickerProperties {}

/** A form control for the scopes of an API key. */
export declare class ScopePicker extends HTMLElement {
  static readonly formAssociated: true;
  static readonly observedAttributes: string[];
  /** Where the WebAssembly is. By default it is `picker.wasm` next to the script. Set it before the first picker is on a page. */
  static wasm: string | URL | WebAssembly.Module | Promise<WebAssembly.Module> | undefined;
  /** Where the part of the WebAssembly is that is loaded once a picker is shown. By default it is `picker-later.wasm` next to the script. */
  static wasmLater: string | URL | WebAssembly.Module | Promise<WebAssembly.Module> | undefined;
  /** How many bytes the WebAssembly of all pickers takes; 0 before it is loaded. */
  static memory(): number;

  /**
   * The report of the check; `null` until the picker is ready, and, the first time that `operations` are set, until what checks them is
   * loaded.
   */
  readonly report: Report | null;
  readonly type: 'scope-picker';
  readonly form: HTMLFormElement | null;
  readonly labels: NodeList;
  readonly validity: ValidityState;
  readonly validationMessage: string;
  readonly willValidate: boolean;
  checkValidity(): boolean;
  reportValidity(): boolean;
  /** Sets a problem that the page has found; an empty text removes it. */
  setCustomValidity(message: string): void;
}
