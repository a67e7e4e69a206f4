import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../scripts/lib/bootstrap.mjs';

describe('npm start', () => {
  let folder: string;
  let started: ChildProcess;
  let output = '';

  const matched = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const found = pattern.exec(output)?.[1];
      if (found !== undefined) return found;
      if (started.exitCode !== null) throw new Error(`It ended with ${started.exitCode}:\n${output}`);
      await Promise.race([once(started.stdout ?? started, 'data'), once(started, 'exit')]);
    }
  };

  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'tcpscript-start-'));
    const args = ['scripts/start.mjs', '--no-open', '--data-dir', folder];
    started = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [started.stdout, started.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
  });

  afterAll(async () => {
    if (started.exitCode === null) {
      started.kill();
      await once(started, 'exit');
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  test('prints an address on this machine and a password, and lets nobody in without it', async () => {
    const address = await matched(/(http:\/\/127\.0\.0\.1:\d+\/)/);
    const password = await matched(/password: (\S+)/);
    expect(password.length).toBeGreaterThanOrEqual(16);
    const stranger = await fetch(address);
    expect(stranger.url).toContain('/login');
    const body = new URLSearchParams({ password, base: '.', href: `${address}login` });
    const friend = await fetch(`${address}login`, { method: 'POST', body, redirect: 'manual' });
    expect(friend.status).toBe(302);
    expect(friend.headers.get('set-cookie')).toMatch(/code-server-session/);
  });

  test('installs nothing when all is there', () => {
    expect(output).not.toContain('Installing');
  });

  test('stops the server with Ctrl-C', async () => {
    const address = await matched(/(http:\/\/127\.0\.0\.1:\d+\/)/);
    started.kill('SIGINT');
    const [code] = await once(started, 'exit');
    expect(code).toBe(0);
    await expect(fetch(address)).rejects.toThrow();
  });

  test('says what it does not understand', () => {
    const wrong = (): string =>
      execFileSync(process.execPath, ['scripts/start.mjs', '--dekstop'], {
        cwd: root,
        encoding: 'utf8',
        stdio: 'pipe',
      });
    expect(wrong).toThrow(/--dekstop[\s\S]*npm start -- --desktop/);
  });
});
