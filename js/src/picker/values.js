// The inputs of the element: which attributes and properties there are, and how their values are read.

/** Text properties with their attributes. They are their attributes: a property reads and writes the attribute. */
export const TEXTS = {
  edition: 'edition',
  tier: 'tier',
  runsIn: 'runs-in',
  expire: 'expire',
  now: 'now',
  beyondEdition: 'beyond-edition',
  beyondGrantor: 'beyond-grantor',
};

/** Properties that are lists of texts. An attribute sets the property; the property does not write the attribute. */
export const LISTS = ['operations', 'grantor', 'previous', 'allow', 'hide'];

/** Flags, each with its attribute. */
export const FLAGS = {
  required: 'required',
  disabled: 'disabled',
  readOnly: 'readonly',
  readOnlyReport: 'readonly-report',
};

/** Properties with a value that only JSON can write as an attribute. */
export const OBJECTS = ['presets', 'strings'];

/** An error that the element reports with its event. */
export class PickerError extends Error {
  constructor(code, message, help, more = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'PickerError';
    this.code = code;
    this.help = help;
    if (more.errors) this.errors = more.errors;
  }
}

const invalid = (name, wanted) => new TypeError(`scope-picker: \`${name}\` must be ${wanted}`);

/** A list of texts: an array, or a text with names that are separated by spaces or commas, or that is a JSON array. */
export function readList(name, value) {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') {
    if (value.trimStart().startsWith('[')) return readList(name, readJson(name, value));
    return value.split(/[\s,]+/).filter(Boolean);
  }
  const list = typeof value[Symbol.iterator] === 'function' ? [...value] : undefined;
  if (!list?.every((one) => typeof one === 'string')) throw invalid(name, 'a list of strings');
  return list;
}

/** The value of a JSON text. */
export function readJson(name, text) {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(name, `JSON (${cause.message})`);
  }
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

const readers = {
  /** Sets of scopes: objects with `name`, `scopes` and maybe `description`. */
  presets(value) {
    const isPreset = (one) =>
      isObject(one) && typeof one.name === 'string' && (one.description === undefined || typeof one.description === 'string');
    if (!Array.isArray(value) || !value.every(isPreset)) throw invalid('presets', 'a list of objects with `name` and `scopes`');
    return value.map(({ name, description, scopes }) => ({ name, description, scopes: readList('presets', scopes) ?? [] }));
  },
  /** Texts by their keys. */
  strings(value) {
    if (!isObject(value) || !Object.values(value).every((text) => typeof text === 'string')) {
      throw invalid('strings', 'an object with texts');
    }
    return { ...value };
  },
};

/** The value of a property of OBJECTS, or of its attribute. */
export function readObject(name, value) {
  if (value === undefined || value === null) return undefined;
  return readers[name](typeof value === 'string' ? readJson(name, value) : value);
}

/** A catalog: `{}` for the built-in one, `{ json }`, or `{ url }`. */
export function readCatalog(value, base) {
  if (value === undefined || value === null || value === '' || value === 'appwrite') return {};
  if (typeof value === 'string' && value.trimStart().startsWith('{')) return { json: value };
  if (typeof value === 'string' || value instanceof URL) return { url: new URL(value, base).href };
  if (isObject(value)) return { json: JSON.stringify(value) };
  throw invalid('catalog', 'an object, a URL, or nothing for the built-in one');
}
