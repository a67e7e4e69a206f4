import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { REQUIREMENT_IDS, requirement } from '../../src/engine/requirements';
import { cli, SCRIPTS, systemError } from './support';

describe('run --format json', () => {
  test('is one object, alone on standard output', async () => {
    const { code, out, err } = await cli(['run', '--format', 'json', 'a.tcpscript'], {
      'a.tcpscript': SCRIPTS.handshake,
    });
    expect([code, err]).toEqual([0, '']);
    const report = JSON.parse(out);
    expect(report).toMatchObject({ version: 1, file: 'a.tcpscript', diagnostics: [] });
    expect(report.scenarios).toHaveLength(1);
    expect(report.scenarios[0]).toMatchObject({ title: '', outcome: 'passed', endUs: expect.any(Number) });
    const arrows = report.scenarios[0].segments.map(
      ({ timeUs, arriveUs, from, to, flags, seq, ack, len, win, fate, line }: Record<string, unknown>) => [
        timeUs,
        arriveUs,
        from,
        to,
        flags,
        seq,
        ack,
        len,
        win,
        fate,
        line,
      ],
    );
    expect(arrows).toEqual([
      [0, 10_000, 'client', 'server', ['SYN'], 0, null, 0, 65_535, 'delivered', 2],
      [10_000, 20_000, 'server', 'client', ['SYN', 'ACK'], 0, 1, 0, 65_535, 'delivered', 2],
      [20_000, expect.anything(), 'client', 'server', ['ACK'], 1, 1, 0, 65_535, expect.any(String), 2],
    ]);
  });

  test('holds states, calls, checks and hosts', async () => {
    const { out } = await cli(['run', '--format', 'json', '-'], {}, { stdin: SCRIPTS.failing });
    const [scenario] = JSON.parse(out).scenarios;
    expect(scenario.states).toContainEqual(
      expect.objectContaining({
        timeUs: 0,
        host: 'client',
        from: 'CLOSED',
        to: 'SYN-SENT',
        line: 2,
        cause: expect.objectContaining({ rfc: 9293 }),
      }),
    );
    expect(scenario.calls).toContainEqual({
      timeUs: 0,
      host: 'server',
      peer: null,
      call: 'OPEN',
      line: 1,
      result: 'ok',
      because: [expect.objectContaining({ rule: 'call-open-passive', line: 1 })],
    });
    expect(scenario.checks.at(-1)).toMatchObject({
      line: 4,
      ok: false,
      expected: 'LISTEN',
      actual: 'SYN-RECEIVED',
      why: expect.any(String),
    });
    expect(scenario.hosts.client).toMatchObject({ state: expect.any(String), tcb: { 'SND.UNA': expect.any(Number) } });
  });

  test('says why: chains of causes, changes of windows, and what is waited for', async () => {
    const script = 'server listen\ndrop next SYN\nclient connect\nwait until server is ESTABLISHED\n';
    const { out } = await cli(['run', '--format', 'json', '-'], {}, { stdin: script });
    const [scenario] = JSON.parse(out).scenarios;
    const rules = (chain: readonly { rule: string }[]) => chain.map(({ rule }) => rule);
    const chain = ['syn-timeout', 'fault-drop', 'rto-start', 'call-open-active'];
    expect(rules(scenario.segments[1].because)).toEqual(chain);
    expect(scenario.segments[1].because[1]).toEqual({
      rule: 'fault-drop',
      rfc: null,
      section: null,
      requirement: null,
      line: 2,
      text: expect.stringContaining('was dropped by `drop next SYN`'),
    });
    expect(scenario.timers).toEqual([
      expect.objectContaining({ timeUs: 1_000_000, host: 'client', timer: 'retransmission', line: null }),
    ]);
    expect(rules(scenario.timers[0].because)).toEqual(['syn-timeout', 'fault-drop', 'rto-start', 'call-open-active']);
    expect(rules(scenario.states.at(-1).because).slice(0, 2)).toEqual([
      'syn-received-established',
      'syn-sent-established',
    ]);
    expect(rules(scenario.checks[0].because)).toEqual(rules(scenario.states.at(-1).because));
    expect(scenario.windows[0]).toMatchObject({ host: 'server', variable: 'SND.WND', from: 0, to: 65_535 });
    expect(scenario.hosts.client.waiting).toEqual([
      {
        rule: 'wait-nothing',
        rfc: 9293,
        section: '3.10.2',
        requirement: null,
        text: 'There is nothing to send: all that was handed over is acknowledged.',
        untilUs: null,
      },
    ]);
  });

  test('several files give an array', async () => {
    const { out } = await cli(['run', '--format', 'json', 'a', 'b'], { a: SCRIPTS.handshake, b: SCRIPTS.failing });
    expect(JSON.parse(out).map(({ file }: { file: string }) => file)).toEqual(['a', 'b']);
  });

  test('several files give an array even when only one of them can be read', async () => {
    const { code, out } = await cli(['run', '--format', 'json', 'a', 'missing'], { a: SCRIPTS.handshake });
    expect([code, JSON.parse(out).length]).toEqual([3, 1]);
  });

  test('there is none when no file can be read', async () => {
    const { code, out, files } = await cli(['run', '--format', 'json', '--out', 'r', 'missing']);
    expect([code, out, files.r]).toEqual([3, '', undefined]);
  });

  test('is the same to the byte at every run', async () => {
    const script = `link { loss 20%, seed 7 }\n${SCRIPTS.handshake}client write 20000 bytes\nrun\n`;
    const first = await cli(['run', '--format', 'json', 'a'], { a: script });
    const second = await cli(['run', '--format', 'json', 'a'], { a: script });
    expect(first.out.length).toBeGreaterThan(1000);
    expect(second.out).toBe(first.out);
  });

  test('holds the diagnostics of a script that is wrong', async () => {
    const { code, out } = await cli(['run', '--format', 'json', 'a'], { a: SCRIPTS.wrong });
    expect(code).toBe(2);
    const report = JSON.parse(out);
    expect(report.diagnostics).toEqual([
      {
        line: 2,
        column: 8,
        endLine: 2,
        endColumn: 12,
        severity: 'error',
        id: 'unknown-word',
        message: expect.stringContaining('`send`'),
      },
    ]);
    expect(report.scenarios[0].outcome).toBe('error');
  });
});

