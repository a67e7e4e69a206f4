#!/usr/bin/env python3
"""Captures what two sockets of this machine's Linux kernel say to each other, as the JSON of ../README.md.

    sudo chrt -f 50 python3 capture.py OUT_DIRECTORY [NAME ...]        (scenarios.py has the names)

Two processes, each in a network namespace of its own with nothing in it but a TUN device, run the two scripts of a
scenario; this process is the wire between the two devices. No segment leaves the machine. Each scenario is captured
several times; a side of which at least STABLE captures agree is listed under `stable_senders`.
"""
import heapq, json, os, select, sys, time

import sides
from segment import Segment, forge, parse
from scenarios import SCENARIOS

STABLE, CAPTURES = 3, 5
ADDRESS = {'client': '10.77.0.1', 'server': '10.77.0.2'}
PORT = {'client': 40000, 'server': 5000}
OTHER = {'client': 'server', 'server': 'client'}
TAIL_S = 0.1


class Wire:
    """Forwards every TCP segment after a fixed delay (and, with a rate, one after the other), and does what the faults say."""

    def __init__(self, scenario, devices, start):
        self.scenario, self.devices, self.start = scenario, devices, start
        self.delay, self.rate = scenario.get('delay', 0.01), scenario.get('rate')
        self.limit = scenario.get('queue')
        self.isn, self.counts, self.data = {}, {'client': 0, 'server': 0}, {'client': 0, 'server': 0}
        self.free_at = {'client': 0.0, 'server': 0.0}
        self.rules = [dict(rule, left=rule.get('times', 1)) for rule in scenario.get('faults', [])]
        self.flying, self.order, self.segments, self.faults = [], 0, [], []
        for inject in scenario.get('inject', []):
            self.later(start + inject['t'], ('inject', inject))

    def later(self, when, what):
        self.order += 1
        heapq.heappush(self.flying, (when, self.order, what))

    def run(self, finished):
        by_fd = {device: side for side, device in self.devices.items()}
        end = None
        while end is None or time.monotonic() < end:
            now = time.monotonic()
            while self.flying and self.flying[0][0] <= now:
                self.happen(*heapq.heappop(self.flying)[2])
                now = time.monotonic()
            if end is None and finished():
                end = now + TAIL_S
            wait = min(self.flying[0][0] if self.flying else now + 0.01, now + 0.01) - now
            # select() waits to the microsecond, epoll and poll only to the millisecond.
            for fd in select.select(list(by_fd), [], [], max(0, wait))[0]:
                self.leaves(by_fd[fd], os.read(fd, 65536), time.monotonic())

    def happen(self, kind, what):
        if kind == 'arrive':
            os.write(self.devices[what[0]], what[1])
            return
        side = what['from']
        raw = forge(what, ADDRESS, PORT, side, OTHER[side], self.isn)
        self.note(side, parse(raw), time.monotonic(), 'injected')
        self.later(time.monotonic() + self.delay, ('arrive', (OTHER[side], raw)))

    def leaves(self, side, raw, now):
        segment = parse(raw)
        if segment is None:
            return
        if 'SYN' in segment.flags:
            self.isn[side] = segment.seq
        self.counts[side] += 1
        if segment.len > 0:
            self.data[side] += 1
        fate, extra, copies = 'delivered', 0.0, []
        for rule in self.rules:
            if not self.matches(rule, side, segment, now - self.start):
                continue
            rule['left'] -= 1
            what = {'drop': 'dropped', 'delay': 'delayed', 'duplicate': 'duplicated', 'ce': 'ce-marked'}[rule['do']]
            fault = {'from': side, 'n': self.counts[side], 'what': what, 'flags': segment.flags}
            if what == 'dropped':
                fate = 'drop'
            elif what == 'delayed':
                extra = fault['extra_delay'] = rule['by']
            elif what == 'duplicated':
                copies = fault['copies_after'] = [rule.get('by', 0.0)]
            else:
                raw = segment.marked(raw)
            self.faults.append(fault)
            break
        free = max(now, self.free_at[side])
        # What a fault takes away has been on the way all the same: the next one waits for it.
        if fate == 'drop' and self.rate is not None:
            self.free_at[side] = free + len(raw) * 8 / self.rate
        if fate != 'drop' and self.limit is not None and self.rate is not None:
            if (free - now) * self.rate / 8 > self.limit:
                fate = 'drop'
                self.faults.append({'from': side, 'n': self.counts[side], 'what': 'dropped', 'flags': segment.flags})
        self.note(side, segment, now, fate)
        if fate == 'drop':
            return
        if self.rate is not None:
            free = self.free_at[side] = free + len(raw) * 8 / self.rate
        for after in [0.0, *copies]:
            self.later(free + self.delay + extra + after, ('arrive', (OTHER[side], raw)))

    def matches(self, rule, side, segment, t):
        return (rule['left'] > 0 and rule['from'] == side
                and rule.get('nth') in (None, self.counts[side])
                and (rule.get('nth_data') is None or (segment.len > 0 and rule['nth_data'] == self.data[side]))
                and (rule.get('flags') is None or set(rule['flags']) == set(segment.flags) - {'PSH'})
                and (rule.get('bare') is None or (segment.flags == ['ACK'] and segment.len == 0))
                and (rule.get('seq') is None or rule['seq'] == segment.relative(self.isn.get(side, 0), 0)[0])
                and rule.get('min_t', 0) <= t <= rule.get('max_t', 1e9))

    def note(self, side, segment, now, fate):
        self.segments.append((side, segment, round(now - self.start, 6), fate))

    def told(self):
        rows = []
        for side, segment, t, fate in self.segments:
            seq, ack = segment.relative(self.isn.get(side, 0), self.isn.get(OTHER[side], 0))
            opts = dict(segment.opts)
            if 'sack' in opts:
                base = self.isn.get(OTHER[side], 0)
                opts['sack'] = [[Segment.difference(edge, base) for edge in block] for block in opts['sack']]
            rows.append({'t': t, 'from': side, 'flags': segment.flags, 'seq': seq, 'ack': ack, 'len': segment.len,
                         'win': segment.win, 'opts': opts, 'ecn': segment.ecn, 'fate': fate})
        return rows


