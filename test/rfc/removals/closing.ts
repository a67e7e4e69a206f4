import { engine, type Removal, tcp } from './removal';

/** Closing, aborting and TIME-WAIT (RFC 9293 sections 3.5.3 and 3.6). */
export const CLOSING_REMOVALS: readonly Removal[] = [
  tcp(
    'MUST-12',
    'arrivesSynchronized.ts',
    "signalUser(tcb, 'connection reset', ctx, 'reset-connection');",
    '',
    'nobody tells the application of a reset',
  ),
  tcp(
    'MUST-12',
    'arrivesText.ts',
    "signalUser(tcb, 'connection closing', ctx, 'fin-arrived');",
    "signalUser(tcb, 'connection reset', ctx, 'fin-arrived');",
    'a FIN is told as a reset',
  ),
  tcp(
    'MUST-13',
    'timeWait.ts',
    "startTimer(tcb, 'time-wait', 2 * tcb.config.mslUs, ctx, 'time-wait-start');",
    "startTimer(tcb, 'time-wait', tcb.config.mslUs, ctx, 'time-wait-start');",
    'TIME-WAIT lasts 1 MSL',
  ),
  tcp(
    'MUST-13',
    'arrivesSynchronized.ts',
    "if (tcb.state === 'TIME-WAIT') restartTimeWait(tcb, segment, ctx);",
    '',
    'a FIN that comes again does not prolong TIME-WAIT',
  ),
  tcp('MAY-2', 'reopen.ts', 'return seqGt(segment.seq, tcb.rcv.nxt);', 'return false;', 'TIME-WAIT takes no SYN'),
  tcp('MAY-2', 'reopen.ts', 'return seqGt(segment.seq, tcb.rcv.nxt);', 'return true;', 'TIME-WAIT takes any SYN'),
  tcp(
    'SHLD-4',
    'reopen.ts',
    'if (timestamps && ts !== undefined && tsRecent !== null && ts[0] !== tsRecent)',
    'if (false && ts !== undefined && tsRecent !== null)',
    'timestamps do not count in TIME-WAIT',
  ),
  tcp(
    'SHLD-2',
    'arrivesSynchronized.ts',
    'if ((arrival.segment.flags & FLAG.RST) === 0) return true;',
    'if ((arrival.segment.flags & FLAG.RST) === 0 || segLen(arrival.segment) > 0) return true;',
    'a RST with data is no RST',
  ),
  engine(
    'SHLD-3',
    'tcp/calls/close.ts',
    'if (tcb.config.closeUnreadResets && tcb.receiveBuffer.bytes > 0',
    'if (false && tcb.receiveBuffer.bytes > 0',
    'unread data is lost without a word',
  ),
  engine('MAY-1', 'tcp/calls/close.ts', 'tcb.rcv.closed = true;', '', 'the socket call still receives'),
];
