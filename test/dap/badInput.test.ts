import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connect, launch, SCRIPT } from './client';
import { HANDSHAKE } from './scripts';

const REQUESTS = [
  'launch',
  'configurationDone',
  'restart',
  'setBreakpoints',
  'setExceptionBreakpoints',
  'breakpointLocations',
  'threads',
  'continue',
  'next',
  'stepIn',
  'stepOut',
  'stepBack',
  'reverseContinue',
  'stackTrace',
  'scopes',
  'variables',
  'evaluate',
  'completions',
  'exceptionInfo',
  'pause',
  'tcpscript/travel',
  'tcpscript/step',
  'tcpscript/view',
] as const;

describe('requests out of order', () => {
  it.each(REQUESTS)('%s before anything else is answered', async (command) => {
    const { client } = connect({});
    const response = await client.request(command, {});
    expect(response.command).toBe(command);
    if (!response.success) expect(response.message).toMatch(/[a-z]+.*\./);
    expect(client.console()).toBe('');
  });

  it('answers each request in the order in which they came, without waiting for the client', async () => {
    const { client } = connect({ [SCRIPT]: HANDSHAKE });
    await Promise.all([
      client.ask('initialize', {}),
      client.ask('setBreakpoints', { source: { path: SCRIPT }, breakpoints: [{ line: 9 }] }),
      client.ask('launch', { program: SCRIPT, stopOnEntry: false }),
      client.ask('configurationDone'),
      client.ask('threads'),
    ]);
    const commands = client.messages.flatMap((message) => ('command' in message ? [message.command] : []));
    expect(commands).toEqual(['initialize', 'setBreakpoints', 'launch', 'configurationDone', 'threads']);
    expect((await client.stop()).stop.reason).toBe('breakpoint');
  });

  it('refuses what it does not know by name', async () => {
    const { client } = connect({});
    expect(await client.refusal('makeCoffee', {})).toBe('The request "makeCoffee" is not known here.');
    expect(await client.refusal('attach', {})).toContain('"attach"');
    expect(await client.refusal('toString')).toContain('"toString"');
  });
});

describe('garbage', () => {
  it.each([
    null,
    7,
    'text',
    [],
    { type: 'request' },
    { type: 'request', seq: 1 },
    { type: 'request', command: 'threads' },
    {},
  ])('the message %j ends nothing', async (message) => {
    const client = await launch(HANDSHAKE);
    await client.stop();
    client.raw(message);
    expect(await client.ask('threads')).toEqual({ threads: [{ id: 1, name: 'Handshake' }] });
  });

  it('as arguments is answered, and leaves the session as it was', async () => {
    const garbage = fc.oneof(
      fc.anything({ maxDepth: 2 }),
      fc.record(
        {
          program: fc.anything(),
          source: fc.anything(),
          breakpoints: fc.anything(),
          line: fc.anything(),
          endLine: fc.anything(),
          filters: fc.anything(),
          moment: fc.anything(),
          variablesReference: fc.anything(),
          expression: fc.anything(),
          text: fc.anything(),
          column: fc.anything(),
          startFrame: fc.anything(),
          levels: fc.anything(),
        },
        { requiredKeys: [] },
      ),
    );
    const looks = [
      'setBreakpoints',
      'breakpointLocations',
      'stackTrace',
      'scopes',
      'variables',
      'evaluate',
      'completions',
    ];
    const client = await launch(HANDSHAKE);
    await client.stop();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...looks, 'launch', 'setExceptionBreakpoints'),
        garbage,
        async (command, args) => {
          const response = await client.request(command, args);
          expect(response.command).toBe(command);
          expect(response.message ?? '').not.toContain('went wrong inside the debugger');
          expect(await client.line()).toBe(7);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('in the script is a refused launch', async () => {
    for (const text of [
      '\u0000\u0001\u0002',
      'x'.repeat(1_000_000),
      '{'.repeat(500),
      'server listen\nclient send SYN }\n',
    ]) {
      const { client } = connect({ [SCRIPT]: text });
      await client.ask('initialize', {});
      expect(await client.refusal('launch', { program: SCRIPT })).toMatch(/Line \d+, column \d+/);
    }
  });
});
