// <scopewise-keys>: a key manager for the customers of a product. It talks to a Scopewise server with a widget token.

/** A key, as the server shows it to a page with a widget token. */
export interface WidgetKey {
  readonly $id: string;
  readonly $createdAt: string;
  readonly $updatedAt: string;
  readonly name: string;
  readonly description: string;
  /** ISO 8601; `""` means never. */
  readonly expire: string;
  readonly scopes: readonly string[];
  /** ISO 8601; `""` means never. */
  readonly accessedAt: string;
  readonly enabled: boolean;
  readonly status: 'active' | 'expires-soon' | 'expired' | 'disabled';
  readonly rotatedAt: string;
  readonly overlapUntil: string;
}

/** Why the server refused, or could not be asked. */
export interface WidgetError extends Error {
  /** The type of the error, such as `widget_denied`; `unreachable` without an answer. */
  readonly type: string;
  /** The HTTP status; 0 without an answer. */
  readonly status: number;
}

/** A set of scopes that the picker offers. */
export interface WidgetPreset {
  name: string;
  description?: string;
  scopes: string[];
}

export interface ScopewiseKeysEventMap {
  /** The keys are shown. */
  ready: CustomEvent<{ keys: WidgetKey[] }>;
  /** Something went wrong; the element shows it too. */
  error: CustomEvent<{ error: WidgetError }>;
  /** A key was created. The secret is in no event. */
  created: CustomEvent<{ key: WidgetKey }>;
  /** A key has a new secret. */
  rotated: CustomEvent<{ key: WidgetKey }>;
  /** A key was deleted. */
  revoked: CustomEvent<{ id: string }>;
}

/** The element. It bubbles its events, composed. */
export declare class ScopewiseKeys extends HTMLElement {
  /** The address of the API, such as `https://keys.example.com/v1`. Attribute: `endpoint`. */
  endpoint: string;
  /** The widget token. Attribute: `token`; a property keeps it out of the page's markup. */
  token: string;
  /** Gives a token when there is none, and a new one when the last has expired. */
  getToken?: () => string | null | undefined | Promise<string | null | undefined>;
  /** Where the keys will run, for advice: `server`, `function`, `ssr`, `ci`, `cli`, `browser` or `mobile`. Attribute: `runs-in`. */
  get runsIn(): string | undefined;
  set runsIn(value: string | null | undefined);
  /** Sets of scopes that the picker offers. */
  presets?: WidgetPreset[];
  /** Texts that replace the English ones, by their keys. */
  get strings(): Readonly<Record<string, string>>;
  set strings(value: Readonly<Record<string, string>>);
  /** Reads the keys again. */
  reload(): Promise<void>;
  addEventListener<K extends keyof ScopewiseKeysEventMap>(
    type: K,
    listener: (this: ScopewiseKeys, event: ScopewiseKeysEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'scopewise-keys': ScopewiseKeys;
  }
}
