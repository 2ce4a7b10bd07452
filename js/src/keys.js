// <scopewise-keys>: a key manager for pages of other programs. It shows what the server answers to a widget token and decides nothing;
// scopes are chosen and judged in <scope-picker>.

import { STYLES } from './keys/style.js';
import { STRINGS } from './keys/strings.js';

const sheet = () => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLES);
  return sheet;
};
let styles;

/** An element with properties, listeners (`onclick`) and children; texts are never read as HTML. */
function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key === 'part' || key === 'class' || key === 'for' || key.startsWith('aria-') || key === 'role') element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

/** A refusal of the server, or what kept it from answering. */
class ServerError extends Error {
  constructor(message, type, status, options) {
    super(message, options);
    this.name = 'ServerError';
    this.type = type;
    this.status = status;
  }
}

/** The project of a token: its claims are readable, and the server checks them. */
function projectOf(token) {
  try {
    const claims = token.replace(/^widget_/, '').split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(claims), (letter) => letter.charCodeAt(0));
    const { projectId } = JSON.parse(new TextDecoder().decode(bytes));
    return typeof projectId === 'string' ? projectId : undefined;
  } catch {
    return undefined;
  }
}

const DAY = 86_400_000;

// A server that renders pages has no HTMLElement; there the module can be imported all the same.
const Base = globalThis.HTMLElement ?? class {};

export class ScopewiseKeys extends Base {
  static observedAttributes = ['endpoint', 'token', 'runs-in'];

