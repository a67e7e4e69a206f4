import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { step } from './progress.mjs';

const browsers = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

/** Fonts that pictures need: a legible Latin one, and one for Korean, Chinese and Japanese names. */
const fonts = [
  { debian: 'fonts-dejavu-core', folder: '/usr/share/fonts/truetype/dejavu' },
  { debian: 'fonts-noto-cjk', folder: '/usr/share/fonts/opentype/noto' },
];

const find = () => browsers.find((file) => file !== undefined && file !== '' && existsSync(file));

const isDebian = () => process.platform === 'linux' && existsSync('/usr/bin/apt-get');

/** @param {string[]} args */
function aptGet(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const result = spawnSync('apt-get', args, { env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (result.status !== 0) throw new Error(`apt-get ${args.join(' ')} failed:\n${result.stderr}`);
}

/**
 * The path of a Chromium or Chrome; installs Debian's one, and the fonts, where they are missing and that is allowed.
 * Throws an error that says what to install when there is none.
 */
export function ensureChromium() {
  const missingFonts = isDebian() ? fonts.filter(({ folder }) => !existsSync(folder)) : [];
  const wanted = [...(find() === undefined ? ['chromium'] : []), ...missingFonts.map(({ debian }) => debian)];
  if (wanted.length > 0 && isDebian() && process.getuid?.() === 0) {
    step(`Installing ${wanted.join(', ')} (once)`, () => {
      aptGet(['update']);
      aptGet(['install', '-y', '--no-install-recommends', ...wanted]);
    });
  } else if (missingFonts.length > 0) {
    console.log(
      `(Pictures look best with: sudo apt-get install ${missingFonts.map(({ debian }) => debian).join(' ')})`,
    );
  }
  const found = find();
  if (found !== undefined) return found;
  const how = isDebian() ? 'sudo apt-get install chromium' : 'install Chrome or Chromium';
  throw new Error(`The tests need a Chromium browser: ${how}, or set CHROMIUM to the path of one.`);
}

/**
 * What Playwright needs to start it.
 * @param {{ profile: string, width?: number, height?: number, scale?: number }} options `profile` is a folder of its own
 */
export function chromiumLaunch({ profile, width = 1280, height = 800, scale = 1 }) {
  return {
    profile: path.resolve(profile),
    options: {
      executablePath: ensureChromium(),
      headless: true,
      viewport: { width, height },
      deviceScaleFactor: scale,
      args: [
        ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
        ...['--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
      ],
    },
  };
}
