import { describe, expect, it } from 'vitest';
import { DAP_CUSTOM } from '../../src/protocol/messages';
import { type DapClient, launch } from './client';
import { HANDSHAKE, longScript } from './scripts';

/** Events that a client hears of the state of the script's thread, in their order. */
function heard(client: DapClient): string[] {
  return client.messages.flatMap((message) => {
    if (!('event' in message) || !['stopped', 'continued', 'thread'].includes(message.event)) return [];
    const { threadId, reason, preserveFocusHint } = message.body;
    if (message.event !== 'stopped') return [`${message.event} ${threadId} ${reason ?? ''}`.trim()];
    return [`stopped ${threadId}${preserveFocusHint === true ? ' quietly' : ''}`];
  });
}

const stackOf = (client: DapClient, threadId: number) => client.ask('stackTrace', { threadId });

describe('a step that the panel asks for', () => {
  it('leaves the keyboard where it is: the script goes on under a new thread, and the old one ends once the new stack is known', async () => {
    const client = await launch(HANDSHAKE);
    await client.stop();
    await stackOf(client, 1);
    await client.move(DAP_CUSTOM.step, { step: 'next' });
    expect(await client.ask('threads')).toEqual({
      threads: [
        { id: 1, name: 'Handshake' },
        { id: 2, name: 'Handshake' },
      ],
    });
    await stackOf(client, 1);
    expect(heard(client)).toEqual(['stopped 1', 'stopped 2 quietly']);
    await stackOf(client, 2);
    await client.ask('threads');
    expect(heard(client)).toEqual(['stopped 1', 'stopped 2 quietly', 'thread 1 exited']);
    expect(await client.ask('threads')).toEqual({ threads: [{ id: 2, name: 'Handshake' }] });
  });

  it('that is followed by another one before the client has looked ends both old threads', async () => {
    const client = await launch(HANDSHAKE);
    await client.stop();
    await client.move(DAP_CUSTOM.step, { step: 'stepIn' });
    await client.move(DAP_CUSTOM.travel, { moment: 1 });
    await stackOf(client, 2);
    await stackOf(client, 3);
    await client.ask('threads');
    expect(heard(client).slice(1)).toEqual([
      'stopped 2 quietly',
      'stopped 3 quietly',
      'thread 1 exited',
      'thread 2 exited',
    ]);
  });

  it('is not what the client asks for itself: those stop in the thread that there is, and may take the keyboard', async () => {
    const client = await launch(HANDSHAKE);
    await client.stop();
    await client.move(DAP_CUSTOM.step, { step: 'next' });
    await stackOf(client, 2);
    await client.move('next', { threadId: 2 });
    await client.move('stepBack', { threadId: 2 });
    expect(heard(client).slice(-2)).toEqual(['stopped 2', 'stopped 2']);
  });

  it('that takes long is told of, since the client does not know that the script runs', async () => {
    const client = await launch(longScript(5_000));
    await client.stop();
    await client.move(DAP_CUSTOM.step, { step: 'continue' });
    expect(heard(client)).toEqual(['stopped 1', 'continued 1', 'stopped 2 quietly']);
  });

  it('is refused with what is wrong when it has no such name', async () => {
    const client = await launch(HANDSHAKE);
    await client.stop();
    expect(await client.refusal(DAP_CUSTOM.step, { step: 'jump' })).toMatch(/"step" must be one of stepIn, /);
    expect(await client.refusal(DAP_CUSTOM.step, {})).toContain('"step"');
  });
});
