"""What is captured: events, each under one or more sets of options."""

BASE = {'net.ipv4.tcp_no_metrics_save': 1, 'net.ipv4.tcp_backlog_ack_defer': 0}
PLAIN = {**BASE, 'net.ipv4.tcp_timestamps': 0, 'net.ipv4.tcp_sack': 0, 'net.ipv4.tcp_window_scaling': 0,
         'net.ipv4.tcp_early_retrans': 0, 'net.ipv4.tcp_recovery': 0, 'net.ipv4.tcp_ecn': 0, 'net.ipv4.tcp_frto': 0,
         'net.ipv4.tcp_invalid_ratelimit': 0}
NO_RACK = {**PLAIN, 'net.ipv4.tcp_sack': 1}
# Suffix: sysctls, congestion control.
SETS = {'': (BASE, 'reno'), '-plain': (PLAIN, 'reno'), '-sack-no-rack': (NO_RACK, 'reno'), '-cubic': (BASE, 'cubic')}
SCENARIOS = {}


def add(name, about, client, server, sets=('', '-plain'), faults=(), inject=(), sysctls=None, mtu=None, **more):
    """`sysctls`: for both sides, or {'client': …, 'server': …}."""
    for suffix in sets:
        base, cc = SETS[suffix]
        extra = sysctls or {}
        per_side = {side: {**base, **(extra.get(side, {}) if 'client' in extra or 'server' in extra else extra)}
                    for side in ('client', 'server')}
        SCENARIOS[name + suffix] = {
            'about': about, 'script': {'client': client, 'server': server}, 'faults': list(faults), 'inject': list(inject),
            'sysctls': per_side, 'cc': cc, 'mtu': mtu or {'client': 1500, 'server': 1500}, **more}


def drop(side, **which):
    return {'from': side, 'do': 'drop', **which}


def late(side, by, **which):
    return {'from': side, 'do': 'delay', 'by': by, **which}


def lost_data(*numbers):
    return [drop('client', nth_data=n) for n in numbers]


def bulk(size, wait=.8):
    return {'client': f'connect; at .2; sendall {size}; wait {wait}; close; wait .1', 'server': f'accept; recvn {size}; recvall; close'}


ALL = ('', '-plain', '-sack-no-rack', '-cubic')
WITH_SACK = ('', '-sack-no-rack', '-cubic')

# Captured before by others: they show that this tool sees the same.
add('check-loss-1', '20440 bytes, data segment 3 lost', **bulk(20440), faults=lost_data(3), sets=ALL)
add('check-recovery-2', '58400 bytes at 20 Mbit/s, data segments 5, 8 lost', **bulk(58400), faults=lost_data(5, 8), rate=20e6)
add('check-rto-delayed-acks', 'every ACK between t=0.2 and 0.6 is 400 ms late',
    'connect; at .2; sendall 14480; wait 1.2', 'accept; recvn 14480; wait .3',
    faults=[late('server', .4, bare=True, min_t=.2, max_t=.6, times=100)])
add('check-quick-ack-start', 'client sends 100 bytes every 60 ms', 'connect; at .2; writes 20 100 .06; wait .2', 'accept; recvn 2000; wait .2')
add('check-zero-window', 'server buffer 4096 and it does not read until 2.5 s', 'connect; at .2; sendall 20000; wait .3; close',
    'accept; at 2.5; recvall; close', rcvbuf={'server': 4096})
add('check-slow-start', '64 KiB', **bulk(65536, 1), rate=50e6, sets=ALL)

# Losses.
add('loss-4-of-14', '20440 bytes, data segment 4 lost', **bulk(20440), faults=lost_data(4), sets=ALL)
add('loss-2-and-3', '20440 bytes, data segments 2 and 3 lost', **bulk(20440), faults=lost_data(2, 3), sets=ALL)
add('loss-burst-5', '29200 bytes, data segments 4 to 8 lost', **bulk(29200), faults=lost_data(4, 5, 6, 7, 8), sets=ALL)
add('loss-every-other', '29200 bytes, data segments 3, 5, 7, 9 lost', **bulk(29200), faults=lost_data(3, 5, 7, 9), sets=ALL)
add('loss-whole-flight', '29200 bytes, the first 10 data segments lost', **bulk(29200, 1.5), faults=lost_data(*range(1, 11)), sets=ALL)
add('loss-9-of-10', '14600 bytes, data segment 9 of 11 lost', **bulk(14600), faults=lost_data(9), sets=ALL)
add('loss-tail-1', '7240 bytes, the last data segment lost', 'connect; at .2; sendall 7240; wait .8', 'accept; recvn 7240; wait .3', faults=lost_data(5), sets=ALL)
add('loss-tail-3', '11584 bytes, the last 3 of 8 data segments lost', 'connect; at .2; sendall 11584; wait 1.2', 'accept; recvn 11584; wait .3', faults=lost_data(6, 7, 8), sets=ALL)
add('loss-retransmission', '20440 bytes, data segment 3 lost, its retransmission too', **bulk(20440, 1.5),
    faults=[drop('client', seq=2897, times=2)], sets=('', '-cubic'))
