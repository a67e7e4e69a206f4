"""One side of a capture: a network namespace, an application that follows a script, and a watcher of its socket."""
import array, ctypes, errno, fcntl, json, os, socket, struct, subprocess, sys, time, traceback

CLONE_NEWNET = 0x40000000
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454ca, 1, 0x1000
TCP_REPAIR, TCP_USER_TIMEOUT, TCP_QUICKACK, TCP_CONGESTION = 19, 18, 12, 13
STATES = ['', 'ESTABLISHED', 'SYN-SENT', 'SYN-RECEIVED', 'FIN-WAIT-1', 'FIN-WAIT-2', 'TIME-WAIT', 'CLOSED',
          'CLOSE-WAIT', 'LAST-ACK', 'LISTEN', 'CLOSING', 'SYN-RECEIVED']
WATCH_S = 0.001
# A call that blocks gives up after this time, so that a capture ends.
LONGEST_S = 8


class Worker:
    """The parent's handle: a child process at the other end of a socket pair."""

    def __init__(self, pid, control):
        self.pid, self.control = pid, control
        self.finished, self.text = False, b''

    def device(self):
        fds = array.array('i', [0])
        _, ancillary, _, _ = self.control.recvmsg(1, socket.CMSG_LEN(4))
        fds.frombytes(ancillary[0][2][:4])
        return fds[1]

    def go(self, start):
        self.control.sendall(struct.pack('d', start))

    def done(self):
        if self.finished:
            return True
        try:
            self.finished = self.control.recv(1, socket.MSG_DONTWAIT) == b'd'
        except BlockingIOError:
            pass
        return self.finished

    def stop(self):
        self.control.sendall(b's')
        parts = []
        while part := self.control.recv(1 << 20):
            parts.append(part)
        os.waitpid(self.pid, 0)
        return json.loads(b''.join(parts))


def start(side, scenario, address, port):
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    pid = os.fork()
    if pid == 0:
        try:
            ours.close()
            child(side, scenario, address, port, theirs)
        except BaseException:
            traceback.print_exc()
        os._exit(0)
    theirs.close()
    return Worker(pid, ours)


def child(side, scenario, address, port, control):
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), 'unshare')
    tun = os.open('/dev/net/tun', os.O_RDWR)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack('16sH', b'wire', IFF_TUN | IFF_NO_PI))
    def ip(*words):
        subprocess.run(['ip', *words], check=True)
    ip('addr', 'add', address[side] + '/24', 'dev', 'wire')
    # Each segment by itself: with segmentation offload the kernel would send in bursts, and push each.
    ip('link', 'set', 'wire', 'mtu', str(scenario['mtu'][side]), 'gso_max_segs', '1', 'up')
    for name, value in scenario['sysctls'][side].items():
        with open('/proc/sys/' + name.replace('.', '/'), 'w') as file:
            file.write(str(value))
    control.sendmsg([b'f'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [tun]))])
    os.close(tun)
    begin = struct.unpack('d', control.recv(8))[0]
    os.sched_setaffinity(0, {0})
    app = Application(side, scenario, address, port, begin)
    app.prepare()
    read, write = os.pipe()
    watcher = os.fork()
    if watcher == 0:
        os.close(read)
        watch(side, begin, control, write)
        os._exit(0)
    os.close(write)
    app.run()
    control.sendall(b'd')
    text = b''
    while part := os.read(read, 1 << 20):
        text += part
    os.waitpid(watcher, 0)
    control.sendall(json.dumps({'calls': app.calls, 'snapshots': json.loads(text)}).encode())


