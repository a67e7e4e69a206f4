import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './bootstrap.mjs';
import { buildShipped } from './bundles.mjs';
import { startCodeServer } from './codeServer.mjs';
import { cacheFolder, ensureCodeServer } from './hosts.mjs';
import { generateParser } from './langium.mjs';
import { step } from './progress.mjs';

const usage = `npm start                    VS Code in the browser, with TCPScript and its examples
npm start -- --desktop       the same in the desktop VS Code ("code" on the PATH)
npm start -- --port 8080     on this port instead of a free one
npm start -- --no-open       does not open the browser
npm start -- --data-dir D    keeps what VS Code writes in the folder D instead of .vscode-test/start`;

const examples = path.join(root, 'examples');

/** @param {string[]} args */
function parse(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        desktop: { type: 'boolean', default: false },
        port: { type: 'string' },
        'data-dir': { type: 'string', default: path.join(cacheFolder, 'start') },
        open: { type: 'boolean', default: true },
        help: { type: 'boolean', short: 'h', default: false },
      },
      allowNegative: true,
    });
    const port = values.port === undefined ? undefined : Number(values.port);
    if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536)) {
      throw new Error(`"${values.port}" is no port: give a number from 1 to 65535.`);
    }
    return { ...values, port };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
}

/**
 * `npm start`: builds, and opens VS Code with the extension and the examples.
 * @param {string[]} args
 */
export async function start(args) {
  const { desktop, port, open, help, 'data-dir': home } = parse(args);
  if (help) {
    console.log(usage);
    return;
  }
  await step('Generating the parser', generateParser);
  await step('Building', () => buildShipped({ minify: false }));
  if (desktop) await openDesktop();
  else await serve(path.resolve(home), port, open);
}

function openDesktop() {
  const child = spawn('code', [`--extensionDevelopmentPath=${root}`, examples], { stdio: 'inherit' });
  return /** @type {Promise<void>} */ (
    new Promise((resolve, reject) => {
      child.once('error', () =>
        reject(
          new Error('There is no "code" command on the PATH. In VS Code: "Shell Command: Install \'code\' command".'),
        ),
      );
      child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`code ended with ${code}.`))));
    })
  );
}

/**
 * Puts this repository where the server looks for installed extensions: a rebuild shows after "Reload Window".
 * @param {string} home
 */
function linkExtension(home) {
  const extensions = path.join(home, 'extensions');
  rmSync(extensions, { recursive: true, force: true });
  mkdirSync(extensions, { recursive: true });
  symlinkSync(root, path.join(extensions, 'tcpscript'), 'junction');
}

/**
 * @param {string} home
 * @param {number | undefined} port
 * @param {boolean} open
 */
async function serve(home, port, open) {
  ensureCodeServer();
  linkExtension(home);
  const password = randomBytes(12).toString('base64url');
  const options = { home, password, open: examples, ...(port === undefined ? {} : { port }) };
  const server = await step('Starting VS Code', () => startCodeServer(options));
  console.log(`\n  TCPScript is open in VS Code at\n\n      ${server.address}\n      password: ${password}\n`);
  console.log('  Open an example and press F5 to step through it. Ctrl-C stops the server.\n');
  if (open) openBrowser(server.address);
  const stopped = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
  });
  const first = await Promise.race([stopped.then(() => 'stopped'), server.exited]);
  if (typeof first === 'number') throw new Error(`VS Code ended by itself (code ${first}).`);
  await server.stop();
  console.log('Stopped.');
}

/** @param {string} address */
function openBrowser(address) {
  const hasScreen = process.platform === 'darwin' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!hasScreen) return;
  const opener = spawn(process.platform === 'darwin' ? 'open' : 'xdg-open', [address], { stdio: 'ignore' });
  opener.once('error', () => console.log('  (No browser could be opened from here: open the address yourself.)'));
}