def capture(name, scenario):
    """One capture, as the dictionary that its JSON file has."""
    workers = {side: sides.start(side, scenario, ADDRESS, PORT) for side in ADDRESS}
    devices = {side: worker.device() for side, worker in workers.items()}
    start = time.monotonic() + 0.1
    for worker in workers.values():
        worker.go(start)
    os.sched_setaffinity(0, {os.cpu_count() - 1})
    wire = Wire(scenario, devices, start)
    wire.run(lambda: all(worker.done() for worker in workers.values()))
    results = [worker.stop() for worker in workers.values()]
    for device in devices.values():
        os.close(device)
    return {
        'name': name, 'about': scenario['about'], 'kernel': os.uname().release.split('-')[0],
        'one_way_delay_s': wire.delay, 'rate_bps': wire.rate,
        'mtu': scenario['mtu'], 'congestion_control': scenario['cc'], 'sysctls': scenario['sysctls'],
        'script': scenario['script'],
        'calls': sorted((call for result in results for call in result['calls']), key=lambda call: call['t']),
        'faults': wire.faults, 'stable_senders': [],
        'snapshots': sorted((row for result in results for row in result['snapshots']), key=lambda row: row[0]),
        'segments': wire.told(),
    }


def said(trace, side):
    """What has to be the same from capture to capture."""
    rows = []
    for s in trace['segments']:
        if s['from'] != side:
            continue
        opts = {k: (v if k in ('sack', 'mss') else None) for k, v in s['opts'].items()}
        seq = None if 'RST' in s['flags'] and 'ACK' in s['flags'] and abs(s['seq']) > 10**7 else s['seq']
        rows.append((tuple(f for f in s['flags'] if f != 'PSH'), seq, s['ack'], s['len'], str(opts), s['fate']))
    return str(rows)


def main():
    directory, names = sys.argv[1], sys.argv[2:] or list(SCENARIOS)
    for name in names:
        captures = [capture(name, SCENARIOS[name]) for _ in range(STABLE)]
        def most(side):
            texts = [said(one, side) for one in captures]
            return max(set(texts), key=texts.count)
        while len(captures) < CAPTURES and any([said(c, s) for c in captures].count(most(s)) < STABLE for s in ADDRESS):
            captures.append(capture(name, SCENARIOS[name]))
        stable = [s for s in ADDRESS if [said(c, s) for c in captures].count(most(s)) >= STABLE]
        best = max(captures, key=lambda c: sum(said(c, s) == most(s) for s in stable))
        best['stable_senders'] = [s for s in stable if said(best, s) == most(s)]
        print(f"{name}: stable {best['stable_senders']} in {len(captures)} captures, {len(best['segments'])} segments", flush=True)
        if best['stable_senders']:
            with open(os.path.join(directory, name + '.json'), 'w') as file:
                file.write(render(best))


def render(trace):
    """One row of a list per line, so that captures can be read and compared."""
    def value(v):
        if isinstance(v, list) and v and isinstance(v[0], (dict, list)):
            return '[\n  ' + ',\n  '.join(json.dumps(row, separators=(',', ':')) for row in v) + '\n ]'
        return json.dumps(v)
    return '{\n ' + ',\n '.join(f'{json.dumps(k)}: {value(v)}' for k, v in trace.items()) + '\n}\n'


if __name__ == '__main__':
    main()
