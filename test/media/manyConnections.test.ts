import { describe, expect, it } from 'vitest';
import { layoutRun } from '../../media/diagramLayout';
import { Labeller } from '../../media/segmentLabel';
import type { Measure } from '../../media/textWidth';
import { projectMoment, projectRun } from '../../src/protocol/project';
import { example } from '../script/support';
import { finished } from '../session/support';

const measure: Measure = (text, weight) => text.length * 6.2 * (weight === 'bold' ? 1.1 : 1);

describe('a server with three clients in the panel', () => {
  const session = finished(example('three-clients.tcpscript'));
  session.travel(session.momentCount - 1);
  const run = projectRun(session);
  const { items } = layoutRun(run, { widthPx: 1200, labels: new Labeller('relative', measure) });

  it('shows every connection as a column of the table, the main one first', () => {
    const { hosts } = projectMoment(session);
    expect(hosts.map(({ name, host, main, state }) => [name, host, main, state])).toEqual([
      ['server:alice', 'server', true, 'ESTABLISHED'],
      ['server:bob', 'server', false, 'CLOSED'],
      ['server:carol', 'server', false, 'ESTABLISHED'],
      ['alice', 'alice', true, 'ESTABLISHED'],
      ['bob', 'bob', true, 'CLOSED'],
      ['carol', 'carol', true, 'ESTABLISHED'],
    ]);
  });

  it('gives the lifeline the state of the main connection, and names the peer of every other one', () => {
    const bars = items.flatMap((item) => (item.kind === 'bar' && item.state.host === 'server' ? [item.state] : []));
    expect(bars.every(({ main, peer }) => main && peer === null)).toBe(true);
    expect(bars.at(-1)?.state).toBe('ESTABLISHED');
    const texts = items.flatMap((item) => (item.kind === 'state' && item.column.host === 'server' ? [item.text] : []));
    expect(texts).toEqual([
      'CLOSED',
      'LISTEN',
      'SYN-RECEIVED',
      'bob: SYN-RECEIVED',
      'carol: SYN-RECEIVED',
      'ESTABLISHED',
      'bob: ESTABLISHED',
      'carol: ESTABLISHED',
      'bob: CLOSE-WAIT',
      'bob: LAST-ACK',
      'bob: CLOSED',
    ]);
  });

  it('says beside the lifeline which connection a call is about', () => {
    const marks = items.flatMap((item) => (item.kind === 'mark' && item.mark.kind === 'call' ? [item.text] : []));
    expect(marks).toContain('bob: CLOSE');
  });
});

it('shows a few of very many connections, and counts the others', () => {
  const flood = Array.from({ length: 20 }, (_, n) => `client inject SYN spoof 203.0.113.${n + 1} to server\n`).join('');
  const session = finished(`server listen\n${flood}wait 15ms\n`);
  session.travel(session.momentCount - 1);
  const server = projectMoment(session).hosts.filter(({ host }) => host === 'server');
  expect([server.length, server[0]?.hidden, server[1]?.hidden]).toEqual([8, 12, 0]);
});

it('hands the lifeline over when the main connection has ended', () => {
  const session = finished(
    'host server\nhost a\nhost b\nserver listen\na connect to server\nb connect to server\nwait 100ms\na abort\nwait 100ms\n',
  );
  const own = projectRun(session).states.filter(({ host, main }) => host === 'server' && main);
  expect(own.slice(-2).map(({ peer, state }) => [peer, state])).toEqual([
    [null, 'CLOSED'],
    ['b', 'ESTABLISHED'],
  ]);
});
