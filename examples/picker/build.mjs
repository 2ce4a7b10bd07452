// Builds the pages in React, Vue and Svelte with Vite, with the package scopewise as it would come from a registry.
//
//   node examples/picker/build.mjs [--check]      --check also checks their types

import { execFile } from 'node:child_process';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = import.meta.dirname;
const built = join(here, '..', '..', 'js', 'pkg');
const modules = join(here, 'node_modules');
const require = createRequire(import.meta.url);

/** Packs the built package, and puts what the tarball holds where `npm install` would. */
async function install() {
  const folder = await mkdtemp(join(modules, '.scopewise-'));
  try {
    const { stdout } = await run('npm', ['pack', built, '--pack-destination', folder, '--json', '--loglevel=error']);
    const packed = JSON.parse(stdout);
    const { filename } = Array.isArray(packed) ? packed[0] : Object.values(packed)[0];
    await run('tar', ['-xzf', filename], { cwd: folder });
    await rm(join(modules, 'scopewise'), { recursive: true, force: true });
    await rename(join(folder, 'package'), join(modules, 'scopewise'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const checks = {
  react: ['typescript/bin/tsc', '--project', 'react'],
  vue: ['vue-tsc/bin/vue-tsc.js', '--project', 'vue'],
  svelte: ['svelte-check/bin/svelte-check', '--workspace', 'svelte', '--fail-on-warnings'],
};

/** Runs a program of a package, and shows what it says where it fails. */
async function tool(name, [program, ...args]) {
  const { error } = await run(process.execPath, [join(modules, program), ...args], { cwd: here }).then(
    () => ({}),
    (error) => ({ error }),
  );
  if (error) throw new Error(`${name}: ${program} failed\n${error.stdout}${error.stderr}`);
}

await install();
const { build } = await import(require.resolve('vite'));
for (const [name, check] of Object.entries(checks)) {
  if (process.argv.includes('--check')) await tool(name, check);
  await build({
    root: join(here, name),
    configFile: join(here, name, 'vite.config.js'),
    logLevel: 'warn',
    build: { outDir: join(here, 'dist', name), emptyOutDir: true, chunkSizeWarningLimit: 1000 },
  });
}