add('loss-retransmission-1460', '20440 bytes, data segment 3 lost, its retransmission too', **bulk(20440, 1.5),
    faults=[drop('client', seq=2921, times=2)], sets=('-plain', '-sack-no-rack'))
add('loss-retransmission-2', '20440 bytes, data segment 3 lost three times', **bulk(20440, 2.5),
    faults=[drop('client', seq=2897, times=3)], sets=('', '-cubic'))
add('loss-retransmission-2-1460', '20440 bytes, data segment 3 lost three times', **bulk(20440, 2.5),
    faults=[drop('client', seq=2921, times=3)], sets=('-plain', '-sack-no-rack'))
add('loss-late', '58400 bytes, data segment 20 lost (second flight)', **bulk(58400), faults=lost_data(20), sets=ALL)
add('loss-two-flights', '58400 bytes at 20 Mbit/s, data segments 4 and 22 lost', **bulk(58400), faults=lost_data(4, 22), sets=ALL, rate=20e6)
add('loss-small-window', '4344 bytes: 3 segments, the first lost (limited transmit has nothing to send)',
    'connect; at .2; sendall 4344; wait 1', 'accept; recvn 4344; wait .3', faults=lost_data(1), sets=ALL)
add('loss-then-more', '4 segments, the second lost; more data 5 ms later', 'connect; at .2; sendall 5000; wait .005; sendall 3000; wait 1',
    'accept; recvn 8000; wait .3', faults=lost_data(2), sets=ALL)
add('rto-backoff', 'the only data segment lost three times', 'connect; at .2; send 100; wait 3', 'accept; recvn 100; wait .2',
    faults=[drop('client', nth_data=n) for n in (1, 2, 3)], sets=('', '-plain'))
# Acknowledgments.
add('acks-lost', '29200 bytes, ACKs 2 to 6 lost', **bulk(29200), faults=[drop('server', nth=n) for n in (3, 4, 5, 6, 7)], sets=('', '-plain'))
add('acks-all-lost', '14480 bytes, all ACKs lost until 0.35 s', 'connect; at .2; sendall 14480; wait 1.2', 'accept; recvn 14480; wait .3',
    faults=[drop('server', bare=True, min_t=.2, max_t=.35, times=100)], sets=ALL)
add('acks-late-once', '29200 bytes, the first ACKs 150 ms late', **bulk(29200, 1.2),
    faults=[late('server', .15, bare=True, min_t=.2, max_t=.215, times=10)], sets=('', '-plain'))
add('acks-late-300', '14480 bytes, ACKs before 0.5 s are 300 ms late', 'connect; at .2; sendall 14480; wait 1.2', 'accept; recvn 14480; wait .3',
    faults=[late('server', .3, bare=True, min_t=.2, max_t=.5, times=100)], sets=ALL)
# Reordering and duplicates.
for ms in (1, 2, 8, 12, 30):
    add(f'reorder-{ms}ms', f'20440 bytes, data segment 4 comes {ms} ms late', **bulk(20440), faults=[late('client', ms / 1000, nth_data=4)],
        sets=ALL if ms in (8, 12) else ('', '-plain'))
add('reorder-two', '20440 bytes, data segments 3 and 6 come 4 ms late', **bulk(20440), faults=[late('client', .004, nth_data=3), late('client', .004, nth_data=6)], sets=ALL)
add('reorder-again', '58400 bytes at 20 Mbit/s, data segments 4, 20 and 33 come 8 ms late', **bulk(58400), rate=20e6,
    faults=[late('client', .008, nth_data=n) for n in (4, 20, 33)], sets=('', '-cubic'))
add('reorder-first', '14600 bytes, the first data segment comes 3 ms late', **bulk(14600), faults=[late('client', .003, nth_data=1)])
add('duplicate-data', '20440 bytes, data segments 2 and 5 come twice', **bulk(20440),
    faults=[{'from': 'client', 'nth_data': n, 'do': 'duplicate'} for n in (2, 5)], sets=ALL)
