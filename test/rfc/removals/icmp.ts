import { type Removal, tcp } from './removal';

/** The rules about ICMP errors (RFC 9293 section 3.9.2.2). */
export const ICMP_REMOVALS: readonly Removal[] = [
  tcp(
    'MUST-54',
    'icmpArrives.ts',
    "  note(tcb, ctx, 'icmp-accepted');\n",
    '  if (Number.isFinite(ctx.nowUs)) return;\n',
    'no ICMP error is acted on',
  ),
  tcp(
    'MUST-55',
    'icmpArrives.ts',
    "  if (ICMP_KINDS[message.kind].class === 'ignored') {\n    ignoreIcmp",
    "  if (ICMP_KINDS[message.kind].class === 'ignored') {\n    tcb.congestion.cwndBytes = 1;\n    ignoreIcmp",
    'a source quench closes the congestion window',
  ),
  tcp(
    'MUST-56',
    'icmpArrives.ts',
    'const policy = hard ? icmpHardErrors : icmpSoftErrors;',
    "const policy = hard ? icmpHardErrors : icmpSoftErrors === 'never' ? 'always' : icmpSoftErrors;",
    'a soft error ends the connection',
  ),
  tcp(
    'SHLD-25',
    'icmpArrives.ts',
    "  reportError(tcb, error, ctx, 'icmp-told');\n",
    '',
    'the application is not told of soft errors',
  ),
  tcp(
    'SHLD-26',
    'icmpArrives.ts',
    "    abortBy(tcb, error, ctx, hard ? 'icmp-hard-error' : 'icmp-soft-aborts');\n    return;\n",
    '',
    'no error ends a connection',
  ),
];
