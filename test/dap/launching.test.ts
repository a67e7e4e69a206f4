import { describe, expect, it } from 'vitest';
import { DAP_CUSTOM, type HostMessage } from '../../src/protocol/messages';
import { connect, launch, SCRIPT } from './client';
import { FAILING, HANDSHAKE, longScript, TWO } from './scripts';

async function refusedLaunch(text: string | null, args: Record<string, unknown>) {
  const { client } = connect(text === null ? {} : { [SCRIPT]: text });
  await client.ask('initialize', { adapterID: 'tcpscript' });
  const response = await client.request('launch', args);
  expect(response.success).toBe(false);
  expect(response.body).toMatchObject({ error: { showUser: true } });
  return { message: response.message ?? '', client };
}

describe('initialize', () => {
  it('tells what the adapter can do, then that it can be configured', async () => {
    const { client } = connect({});
    const capabilities = await client.ask('initialize', { adapterID: 'tcpscript' });
    expect(capabilities).toMatchObject({
      supportsConfigurationDoneRequest: true,
      supportsStepBack: true,
      supportsRestartRequest: true,
      supportsTerminateRequest: true,
      supportsSteppingGranularity: true,
      supportsEvaluateForHovers: true,
      supportsBreakpointLocationsRequest: true,
      supportsConditionalBreakpoints: true,
      supportsExceptionInfoRequest: true,
      supportsCompletionsRequest: true,
      exceptionBreakpointFilters: [{ filter: 'failed-checks', default: true }],
    });
    await client.event('initialized');
  });

  it('refuses a client that names files by URIs', async () => {
    const { client } = connect({});
    expect(await client.refusal('initialize', { adapterID: 'tcpscript', pathFormat: 'uri' })).toContain('native paths');
  });
});

describe('launch', () => {
  it('says that a script can not be read', async () => {
    const { message } = await refusedLaunch(null, { program: SCRIPT });
    expect(message).toBe(`The script ${SCRIPT} can not be read: no such file`);
  });

  it('says where a script is wrong, in the answer and on the console', async () => {
    const { message, client } = await refusedLaunch('server listen\nclient sned SYN\n', { program: SCRIPT });
    expect(message).toMatch(/^The script has errors, so it does not run\. Line 2, column \d+: /);
    const output = await client.event('output');
    expect(output).toMatchObject({ category: 'stderr', line: 2, source: { path: SCRIPT } });
    expect(output.output).toMatch(new RegExp(`^${SCRIPT}:2:\\d+: error [a-z-]+ .+\n$`));
  });

  it.each([
    ['', 'There is nothing to run'],
    ['# only a comment\n', 'There is nothing to run'],
    ['host client { isn 1 }\n', 'There is nothing to run'],
  ])('says that %j holds nothing to run', async (text, expected) => {
    expect((await refusedLaunch(text, { program: SCRIPT })).message).toContain(expected);
  });

  it.each([
    [{}, 'names no script'],
    [{ program: '' }, 'names no script'],
    [{ program: 7 }, '"program" must be text'],
    [{ program: SCRIPT, stopOnEntry: 'yes' }, '"stopOnEntry" must be true or false'],
    [{ program: SCRIPT, seed: -1 }, '"seed" must be a whole number'],
    [{ program: SCRIPT, profile: 'windows' }, '"profile" must be one of rfc'],
    [{ program: SCRIPT, scenario: 'Three' }, 'The script has no scenario "Three". It has: "One", "Two".'],
  ])('refuses %j', async (args, expected) => {
    expect((await refusedLaunch(TWO, args)).message).toContain(expected);
  });

  it('launches after a launch that was refused', async () => {
    const files = { [SCRIPT]: 'nonsense\n' };
    const { client } = connect(files);
    await client.ask('initialize', {});
    await client.refusal('launch', { program: SCRIPT });
    files[SCRIPT] = HANDSHAKE;
    await client.ask('launch', { program: SCRIPT });
    await client.ask('configurationDone');
    expect((await client.stop()).stop.reason).toBe('entry');
  });

  it('refuses a second launch', async () => {
    const client = await launch(HANDSHAKE);
    expect(await client.refusal('launch', { program: SCRIPT })).toBe('A script is already being debugged.');
  });

  it('runs the scenario that is asked for', async () => {
    const client = await launch(TWO, { scenario: 'Two' });
    await client.stop();
    expect(await client.line()).toBe(6);
    expect(await client.ask('threads')).toEqual({ threads: [{ id: 1, name: 'Two' }] });
  });

  it('begins when both launch and configuration are there, in either order', async () => {
    const { client } = connect({ [SCRIPT]: HANDSHAKE });
    await client.ask('initialize', {});
    await client.ask('configurationDone');
    await client.ask('launch', { program: SCRIPT });
    expect((await client.stop()).stop.reason).toBe('entry');
  });

  it('runs to the end without a stop when nothing is to be debugged', async () => {
    const client = await launch(FAILING, { noDebug: true }, { lines: [2] });
    await client.event('terminated');
    expect(client.events('stopped')).toEqual([]);
    expect(await client.event('exited')).toEqual({ exitCode: 1 });
    expect(client.console('stderr')).toContain('Check failed: client is ESTABLISHED');
  });
});