add('duplicate-late', '20440 bytes, data segment 2 comes again 30 ms later', **bulk(20440),
    faults=[{'from': 'client', 'nth_data': 2, 'do': 'duplicate', 'by': .03}])
add('duplicate-acks', '20440 bytes, each of the ACKs 1 to 4 comes twice', **bulk(20440),
    faults=[{'from': 'server', 'nth': n, 'do': 'duplicate'} for n in (2, 3, 4, 5)], sets=ALL)
# Other ways.
for ms in (5, 25, 50):
    add(f'delay-{ms}ms', f'20440 bytes, {ms} ms one way, data segment 5 lost', **bulk(20440), faults=lost_data(5), delay=ms / 1000, sets=ALL)
    add(f'delay-{ms}ms-tail', f'7240 bytes, {ms} ms one way, the last data segment lost', 'connect; at .3; sendall 7240; wait 1',
        'accept; recvn 7240; wait .3', faults=lost_data(5), delay=ms / 1000)
add('rate-5mbit', '29200 bytes at 5 Mbit/s', **bulk(29200), rate=5e6, sets=ALL)
add('rate-10mbit-queue', '116800 bytes at 10 Mbit/s, a queue of 15000 bytes', **bulk(116800, 1.5), rate=10e6, queue=15000, sets=ALL)
add('rate-20mbit-long', '175200 bytes at 20 Mbit/s', **bulk(175200, 1), rate=20e6, sets=('', '-cubic', '-plain'))
add('mtu-600', '6000 bytes, MTU 600', 'connect; at .2; sendall 6000; wait .5', 'accept; recvn 6000; wait .3', mtu={'client': 600, 'server': 600})
add('mtu-1400-loss', '20440 bytes, MTU 1400 at the client, data segment 3 lost', **bulk(20440), mtu={'client': 1400, 'server': 1500}, faults=lost_data(3))
# Windows.
add('zero-window-short', 'server buffer 4096, it reads from 0.6 s', 'connect; at .2; sendall 12000; wait .3; close', 'accept; at .6; recvall; close', rcvbuf={'server': 4096})
add('zero-window-8k', 'server buffer 8192, it reads from 1.2 s', 'connect; at .2; sendall 30000; wait .3; close', 'accept; at 1.2; recvall; close', rcvbuf={'server': 8192})
add('zero-window-long', 'server buffer 4096, it reads from 6 s', 'connect; at .2; sendall 12000; wait .3; close', 'accept; at 6; recvall; close', rcvbuf={'server': 4096})
add('window-update-lost', 'server buffer 4096, it reads from 0.6 s, the window update is lost', 'connect; at .2; sendall 12000; wait .3; close',
    'accept; at .6; recvall; close', rcvbuf={'server': 4096}, faults=[drop('server', bare=True, min_t=.59, max_t=.602, times=9)])
add('slow-reader', 'server buffer 8192, it reads 2000 bytes every 100 ms', 'connect; at .2; sendall 20000; wait .3; close',
    'accept; at .4; reads 10 2000 .1; recvall; close', rcvbuf={'server': 8192})
