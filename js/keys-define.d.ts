export { ScopewiseKeys } from './keys.js';
