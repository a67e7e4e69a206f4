import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What tshark says of one frame. */
export interface Dissected {
  /** Texts of malformed dissections; none for a good frame. */
  readonly malformed: string;
  /** `1` when it fits (Good), `0` when not (Bad), `2` unverified; empty where there is none. */
  readonly ipChecksum: string;
  readonly tcpChecksum: string;
  readonly retransmission: boolean;
  readonly fastRetransmission: boolean;
  readonly outOfOrder: boolean;
  readonly keepAlive: boolean;
  /** The how manieth duplicate ACK it is; null when it is none. */
  readonly duplicateAck: number | null;
  readonly zeroWindow: boolean;
  /** The checksum of an ICMP or ICMPv6 message, as {@link tcpChecksum}; empty where there is none. */
  readonly icmpChecksum: string;
  /** The edges of SACK blocks counted from the ISN, each block as left and right edge. */
  readonly sack: readonly (readonly [number, number])[];
  readonly urgentPointer: number;
  readonly comments: string;
  readonly protocols: string;
}

const FIELDS = [
  '_ws.malformed',
  'ip.checksum.status',
  'tcp.checksum.status',
  'tcp.analysis.retransmission',
  'tcp.analysis.fast_retransmission',
  'tcp.analysis.out_of_order',
  'tcp.analysis.keep_alive',
  'tcp.analysis.duplicate_ack_num',
  'tcp.analysis.zero_window',
  'icmp.checksum.status',
  'icmpv6.checksum.status',
  'tcp.options.sack_le',
  'tcp.options.sack_re',
  'tcp.urgent_pointer',
  'frame.comment',
  'frame.protocols',
] as const;

/** Payloads are not looked into: what a script writes to port 80 need not be HTTP. */
const ONLY_TCP = ['tcp.check_checksum:TRUE', 'ip.check_checksum:TRUE', 'tcp.try_heuristic_first:FALSE'];

/** The version line of the tshark of this machine; null when there is none. */
export function tsharkVersion(): string | null {
  const { status, stdout } = spawnSync('tshark', ['--version'], { encoding: 'utf8' });
  return status === 0 ? (stdout.split('\n')[0] ?? '') : null;
}

/** Every frame of a capture file, as tshark reads it. */
export function dissect(capture: Uint8Array): Dissected[] {
  const folder = mkdtempSync(join(tmpdir(), 'tcpscript-wire-'));
  try {
    const file = join(folder, 'capture.pcapng');
    writeFileSync(file, capture);
    const options = ONLY_TCP.flatMap((option) => ['-o', option]);
    const fields = FIELDS.flatMap((field) => ['-e', field]);
    const args = [
      '-n',
      '-r',
      file,
      ...options,
      '-d',
      'tcp.port==0-65535,data',
      '-T',
      'fields',
      '-E',
      'separator=/t',
      ...fields,
    ];
    const out = execFileSync('tshark', args, {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return out.split('\n').slice(0, -1).map(frameOf);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function frameOf(line: string): Dissected {
  const cells = line.split('\t');
  const cell = (field: (typeof FIELDS)[number]): string => cells[FIELDS.indexOf(field)] ?? '';
  const number = cell('tcp.analysis.duplicate_ack_num');
  const rights = numbersOf(cell('tcp.options.sack_re'));
  return {
    malformed: cell('_ws.malformed'),
    ipChecksum: cell('ip.checksum.status'),
    tcpChecksum: cell('tcp.checksum.status'),
    retransmission: cell('tcp.analysis.retransmission') !== '',
    fastRetransmission: cell('tcp.analysis.fast_retransmission') !== '',
    outOfOrder: cell('tcp.analysis.out_of_order') !== '',
    keepAlive: cell('tcp.analysis.keep_alive') !== '',
    duplicateAck: number === '' ? null : Number(number),
    zeroWindow: cell('tcp.analysis.zero_window') !== '',
    icmpChecksum: cell('icmp.checksum.status') + cell('icmpv6.checksum.status'),
    sack: numbersOf(cell('tcp.options.sack_le')).map((left, index) => [left, rights[index] ?? Number.NaN]),
    urgentPointer: Number(cell('tcp.urgent_pointer')),
    comments: cell('frame.comment'),
    protocols: cell('frame.protocols'),
  };
}

function numbersOf(cell: string): number[] {
  return cell === '' ? [] : cell.split(',').map(Number);
}