add('reader-later', '20440 bytes, the server reads from 0.5 s', 'connect; at .2; sendall 20440; wait .8; close; wait .1', 'accept; at .5; recvn 20440; recvall; close', sets=ALL)
# Small writes and answers.
add('writes-nodelay', '10 writes of 50 bytes 3 ms apart, Nagle off', 'connect; nodelay 1; at .2; writes 10 50 .003; wait .3', 'accept; recvn 500; wait .3')
add('writes-1000', '8 writes of 1000 bytes 5 ms apart', 'connect; at .2; writes 8 1000 .005; wait .3', 'accept; recvn 8000; wait .3')
add('writes-2000', '6 writes of 2000 bytes 30 ms apart', 'connect; at .2; writes 6 2000 .03; wait .3', 'accept; recvn 12000; wait .3')
add('writes-slow', '12 writes of 300 bytes 100 ms apart', 'connect; at .2; writes 12 300 .1; wait .3', 'accept; recvn 3600; wait .3')
add('writes-25ms', '20 writes of 100 bytes 25 ms apart', 'connect; at .2; writes 20 100 .025; wait .3', 'accept; recvn 2000; wait .3')
add('writes-10ms-nodelay', '30 writes of 100 bytes 10 ms apart, Nagle off', 'connect; nodelay 1; at .2; writes 30 100 .01; wait .3', 'accept; recvn 3000; wait .3')
add('writes-server', 'the server sends 20 x 100 bytes 60 ms apart', 'connect; recvn 2000; wait .2', 'accept; at .2; writes 20 100 .06; wait .2')
add('echo', '6 requests of 200 bytes, answers of 500', 'connect; at .2; ask 6 200 500; wait .3', 'accept; echo 6 200 500; wait .3')
add('echo-big', '5 requests of 100 bytes, answers of 5000', 'connect; at .2; ask 5 100 5000; wait .3', 'accept; echo 5 100 5000; wait .3')
add('upload-answer', '4 uploads of 8000 bytes, answers of 100', 'connect; at .2; ask 4 8000 100; wait .3', 'accept; echo 4 8000 100; wait .3')
add('both-send', 'both send 10000 bytes at once', 'connect; at .2; sendall 10000; recvn 10000; wait .3', 'accept; at .2; sendall 10000; recvn 10000; wait .3')
add('idle-restart', '29200 bytes, a pause of 1.2 s, 29200 more', 'connect; at .2; sendall 29200; at 1.4; sendall 29200; wait .5; close; wait .1',
    'accept; recvn 58400; recvall; close', rate=20e6, sets=ALL)
add('idle-restart-long', '43800 bytes, a pause of 4 s, 29200 more', 'connect; at .2; sendall 43800; at 4.4; sendall 29200; wait .5; close; wait .1',
    'accept; recvn 73000; recvall; close', rate=20e6, sets=('', '-cubic'))
# ECN.
ECN = {'net.ipv4.tcp_ecn': 1}
add('ecn-two-marks', 'tcp_ecn=1, data segments 2 and 14 marked', **bulk(29200), sysctls=ECN, sets=('', '-cubic', '-plain'),
    faults=[{'from': 'client', 'nth_data': n, 'do': 'ce'} for n in (2, 14)])
add('ecn-mark-and-loss', 'tcp_ecn=1, data segment 2 marked, 6 lost', **bulk(29200), sysctls=ECN, sets=('', '-cubic'),
    faults=[{'from': 'client', 'nth_data': 2, 'do': 'ce'}, *lost_data(6)])
add('ecn-client-only', 'tcp_ecn=1 at the client, 0 at the server', **bulk(14600), sysctls={'client': ECN, 'server': {'net.ipv4.tcp_ecn': 0}}, sets=('',))
# Handshakes.
add('syn-lost-1', 'the SYN is lost once', 'connect; wait .05', 'accept; wait .05', faults=[drop('client', nth=1)])
add('syn-lost-6', 'the SYN is lost six times', 'connect; wait .05', 'accept; wait .05', faults=[drop('client', flags=['SYN'], times=6)], sets=('',))
add('synack-lost', 'the SYN-ACK is lost', 'connect; wait .05', 'accept; wait .05', faults=[drop('server', nth=1)])
add('synack-lost-2', 'the SYN-ACK is lost twice', 'connect; wait .05', 'accept; wait .05', faults=[drop('server', flags=['SYN', 'ACK'], times=2)])
add('handshake-ack-lost-data', 'the last segment of the handshake is lost, data follows at once', 'connect; send 100; wait .3', 'accept; recvn 100; wait .3', faults=[drop('client', nth=2)])
add('synack-late', 'the SYN-ACK comes 1.2 s late', 'connect; wait .3; send 100; wait .1', 'accept; recvn 100; wait .3', faults=[late('server', 1.2, nth=1)])
add('simultaneous-open', 'both connect at the same moment, then send', 'at .1; connect; at .4; send 100; recvn 100; wait .3', 'at .1; connect; at .4; send 100; recvn 100; wait .3')
add('server-speaks-first', 'the server sends 100 bytes at once', 'connect; recvn 100; wait .3', 'accept; send 100; wait .3')
add('data-at-once', 'the client sends 3000 bytes at once and closes', 'connect; sendall 3000; close', 'accept; recvall; close')
# Ends.
add('fin-lost', "the client's FIN is lost", 'connect; at .2; close; at 1', 'accept; recvall; wait .1; close', faults=[drop('client', flags=['FIN', 'ACK'])])
add('fin-lost-twice', "the client's FIN is lost twice", 'connect; at .2; close; at 1.8', 'accept; recvall; wait .1; close', faults=[drop('client', flags=['FIN', 'ACK'], times=2)])
add('last-fin-lost', "the server's FIN is lost", 'connect; at .2; close; at 1', 'accept; recvall; wait .1; close; wait .6', faults=[drop('server', flags=['FIN', 'ACK'])])
add('last-ack-lost', "the ACK of the server's FIN is lost", 'connect; at .2; close; at 1', 'accept; recvall; wait .1; close; wait .6',
    faults=[drop('client', bare=True, min_t=.3)])
