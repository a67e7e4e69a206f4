import { engine, type Removal, tcp } from './removal';

/** Header, options and checksum (RFC 9293 sections 3.1 and 3.2), and the window field. */
export const WIRE_REMOVALS: readonly Removal[] = [
  tcp(
    'MUST-1',
    'options.ts',
    'return isSyn ? segment.wnd : segment.wnd << tcb.options.sndShift;',
    'return ((segment.wnd << 16) >> 16) << tcb.options.sndShift;',
    'the window is a signed number',
  ),
  tcp(
    'REC-1',
    'options.ts',
    'segment.wnd << tcb.options.sndShift;',
    '(segment.wnd << tcb.options.sndShift) & 0xffff;',
    'a window is kept in 16 bits',
  ),
  engine(
    'MUST-2',
    'wire/tcp.ts',
    'view.setUint16(16, internetChecksum(bytes, pseudoHeaderSum(source, destination, bytes.length)));',
    '',
    'segments go out without a checksum',
  ),
  engine(
    'MUST-3',
    'wire/tcp.ts',
    'if (internetChecksum(bytes, pseudoHeaderSum(ip.source, ip.destination, bytes.length)) !== 0) {',
    'if (false) {',
    'the checksum of what arrives is not looked at',
  ),
  engine('MUST-4', 'wire/options.ts', 'if (kind === OPTION_KIND.END) break;', '', 'End of Option List ends nothing'),
  tcp('MUST-5', 'timestamps.ts', 'options.tsRecent = ts[0];', '', 'the timestamps of data are not read'),
  engine(
    'MUST-6',
    'wire/options.ts',
    'READERS[kind]?.(',
    'if (READERS[kind] === undefined) return { options, wellFormed: false };\n    READERS[kind]?.(',
    'an unknown option ends the list',
  ),
  engine(
    'MUST-7',
    'wire/options.ts',
    'if (length < 2 || at + length > bytes.length) return { options, wellFormed: false };',
    '',
    'the length of an option is believed',
  ),
  engine(
    'MUST-50',
    'wire/ip.ts',
    'return decodeInside(bytes.subarray(headerBytes, totalBytes), addresses',
    'return decodeInside(bytes.subarray(IPV4_HEADER_BYTES, totalBytes), addresses',
    'an IP option is taken for the TCP header',
  ),
  engine(
    'MUST-64',
    'wire/options.ts',
    'if (length < 2 ||',
    'if (at % 4 !== 0 || length < 2 ||',
    'options are read at word boundaries only',
  ),
  engine(
    'MUST-68',
    'wire/options.ts',
    'bytes.push(OPTION_KIND.SACK_PERMITTED, 2);',
    'bytes.push(OPTION_KIND.SACK_PERMITTED, 1);',
    'SACK-permitted is sent without its length',
  ),
  engine(
    'MUST-69',
    'wire/options.ts',
    'if (!sharesWord(options)) bytes.push(OPTION_KIND.NOP, OPTION_KIND.NOP);',
    'if (!sharesWord(options)) bytes.push(OPTION_KIND.END, OPTION_KIND.NOP);',
    'something follows End of Option List',
  ),
  tcp(
    'MUST-65',
    'options.ts',
    'if (!options.timestamps) return blocks === null ? NO_OPTIONS : { sack: blocks };',
    'if (!options.timestamps) return { mss: tcb.config.mssBytes };',
    'every segment carries the MSS option',
  ),
];
