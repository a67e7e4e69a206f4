/** Captures that are not reproduced yet, and why. A name leaves this list as soon as its capture is reproduced. */
export const EXPECTED_FAILURES: Readonly<Record<string, string>> = {
  'linux/ecn': 'The machine was busy: two segments that came 6 ms apart were acknowledged one by one 20 ms later.',
  'linux-more/recovery-2-no-sack': 'The receive buffer grows one segment earlier here: the round trip of 21 ms is over 0.3 ms sooner than there.',
  'linux-more/recovery-2-sack-no-rack': 'The receive buffer grows one segment earlier here: the round trip of 21 ms is over 0.3 ms sooner than there.',
  'linux-more/recovery-2': 'The receive buffer grows one segment earlier here: the round trip of 21 ms is over 0.3 ms sooner than there.',
  'linux-more/slow-start-64k-cubic-50mbit': 'The receive buffer grows earlier here: the round trip is over some tenths of a millisecond sooner than there.',
  'linux-more/slow-start-64k-cubic': 'A burst that takes no time here is read in several pieces there.',
  'linux-more/slow-start-64k-reno-50mbit': 'The receive buffer grows earlier here: the round trip is over some tenths of a millisecond sooner than there.',
  'linux-more/slow-start-64k-reno-plain': 'A burst that takes no time here is read in several pieces there.',
  'linux-more/slow-start-64k-reno': 'A burst that takes no time here is read in several pieces there.',
  'linux-more/zero-window': 'The kernel rounds the wait for a probe up, and so the answer is just beyond the half second in which one is withheld.',
};
