/** Captures that are not reproduced yet, and why. A name leaves this list as soon as its capture is reproduced. */
export const EXPECTED_FAILURES: Readonly<Record<string, string>> = {
  'linux/ecn': 'The machine was busy: two segments that came 6 ms apart were acknowledged one by one 20 ms later.',
  'linux-more/recovery-2-no-sack': 'Linux acknowledges every segment while it enlarges its receive buffer, and those that end a batch of its sender (PSH).',
  'linux-more/recovery-2-plain': 'Linux acknowledges every segment while it enlarges its receive buffer, and those that end a batch of its sender (PSH).',
  'linux-more/recovery-2-sack-no-rack': 'Linux acknowledges every segment while it enlarges its receive buffer, and those that end a batch of its sender (PSH).',
  'linux-more/recovery-2': 'Linux acknowledges every segment while it enlarges its receive buffer, and those that end a batch of its sender (PSH).',
  'linux-more/slow-start-64k-cubic-50mbit': 'Linux acknowledges every segment while it enlarges its receive buffer, and those that end a batch of its sender (PSH).',
  'linux-more/slow-start-64k-cubic': 'On a wire without a rate Linux takes segments in batches and acknowledges a batch with one ACK.',
  'linux-more/slow-start-64k-reno-50mbit': 'Linux acknowledges every segment while it enlarges its receive buffer, and those that end a batch of its sender (PSH).',
  'linux-more/slow-start-64k-reno-plain': 'On a wire without a rate Linux takes segments in batches and acknowledges a batch with one ACK.',
  'linux-more/slow-start-64k-reno': 'On a wire without a rate Linux takes segments in batches and acknowledges a batch with one ACK.',
  'linux-more/zero-window-plain': 'A Linux process that reads wakes after several segments, and the kernel rounds long timers up by as much as an eighth.',
  'linux-more/zero-window': 'A Linux process that reads wakes after several segments, and the kernel rounds long timers up by as much as an eighth.',
};
