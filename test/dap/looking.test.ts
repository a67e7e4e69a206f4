import type { DebugProtocol } from '@vscode/debugprotocol';
import { describe, expect, it } from 'vitest';
import { MAX_CONSOLE_LINES } from '../../src/dap/console';
import { WINDOW_MOMENTS } from '../../src/dap/panelFeed';
import { DAP_CUSTOM, type HostMessage } from '../../src/protocol/messages';
import { projectRun } from '../../src/protocol/project';
import { finished } from '../session/support';
import { connect, type DapClient, launch, SCRIPT } from './client';
import { FAILING, HANDSHAKE, longScript, TWO_CLIENTS } from './scripts';

/** Stands before `line` of the handshake. */
async function standBefore(line: number): Promise<DapClient> {
  const client = await launch(HANDSHAKE, { stopOnEntry: false }, { lines: [line] });
  await client.stop();
  return client;
}

async function evaluate(client: DapClient, expression: string): Promise<string> {
  const body = await client.ask<DebugProtocol.EvaluateResponse['body']>('evaluate', { expression, context: 'watch' });
  return body.result;
}

describe('scopes and variables', () => {
  it('show each host, the network, the timers and the run', async () => {
    const client = await standBefore(9);
    const { scopes } = await client.ask<DebugProtocol.ScopesResponse['body']>('scopes', { frameId: 1 });
    expect(scopes.map(({ name }) => name)).toEqual(['client', 'server', 'Segments in flight', 'Timers', 'Run']);
  });

  it('show the state first, then the TCB by its RFC names', async () => {
    const client = await standBefore(9);
    const variables = await client.scope('client');
    expect([...variables.keys()][0]).toBe('state');
    expect(variables.get('state')?.value).toBe('SYN-SENT');
    expect(variables.get('SND.NXT')).toMatchObject({
      value: '1001',
      evaluateName: 'client.SND.NXT',
      variablesReference: 0,
    });
    expect(variables.get('SND.NXT')?.type).toContain('RFC 9293');
    expect(variables.get('SND.UNA')?.value).toBe('1000');
  });

  it('say what a value was where the step changed it', async () => {
    const client = await standBefore(8);
    await client.move('stepIn', { threadId: 1 });
    const variables = await client.scope('client');
    expect(variables.get('state')?.type).toMatch(/; it was CLOSED before this step$/);
    expect(variables.get('SND.NXT')).toMatchObject({ value: '1001', type: expect.stringContaining('; it was ') });
    expect(variables.get('RCV.WND')?.type).not.toContain('; it was ');
  });

  it('keep what is in no list of the RFC in groups that open', async () => {
    const client = await standBefore(9);
    const groups = [...(await client.scope('client')).values()].filter(
      ({ variablesReference }) => variablesReference > 0,
    );
    expect(groups.length).toBeGreaterThan(0);
    for (const group of groups) expect((await client.variables(group.variablesReference)).size).toBeGreaterThan(0);
  });

  it('say under each host why nothing is sent, and why the last thing happened', async () => {
    const client = await standBefore(9);
    const variables = await client.scope('client');
    const waits = variables.get('Why nothing is sent');
    expect(waits?.value).toBe('Its SYN has left and waits for the answer; it is sent again at 1 s.');
    const reasons = await client.variables(waits?.variablesReference ?? 0);
    expect(reasons.get('reason 1')).toMatchObject({ value: waits?.value, type: expect.stringContaining('MUST-22') });
    const chain = await client.variables(variables.get('Why the last event')?.variablesReference ?? 0);
    expect(chain.get('this')?.value).toBe('client sends SYN (seq 0) at 0 ms');
    expect(chain.get('because 1')?.value).toMatch(/^client calls OPEN at 0 ms by line 8, `client /);
    const idle = await client.variables(
      (await client.scope('server')).get('Why the last event')?.variablesReference ?? 0,
    );
    expect(idle.get('this')?.value).toContain('server goes from CLOSED to LISTEN');
  });

  it('answer `why` and `why not`, of one host or of all', async () => {
    const client = await standBefore(9);
    expect((await evaluate(client, 'why')).split('\n')[0]).toMatch(
      /^client sends SYN \(seq 0\) at 0 ms: An active OPEN/,
    );
    expect(await evaluate(client, 'why server')).toMatch(/^server goes from CLOSED to LISTEN/);
    const all = (await evaluate(client, 'why not')).split('\n').map((line) => line.split(':')[0]);
    expect(new Set(all)).toEqual(new Set(['client', 'server']));
    const server = await evaluate(client, 'why not server?');
    expect(server).toContain('server: It listens, and waits for the SYN of a remote host. (RFC 9293 3.10.7.2)');
    expect(server).toContain('server: A segment from client is on its way and arrives at 10 ms.');
    await expect(evaluate(client, 'why nobody')).rejects.toThrow();
  });

  it('show segments on their way with their fields, and timers with their times', async () => {
    const client = await standBefore(9);
    const [segment] = (await client.scope('Segments in flight')).values();
    expect(segment?.name).toBe('#1 client → server');
    expect(segment?.value).toBe('SYN, arrives at 10 ms');
    const fields = await client.variables(segment?.variablesReference ?? 0);
    expect(fields.get('SEG.SEQ')?.value).toBe('1000');
    const timers = await client.scope('Timers');
    expect(timers.get('client retransmission')?.value).toBe('expires at 1 s, in 1 s');
  });

  it('show each connection of a host that has several, under the name by which it is asked for', async () => {
    const client = await launch(TWO_CLIENTS, { stopOnEntry: false }, { lines: [11] });
    await client.stop();
    const { scopes } = await client.ask<DebugProtocol.ScopesResponse['body']>('scopes', { frameId: 1 });
    expect(scopes.map(({ name }) => name).slice(0, 4)).toEqual(['server:alice', 'server:bob', 'alice', 'bob']);
    const variables = await client.scope('server:bob');
    expect(variables.get('RCV.NXT')).toMatchObject({ value: '2101', evaluateName: 'server:bob.RCV.NXT' });
    const asked = [
      'server:bob.RCV.NXT',
      'server.RCV.NXT',
      'server:alice.RCV.NXT',
      'server',
      'server:bob',
      'bob:server',
    ];
    const values = await Promise.all(asked.map((expression) => evaluate(client, expression)));
    expect(values).toEqual(['2101', '1001', '1001', 'ESTABLISHED', 'ESTABLISHED', 'ESTABLISHED']);
  });

  it('say that there are none where there are none', async () => {
    const client = await launch(HANDSHAKE);
    await client.stop();
    expect([...(await client.scope('Segments in flight')).keys()]).toEqual(['(none)']);
    expect([...(await client.scope('Timers')).keys()]).toEqual(['(none)']);
  });

  it('count the checks up to the moment', async () => {
    const client = await launch(FAILING, { stopOnEntry: false }, { filters: [] });
    await client.stop();
    const run = await client.scope('Run');
    expect(run.get('outcome')?.value).toBe('failed');
    const checks = await client.variables(run.get('checks')?.variablesReference ?? 0);
    expect([...checks.values()].map(({ value }) => value)).toContain('failed: expected ESTABLISHED, but got SYN-SENT');
  });

  it('do not take an earlier stop for this one', async () => {
    const client = await standBefore(9);
    const { scopes } = await client.ask<DebugProtocol.ScopesResponse['body']>('scopes', { frameId: 1 });
    const variablesReference = scopes[0]?.variablesReference;
    await client.move('next', { threadId: 1 });
    expect(await client.refusal('variables', { variablesReference })).toBe(
      'These variables belong to an earlier stop.',
    );
  });
});

describe('evaluate', () => {
  it('gives variables, sums, conditions and hosts', async () => {
    const client = await standBefore(9);
    expect(await evaluate(client, 'client.SND.NXT')).toBe('1001');
    expect(await evaluate(client, 'client.SND.NXT - client.ISS')).toMatch(/^1\b/);
    expect(await evaluate(client, 'client is SYN-SENT')).toBe('true');
    expect(await evaluate(client, 'server is ESTABLISHED')).toBe('false');
    expect(await evaluate(client, 'server')).toBe('LISTEN');
    expect(await evaluate(client, 'server.state')).toBe('LISTEN');
    expect(await client.refusal('evaluate', { expression: 'client.', context: 'repl' })).toBe(
      'Say which variable of client you want, such as `client.SND.NXT`.',
    );
  });

  it('opens a host', async () => {
    const client = await standBefore(9);
    const { variablesReference } = await client.ask<DebugProtocol.EvaluateResponse['body']>('evaluate', {
      expression: ' client ',
      context: 'watch',
    });
    expect((await client.variables(variablesReference)).get('ISS')?.value).toBe('1000');
  });

  it('answers for the moment where it stands', async () => {
    const client = await standBefore(9);
    await client.move('stepBack', { threadId: 1 });
    expect(await evaluate(client, 'client')).toBe('CLOSED');
  });

  it.each(['', '  ', 'nobody', 'client.SND.NXTT', 'client.', '((', 'client is SIN-SENT', '\u0000'])(
    'says what is wrong with %j',
    async (expression) => {
      const client = await standBefore(9);
      expect((await client.refusal('evaluate', { expression, context: 'repl' })).length).toBeGreaterThan(10);
    },
  );
});

describe('completions', () => {
  async function complete(client: DapClient, text: string): Promise<string[]> {
    const body = await client.ask<DebugProtocol.CompletionsResponse['body']>('completions', {
      text,
      column: text.length + 1,
    });
    return body.targets.map(({ label }) => label);
  }

  it('offer hosts, variables and states', async () => {
    const client = await standBefore(9);
    expect(await complete(client, '')).toEqual(['why', 'why not', 'client', 'server']);
    expect(await complete(client, 'cl')).toEqual(['client']);
    expect(await complete(client, 'client.snd.n')).toEqual(['client.SND.NXT']);
    expect(await complete(client, 'server.RCV.NXT - client.IS')).toEqual(['client.ISS']);
    expect(await complete(client, 'client is E')).toEqual(['ESTABLISHED']);
    expect(await complete(client, 'client is ')).toHaveLength(11);
  });

  it('offer the questions `why` and `why not`, and whom and what they may ask about', async () => {
    const client = await standBefore(9);
    expect(await complete(client, 'w')).toEqual(['why', 'why not']);
    expect(await complete(client, 'why ')).toEqual(['not', 'client', 'server']);
    expect(await complete(client, 'why not ')).toEqual(['client', 'server']);
    expect(await complete(client, 'why cl')).toEqual(['client']);
    expect(await complete(client, 'why client.snd.n')).toEqual(['client.SND.NXT']);
    expect(await complete(client, 'client == w')).toEqual([]);
  });

  it('lead to a question that is answered: why a variable has its value', async () => {
    const client = await standBefore(9);
    const { result } = await client.ask<DebugProtocol.EvaluateResponse['body']>('evaluate', {
      expression: 'why client.MSL',
      context: 'repl',
    });
    expect(result).toBe('client.MSL is 30 s since the beginning, a default (`msl`) of profile rfc');
  });
});

describe('the debug console', () => {
  it('has a line for each segment and state as the run first gets there, and none again', async () => {
    const client = await launch(HANDSHAKE, { stopOnEntry: false });
    await client.stop();
    const first = client.console('stdout');
    for (const text of [
      'client sends SYN',
      'SYN-ACK arrives at client',
      'server goes from SYN-RECEIVED to ESTABLISHED',
    ]) {
      expect(first.split('\n').filter((line) => line.includes(text))).toHaveLength(1);
    }
    await client.move('reverseContinue', { threadId: 1 });
    await client.move('continue', { threadId: 1 });
    expect(client.console('stdout')).toBe(first);
  });

  it('leads to the line that made it happen', async () => {
    const client = await launch(HANDSHAKE, { stopOnEntry: false });
    await client.stop();
    const sent = client.events('output').find(({ output }) => String(output).includes('client sends SYN'));
    expect(sent).toMatchObject({ line: 8, source: { name: 'a.tcpscript', path: SCRIPT } });
  });

  it('says why a check failed', async () => {
    const client = await launch(FAILING, { stopOnEntry: false });
    await client.stop();
    expect(client.console('stderr')).toMatch(
      /Check failed: client is ESTABLISHED\. Expected ESTABLISHED, but got SYN-SENT\./,
    );
  });
});

describe('the debug console at the end', () => {
  it('says how the run came out, and what met nothing', async () => {
    const client = await launch('drop next RST\nserver listen\nclient send SYN\n', { stopOnEntry: false });
    await client.stop();
    expect(client.console('console')).toMatch(/Warning: `drop next RST` met no segment.*\n.*Run finished: passed\.\n$/);
  });

  it('is bounded for a long run, and says so', async () => {
    const client = await launch(longScript(3_000), { stopOnEntry: false });
    await client.stop();
    expect(client.console('stdout').split('\n')).toHaveLength(MAX_CONSOLE_LINES + 1);
    expect(client.console('console')).toContain('From here on only failed checks and warnings are written');
    expect(client.console('console')).toMatch(/Run finished: passed\.\n$/);
  });
});

describe('the panel', () => {
  it('gets the run once, what is new after that, and only the moment where nothing is', async () => {
    const client = await launch(HANDSHAKE);
    expect((await client.stop()).panel.type).toBe('run');
    const { panel } = await client.move('next', { threadId: 1 });
    expect(panel.type).toBe('extend');
    expect((await client.move('stepBack', { threadId: 1 })).panel.type).toBe('moment');
    await client.move('continue', { threadId: 1 });
    expect((await client.move(DAP_CUSTOM.travel, { moment: 0 })).panel).toMatchObject({
      type: 'moment',
      moment: { index: 0 },
    });
  });

  it('gets from pieces what it gets as a whole', async () => {
    const client = await launch(HANDSHAKE);
    const whole = (await client.stop()).panel;
    if (whole.type !== 'run') throw new Error('no run');
    const moments = [...whole.view.moments];
    const segments = new Map(whole.view.segments.map((segment) => [segment.id, segment]));
    const states = [...whole.view.states];
    for (let step = 0; step < 60; step++) {
      const { panel } = await client.move('stepIn', { threadId: 1 });
      if (panel.type !== 'extend') continue;
      moments.push(...panel.extension.moments);
      states.push(...panel.extension.states);
      for (const segment of panel.extension.segments) segments.set(segment.id, segment);
    }
    const asked = await client.ask<HostMessage>(DAP_CUSTOM.view);
    if (asked.type !== 'run') throw new Error('no run');
    expect(asked.view.finished).toBe(true);
    expect(moments).toEqual(asked.view.moments);
    expect(states).toEqual(asked.view.states);
    expect([...segments.values()]).toEqual(asked.view.segments);
  });

  it('gets the whole when it asks, and only what is new after that', async () => {
    const client = await launch(HANDSHAKE);
    await client.stop();
    const view = await client.ask<HostMessage>(DAP_CUSTOM.view);
    expect(view).toMatchObject({
      type: 'run',
      view: { title: 'Handshake', finished: false },
      moment: { kind: 'statement' },
    });
    const { panel } = await client.move('next', { threadId: 1 });
    if (panel.type !== 'extend' || view.type !== 'run') throw new Error('no extension');
    expect(panel.extension.moments[0]?.index).toBe(view.view.moments.length);
  });

  it('hears of a long run only after the client has heard that it stands, and of no more than it can show', async () => {
    const client = await launch(longScript(5_000), { stopOnEntry: false });
    const { panel } = await client.stop();
    if (panel.type !== 'run') throw new Error('no run');
    expect(panel.view.momentCount).toBeGreaterThan(10_000);
    expect(panel.view.moments).toHaveLength(WINDOW_MOMENTS);
    expect(panel.view.moments.at(-1)?.index).toBe(panel.view.momentCount - 1);
    const order = client.messages.flatMap((message) => {
      if (!('event' in message)) return [];
      if (message.event === 'stopped') return ['stopped'];
      return message.event === DAP_CUSTOM.panel ? [String(message.body.type)] : [];
    });
    expect(order.slice(-2)).toEqual(['stopped', 'run']);
    expect(new Set(order.slice(0, -2))).toEqual(new Set(['running']));
    const sizes = client.messages.map((message) => JSON.stringify(message).length);
    expect(Math.max(...sizes)).toBeLessThan(1_000_000);
  });

  it('gets the stretch around any moment of a long run, the same as is told of the whole', async () => {
    const client = await launch(longScript(1_000), { stopOnEntry: false });
    const { panel } = await client.stop();
    if (panel.type !== 'run') throw new Error('no run');
    const { momentCount } = panel.view;
    const session = finished(longScript(1_000));
    const whole = projectRun(session);
    expect(momentCount).toBe(whole.momentCount);
    for (const around of [0, 700, 1_500, momentCount - 1]) {
      const answer = await client.ask<HostMessage>(DAP_CUSTOM.view, { around });
      if (answer.type !== 'window') throw new Error('no window');
      const { moments, segments, states, marks, ...rest } = answer.view;
      const from = moments[0]?.index ?? 0;
      const within = (moment: number) => moment >= from && moment < from + moments.length;
      expect(within(around)).toBe(true);
      expect(moments).toEqual(whole.moments.slice(from, from + WINDOW_MOMENTS));
      expect([...segments].sort((a, b) => a.id - b.id)).toEqual(
        whole.segments.filter(({ sentMoment, arrivedMoment }) => within(sentMoment) || within(arrivedMoment ?? -1)),
      );
      expect(states.slice(2)).toEqual(whole.states.slice(2).filter(({ moment }) => within(moment)));
      for (const { host, state, moment } of states.slice(0, 2)) {
        expect(moment).toBe(from);
        const before = whole.states.filter((one) => one.host === host && (one.moment < from || one.moment === 0));
        expect(state).toBe(before.at(-1)?.state);
      }
      expect(marks).toEqual(whole.marks.filter(({ moment }) => within(moment)));
      expect(rest).toMatchObject({ momentCount, usualDelayUs: whole.usualDelayUs, finished: true, outcome: 'passed' });
    }
    expect(await client.refusal(DAP_CUSTOM.view, { around: momentCount })).toMatch(/^There is no moment/);
    expect(await client.refusal(DAP_CUSTOM.view, { around: 'here' })).toContain('"around"');
  });

  it('gets a new window when the session goes where it has not looked, and only what is new near the end', async () => {
    const client = await launch(longScript(1_000), { stopOnEntry: false });
    await client.stop();
    const there = (await client.move(DAP_CUSTOM.travel, { moment: 300 })).panel;
    expect(there).toMatchObject({ type: 'run', moment: { index: 300 } });
    expect((await client.move(DAP_CUSTOM.travel, { moment: 310 })).panel.type).toBe('moment');
    expect((await client.move(DAP_CUSTOM.travel, { moment: 3_000 })).panel.type).toBe('run');
  });

  it('gets nothing before there is a run', async () => {
    const { client } = connect({});
    await client.ask('initialize', {});
    expect(await client.refusal(DAP_CUSTOM.view)).toBe('No script has been launched yet.');
  });
});

describe('the place where a run ends or begins', () => {
  it('is a frame that an editor goes to, on the line that ran last', async () => {
    const client = await launch(HANDSHAKE, { stopOnEntry: false }, { filters: [] });
    expect((await client.stop()).stop.description).toMatch(/finished/);
    const [frame] = await client.frames();
    expect(frame?.presentationHint).toBe('normal');
    expect(frame?.line).toBeGreaterThan(0);
  });

  it('is the first line, before the run', async () => {
    const client = await launch(HANDSHAKE);
    await client.stop();
    const [entry] = await client.frames();
    await client.ask('tcpscript/travel', { moment: 0 });
    await client.stop();
    expect((await client.frames())[0]).toMatchObject({ line: entry?.line, presentationHint: 'normal' });
  });
});
