// A plain list of checkboxes, shown instead of the picker where WebAssembly cannot run. It does not check the scopes; forms still submit them.

/** The checkboxes in the element's content: what a page without scripts shows. */
export function lightEntries(element) {
  return [...element.querySelectorAll('input[type="checkbox"]')].map((input) => {
    const label = input.closest('label') ?? input.labels?.[0];
    return { value: input.value, label: label?.textContent.trim() ?? '', chosen: input.checked, input };
  });
}

/** Whether an entry of `allow` or `hide` names a scope: its id, its service, or its resource with `.*`. */
const names = (entry, { id, service }) =>
  entry === id || entry === service || (entry.endsWith('.*') && entry.slice(0, -2) === id.slice(0, Math.max(0, id.lastIndexOf('.'))));

/** The entries of a catalog that a picker would offer. */
export function catalogEntries(catalog, { tier = 'project', allow, hide = [] }) {
  const scopes = Array.isArray(catalog?.scopes) ? catalog.scopes : [];
  return scopes
    .filter((scope) => typeof scope?.id === 'string' && !scope.deprecated && (!scope.tiers || scope.tiers.includes(tier)))
    .filter((scope) => (!allow || allow.some((entry) => names(entry, scope))) && !hide.some((entry) => names(entry, scope)))
    .map(({ id, name, description }) => ({ value: id, label: [name, description].filter((text) => typeof text === 'string').join(': ') }));
}

/**
 * Builds the list.
 *
 * @param {{ value: string, label: string }[]} entries what can be chosen
 * @param {{ chosen: () => string[], locked: boolean, label: string, change: (value: string[]) => void }} options
 */
export function plainList(entries, { chosen, locked, label, change }) {
  const known = new Set(entries.map(({ value }) => value));
  // Chosen scopes that are not in the list stay, as in the picker.
  const all = [...entries, ...chosen().filter((value) => !known.has(value)).map((value) => ({ value, label: '' }))];
  const list = document.createElement('div');
  list.className = 'plain';
  list.setAttribute('part', 'plain');
  list.setAttribute('role', 'group');
  list.setAttribute('aria-label', label);
  for (const { value, label: text } of all) {
    const row = document.createElement('label');
    const box = document.createElement('input');
    const id = document.createElement('code');
    const about = document.createElement('span');
    row.part = 'scope';
    box.part = 'checkbox';
    id.part = 'scope-name';
    about.part = 'scope-about';
    box.type = 'checkbox';
    box.value = value;
    box.checked = chosen().includes(value);
    box.disabled = locked;
    box.addEventListener('change', () => {
      const now = chosen().filter((one) => one !== value);
      change(box.checked ? [...now, value] : now);
    });
    id.textContent = value;
    id.dir = 'auto';
    about.textContent = text === value ? '' : text;
    about.dir = 'auto';
    row.append(box, id, ' ', about);
    list.append(row);
  }
  return list;
}
