// Defines <scopewise-keys>, and <scope-picker>, which it contains.

import { ScopewiseKeys } from './keys.js';
import './picker-define.js';

if (!customElements.get('scopewise-keys')) customElements.define('scopewise-keys', ScopewiseKeys);

export { ScopewiseKeys };
