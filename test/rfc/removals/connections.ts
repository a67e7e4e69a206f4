import { engine, type Removal } from './removal';

/** Several connections of a host (RFC 9293 section 3.9.1.1). */
export const CONNECTION_REMOVALS: readonly Removal[] = [
  engine(
    'MUST-41',
    'sim/calls.ts',
    "const place = main.tcb.state === 'CLOSED' ? main : addSlot(world, host, host.config.port);",
    'const place = main;',
    'there is no listening beside a connection',
  ),
  engine(
    'MUST-42',
    'sim/calls.ts',
    "const place = main.tcb.state === 'CLOSED' ? main : addSlot(world, host, host.config.port);",
    'const place = main;',
    'there is no listening while a connection is being opened',
  ),
];
