"""Raw IP datagrams with TCP segments: read, marked, forged."""
import socket, struct

FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR']


class Segment:
    def __init__(self, header, payload_len, ecn):
        self.seq, self.ack = struct.unpack('>II', header[4:12])
        bits = header[13]
        self.flags = [name for i, name in enumerate(FLAGS) if bits >> i & 1]
        self.win, self.len, self.ecn = struct.unpack('>H', header[14:16])[0], payload_len, ecn
        self.opts = options(header[20:])

    @staticmethod
    def difference(a, b):
        d = (a - b) & 0xffffffff
        return d - (1 << 32) if d >= 1 << 31 else d

    def relative(self, own, other):
        return self.difference(self.seq, own), self.difference(self.ack, other) if 'ACK' in self.flags else None

    def marked(self, raw):
        """The datagram with Congestion Experienced (IPv4 only)."""
        head = bytearray(raw[:20])
        head[1] |= 3
        head[10:12] = b'\0\0'
        head[10:12] = struct.pack('>H', checksum(bytes(head)))
        return bytes(head) + raw[20:]


def options(raw):
    found, i = {}, 0
    while i < len(raw) and raw[i] != 0:
        if raw[i] == 1:
            i += 1
            continue
        kind, length = raw[i], raw[i + 1]
        body = raw[i + 2:i + length]
        if kind == 2:
            found['mss'] = struct.unpack('>H', body)[0]
        elif kind == 3:
            found['wscale'] = body[0]
        elif kind == 4:
            found['sackOK'] = True
        elif kind == 5:
            edges = struct.unpack('>%dI' % (len(body) // 4), body)
            found['sack'] = [list(edges[j:j + 2]) for j in range(0, len(edges), 2)]
        elif kind == 8:
            found['ts'] = list(struct.unpack('>II', body))
        i += max(2, length)
    return found


def parse(raw):
    """The TCP segment in an IP datagram; None for anything else."""
    if raw[0] >> 4 != 4 or raw[9] != 6:
        return None
    start = (raw[0] & 15) * 4
    tcp = raw[start:]
    size = (tcp[12] >> 4) * 4
    return Segment(tcp[:size], len(tcp) - size, raw[1] & 3)


def checksum(data):
    if len(data) % 2:
        data += b'\0'
    total = sum(struct.unpack('>%dH' % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def forge(what, address, port, side, other, isn):
    """A datagram that seems to come from `side`; sequence numbers count from the ISNs that the wire has seen."""
    bits = sum(1 << FLAGS.index(name) for name in what['flags'])
    seq = (isn.get(side, 0) + what['seq']) & 0xffffffff
    ack = (isn.get(other, 0) + what.get('ack', 0)) & 0xffffffff if 'ACK' in what['flags'] else 0
    body = b'x' * what.get('len', 0)
    source, target = socket.inet_aton(address[side]), socket.inet_aton(address[other])
    def tcp(check):
        return struct.pack('>HHIIBBHHH', port[side], port[other], seq, ack, 5 << 4, bits, what.get('win', 64240), check, 0) + body
    check = checksum(source + target + struct.pack('>BBH', 0, 6, 20 + len(body)) + tcp(0))
    def ip(check):
        return struct.pack('>BBHHHBBH', 0x45, 0, 40 + len(body), 7, 0, 64, 6, check) + source + target
    return ip(checksum(ip(0))) + tcp(check)
