import type { HostConfig } from '../config';
import { IPV4_HEADER_BYTES, IPV6_HEADER_BYTES, TCP_HEADER_BYTES } from '../wire';

/** What a connection knows of the path to the other side (RFC 1191 section 6.2, RFC 8201 section 5.2). All sizes in bytes. */
export interface PathState {
  readonly isIpv6: boolean;
  /** IP and TCP header without options. */
  readonly headerBytes: number;
  /** The MTU of the host's own interface. */
  readonly interfaceBytes: number;
  /** PMTU: the largest datagram that may be sent; the interface's MTU until a router asks for less. */
  mtuBytes: number;
  /** mtuBytes - headerBytes, made once. */
  mssBytes: number;
  /** When the PMTU was lowered last, in microseconds; null while it is the interface's. */
  loweredAtUs: number | null;
}

/** Before any ICMP message. A host that names no MTU has an interface that carries just its MSS. */
export function freshPath(config: HostConfig): PathState {
  const isIpv6 = config.address.includes(':');
  const headerBytes = (isIpv6 ? IPV6_HEADER_BYTES : IPV4_HEADER_BYTES) + TCP_HEADER_BYTES;
  const mtuBytes = config.mtuBytes ?? config.mssBytes + headerBytes;
  const mssBytes = mtuBytes - headerBytes;
  return { isIpv6, headerBytes, interfaceBytes: mtuBytes, mtuBytes, mssBytes, loweredAtUs: null };
}

/** The path takes datagrams of at most `mtuBytes`, as was learnt at `atUs`; null for what the interface takes. */
export function setPathMtu(path: PathState, mtuBytes: number, atUs: number | null): void {
  path.mtuBytes = mtuBytes;
  path.mssBytes = mtuBytes - path.headerBytes;
  path.loweredAtUs = atUs;
}
