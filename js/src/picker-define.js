// Defines <scope-picker>.

import { ScopePicker } from './picker.js';

if (globalThis.customElements && !customElements.get('scope-picker')) customElements.define('scope-picker', ScopePicker);

export { ScopePicker };
