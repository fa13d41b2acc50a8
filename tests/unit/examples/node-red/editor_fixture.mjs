// The editor's scripts in a context of their own, loaded in another order than listed, as a browser may do.
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import vm from 'node:vm';

const here = path.dirname(fileURLToPath(import.meta.url));
export const packageDir = path.resolve(here, '../../../../examples/node-red/node-red-contrib-mail-send');
export const panel = JSON.parse(fs.readFileSync(path.join(packageDir, 'panel.json'), 'utf8'));

/** `window.wfcPanel` after all scripts were loaded. `extra`: globals that a test gives, such as a fake of RED. */
export function loadEditor(extra = {}) {
  const context = vm.createContext({
    atob, btoa, clearTimeout, console, Intl, setTimeout, TextDecoder, TextEncoder, Uint8Array,
    navigator: {language: 'en-US'}, ...extra,
  });
  context.window = context;
  const folder = path.join(packageDir, 'resources');
  for (const file of fs.readdirSync(folder).filter((name) => name.endsWith('.js')).sort().reverse()) {
    vm.runInContext(fs.readFileSync(path.join(folder, file), 'utf8'), context, {filename: file});
  }
  return context.wfcPanel;
}

/** Objects of the other context as plain ones of this. */
export function plain(value) {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
