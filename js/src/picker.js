// <scope-picker>: a form control for the scopes of an API key. This file is the element: attributes, properties, forms, events, and what
// happens when it enters or leaves a page. What it shows and reports comes from the WebAssembly. The file defines nothing, so importing it
// has no side effects; picker-define.js defines the element.

import { catalogText, hasLater, load, loadLater, memory, sourceOf } from './picker/load.js';
import { catalogEntries, lightEntries, plainList } from './picker/plain.js';
import { sheetOf } from './picker/style.js';
import { FLAGS, LISTS, OBJECTS, PickerError, readCatalog, readList, readObject, TEXTS } from './picker/values.js';

// A server that renders pages has no HTMLElement; there the module can be imported all the same.
const Base = globalThis.HTMLElement ?? class {};

const LABEL = 'Scopes';
const EMPTY = 'Select at least one scope.';
const CHECKING = 'The check of the operations is being loaded. Try again in a moment.';

/** Once the picker is painted, at an idle moment, for which not every browser has an event, and soon in any case. */
const afterwards = (act) =>
  requestAnimationFrame(() => setTimeout(() => (globalThis.requestIdleCallback ? requestIdleCallback(act, { timeout: 500 }) : act())));
const same = (a, b) => a.length === b.length && a.every((one, at) => one === b[at]);
const attributeOf = (flag) => FLAGS[flag];
const textOf = (attribute) => Object.keys(TEXTS).find((name) => TEXTS[name] === attribute);

/** A message of the report as a sentence. */
function sentence({ message, help }) {
  const text = `${message.charAt(0).toUpperCase()}${message.slice(1)}`;
  return help ? `${text}: ${help}.` : `${text}.`;
}

export class ScopePicker extends Base {
  static formAssociated = true;
  static observedAttributes = ['value', 'name', 'catalog', ...Object.values(TEXTS), ...LISTS, ...Object.values(FLAGS), ...OBJECTS];

  /** Where the WebAssembly is: a URL, or a compiled module. By default it is `picker.wasm` next to the script. */
  static wasm;

  /** Where the WebAssembly is that is loaded once the picker is shown. By default it is `picker-later.wasm` next to the script. */
  static wasmLater;

  /** How many bytes the WebAssembly of all pickers takes; 0 before it is loaded. */
  static memory() {
    return memory();
  }

  #internals = this.attachInternals();
  #root = this.attachShadow({ mode: 'open', delegatesFocus: true });
  #content = document.createElement('div');
  #light = document.createElement('div');

  #value = [];
  /** Whether the value was set by a person or a program: then the attribute and the content are only what a reset returns to. */
  #isSet = false;
  #lists = {};
  #objects = {};
  #catalog = {};
  #catalogGiven = null;
  #report = null;
  /** Whether the view has what is loaded later. */
  #isWhole = false;
  #isOff = false;
  #ownProblem = '';