describe('exit codes', () => {
  test.each<[what: string, script: string, code: number]>([
    ['passed', SCRIPTS.handshake, 0],
    ['failed', SCRIPTS.failing, 1],
    ['one of two scenarios failed', SCRIPTS.two, 1],
    ['wrong', SCRIPTS.wrong, 2],
    ['wrong outweighs failed', `${SCRIPTS.failing}nonsense here\n`, 2],
  ])('%s', async (_what, script, code) => {
    for (const command of ['run', 'check']) expect((await cli([command, 'a'], { a: script })).code).toBe(code);
  });

  test('a bound', async () => {
    const { code, err, out } = await cli(['run', '--until', '15ms', '--format', 'json', 'a'], { a: SCRIPTS.handshake });
    expect([code, JSON.parse(out).scenarios[0].outcome]).toEqual([4, 'limit']);
    expect(JSON.parse(out).scenarios[0].endUs).toBe(15_000);
    expect(err).toMatch(/^a:\d+:1: information simulation-stopped .* 15 ms of virtual time, as `--until` asks\.\n$/);
    const text = await cli(['run', '--until', '15ms', 'a'], { a: SCRIPTS.handshake });
    expect(text.out).toMatch(/limit: stopped by --until, .*, 15 ms of virtual time\n$/);
  });

  test('a file error outweighs the rest', async () => {
    expect((await cli(['run', 'a', 'missing'], { a: SCRIPTS.failing })).code).toBe(3);
  });
});

