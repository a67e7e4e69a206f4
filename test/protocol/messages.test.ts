import { describe, expect, it } from 'vitest';
import { readHostMessage, readPanelMessage } from '../../src/protocol/messages';

const stretch = { segments: [], states: [], marks: [], moments: [], momentCount: 3 };

describe('a message of the panel', () => {
  it.each([
    { type: 'ready' },
    { type: 'restart' },
    { type: 'travel', moment: 3 },
    { type: 'window', around: 120_000 },
    { type: 'reveal', line: 7 },
    { type: 'step', step: 'next' },
  ])('is read: %j', (message) => expect(readPanelMessage({ ...message, more: 1 })).toEqual(message));

  it.each([
    null,
    'ready',
    {},
    { type: 'stop' },
    { type: 'travel', moment: -1 },
    { type: 'window' },
    { type: 'window', around: 1.5 },
    { type: 'window', around: '3' },
    { type: 'step', step: 'toString' },
  ])('is refused: %j', (message) => expect(readPanelMessage(message)).toBeNull());
});

describe('a message for the panel', () => {
  it.each([
    { type: 'run', view: stretch, moment: {} },
    { type: 'extend', extension: stretch, moment: {} },
    { type: 'moment', moment: {} },
    { type: 'window', view: stretch },
    { type: 'running', momentCount: 5, timeUs: 0 },
    { type: 'script', changed: true },
    { type: 'ended' },
  ])('is read: %j', (message) => expect(readHostMessage(message)).toEqual(message));

  it.each([
    undefined,
    { type: 'hasOwnProperty' },
    { type: 'run', view: stretch },
    { type: 'run', view: { ...stretch, moments: {} }, moment: {} },
    { type: 'window', view: { ...stretch, momentCount: -1 } },
    { type: 'window', view: null },
    { type: 'running', momentCount: 'many', timeUs: 0 },
    { type: 'script', changed: 'yes' },
  ])('is refused: %j', (message) => expect(readHostMessage(message)).toBeNull());
});
