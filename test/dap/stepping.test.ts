import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAP_CUSTOM, type HostMessage, PANEL_STEPS } from '../../src/protocol/messages';
import type { MomentView } from '../../src/protocol/view';
import { launch } from './client';
import { HANDLER, HANDSHAKE } from './scripts';

function momentOf(message: HostMessage): MomentView {
  if (!('moment' in message)) throw new Error(`a message of type ${message.type} tells of no moment`);
  return message.moment;
}

describe('stepping forward', () => {
  it('stops at the first statement on entry, unless told otherwise', async () => {
    const client = await launch(HANDSHAKE);
    const { stop } = await client.stop();
    expect(stop).toMatchObject({ reason: 'entry', threadId: 1, allThreadsStopped: true });
    expect(await client.line()).toBe(7);
  });

  it('runs to the end without stopOnEntry and without breakpoints, and stands there', async () => {
    const client = await launch(HANDSHAKE, { stopOnEntry: false });
    const { stop } = await client.stop();
    expect(stop.description).toBe('Run finished: passed');
    expect(client.events('terminated')).toEqual([]);
  });

  it('steps over one statement a time, then to the end', async () => {
    const client = await launch(HANDSHAKE);
    await client.stop();
    const lines: (number | undefined)[] = [];
    for (let step = 0; step < 4; step++) {
      expect((await client.move('next', { threadId: 1 })).stop.reason).toBe('step');
      lines.push(await client.line());
    }
    expect(lines).toEqual([8, 9, 10, 12]);
    expect((await client.move('next', { threadId: 1 })).stop.description).toBe('Run finished: passed');
    expect((await client.move('next', { threadId: 1 })).stop.description).toBe('Run finished: passed');
    expect(client.events('terminated')).toEqual([]);
  });

  it('steps into single events, which are on top of their statement', async () => {
    const client = await launch(HANDSHAKE, {}, { lines: [8] });
    await client.stop();
    await client.move('continue', { threadId: 1 });
    await client.move('stepIn', { threadId: 1 });
    const call = await client.frames();
    expect(call.map(({ line }) => line)).toEqual([8, 8]);
    expect(call[0]?.name).toMatch(/^client calls OPEN.*\(RFC 9293 3\./);
    expect(call[1]?.name).toBe('client send SYN');
    await client.move('stepIn', { threadId: 1 });
    expect((await client.frames())[0]?.name).toMatch(/^client sends SYN/);
  });

  it('name an arrival by the rule that decided it, not by the timer that it stopped', async () => {
    const client = await launch(HANDSHAKE, { stopOnEntry: false }, { lines: [10] });
    await client.stop();
    await client.move('stepIn', { threadId: 1 });
    expect((await client.frames())[0]?.name).toBe(
      'SYN-ACK arrives at client; client goes from SYN-SENT to ESTABLISHED (RFC 9293 3.10.7.3, fourth check)',
    );
  });

  it('takes next by instruction as one event', async () => {
    const client = await launch(HANDSHAKE);
    await client.stop();
    const { panel } = await client.move('next', { threadId: 1, granularity: 'instruction' });
    expect(momentOf(panel).kind).toBe('call');
  });

  it('steps out of an event to the next statement, and out of the script to its end', async () => {
    const client = await launch(HANDSHAKE);
    await client.stop();
    await client.move('stepIn', { threadId: 1 });
    await client.move('stepOut', { threadId: 1 });
    expect(await client.line()).toBe(8);
    expect((await client.move('stepOut', { threadId: 1 })).stop.description).toBe('Run finished: passed');
  });

  it('shows the body of a handler above its line and above the line where the script stands', async () => {
    const client = await launch(HANDLER, { stopOnEntry: false }, { lines: [3] });
    expect((await client.stop()).stop.reason).toBe('breakpoint');
    const frames = await client.frames();
    expect(frames.map(({ line }) => line)).toEqual([3, 1, 10]);
    expect(frames.map(({ name }) => name)).toEqual([
      'server close',
      expect.stringContaining('on server is CLOSE-WAIT'),
      'wait 100ms',
    ]);
    await client.move('stepOut', { threadId: 1 });
    expect(await client.line()).toBe(11);
  });

  it('ends when it is continued at the end, with the exit code of the run', async () => {
    const client = await launch(HANDSHAKE, { stopOnEntry: false });
    await client.stop();
    await client.ask('continue', { threadId: 1 });
    await client.event('terminated');
    expect(await client.event('exited')).toEqual({ exitCode: 0 });
    expect(await client.event<HostMessage>(DAP_CUSTOM.panel)).toEqual({ type: 'ended' });
    expect(await client.refusal('next', { threadId: 1 })).toBe('The session has ended.');
  });
});

describe('stepping back', () => {
  it('undoes step over by statements, and step into by events', async () => {
    const client = await launch(HANDSHAKE);
    await client.stop();
    await client.move('next', { threadId: 1 });
    await client.move('next', { threadId: 1 });
    await client.move('stepBack', { threadId: 1 });
    expect(await client.line()).toBe(8);
    const call = await client.move('stepIn', { threadId: 1 });
    await client.move('stepIn', { threadId: 1 });
    expect(momentOf((await client.move('stepBack', { threadId: 1 })).panel)).toEqual(momentOf(call.panel));
  });

  it('goes one event back from a statement when asked to', async () => {
    const client = await launch(HANDSHAKE);
    await client.stop();
    await client.move('next', { threadId: 1 });
    const { panel } = await client.move('stepBack', { threadId: 1, granularity: 'instruction' });
    expect(momentOf(panel).kind).toBe('call');
    await client.move('stepIn', { threadId: 1 });
    expect(momentOf((await client.move(DAP_CUSTOM.step, { step: 'stepBackEvent' })).panel)).toEqual(momentOf(panel));
  });

  it('steps back from the end, and stays at the first statement', async () => {
    const client = await launch(HANDSHAKE, { stopOnEntry: false });
    await client.stop();
    await client.move('stepBack', { threadId: 1 });
    expect(await client.line()).toBe(12);
    for (let step = 0; step < 10; step++) await client.move('stepBack', { threadId: 1 });
    expect(await client.line()).toBe(7);
  });

  it('continues back to a breakpoint, then to the first statement', async () => {
    const client = await launch(HANDSHAKE, { stopOnEntry: false }, { lines: [9] });
    await client.stop();
    await client.move('continue', { threadId: 1 });
    const { stop } = await client.move('reverseContinue', { threadId: 1 });
    expect(stop.reason).toBe('breakpoint');
    expect(await client.line()).toBe(9);
    expect((await client.move('reverseContinue', { threadId: 1 })).stop.reason).toBe('entry');
    expect(await client.line()).toBe(7);
  });
});

describe('travelling', () => {
  it('stands at any known moment, and at no other', async () => {
    const client = await launch(HANDSHAKE, { stopOnEntry: false });
    await client.stop();
    const { stop, panel } = await client.move(DAP_CUSTOM.travel, { moment: 3 });
    expect(stop.reason).toBe('goto');
    expect(momentOf(panel).index).toBe(3);
    expect(await client.refusal(DAP_CUSTOM.travel, { moment: 1_000_000 })).toMatch(/^There is no moment 1000000 yet/);
    expect(await client.refusal(DAP_CUSTOM.travel, { moment: -1 })).toContain('moment');
    expect(await client.refusal(DAP_CUSTOM.travel, {})).toContain('missing');
  });

  it('shows the same at a moment however one came there', async () => {
    const moves = fc.oneof(
      fc.constantFrom('next', 'stepIn', 'stepOut', 'stepBack', 'reverseContinue'),
      fc.constantFrom(...PANEL_STEPS).map((step) => ({ step })),
      fc.nat(60),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(HANDSHAKE, HANDLER),
        fc.array(moves, { maxLength: 25 }),
        async (script, walk) => {
          const client = await launch(script, {}, { lines: [9] });
          const seen = new Map<number, MomentView>();
          const look = (message: HostMessage): void => {
            const moment = momentOf(message);
            expect(moment).toEqual(seen.get(moment.index) ?? moment);
            seen.set(moment.index, moment);
          };
          look((await client.stop()).panel);
          for (const move of walk) {
            if (typeof move === 'string') {
              look((await client.move(move, { threadId: 1 })).panel);
              continue;
            }
            if (typeof move === 'object') {
              const { step } = move;
              const response = await client.request(DAP_CUSTOM.step, { step });
              if (client.events('terminated').length > 0) return;
              if (response.success) look((await client.stop()).panel);
              continue;
            }
            const response = await client.request(DAP_CUSTOM.travel, { moment: move });
            if (response.success) look((await client.stop()).panel);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