  #root;
  #token;
  #strings = STRINGS;
  #presets;
  #widget;
  #keys = [];
  #cursor = '';
  // A request that was started for another token, or before the element was removed, has nothing to say any more.
  #round = 0;
  #busy;

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: 'open', delegatesFocus: true });
  }

  connectedCallback() {
    styles ??= sheet();
    this.#root.adoptedStyleSheets = [styles];
    for (const name of ['token', 'presets', 'strings', 'getToken']) this.#upgrade(name);
    this.reload();
  }

  disconnectedCallback() {
    this.#round++;
    this.#widget = undefined;
    this.#keys = [];
    this.#root.replaceChildren();
  }

  attributeChangedCallback() {
    if (this.isConnected) this.reload();
  }

  /** A property that was set before the element was defined. */
  #upgrade(name) {
    if (!Object.hasOwn(this, name)) return;
    const value = this[name];
    delete this[name];
    this[name] = value;
  }

  /** The address of the API, such as `https://keys.example.com/v1`. */
  get endpoint() {
    return (this.getAttribute('endpoint') ?? '').replace(/\/+$/, '');
  }
  set endpoint(value) {
    this.setAttribute('endpoint', value);
  }

  /** The widget token. It is kept out of the page's attributes where it is set as a property. */
  get token() {
    return this.#token ?? this.getAttribute('token') ?? '';
  }
  set token(value) {
    this.#token = value ? String(value) : undefined;
    if (this.isConnected) this.reload();
  }

  /** Gives a new token, when there is none yet or the last one has expired: a function that returns a text or a promise of one. */
  getToken;

  /** Where the keys will run, for the advice of the picker. */
  get runsIn() {
    return this.getAttribute('runs-in') ?? undefined;
  }
  set runsIn(value) {
    if (value) this.setAttribute('runs-in', value);
    else this.removeAttribute('runs-in');
  }

  /** Sets of scopes that the picker offers. */
  get presets() {
    return this.#presets;
  }
  set presets(value) {
    this.#presets = value;
  }

  /** Texts that replace the English ones, by their keys. */
  get strings() {
    return this.#strings;
  }
  set strings(value) {
    this.#strings = { ...STRINGS, ...value };
    if (this.#widget) this.#show();
  }

  #text(key, values = {}) {
    return (this.#strings[key] ?? STRINGS[key]).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  #fire(type, detail) {
    return this.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true, detail }));
  }

  // ---- The server

  async #ask(method, path, body, retry = true) {
    const token = this.token || (await this.#renewed());
    const headers = { 'X-Appwrite-Key': token, 'X-Appwrite-Project': projectOf(token) ?? '' };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    let response;
    try {
      response = await fetch(`${this.endpoint}${path}`, { method, headers, body: body && JSON.stringify(body), credentials: 'omit', cache: 'no-store' });
    } catch (cause) {
      throw new ServerError(this.#text('unreachable', { endpoint: this.endpoint }), 'unreachable', 0, { cause });
    }
    if (response.status === 204) return undefined;
    const answer = await response.json().catch(() => undefined);
    if (response.ok) return answer;
    if (response.status === 401 && retry && this.getToken && (await this.#renewed())) return this.#ask(method, path, body, false);
    throw new ServerError(answer?.message ?? this.#text('failed', { status: response.status }), answer?.type ?? 'unknown', response.status);
  }

  /** A new token of the page; nothing where it gives none. */
  async #renewed() {
    const token = await this.getToken?.();
    this.#token = token ? String(token) : undefined;
    return this.#token ?? '';
  }

  /** Reads everything again. */
  async reload() {
    const round = ++this.#round;
    if (!this.endpoint || (!this.token && !this.getToken)) {
      this.#root.replaceChildren();
      return;
    }
    if (!this.#widget) this.#root.replaceChildren(make('p', { part: 'message', role: 'status' }, this.#text('loading')));
    try {
      const widget = await this.#ask('GET', '/widget');
      const { keys, nextCursor } = await this.#ask('GET', '/widget/keys');
      if (round !== this.#round) return;
      [this.#widget, this.#keys, this.#cursor] = [widget, keys, nextCursor];
      this.#show();
      this.#fire('ready', { keys });
    } catch (error) {
      if (round === this.#round) this.#fail(error);
    }
  }

  async #more() {
    const round = this.#round;
    const { keys, nextCursor } = await this.#ask('GET', `/widget/keys?cursor=${encodeURIComponent(this.#cursor)}`);
    if (round !== this.#round) return;
    this.#keys = [...this.#keys, ...keys];
    this.#cursor = nextCursor;
    this.#show();
  }

  /** Nothing can be shown. */
  #fail(error) {
    this.#widget = undefined;
    const again = make('button', { part: 'button', type: 'button', onclick: () => this.reload() }, this.#text('retry'));
    this.#root.replaceChildren(make('div', { part: 'error', role: 'alert' }, make('p', {}, error.message), again));
    this.#fire('error', { error });
  }

  /** Runs an action once at a time; what goes wrong is shown where the person is. */
  async #act(button, place, action) {
    if (this.#busy) return;
    this.#busy = true;
    button.setAttribute('aria-disabled', 'true');
    place.replaceChildren();
    try {
      await action();
    } catch (error) {
      place.replaceChildren(make('p', { part: 'error' }, error.message));
      this.#fire('error', { error });
    } finally {
      this.#busy = false;
      button.removeAttribute('aria-disabled');
    }
  }

  // ---- The list

  #show() {
    const { token } = this.#widget;
    const problem = make('div', { role: 'alert' });
    const create = make('button', { part: 'button primary', type: 'button', onclick: () => this.#create() }, this.#text('create'));
    const head = make('header', { part: 'header' }, make('h2', { part: 'title' }, this.#text('title')), token.mayCreate && create);
    const list = this.#keys.length
      ? make('ul', { part: 'list', role: 'list' }, ...this.#keys.map((key) => this.#row(key)))
      : make('p', { part: 'message' }, this.#text(token.mayCreate ? 'empty' : 'none'));
    const more = make('button', { part: 'button', type: 'button' }, this.#text('more'));
    more.addEventListener('click', () => this.#act(more, problem, () => this.#more()));
    this.#root.replaceChildren(head, list, this.#cursor ? more : '', problem);
  }

  #row(key) {
    const { token } = this.#widget;
    const actions = make('span', { part: 'actions' });
    const button = (text, action) =>
      make('button', { part: 'button', type: 'button', 'aria-label': this.#text('of', { action: text, name: key.name }), onclick: action }, text);
    if (token.mayRotate) actions.append(button(this.#text('rotate'), () => this.#rotate(key)));
    if (token.mayRevoke) actions.append(button(this.#text('revoke'), () => this.#revoke(key)));
    const scopes = make('details', { part: 'scopes' }, make('summary', {}, this.#text('scopes', { count: key.scopes.length })));
    scopes.append(make('ul', {}, ...key.scopes.map((scope) => make('li', {}, make('code', {}, scope)))));
    const name = make('bdi', { part: 'name' }, key.name);
    const status = make('span', { part: `status ${key.status}` }, this.#text(key.status));
    const facts = make('span', { part: 'facts' }, this.#expiry(key), ' · ', this.#use(key));
    return make('li', { part: 'key' }, make('span', { part: 'line' }, name, make('code', { part: 'hint' }, key.secret), status), facts, scopes, actions);
  }

  #expiry({ expire }) {
    return expire ? this.#time('expires', expire) : this.#text('never-expires');
  }

  #use({ accessedAt }) {
    return accessedAt ? this.#time('used', accessedAt) : this.#text('never-used');
  }

  #time(key, iso) {
    const at = new Date(iso);
    const time = make('time', { dateTime: iso, title: at.toLocaleString() }, at.toLocaleDateString(undefined, { dateStyle: 'medium' }));
    const [before, after] = this.#text(key).split('{date}');
    return make('span', {}, before, time, after ?? '');
  }

  // ---- Dialogs

  #dialog(title, ...content) {
    const heading = make('h3', { id: 'dialog-title' }, title);
    const dialog = make('dialog', { part: 'dialog', 'aria-labelledby': 'dialog-title' }, heading, ...content);
    dialog.addEventListener('close', () => dialog.remove());
    this.#root.append(dialog);
    dialog.showModal();
    return dialog;
  }

  #cancel() {
    return make('button', { part: 'button', type: 'button', onclick: (event) => event.target.closest('dialog').close() }, this.#text('cancel'));
  }

  #create() {
    const { token, policy, catalog } = this.#widget;
    const name = make('input', { type: 'text', required: true, maxLength: 128, id: 'name', autocomplete: 'off' });
    const expiry = this.#expiryField();
    const picker = document.createElement('scope-picker');
    if (catalog) picker.catalog = `${this.endpoint}/scopes/catalog`;
    Object.assign(picker, { allow: token.scopes, grantor: token.scopes, runsIn: this.runsIn, edition: policy.edition ?? undefined, presets: this.#presets });
    picker.expire = expiry.value();
    expiry.select.addEventListener('change', () => (picker.expire = expiry.value()));
    const problem = make('div', { role: 'alert' });
    const submit = make('button', { part: 'button primary', type: 'submit' }, this.#text('create-it'));
    const form = make(
      'form', { part: 'form', noValidate: true },
      make('label', { for: 'name' }, this.#text('name')), name,
      make('label', { for: 'expiry' }, this.#text('expiry')), expiry.select,
      make('span', { id: 'scopes-label' }, this.#text('choose')), picker,
      problem, make('div', { part: 'buttons' }, this.#cancel(), submit),
    );
    picker.setAttribute('aria-labelledby', 'scopes-label');
    const dialog = this.#dialog(this.#text('create'), form);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (!name.value.trim()) {
        problem.replaceChildren(make('p', { part: 'error' }, this.#text('name-missing')));
        name.focus();
        return;
      }
      const body = { name: name.value.trim(), scopes: [...(picker.value ?? [])], expire: expiry.value() };
      void this.#act(submit, problem, async () => this.#reveal(dialog, await this.#ask('POST', '/widget/keys', body), 'created'));
    });
    name.focus();
  }

  /** Expiries that policy and token accept, the shortest first. */
  #expiryField() {
    const { policy, token } = this.#widget;
    const latest = token.keyExpire ? Date.parse(token.keyExpire) : Infinity;
    const longest = Math.min(policy.maxLifetimeSeconds === null ? Infinity : policy.maxLifetimeSeconds * 1000, latest - Date.now());
    const days = [7, 30, 90, 365].filter((days) => days * DAY <= longest);
    const options = days.map((days) => [String(days * DAY), this.#text('days', { days })]);
    if (Number.isFinite(longest)) {
      if (!days.includes(Math.round(longest / DAY))) options.push(['latest', this.#text('latest')]);
    } else if (!policy.requireExpiry) options.push(['', this.#text('no-expiry')]);
    const select = make('select', { id: 'expiry' }, ...options.map(([value, text]) => make('option', { value }, text)));
    const preferred = days.includes(90) ? 90 : days.at(-1);
    select.value = preferred === undefined ? (options[0]?.[0] ?? '') : String(preferred * DAY);
    const value = () => {
      if (select.value === '') return null;
      // A second less: the server's clock decides.
      const milliseconds = select.value === 'latest' ? longest - 1000 : Number(select.value);
      return new Date(Math.min(Date.now() + milliseconds, latest)).toISOString();
    };
    return { select, value };
  }

  #rotate(key) {
    const overlap = make(
      'select', { id: 'overlap' },
      ...[[0, 'overlap-none'], [3600, 'overlap-hour'], [86_400, 'overlap-day'], [604_800, 'overlap-week']]
        .map(([seconds, text]) => make('option', { value: String(seconds) }, this.#text(text))),
    );
    const problem = make('div', { role: 'alert' });
    const confirm = make('button', { part: 'button primary', type: 'button' }, this.#text('rotate'));
    const dialog = this.#dialog(
      this.#text('rotate-title', { name: key.name }),
      make('label', { for: 'overlap' }, this.#text('overlap')), overlap,
      problem, make('div', { part: 'buttons' }, this.#cancel(), confirm),
    );
    const path = `/widget/keys/${encodeURIComponent(key.$id)}/rotate`;
    const body = () => ({ overlapSeconds: Number(overlap.value) });
    confirm.addEventListener('click', () => this.#act(confirm, problem, async () => this.#reveal(dialog, await this.#ask('POST', path, body()), 'rotated')));
  }

  #revoke(key) {
    const problem = make('div', { role: 'alert' });
    const confirm = make('button', { part: 'button danger', type: 'button' }, this.#text('revoke'));
    const dialog = this.#dialog(
      this.#text('revoke-title', { name: key.name }),
      make('p', {}, this.#text('revoke-what')),
      problem, make('div', { part: 'buttons' }, this.#cancel(), confirm),
    );
    const act = async () => {
      try {
        await this.#ask('DELETE', `/widget/keys/${encodeURIComponent(key.$id)}`);
      } catch (error) {
        // Another page was faster.
        if (error.status !== 404) throw error;
      }
      dialog.close();
      this.#keys = this.#keys.filter(({ $id }) => $id !== key.$id);
      this.#show();
      this.#focusList();
      this.#fire('revoked', { id: key.$id });
    };
    confirm.addEventListener('click', () => this.#act(confirm, problem, act));
  }

  /** The secret, once. It is in no event and in no attribute. */
  #reveal(dialog, key, type) {
    const { secret, ...known } = key;
    const kept = { ...known, secret: `${secret.slice(0, 18)}…${secret.slice(-4)}` };
    this.#keys = [kept, ...this.#keys.filter(({ $id }) => $id !== key.$id)];
    this.#show();
    dialog.close();
    const field = make('input', { part: 'secret', type: 'text', readOnly: true, value: secret, 'aria-label': this.#text('secret') });
    const state = make('span', { role: 'status' });
    const copy = make('button', { part: 'button primary', type: 'button' }, this.#text('copy'));
    copy.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(secret);
        state.textContent = this.#text('copied');
      } catch {
        field.select();
        state.textContent = this.#text('copy-by-hand');
      }
    });
    const done = make('button', { part: 'button', type: 'button', onclick: () => revealed.close() }, this.#text('done'));
    const revealed = this.#dialog(
      this.#text('secret-title', { name: key.name }),
      make('p', {}, this.#text('once')), field, state, make('div', { part: 'buttons' }, copy, done),
    );
    // Escape would throw the only copy away.
    revealed.addEventListener('cancel', (event) => event.preventDefault());
    revealed.addEventListener('close', () => {
      field.value = '';
      this.#focusList();
    });
    this.#fire(type, { key: known });
  }

  #focusList() {
    (this.#root.querySelector('[part~="primary"]') ?? this.#root.querySelector('button'))?.focus();
  }
}