add('close-with-data-lost', '5000 bytes and close, the last data segment (with FIN) is lost', 'connect; at .2; sendall 5000; close; at 1.2', 'accept; recvall; close; wait .6', faults=lost_data(4))
add('close-server-first', 'the server closes first', 'connect; recvall; wait .05; close; wait .3', 'accept; at .2; close; wait .5')
add('close-unread', 'the server closes with unread data', 'connect; at .2; send 500; at .6', 'accept; at .4; close; at .6')
add('close-unread-fin', 'the client sends and closes, the server closes with unread data', 'connect; at .2; send 500; close; at .6', 'accept; at .4; close; at .6')
add('simultaneous-close-data', 'both send 3000 bytes and close at the same moment', 'connect; at .2; sendall 3000; shutdown; recvall; close; wait .3', 'accept; at .2; sendall 3000; shutdown; recvall; close; wait .3')
add('half-close-big', 'client shuts down, the server sends 20000 bytes', 'connect; at .2; send 100; shutdown; recvall; close', 'accept; recvall; sendall 20000; close; wait .4')
add('half-close-loss', 'client shuts down, the server sends 20000 bytes, its third segment is lost', 'connect; at .2; send 100; shutdown; recvall; close', 'accept; recvall; sendall 20000; close; wait .8',
    faults=[drop('server', nth_data=3)])
add('abort-unread', 'the client aborts while the server sends', 'connect; at .25; linger0; close; wait .2', 'accept; at .2; writes 5 1000 .02; wait .3; close')
add('half-open-data', 'the server forgets the connection, the client sends', 'connect; at .4; send 100; at .6; send 100; close', 'accept; at .3; vanish')
add('half-open-server', 'the client forgets, the server sends', 'connect; at .3; vanish; at .7', 'accept; at .4; send 100; at .6; close')
# Timers.
add('keepalive-dead', 'keepalive 1 1 3, the server is cut off at 0.5 s', 'connect; keepalive 1 1 3; recv; close', 'accept; at 5',
    faults=[drop('client', min_t=.5, times=100)])
add('keepalive-lost', 'keepalive 1 1 3, the first probe is lost', 'connect; keepalive 1 1 3; at 4.5', 'accept; at 4.5', faults=[drop('client', nth=3)])
add('keepalive-data', 'keepalive 1 1 3, data at 0.5 and 1.8 s', 'connect; keepalive 1 1 3; at .5; send 50; at 1.8; send 50; at 4.5', 'accept; recvn 100; at 4.5')
add('user-timeout-1500', 'cut off at 0.3 s, user timeout 1500 ms', 'connect; at .2; rto_max 1500; at .4; send 100; recv; close', 'accept; at 3', faults=[drop('client', min_t=.3, times=100)])
add('time-wait-fin-again', "the server's FIN comes again to TIME-WAIT", 'connect; at .2; close; at 1', 'accept; recvall; wait .05; close',
    faults=[{'from': 'server', 'flags': ['FIN', 'ACK'], 'do': 'duplicate', 'by': .3}])
# Forged segments.
est = dict(client='connect; at .3; send 10; timeout .5; recv', server='accept; timeout .5; recvn 10; at .6')
def forged(name, about, flags, seq, ack=1, to='server', t=.25, sets=('', '-plain'), script=est, **more):
    add(name, about, script['client'], script['server'], sets=sets,
        inject=[{'t': t, 'from': 'client' if to == 'server' else 'server', 'flags': flags, 'seq': seq, 'ack': ack, **more}])