  /** Counts the times that the element started or stopped. What began before and ends later is dropped. */
  #turn = 0;
  #isStarted = false;
  #view = null;
  #plain = null;

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [sheetOf(document)];
    // The content of the element shows until the picker is ready.
    this.#light.append(document.createElement('slot'));
    this.#light.addEventListener('slotchange', () => this.#readContent());
    this.#content.setAttribute('part', 'content');
    this.#root.append(this.#light, this.#content);
    // The fields in the picker are its own business.
    for (const type of ['input', 'change']) this.#root.addEventListener(type, (event) => event.stopPropagation());
    // A part that cannot be loaded has a button to try again.
    this.#root.addEventListener('click', ({ target }) => target.closest('[data-again]') && this.#complete());
    this.#internals.role = 'group';
  }

  // ---- Life in a page

  connectedCallback() {
    if (this.#root.adoptedStyleSheets[0] !== sheetOf(this.ownerDocument)) this.#root.adoptedStyleSheets = [sheetOf(this.ownerDocument)];
    this.#takeProperties();
    this.#readContent();
    this.#settle();
    if (!this.#isStarted) this.#start();
  }

  /** An element that only moves keeps what it shows. */
  connectedMoveCallback() {}

  disconnectedCallback() {
    queueMicrotask(() => {
      if (!this.isConnected) this.#stop();
    });
  }

  /** Properties that were set before the element was defined. */
  #takeProperties() {
    for (const name of ['value', 'name', 'catalog', ...Object.keys(TEXTS), ...LISTS, ...Object.keys(FLAGS), ...OBJECTS]) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
  }

  async #start() {
    const turn = ++this.#turn;
    this.#isStarted = true;
    try {
      const loaded = load(this.constructor.wasm);
      // What is loaded later reads catalogs, and checks what the code calls.
      const needsLater = this.#catalog.json !== undefined || this.#catalog.url || this.#lists.operations;
      const [glue, json] = await Promise.all([
        loaded,
        catalogText(this.#catalog),
        needsLater && loadLater(loaded, this.constructor.wasmLater),
      ]);
      // The element may have left, or its catalog may be another one.
      if (turn !== this.#turn) return;
      this.#show(glue, sourceOf(glue, json));
      afterwards(() => turn === this.#turn && this.#complete());
    } catch (error) {
      if (turn === this.#turn) await this.#fallBack(error, turn);
    }
  }

  #stop() {
    if (!this.#isStarted) return;
    this.#turn++;
    this.#isStarted = false;
    this.#clear();
    this.#light.hidden = false;
  }

  /** Removes what is shown, and frees it in the WebAssembly. */
  #clear() {
    this.#view?.free();
    this.#view = null;
    this.#plain = null;
    this.#content.replaceChildren();
    this.#report = null;
    this.#setState('ready', false);
    this.#setState('plain', false);
  }

  #show(glue, source) {
    this.#clear();
    this.#light.hidden = true;
    const turn = this.#turn;
    const view = new glue.PickerView(this.#content, source, this.#value, (scopes, report) => {
      if (turn === this.#turn) this.#heard(scopes, report);
    });
    this.#view = view;
    this.#isWhole = hasLater();
    for (const name of Object.keys(TEXTS)) this.#pushText(name);
    for (const name of LISTS) view.setList(name, this.#lists[name]);
    for (const name of OBJECTS) this.#pushObject(name);
    view.setFlag('readOnlyReport', this.readOnlyReport);
    this.#pushLock();
    this.#judge();
    this.#announce();
  }

  #announce() {
    this.dispatchEvent(new CustomEvent('ready', { detail: this.#detail() }));
  }

  /** Shows what is loaded later. Where it cannot be loaded, the picker goes on without, unless its report would lack something. */
  async #complete() {
    const view = this.#view;
    if (!view) return;
    const turn = this.#turn;
    const error = await loadLater(load(), this.constructor.wasmLater).then(
      () => undefined,
      (error) => error,
    );
    // The element may have left.
    if (view !== this.#view) return;
    if (error && this.#lists.operations) return this.#fallBack(error, turn);
    const hasWaited = this.#waits();
    view.showLater();
    this.#isWhole = !error;
    if (error) this.#tell(error);
    else if (this.#lists.operations) this.#judge();
    if (hasWaited) this.#announce();
  }

  /** Shows a plain list of checkboxes, and reports why. */
  async #fallBack(error, turn) {
    this.#clear();
    let entries = lightEntries(this);
    if (entries.length === 0) {
      const catalog = await this.#plainCatalog();
      if (turn !== this.#turn) return;
      entries = catalogEntries(catalog, { tier: this.tier ?? undefined, allow: this.#lists.allow, hide: this.#lists.hide });
    }
    this.#plain = entries;
    this.#light.hidden = true;
    this.#showPlain();
    this.#settle();
    this.#setState('plain', true);
    this.#tell(error);
  }

  #tell(error) {
    const { code = 'unexpected', message, help = '', errors } = error;
    this.dispatchEvent(new CustomEvent('error', { detail: { code, message, help, ...(errors && { errors }), error } }));
  }

  /** What is known of the catalog without the WebAssembly. */
  async #plainCatalog() {
    try {
      const json = await catalogText(this.#catalog);
      return json === undefined ? (await import('./picker-names.js')).default : JSON.parse(json);
    } catch {
      return undefined;
    }
  }

  #showPlain() {
    if (!this.#plain) return;
    const list = plainList(this.#plain, {
      chosen: () => this.#value,
      locked: this.#isLocked(),
      label: this.#objects.strings?.scopes ?? LABEL,
      change: (value) => this.#changed(value),
    });
    this.#content.replaceChildren(list);
  }

  #setState(name, on) {
    if (on) this.#internals.states?.add(name);
    else this.#internals.states?.delete(name);
  }

  // ---- The value

  /** Takes over what the content of the element says: checkboxes as a page without scripts has them. */
  #readContent() {
    const entries = lightEntries(this);
    if (entries.length === 0) return;
    if (!this.#isSet && !this.hasAttribute('value')) this.#setValue(entries.filter(({ chosen }) => chosen).map(({ value }) => value));
    // From now on the element submits.
    for (const { input } of entries) input.disabled = true;
  }

  #default() {
    if (this.hasAttribute('value')) return readList('value', this.getAttribute('value'));
    return lightEntries(this)
      .filter(({ input }) => input.defaultChecked)
      .map(({ value }) => value);
  }

  #setValue(value) {
    this.#value = value;
    this.#view?.setList('scopes', value);
    this.#showPlain();
    this.#settle();
  }

  /** The WebAssembly reports its scopes and its report after each change. */
  #heard(scopes, json) {
    if (!same(scopes, this.#value)) this.#changed(scopes, json);
  }

  /** A person has changed the value. */
  #changed(value, json) {
    this.#value = value;
    this.#isSet = true;
    if (json !== undefined) this.#takeReport(json);
    this.#settle(json !== undefined);
    for (const type of ['input', 'change']) {
      this.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true, detail: this.#detail() }));
    }
  }

  #detail() {
    return { value: [...this.#value], report: this.#report };
  }

  // ---- Forms

  /** Updates what depends on the value: the report, what a form submits, and whether it may. */
  #settle(isJudged = false) {
    if (this.#view && !isJudged) return this.#judge();
    const name = this.getAttribute('name');
    const data = new FormData();
    if (name) for (const scope of this.#value) data.append(name, scope);
    this.#internals.setFormValue(name ? data : null, JSON.stringify(this.#value));
    const [flags, message] = this.#problem();
    if (message) this.#internals.setValidity(flags, message, this.#content);
    else this.#internals.setValidity({});
  }

  /** Asks for the report, with the present time. */
  #judge() {
    if (this.#view) {
      this.#view.setText('now', this.now ?? new Date().toISOString());
      this.#takeReport(this.#view.report());
      this.#setState('ready', !this.#waits());
    }
    this.#settle(true);
  }

  /** Whether a report would lack something: what checks the operations is still on its way. */
  #waits() {
    return this.#view !== null && Boolean(this.#lists.operations) && !this.#isWhole;
  }

  #takeReport(json) {
    this.#report = this.#waits() ? null : JSON.parse(json);
  }

  #problem() {
    if (this.#ownProblem) return [{ customError: true }, this.#ownProblem];
    if (this.required && this.#value.length === 0) return [{ valueMissing: true }, this.#objects.strings?.required ?? EMPTY];
    if (this.#waits()) return [{ customError: true }, this.#objects.strings?.checking ?? CHECKING];
    const error = this.#report?.errors[0];
    return error ? [{ customError: true }, sentence(error)] : [{}, ''];
  }

  #isLocked() {
    return this.readOnly || this.#isOff || this.disabled;
  }

  #pushLock() {
    this.#content.inert = this.#isOff || this.disabled;
    this.#view?.setFlag('readOnly', this.#isLocked());
    this.#showPlain();
  }

  formDisabledCallback(isOff) {
    this.#isOff = isOff;
    this.#pushLock();
  }

  formResetCallback() {
    this.#isSet = false;
    this.#setValue(this.#default());
  }

  formStateRestoreCallback(state) {
    try {
      const value = readList('value', JSON.parse(state)) ?? [];
      this.#isSet = true;
      this.#setValue(value);
    } catch {
      // A state of another version of the page.
    }
  }

  get form() {
    return this.#internals.form;
  }
  get labels() {
    return this.#internals.labels;
  }
  get validity() {
    return this.#internals.validity;
  }
  get validationMessage() {
    return this.#internals.validationMessage;
  }
  get willValidate() {
    return this.#internals.willValidate;
  }
  get type() {
    return 'scope-picker';
  }
  checkValidity() {
    return this.#internals.checkValidity();
  }
  reportValidity() {
    return this.#internals.reportValidity();
  }
  /** Sets a problem that the page has found; an empty text removes it. */
  setCustomValidity(message) {
    this.#ownProblem = String(message ?? '');
    this.#settle(true);
  }

  // ---- Attributes and properties

  attributeChangedCallback(attribute, before, after) {
    if (before === after) return;
    try {
      this.#take(attribute, after);
    } catch (error) {
      // An attribute cannot throw to the code that sets it.
      const detail = { code: 'invalid-attribute', message: error.message, help: 'Correct the attribute; it is ignored.', error };
      this.dispatchEvent(new CustomEvent('error', { detail }));
    }
  }

  #take(attribute, text) {
    if (attribute === 'value') {
      if (!this.#isSet) this.#setValue(this.#default() ?? []);
    } else if (attribute === 'name' || attribute === 'required') this.#settle(true);
    else if (attribute === 'catalog') this.#setCatalog(text);
    else if (attribute === 'disabled' || attribute === 'readonly') this.#pushLock();
    else if (attribute === 'readonly-report') this.#view?.setFlag('readOnlyReport', text !== null);
    else if (LISTS.includes(attribute)) this.#setList(attribute, text);
    else if (OBJECTS.includes(attribute)) this.#setObject(attribute, text);
    else {
      const name = textOf(attribute);
      if (!this.#pushText(name)) throw new TypeError(`scope-picker: \`${attribute}\` cannot be "${text}"`);
      this.#judge();
    }
  }

  #pushText(name) {
    if (!this.#view || name === 'now') return true;
    // An absent attribute says nothing. An empty `expire` is a key that never expires.
    const text = this.getAttribute(TEXTS[name]) ?? undefined;
    return this.#view.setText(name, text === '' && name !== 'expire' ? undefined : text);
  }

  #setList(name, value) {
    this.#lists[name] = readList(name, value);
    this.#view?.setList(name, this.#lists[name]);
    this.#judge();
    if (this.#lists.operations) this.#complete();
  }

  #setObject(name, value) {
    this.#objects[name] = readObject(name, value);
    this.#pushObject(name);
    this.#settle(true);
  }

  #pushObject(name) {
    const view = this.#view;
    const value = this.#objects[name];
    if (!view) return this.#showPlain();
    if (name === 'strings') view.setStrings(value && Object.entries(value).flat());
    else view.setPresets(value?.map(({ name, description, scopes }) => [name, description ?? '', ...scopes]));
  }

  #setCatalog(value) {
    this.#catalog = readCatalog(value, this.ownerDocument.baseURI);
    this.#catalogGiven = value ?? null;
    if (this.#isStarted) this.#start();
  }

  /** The chosen scopes. */
  get value() {
    return [...this.#value];
  }
  set value(value) {
    const list = readList('value', value) ?? [];
    this.#isSet = true;
    this.#setValue(list);
  }

  /**
   * The report of the check; `null` until the picker is ready, and, the first time that `operations` are set, until what checks them is
   * loaded.
   */
  get report() {
    return this.#report;
  }

  /** The catalog: an object, a URL, or `null` for the built-in one. */
  get catalog() {
    return this.#catalogGiven;
  }
  set catalog(value) {
    this.#setCatalog(value);
  }

  get name() {
    return this.getAttribute('name') ?? '';
  }
  set name(value) {
    this.setAttribute('name', value);
  }

  static {
    const property = (name, get, set) => Object.defineProperty(this.prototype, name, { get, set, enumerable: true, configurable: true });
    for (const [name, attribute] of Object.entries(TEXTS)) {
      property(
        name,
        function () {
          return this.getAttribute(attribute) ?? undefined;
        },
        function (value) {
          // `null` is a key that never expires, as in a check.
          if (value === null && name === 'expire') this.setAttribute(attribute, '');
          else if (value === undefined || value === null) this.removeAttribute(attribute);
          else this.setAttribute(attribute, value instanceof Date ? value.toISOString() : value);
        },
      );
    }
    for (const name of Object.keys(FLAGS)) {
      property(
        name,
        function () {
          return this.hasAttribute(attributeOf(name));
        },
        function (value) {
          this.toggleAttribute(attributeOf(name), Boolean(value));
        },
      );
    }
    for (const name of LISTS) {
      property(
        name,
        function () {
          return this.#lists[name] && [...this.#lists[name]];
        },
        function (value) {
          this.#setList(name, value);
        },
      );
    }
    for (const name of OBJECTS) {
      property(
        name,
        function () {
          return this.#objects[name];
        },
        function (value) {
          this.#setObject(name, value);
        },
      );
    }
  }
}

export { PickerError };