describe('restart', () => {
  it('begins afresh, with the text as it is now', async () => {
    const files = { [SCRIPT]: HANDSHAKE };
    const { client } = connect(files);
    await client.ask('initialize', {});
    await client.ask('setBreakpoints', { source: { path: SCRIPT }, breakpoints: [{ line: 12 }] });
    await client.ask('launch', { program: SCRIPT, stopOnEntry: false });
    await client.ask('configurationDone');
    await client.stop();
    files[SCRIPT] = `\n${HANDSHAKE}`;
    const { stop, panel } = await client.move('restart', {});
    expect(stop.reason).toBe('breakpoint');
    expect(panel.type).toBe('run');
    expect(await client.line()).toBe(13);
  });

  it('takes other arguments when the client has them', async () => {
    const client = await launch(TWO);
    await client.stop();
    await client.move('restart', { arguments: { program: SCRIPT, scenario: 'Two' } });
    expect(await client.line()).toBe(6);
  });

  it('keeps the run that there is when the script is broken now', async () => {
    const files = { [SCRIPT]: HANDSHAKE };
    const { client } = connect(files);
    await client.ask('initialize', {});
    await client.ask('launch', { program: SCRIPT });
    await client.ask('configurationDone');
    await client.stop();
    files[SCRIPT] = 'nonsense\n';
    expect(await client.refusal('restart', {})).toContain('Line 1, column 1');
    await client.move('next', { threadId: 1 });
    expect(await client.line()).toBe(8);
  });
});

describe('ending', () => {
  it('terminates on request, once', async () => {
    const client = await launch(HANDSHAKE);
    await client.stop();
    await client.ask('terminate');
    await client.event('terminated');
    expect(await client.event<HostMessage>(DAP_CUSTOM.panel)).toEqual({ type: 'ended' });
    await client.ask('terminate');
    await client.ask('disconnect');
    expect(client.events('terminated')).toHaveLength(1);
  });

  it('pauses a long run, and goes on from there', async () => {
    const client = await launch(longScript(5_000), { stopOnEntry: false });
    await client.ask('pause', { threadId: 1 });
    const { stop } = await client.stop();
    expect(stop.reason).toBe('pause');
    expect(stop.description).toBe('Paused');
    expect((await client.frames()).length).toBeGreaterThan(0);
    expect((await client.move('continue', { threadId: 1 })).stop.description).toBe('Run finished: passed');
  });

  it('answers that it runs when it is asked to step meanwhile, and gives a long run up on disconnect', async () => {
    const client = await launch(longScript(5_000), { stopOnEntry: false });
    expect(await client.refusal('next', { threadId: 1 })).toBe('The script is running: pause it first.');
    expect(await client.refusal('stackTrace', { threadId: 1 })).toBe('The script is running: pause it first.');
    await client.ask('disconnect');
    expect(client.events('stopped')).toEqual([]);
  });

  it('travels out of a long run', async () => {
    const client = await launch(longScript(5_000), { stopOnEntry: false });
    const { stop } = await client.move(DAP_CUSTOM.travel, { moment: 2 });
    expect(stop.reason).toBe('goto');
    await client.move('stepBack', { threadId: 1 });
    expect(client.events('stopped')).toHaveLength(2);
  });

  it('pauses a session that stands already', async () => {
    const client = await launch(HANDSHAKE);
    await client.stop();
    expect((await client.move('pause', { threadId: 1 })).stop.reason).toBe('pause');
    expect(await client.line()).toBe(7);
  });
});
