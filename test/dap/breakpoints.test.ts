import type { DebugProtocol } from '@vscode/debugprotocol';
import { describe, expect, it } from 'vitest';
import { connect, type DapClient, launch, SCRIPT } from './client';
import { FAILING, HANDLER, HANDSHAKE, TWO } from './scripts';

async function set(
  client: DapClient,
  breakpoints: readonly unknown[],
  path = SCRIPT,
): Promise<DebugProtocol.Breakpoint[]> {
  const body = await client.ask<DebugProtocol.SetBreakpointsResponse['body']>('setBreakpoints', {
    source: { path },
    breakpoints,
  });
  return body.breakpoints;
}

async function stoppedAt(client: DapClient): Promise<{ reason: string; line: number | undefined }> {
  const { stop } = await client.stop();
  return { reason: stop.reason, line: await client.line() };
}

describe('breakpoints', () => {
  it('stop a run before the statement of their line, each of them', async () => {
    const client = await launch(HANDSHAKE, { stopOnEntry: false }, { lines: [8, 10] });
    expect(await stoppedAt(client)).toEqual({ reason: 'breakpoint', line: 8 });
    await client.ask('continue', { threadId: 1 });
    expect(await stoppedAt(client)).toEqual({ reason: 'breakpoint', line: 10 });
  });

  it('are placed on the next statement where their line has none, and nowhere past the last', async () => {
    const client = await launch(HANDSHAKE);
    const placed = await set(client, [{ line: 1 }, { line: 8 }, { line: 11 }, { line: 13 }]);
    expect(placed.map(({ verified, line }) => [verified, line])).toEqual([
      [true, 7],
      [true, 8],
      [true, 12],
      [false, 13],
    ]);
    expect(placed[0]?.message).toContain('moved to the next one');
    expect(placed[3]?.message).toContain('No statement follows');
    expect(new Set(placed.map(({ id }) => id)).size).toBe(4);
  });

  it('are verified before the launch, and again when the scenario is known', async () => {
    const { client } = connect({ [SCRIPT]: TWO });
    await client.ask('initialize', {});
    const placed = await set(client, [{ line: 2 }, { line: 6 }]);
    expect(placed.map(({ verified }) => verified)).toEqual([true, true]);
    await client.ask('launch', { program: SCRIPT, scenario: 'Two' });
    expect(await client.event('breakpoint')).toMatchObject({
      reason: 'changed',
      breakpoint: {
        id: placed[0]?.id,
        verified: false,
        message: expect.stringContaining('belongs to the scenario "One"'),
      },
    });
    expect(client.events('breakpoint')).toHaveLength(1);
  });

  it('say that their file can not be read, or is not the one that runs', async () => {
    const { client } = connect({ [SCRIPT]: HANDSHAKE });
    await client.ask('initialize', {});
    expect((await set(client, [{ line: 1 }], '/none'))[0]).toMatchObject({ verified: false, line: 1 });
    await client.ask('launch', { program: SCRIPT });
    expect((await set(client, [{ line: 1 }], '/other'))[0]?.message).toBe('This file is not the script that runs.');
  });

  it('stop inside a handler, and a step over that runs it', async () => {
    const client = await launch(HANDLER, { stopOnEntry: false }, { lines: [10] });
    expect(await stoppedAt(client)).toEqual({ reason: 'breakpoint', line: 10 });
    await set(client, [{ line: 3 }]);
    await client.ask('next', { threadId: 1 });
    expect(await stoppedAt(client)).toEqual({ reason: 'breakpoint', line: 3 });
  });

  it('with a condition stop only where it holds, in both directions', async () => {
    const client = await launch(HANDSHAKE);
    await client.stop();
    await set(client, [
      { line: 8, condition: 'server is ESTABLISHED' },
      { line: 9, condition: 'client is SYN-SENT' },
      { line: 10, condition: 'client.SND.NXT == client.ISS' },
    ]);
    await client.ask('continue', { threadId: 1 });
    expect(await stoppedAt(client)).toEqual({ reason: 'breakpoint', line: 9 });
    expect((await client.move('continue', { threadId: 1 })).stop.description).toBe('Run finished: passed');
    await client.ask('reverseContinue', { threadId: 1 });
    expect(await stoppedAt(client)).toEqual({ reason: 'breakpoint', line: 9 });
  });

  it.each([
    [{ line: 9, condition: 'nobody is anywhere' }, /^The condition means nothing here: `anywhere` is not a state/],
    [{ line: 9, condition: 'garbage((' }, /^The condition means nothing here: /],
    [{ line: 9, hitCondition: 'x' }, /^Hits are not counted here/],
    [{ line: 9, hitCondition: '3' }, /^Hits are not counted here/],
    [{ line: 9, logMessage: 'here' }, /^Logpoints are not supported here/],
    [{ line: -3 }, /^A script has no line before its first\.$/],
    [{ line: 0 }, /^A script has no line before its first\.$/],
  ])('that can not be met are told so, and stop nothing: %j', async (breakpoint, message) => {
    const client = await launch(HANDSHAKE);
    await client.stop();
    expect((await set(client, [breakpoint]))[0]).toMatchObject({
      verified: false,
      message: expect.stringMatching(message),
    });
    expect((await client.move('continue', { threadId: 1 })).stop.description).toBe('Run finished: passed');
  });

  it('with a value for a condition stop where it is not 0', async () => {
    const client = await launch(HANDSHAKE);
    await client.stop();
    expect((await set(client, [{ line: 9, condition: 'client.SND.NXT - client.ISS' }]))[0]?.verified).toBe(true);
    await client.ask('continue', { threadId: 1 });
    expect(await stoppedAt(client)).toEqual({ reason: 'breakpoint', line: 9 });
  });

  it('are named by the stop that they make, and gone when they are taken away', async () => {
    const client = await launch(HANDSHAKE);
    await client.stop();
    const [placed] = await set(client, [{ line: 9 }]);
    expect((await client.move('continue', { threadId: 1 })).stop.hitBreakpointIds).toEqual([placed?.id]);
    await set(client, []);
    expect((await client.move('reverseContinue', { threadId: 1 })).stop.reason).toBe('entry');
  });

  it('tell statements of one line apart by their column', async () => {
    const text = 'server listen; client send SYN\nserver send SYN-ACK\n';
    const client = await launch(text);
    await client.stop();
    const locations = await client.ask('breakpointLocations', { source: { path: SCRIPT }, line: 1, endLine: 2 });
    expect(locations).toEqual({
      breakpoints: [
        { line: 1, column: 1 },
        { line: 1, column: 16 },
        { line: 2, column: 1 },
      ],
    });
    await set(client, [{ line: 1, column: 16 }]);
    await client.move('continue', { threadId: 1 });
    expect((await client.frames())[0]).toMatchObject({ line: 1, column: 16 });
  });

  it('count lines from 0 for clients that do', async () => {
    const { client } = connect({ [SCRIPT]: HANDSHAKE });
    await client.ask('initialize', { linesStartAt1: false, columnsStartAt1: false });
    expect((await set(client, [{ line: 6 }]))[0]).toMatchObject({ verified: true, line: 6, column: 0 });
    await client.ask('launch', { program: SCRIPT });
    await client.ask('configurationDone');
    await client.stop();
    expect((await client.frames())[0]).toMatchObject({ line: 6, column: 0 });
  });
});

