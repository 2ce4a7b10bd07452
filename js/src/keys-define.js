// Defines <scopewise-keys>, and <scope-picker>, which it contains.

import { ScopewiseKeys } from './keys.js';
import './picker-define.js';

// A server that renders pages has no registry.
if (globalThis.customElements && !customElements.get('scopewise-keys')) customElements.define('scopewise-keys', ScopewiseKeys);

export { ScopewiseKeys };
