/**
 * Why does a TCP send nothing now? The rows of the tables in `waiting` are its reasons to wait, each with a predicate over the
 * TCB, a rule, its numbers and one sentence. `whyNot` asks all of them: several hold at once as a rule. The conditions
 * are those of `output.ts` and `windows.ts`, read only; nothing here changes or decides anything.
 */
import { nextOutput } from './output';
import type { Tcb } from './tcb';
import { CLOSING } from './waiting/closing';
import { OPENING } from './waiting/opening';
import type { Facts, Row, WaitingReason } from './waiting/row';
import { factsOf, none } from './waiting/row';
import { SENDING } from './waiting/sending';
import { RECEIVING, TIMED } from './waiting/timed';

export type { HeldBack, WaitingReason } from './waiting/row';

const ROWS: readonly Row[] = [...OPENING, ...SENDING, ...CLOSING, ...TIMED, ...RECEIVING];

/** Holds where no other reason does, or only reasons that concern the other side: there is nothing to send. */
const NOTHING: Row = {
  rule: 'wait-nothing',
  holds: 'nothing',
  applies: ({ tcb, unsent, idle }) => idle && unsent === 0 && tcb.owed.fin === null && tcb.state === 'ESTABLISHED',
  numbers: none,
  text: () => 'There is nothing to send: all that was handed over is acknowledged.',
};

/** TCP is about to send: what is asked for does not wait. */
const DUE: Row = {
  rule: 'wait-due',
  holds: 'nothing',
  applies: ({ tcb }) => nextOutput(tcb) !== 'none',
  numbers: none,
  text: (_, { tcb }) => `It does not wait: ${DUE_TEXTS[nextOutput(tcb)]} leaves in the next step.`,
};

const DUE_TEXTS: Readonly<Record<ReturnType<typeof nextOutput>, string>> = {
  none: 'nothing',
  reply: 'an answer',
  retransmission: 'a retransmission',
  syn: 'a SYN',
  probe: 'a window probe',
  'tail-probe': 'a probe of the tail',
  resend: 'a segment that is taken to be lost',
  gap: 'a segment that no selective ACK has told of',
  data: 'data',
  fin: 'a FIN',
  ack: 'an ACK',
};

/**
 * Why this TCP sends nothing now, what keeps data back first. Something holds always: a connection whose output is due
 * says that it does not wait.
 */
export function whyNot(tcb: Tcb, nowUs: number): readonly WaitingReason[] {
  const facts = factsOf(tcb, nowUs);
  if (DUE.applies(facts)) return [reasonOf(DUE, facts)];
  const found = [...ROWS, NOTHING].filter((row) => row.applies(facts)).map((row) => reasonOf(row, facts));
  return [...found.filter(({ holds }) => holds !== 'nothing'), ...found.filter(({ holds }) => holds === 'nothing')];
}

function reasonOf({ rule, holds, numbers, text, timer }: Row, facts: Facts): WaitingReason {
  const named = numbers(facts);
  const expiresUs = timer === undefined ? Number.POSITIVE_INFINITY : facts.tcb.timers[timer];
  return {
    rule,
    holds,
    text: text(named, facts),
    numbers: named,
    untilUs: Number.isFinite(expiresUs) ? expiresUs : null,
  };
}