describe('failed checks', () => {
  it('stop a run where they fail, with what was expected', async () => {
    const client = await launch(FAILING, { stopOnEntry: false });
    const { stop } = await client.stop();
    expect(stop).toMatchObject({ reason: 'exception', description: 'Check failed: client is ESTABLISHED' });
    expect(stop.text).toContain('Expected ESTABLISHED, but got SYN-SENT.');
    expect(await client.line()).toBe(3);
    expect(await client.ask('exceptionInfo', { threadId: 1 })).toMatchObject({
      exceptionId: 'Check failed: client is ESTABLISHED',
      breakMode: 'always',
    });
    expect((await client.move('continue', { threadId: 1 })).stop.description).toBe('Run finished: failed');
    await client.ask('continue', { threadId: 1 });
    expect(await client.event('exited')).toEqual({ exitCode: 1 });
  });

  it('stop a step over the line that fails', async () => {
    const client = await launch(FAILING, {}, { lines: [3] });
    await client.stop();
    await client.move('continue', { threadId: 1 });
    expect((await client.move('next', { threadId: 1 })).stop.reason).toBe('exception');
    await client.move('next', { threadId: 1 });
    expect(await client.line()).toBe(4);
  });

  it('stop nothing when their filter is off', async () => {
    const client = await launch(FAILING, { stopOnEntry: false }, { filters: [] });
    expect((await client.stop()).stop.description).toBe('Run finished: failed');
    expect(await client.refusal('exceptionInfo', { threadId: 1 })).toBe('No check failed at this moment.');
  });
});