forged('blind-data-above', 'data above a gap of 1000', ['ACK'], 1001, len=100)
forged('blind-data-beyond', 'data beyond the window', ['ACK'], 200001, len=100)
forged('blind-data-far-ack', 'data whose ACK is far below', ['ACK'], 1, ack=-200000, len=100)
forged('blind-fin', 'a FIN at RCV.NXT', ['FIN', 'ACK'], 1)
forged('blind-fin-above', 'a FIN above a gap', ['FIN', 'ACK'], 501)
forged('blind-rst-exact', 'RST at RCV.NXT', ['RST'], 1)
forged('blind-rst-ack', 'RST-ACK in the window', ['RST', 'ACK'], 300)
forged('blind-rst-beyond', 'RST beyond the window', ['RST'], 200001)
forged('blind-syn-ack', 'SYN-ACK in ESTABLISHED', ['SYN', 'ACK'], 1)
forged('blind-syn-below', 'SYN below the window in ESTABLISHED', ['SYN'], -1000)
forged('blind-ack-old', 'an ACK below SND.UNA', ['ACK'], 1, ack=0)
forged('blind-ack-future', 'an ACK of data never sent', ['ACK'], 1, ack=5000)
forged('blind-null', 'a segment without flags', [], 1)
forged('blind-syn-to-client', 'SYN to the client in ESTABLISHED', ['SYN'], 1, to='client')
forged('blind-rst-to-client', 'RST in the window to the client', ['RST'], 500, to='client')
wait_hs = dict(client='connect; at .5; send 10; at .8', server='accept; timeout 1; recvn 10; at .8')
forged('syn-sent-ack-bad', 'SYN-SENT gets an ACK of something else', ['ACK'], 5, ack=77, to='client', t=.005, script=wait_hs)
forged('syn-sent-rst-bad', 'SYN-SENT gets a RST that acknowledges nothing', ['RST', 'ACK'], 0, ack=77, to='client', t=.005, script=wait_hs)
forged('syn-sent-rst-noack', 'SYN-SENT gets a RST without ACK', ['RST'], 0, to='client', t=.005, script=wait_hs)
forged('syn-sent-data', 'SYN-SENT gets data', ['ACK'], 1, ack=1, len=20, to='client', t=.005, script=wait_hs)
forged('syn-received-rst', 'SYN-RECEIVED gets a RST at RCV.NXT', ['RST'], 1, t=.015, script=wait_hs)
forged('syn-received-rst-in-window', 'SYN-RECEIVED gets a RST in the window', ['RST'], 100, t=.015, script=wait_hs)
forged('syn-received-fin', 'SYN-RECEIVED gets a FIN that completes the handshake', ['FIN', 'ACK'], 1, t=.015, script=wait_hs)
forged('syn-received-data', 'SYN-RECEIVED gets data that completes the handshake', ['ACK'], 1, t=.015, len=50, script=wait_hs)
cw = dict(client='connect; at .2; shutdown; at .6; close; wait .2', server='accept; recvall; at .5; close; wait .3')
forged('close-wait-rst', 'CLOSE-WAIT gets a RST', ['RST'], 2, t=.3, script=cw)
forged('close-wait-syn', 'CLOSE-WAIT gets a SYN', ['SYN'], 2, t=.3, script=cw)
forged('fin-wait-2-syn', 'FIN-WAIT-2 gets a SYN', ['SYN'], 1, ack=2, to='client', t=.3, script=cw)
forged('fin-wait-2-rst', 'FIN-WAIT-2 gets a RST', ['RST'], 1, ack=2, to='client', t=.3, script=cw)
forged('fin-wait-2-ack-old', 'FIN-WAIT-2 gets an old segment', ['ACK'], -10, ack=2, to='client', t=.3, script=cw, len=5)
fw = dict(client='connect; at .2; close; at .8', server='accept; recvall; at .5; close; wait .3')
forged('fin-wait-2-data-closed', 'FIN-WAIT-2 after close gets data', ['ACK'], 1, ack=2, to='client', t=.3, len=20, script=fw)
forged('fin-wait-2-fin-data', 'FIN-WAIT-2 after close gets data with a FIN', ['FIN', 'ACK'], 1, ack=2, to='client', t=.3, len=20, script=fw)
tw = dict(client='connect; at .2; close; at .9', server='accept; recvall; wait .05; close; at .9')
forged('time-wait-ack', 'TIME-WAIT gets an old ACK', ['ACK'], 1, ack=2, to='client', t=.6, script=tw)
forged('time-wait-data', 'TIME-WAIT gets data', ['ACK'], 2, ack=2, to='client', t=.6, len=20, script=tw)
forged('time-wait-syn-old', 'TIME-WAIT gets an old SYN', ['SYN'], -5000, to='client', t=.6, script=tw)
forged('time-wait-rst', 'TIME-WAIT gets a RST at RCV.NXT', ['RST'], 2, to='client', t=.6, script=tw)