class Application:
    """Follows one side's script; its words are those of ../README.md."""

    def __init__(self, side, scenario, address, port, begin):
        self.side, self.begin, self.calls, self.kept = side, begin, [], []
        self.ops = [op.split() for op in scenario['script'][side].split(';') if op.strip()]
        self.cc, self.rcvbuf = scenario['cc'], scenario.get('rcvbuf', {}).get(side)
        self.me = (address[side], port[side])
        other = 'server' if side == 'client' else 'client'
        self.peer = (address[other], port[other])
        self.sock, self.listener, self.limit = None, None, None

    def fresh(self):
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setsockopt(socket.IPPROTO_TCP, TCP_CONGESTION, self.cc.encode())
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack('ll', LONGEST_S, 0))
        if self.rcvbuf is not None:
            self.note('setsockopt', ['SO_RCVBUF', self.rcvbuf], lambda: sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.rcvbuf))
        sock.bind(self.me)
        return sock

    def prepare(self):
        if any(op[0] == 'accept' for op in self.ops):
            self.listener = self.fresh()
            self.note('listen', [self.me[1]], lambda: self.listener.listen(8))

    def now(self):
        return round(time.monotonic() - self.begin, 6)

    def note(self, call, args, act):
        t = self.now()
        try:
            result = act()
            result = 'ok' if result is None else result
        except OSError as error:
            result = errno.errorcode.get(error.errno, str(error))
        self.calls.append({'t': t, 'side': self.side, 'call': call, 'args': args, 'result': result, 't_return': self.now()})
        return result

    def until(self, t):
        time.sleep(max(0, self.begin + t - time.monotonic()))

    def run(self):
        self.until(0)
        for name, *args in self.ops:
            if self.sock is None and name not in ('accept', 'connect', 'at', 'wait', 'again', 'timeout', 'ss'):
                continue
            getattr(self, 'do_' + name)(*[float(a) if '.' in a else int(a) for a in args if a.replace('.', '').isdigit()])

    def option(self, name, level, number, value):
        self.note('setsockopt', [name, value if isinstance(value, int) else 0], lambda: self.sock.setsockopt(level, number, value))

    def do_at(self, t): self.until(t)
    def do_wait(self, t): time.sleep(t)
    def do_ss(self): pass
    def do_timeout(self, t):
        self.limit = struct.pack('ll', int(t), int(t % 1 * 1e6))
        if self.sock is not None: self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, self.limit)
    def do_accept(self):
        def act(): self.sock = self.listener.accept()[0]
        self.note('accept', [], act)
        if self.limit is not None and self.sock is not None: self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, self.limit)
    def do_connect(self):
        if self.sock is None: self.sock = self.fresh()
        self.note('connect', ['%s:%d' % self.peer], lambda: self.sock.connect(self.peer))
    def do_again(self): self.sock = None
    def do_send(self, n): self.note('send', [n], lambda: self.sock.send(b'd' * n))
    def do_sendall(self, n): self.note('sendall', [n], lambda: self.sock.sendall(b'd' * n))
    def do_writes(self, count, size, gap):
        for i in range(count):
            if i > 0: time.sleep(gap)
            self.do_send(size)
    def receive(self, n): return self.note('recv', [n], lambda: len(self.sock.recv(n)))
    def do_recv(self): self.receive(65536)
    def do_recvn(self, n):
        while n > 0:
            got = self.receive(n)
            if not isinstance(got, int) or got == 0: return
            n -= got
    def do_recvall(self):
        while True:
            got = self.receive(65536)
            if not isinstance(got, int) or got == 0: return
    def do_reads(self, count, size, gap):
        for i in range(count):
            if i > 0: time.sleep(gap)
            self.do_recvn(size)
    def do_echo(self, count, ask, answer):
        for _ in range(count):
            self.do_recvn(ask)
            self.do_send(answer)
    def do_ask(self, count, ask, answer):
        for _ in range(count):
            self.do_send(ask)
            self.do_recvn(answer)
    def do_shutdown(self): self.note('shutdown', ['WR'], lambda: self.sock.shutdown(socket.SHUT_WR))
    def do_close(self):
        self.note('close', [], self.sock.close)
        self.sock = None
    def do_linger0(self): self.option('SO_LINGER', socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    def do_vanish(self):
        self.sock.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
        self.note('vanish', [], self.sock.close)
        self.sock = None
    def do_quickack(self, on): self.option('TCP_QUICKACK', socket.IPPROTO_TCP, TCP_QUICKACK, on)
    def do_nodelay(self, on): self.option('TCP_NODELAY', socket.IPPROTO_TCP, socket.TCP_NODELAY, on)
    def do_rto_max(self, ms): self.option('TCP_USER_TIMEOUT', socket.IPPROTO_TCP, TCP_USER_TIMEOUT, ms)
    def do_keepalive(self, idle, interval, count):
        self.option('SO_KEEPALIVE', socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, number, value in (('IDLE', 4, idle), ('INTVL', 5, interval), ('CNT', 6, count)):
            self.option('TCP_KEEP' + name, socket.IPPROTO_TCP, number, value)


def watch(side, begin, control, write):
    """Notes state and TCP_INFO of the connection whenever they change (inet_diag), until the wire says stop."""
    os.sched_setparam(0, os.sched_param(10)) if os.sched_getscheduler(0) == os.SCHED_FIFO else None
    link = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, 4)
    request = struct.pack('=IHHIIBBBBI', 72, 20, 0x301, 1, 0, socket.AF_INET, 6, 1 << 1, 0, 0xffffffff & ~(1 << 10)) + bytes(48)
    rows, last = [], None
    control.setblocking(False)
    while True:
        try:
            if control.recv(1): break
        except BlockingIOError:
            pass
        link.send(request)
        state = newest(link)
        if state is not None and state != last:
            last = state
            rows.append([round(time.monotonic() - begin, 6), side, *state])
        time.sleep(WATCH_S)
    text = json.dumps(rows).encode()
    while text:
        text = text[os.write(write, text[:60000]):]


def newest(link):
    found = None
    while True:
        data = link.recv(1 << 16)
        while data:
            size, kind = struct.unpack('=IH', data[:6])
            if kind == 3: return found
            message, data = data[16:size], data[(size + 3) & ~3:]
            if kind != 20: continue
            row = [STATES[message[1]], None, None, None, None]
            body = message[72:]
            while len(body) >= 4:
                length, what = struct.unpack('=HH', body[:4])
                if what == 2 and length > 90:
                    info = body[4:length]
                    number = lambda at: struct.unpack('=I', info[at:at + 4])[0]
                    ssthresh = number(76)
                    row[1:] = [number(80), None if ssthresh >= 0x7fffffff else ssthresh, number(8), number(68)]
                body = body[max(4, (length + 3) & ~3):]
            if found is None or found[0] in ('TIME-WAIT', 'CLOSED'): found = row
