import { expect, test } from 'vitest';
import { reportUntil, runRemarks } from '../../src/cli/until';
import { compileScript } from '../../src/script';
import { Session } from '../../src/session';
import { SCRIPTS } from './support';

const UNTIL_US = 15_000;

function run(limits: { maxEvents: number; maxTimeUs: number }): Session {
  const [scenario] = compileScript(`${SCRIPTS.handshake}run\n`).program.scenarios;
  if (scenario === undefined) throw new Error('no scenario');
  const session = new Session(scenario, { limits });
  session.runToEnd();
  return session;
}

test('a run that stops where --until asks says so, and ends at that time', () => {
  const session = run({ maxEvents: 1_000, maxTimeUs: UNTIL_US });
  expect(session.outcome()).toBe('limit');
  expect(runRemarks(session, UNTIL_US).find(({ id }) => id === 'simulation-stopped')?.message).toBe(
    'The run stopped at 15 ms of virtual time, as `--until` asks.',
  );
  expect([...reportUntil('a', [session], [], UNTIL_US).scenarios][0]?.endUs).toBe(UNTIL_US);
});

test('a run that meets another bound before does not blame --until', () => {
  const session = run({ maxEvents: 1, maxTimeUs: UNTIL_US });
  expect(session.outcome()).toBe('limit');
  const message = runRemarks(session, UNTIL_US).find(({ id }) => id === 'simulation-stopped')?.message;
  expect(message).toContain('bound');
  expect(message).not.toContain('--until');
  expect([...reportUntil('a', [session], [], UNTIL_US).scenarios][0]?.endUs).toBe(0);
});
