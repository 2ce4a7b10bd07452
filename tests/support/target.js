// Where Cargo puts what it builds: CARGO_TARGET_DIR, which may be relative to the repository or absolute; target/ without it.

import { resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

/** The path of something that Cargo built: `built('release/scopewise')`. */
export const built = (path) => resolve(root, process.env.CARGO_TARGET_DIR || 'target', path);
