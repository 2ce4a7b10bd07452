#!/usr/bin/env node
// Starts the machine's Firefox for Playwright, which drives it by WebDriver BiDi and takes this file for the program of the browser.
//
// The release with extended support, which Debian has, does not know some newer commands that Playwright sends when it opens a browser. This
// file passes every message on, and answers those commands with success. They do nothing then: no test in Firefox may depend on what they set.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import { WebSocket, WebSocketServer } from 'ws';

const NEWER = new Set([
  'browser.setDownloadBehavior',
  'emulation.setLocaleOverride',
  'emulation.setMediaFeaturesOverride',
  'emulation.setScreenOrientationOverride',
  'emulation.setScreenSettingsOverride',
  'network.addDataCollector',
]);
const LISTENS = /WebDriver BiDi listening on (ws:\/\/\S+)/;

// Playwright asks Firefox to end with any of its processes; one of a page that is closed already is no reason.
const environment = { ...process.env };
delete environment.MOZ_CRASHREPORTER_SHUTDOWN;
const program = process.env.SCOPEWISE_FIREFOX || 'firefox-esr';
const browser = spawn(program, process.argv.slice(2), { env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => browser.kill(signal));
browser.on('error', (error) => {
  console.error(`cannot start Firefox: ${error.message}. Install it (Debian: apt-get install firefox-esr), or set SCOPEWISE_FIREFOX to its path.`);
  process.exit(1);
});
browser.on('exit', (code) => process.exit(code ?? 1));

createInterface({ input: browser.stderr }).on('line', (line) => {
  const address = LISTENS.exec(line)?.[1];
  if (!address) return console.error(line);
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 }, () => {
    console.error(`WebDriver BiDi listening on ws://127.0.0.1:${server.address().port}`);
  });
  server.on('connection', (driver) => pass(driver, new WebSocket(`${address}/session`, { perMessageDeflate: false })));
});

/** Passes messages between Playwright and Firefox, in order. */
function pass(driver, firefox) {
  const waiting = [];
  const newer = new Set();
  firefox.on('open', () => waiting.splice(0).forEach((text) => firefox.send(text)));
  driver.on('message', (data) => {
    const text = String(data);
    const { id, method } = JSON.parse(text);
    if (NEWER.has(method)) newer.add(id);
    if (firefox.readyState === WebSocket.OPEN) firefox.send(text);
    else waiting.push(text);
  });
  firefox.on('message', (data) => {
    const text = String(data);
    const { id, error } = JSON.parse(text);
    const isUnknown = newer.delete(id) && error === 'unknown command';
    driver.send(isUnknown ? JSON.stringify({ type: 'success', id, result: {} }) : text);
  });
  driver.on('close', () => firefox.close());
  firefox.on('close', () => driver.close());
  for (const end of [driver, firefox]) end.on('error', (error) => console.error(error.message));
}