describe('run', () => {
  test('messages go to standard error, each on a line of its own', async () => {
    const { err } = await cli(['run', 'dir/a.tcpscript'], { 'dir/a.tcpscript': SCRIPTS.failing });
    expect(err).toMatch(/^dir\/a\.tcpscript:4:1: error expect-failed Expected: LISTEN\. Actual: SYN-RECEIVED\. .*\n$/);
  });

  test('says of a check that failed why things came so, and what is waited for', async () => {
    const { out } = await cli(['run', 'a'], { a: SCRIPTS.failing });
    const lines = out.split('\n');
    const at = lines.findIndex((line) => line.startsWith('line 4: server is LISTEN: SYN-RECEIVED'));
    expect(lines.slice(at + 1, at + 4)).toEqual([
      expect.stringMatching(
        /^ {2}because server goes from LISTEN to SYN-RECEIVED at 10 ms: .* \(RFC 9293 3\.10\.7\.2, third check\)$/,
      ),
      expect.stringMatching(/^ {2}because the segment SYN \(seq 0\) from client arrives at server at 10 ms/),
      expect.stringMatching(/^ {2}because client calls OPEN at 0 ms by line 2, `/),
    ]);
    expect(lines[at + 4]).toMatch(
      /^ {2}server sends nothing: .* it is sent again at 1\.01 s\. \(RFC 9293 3\.8\.3, MUST-22\)$/,
    );
    expect(lines.at(-2)).toMatch(/^failed: /);
  });

  test('explains ten failed checks, and counts the others', async () => {
    const checks = 'expect now server is LISTEN\n'.repeat(12);
    const { out } = await cli(['run', 'a'], { a: `server listen\nclient connect\nwait 15ms\n${checks}` });
    expect(out.match(/^line \d+: server is LISTEN/gm)).toHaveLength(10);
    expect(out).toContain('(and 2 more failed checks)');
  });

  test('only the scenario that is named', async () => {
    const { code, out } = await cli(['run', '--scenario', 'One', '--format', 'json', 'a'], { a: SCRIPTS.two });
    expect(code).toBe(0);
    expect(JSON.parse(out).scenarios.map(({ title }: { title: string }) => title)).toEqual(['One']);
  });

  test('a scenario that does not exist is told with those that do', async () => {
    const { code, err, out } = await cli(['run', '--scenario', 'Three', 'a'], { a: SCRIPTS.two });
    expect([code, out]).toEqual([3, '']);
    expect(err).toBe('tcpscript: a: there is no scenario "Three"; its scenarios are "One", "Two"\n');
  });

  test('--out writes the report to a file', async () => {
    const { out, files } = await cli(['run', '--format', 'json', '--out', 'r.json', 'a'], { a: SCRIPTS.handshake });
    expect(out).toBe('');
    expect(JSON.parse(files['r.json'] ?? '')).toMatchObject({ version: 1 });
  });

  test('a place that can not be written is told', async () => {
    const { code, err } = await cli(['run', '--out', '/x', 'a'], { a: SCRIPTS.handshake, '/x': systemError('EACCES') });
    expect([code, err]).toEqual([3, 'tcpscript: /x: can not be written: permission is denied\n']);
  });
});

describe('check', () => {
  test('says nothing about a script that is right', async () => {
    expect(await cli(['check', 'a'], { a: SCRIPTS.handshake })).toMatchObject({ code: 0, out: '', err: '' });
  });

  test('shows what the editor would underline, warnings too', async () => {
    const { code, err } = await cli(['check', 'a'], { a: `${SCRIPTS.handshake}drop next\n` });
    expect(code).toBe(0);
    expect(err).toMatch(/^a:5:1: warning fault-never-met /);
  });
});

describe('fmt', () => {
  const UGLY = 'server   listen\nclient send syn\n';
  const FAIR = 'server listen\nclient send SYN\n';

  test('formats in place and names what it changed', async () => {
    const { code, out, files } = await cli(['fmt', 'a', 'b'], { a: UGLY, b: FAIR });
    expect([code, out]).toEqual([0, 'a\n']);
    expect(files).toEqual({ a: FAIR, b: FAIR });
  });

  test('--check changes nothing and says what would change', async () => {
    const { code, out, files } = await cli(['fmt', '--check', 'a', 'b'], { a: UGLY, b: FAIR });
    expect([code, out, files.a]).toEqual([1, 'a\n', UGLY]);
    expect(await cli(['fmt', '--check', 'b'], { b: FAIR })).toMatchObject({ code: 0, out: '' });
  });

  test('standard input goes to standard output', async () => {
    expect(await cli(['fmt', '-'], {}, { stdin: UGLY })).toMatchObject({ code: 0, out: FAIR, err: '' });
  });

  test('a broken line stays, is told of, and the others are formatted', async () => {
    const { code, err, files } = await cli(['fmt', 'a'], { a: 'server   listen\nclient   sned   SYN\n' });
    expect(code).toBe(2);
    expect(err).toMatch(/^a:2:10: error unknown-word /);
    expect(files.a).toBe('server listen\nclient   sned   SYN\n');
  });
});

describe('explain', () => {
  test('a rule by its id', async () => {
    const { code, out } = await cli(['explain', 'open-active']);
    expect(code).toBe(0);
    expect(out).toContain('RFC 9293 3.10.1');
    expect(out).toContain('https://www.rfc-editor.org/rfc/rfc9293#section-3.10.1');
  });

  test.each(['MUST-13', 'must-13', 'must13', ' Must_13 '])('a requirement, written %s', async (written) => {
    const { code, out } = await cli(['explain', written]);
    expect(code).toBe(0);
    expect(out).toBe((await cli(['explain', 'MUST-13'])).out);
    expect(out).toContain('MUST-13 (RFC 9293 3.6.1, MUST)\n  The side that closed first stays in TIME-WAIT');
    expect(out).toContain('https://www.rfc-editor.org/rfc/rfc9293#section-3.6.1');
    expect(out).toContain('    fin-time-wait: Now both directions are closed;');
    expect(out).toContain('    test/rfc/must-13-time-wait-2msl.tcpscript');
    expect(out).toContain('    examples/four-way-close.tcpscript');
  });

  test.each(REQUIREMENT_IDS)('%s', async (id) => {
    const { code, out } = await cli(['explain', id]);
    expect(code).toBe(0);
    expect(out.startsWith(`${id} (RFC 9293 ${requirement(id).section}, `)).toBe(true);
    expect(out).toContain(requirement(id).text);
  });

  test('what the page of conformance says of each requirement', async () => {
    const page = readFileSync('docs/conformance.md', 'utf8');
    const { code, out } = await cli(['explain', ...REQUIREMENT_IDS]);
    expect(code).toBe(0);
    const explained = out.split(/\n(?=(?:MUST|SHLD|REC|MAY)-\d+ \()/);
    expect(explained.map((text) => text.split(' ')[0])).toEqual(REQUIREMENT_IDS);
    for (const text of explained) {
      const [id = ''] = text.split(' ');
      const [, asked = '', , status = ''] = (page.split('\n').find((row) => row.startsWith(`| ${id} |`)) ?? '')
        .slice(2)
        .split(' | ');
      const [, how = null, why = ''] = /^(does not apply|left out): (.*)$/.exec(status) ?? [];
      expect(text).toContain(`\n  ${asked}\n`);
      expect(/Does not apply|Left out/.exec(text)?.[0].toLowerCase() ?? null).toBe(how);
      expect(text).toContain(why);
      if (how === null) expect(text).toMatch(/\n {2}Shown by:\n/);
    }
  });

  test('several, one after the other; one that does not exist hides none', async () => {
    const { code, out, err } = await cli(['explain', 'MUST-13', 'MUST-999', 'open-active']);
    expect(code).toBe(3);
    expect(out).toBe(`${(await cli(['explain', 'MUST-13'])).out}\n${(await cli(['explain', 'open-active'])).out}`);
    expect(err).toBe("tcpscript: RFC 9293 has no requirement 'MUST-999': there are MUST-1 to MUST-69\n");
  });

  test.each([
    ['SHOULD-5', 'SHLD-5 (RFC 9293 3.7.1, SHOULD)'],
    ['may-2', 'MAY-2 (RFC 9293 3.6.1, MAY)'],
    ['MUST-44', 'Does not apply: A host of the simulation has one address'],
    ['MAY-14', 'Left out, as a TCP may: The socket calls have no such call'],
    ['MUST-55', 'An ICMP Source Quench is silently thrown away.'],
    ['MUST-9', 'a unit test: the key chooses the number'],
  ])('%s: %s', async (written, text) => {
    expect((await cli(['explain', written])).out).toContain(text);
  });
});

describe('run --format pcapng', () => {
  const MAGIC = [0x0a, 0x0d, 0x0d, 0x0a];

  test('writes the capture of one scenario to the file, or to standard output that is no terminal', async () => {
    const { code, out, err, bytes } = await cli(['run', '--format', 'pcapng', '--out', 'a.pcapng', 'a'], {
      a: SCRIPTS.handshake,
    });
    expect([code, out, err]).toEqual([0, '', '']);
    expect([...(bytes['a.pcapng'] ?? [])].slice(0, 4)).toEqual(MAGIC);
    const piped = await cli(['run', '--format', 'pcapng', 'a'], { a: SCRIPTS.handshake });
    expect([piped.code, piped.out, piped.outBytes]).toEqual([0, '', [bytes['a.pcapng']]]);
  });

  test('numbers the captures of several scenarios', async () => {
    const argv = ['run', '--format', 'pcapng', '--out', 'folder.d/a.pcapng', 'a', 'b'];
    const { bytes } = await cli(argv, { a: SCRIPTS.two, b: SCRIPTS.handshake });
    expect(Object.keys(bytes)).toEqual(['folder.d/a-1.pcapng', 'folder.d/a-2.pcapng', 'folder.d/a-3.pcapng']);
    const unnamed = await cli(['run', '--format', 'pcapng', '--out', 'folder.d/a', 'a'], { a: SCRIPTS.two });
    expect(Object.keys(unnamed.bytes)).toEqual(['folder.d/a-1', 'folder.d/a-2']);
  });

  test('says in one sentence why standard output can not take it', async () => {
    const two = await cli(['run', '--format', 'pcapng', 'a'], { a: SCRIPTS.two });
    expect([two.code, two.outBytes]).toEqual([3, []]);
    expect(two.err).toContain('there are 2 scenarios');
    const terminal = await cli(['run', '--format', 'pcapng', 'a'], { a: SCRIPTS.handshake }, { terminal: true });
    expect([terminal.code, terminal.outBytes]).toEqual([3, []]);
    expect(terminal.err).toContain('no text for a terminal');
    const chosen = await cli(['run', '--format', 'pcapng', '--scenario', 'Two', 'a'], { a: SCRIPTS.two });
    expect(chosen.outBytes.length).toBe(1);
  });
});
