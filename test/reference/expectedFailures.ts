/** Captures that are not reproduced yet, and why. A name leaves this list as soon as its capture is reproduced. */
export const EXPECTED_FAILURES: Readonly<Record<string, string>> = {
  'linux/ecn': 'The machine was busy: two segments that came 6 ms apart were acknowledged one by one 20 ms later.',
  'linux-more/recovery-2-no-sack': 'A SEND is copied into the kernel as its send buffer, which counts memory, gets room; the end of each bit is pushed, and the reader acknowledges it at once.',
  'linux-more/recovery-2-sack-no-rack': 'A SEND is copied into the kernel as its send buffer, which counts memory, gets room; the end of each bit is pushed, and the reader acknowledges it at once.',
  'linux-more/recovery-2': 'The receive buffer grows one segment earlier here; other captures of the same kernel do it as here.',
  'linux-more/slow-start-64k-cubic-50mbit': 'A SEND is copied into the kernel as its send buffer, which counts memory, gets room; the end of each bit is pushed, and the reader acknowledges it at once.',
  'linux-more/slow-start-64k-cubic': 'A burst that takes no time here is read in several pieces there.',
  'linux-more/slow-start-64k-reno-50mbit': 'A SEND is copied into the kernel as its send buffer, which counts memory, gets room; the end of each bit is pushed, and the reader acknowledges it at once.',
  'linux-more/slow-start-64k-reno-plain': 'A burst that takes no time here is read in several pieces there.',
  'linux-more/slow-start-64k-reno': 'A burst that takes no time here is read in several pieces there.',
  'linux-more/zero-window': 'The kernel rounds the wait for a probe up, and so the answer is just beyond the half second in which one is withheld.',
  'linux-own/loss-late': 'One more segment of a burst has been read there before the buffer stops growing.',
  'linux-own/loss-tail-3-cubic': 'The round trip of the probe was a little longer there than the least one, and the same here: RACK then believes it or not.',
  'linux-own/reorder-again': 'One more segment is acknowledged by itself there before ACKs are joined.',
};
