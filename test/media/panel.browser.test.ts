import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunView } from '../../src/protocol/view';
import { THREE_HOSTS } from '../script/support';
import { noBrowser, type OpenPanel, PanelBrowser } from './browser';
import { exampleRun, scriptRun } from './examples';
import { momentOf, partOf, stretchOf } from './fixtures';
import { burst, fourWayClose, handshake, korean, lostSyn, paced, simultaneousClose, threeHosts } from './runs';
import { THEMES, type ThemeName } from './themes';

if (noBrowser !== null) console.warn(`The panel is not tried in a browser: ${noBrowser}.`);

const MIDDLE = { width: 700, height: 900 };

describe.skipIf(noBrowser !== null)('the panel in a browser', () => {
  let browser: PanelBrowser;
  let panel: OpenPanel;

  beforeAll(async () => {
    browser = await PanelBrowser.start();
  }, 60_000);
  afterAll(() => browser?.stop());
  afterEach(async () => {
    expect(panel.errors).toEqual([]);
    await panel.close();
  });

  async function shown(run: RunView, moment: number, size = MIDDLE, theme: ThemeName = 'dark'): Promise<OpenPanel> {
    panel = await browser.open(theme, size);
    await panel.say({ type: 'run', view: run, moment: momentOf(run, moment) });
    return panel;
  }

  const last = (run: RunView) => run.moments.length - 1;
  const segment = (id: number) => panel.page.locator(`#segment-${id}`);
  const toldSince = async (count: number) => (await panel.told()).slice(count);

  it('says that it is ready, and shows nothing before the first run', async () => {
    panel = await browser.open('dark', MIDDLE);
    expect(await panel.told()).toEqual([{ type: 'ready' }]);
    expect(await panel.page.locator('.empty').textContent()).toContain('appears when a script');
  });

  it.each(['handshake', 'korean'] as const)('says of %s how it came to this, and why nothing is sent', async (name) => {
    const run = { handshake, korean }[name];
    await shown(run, 2);
    const told = (await panel.told()).length;
    const chain = panel.page.locator('tcpscript-chain');
    expect(await chain.locator('li').evaluateAll((links) => links.map((link) => link.className))).toEqual([
      'event',
      'arrival',
      'line',
    ]);
    expect(await chain.locator('li').last().textContent()).toContain('client calls OPEN at 0 ms by line 4');
    await chain.locator('li.arrival .go').click();
    await chain.locator('li.line .reveal').click();
    expect(await toldSince(told)).toEqual([
      { type: 'travel', moment: 1 },
      { type: 'reveal', line: 4 },
    ]);
    // The current moment is no place to go to.
    expect(await chain.locator('li.event .go').count()).toBe(0);
    const waiting = panel.page.locator('tcpscript-waiting');
    expect(await waiting.locator('dt').allTextContents()).toEqual(run.hosts.map((host) => host.name));
    expect(await waiting.locator('dd').first().textContent()).toContain('it is sent again at 1 s');
  });

  it('does not travel along a chain when the session is over', async () => {
    await shown(handshake, 2);
    await panel.say({ type: 'ended' });
    expect(await panel.page.locator('tcpscript-chain li.arrival .go').isDisabled()).toBe(true);
  });

  it('draws hosts, arrows, states, breaks and the cross of a lost segment', async () => {
    await shown(lostSyn, last(lostSyn));
    const diagram = panel.page.locator('tcpscript-diagram');
    expect(await diagram.locator('.host-name').allTextContents()).toEqual(['client', 'server']);
    expect(await diagram.locator('.arrow > text:not(.note)').allTextContents()).toEqual([
      'SYNseq=0len=0win=65535',
      'SYNseq=0len=0win=65535retransmission',
      'SYN-ACKseq=0ack=1len=0win=65535',
      'ACKseq=1ack=1len=0win=65535',
    ]);
    expect(await diagram.locator('.chip text').allTextContents()).toContain('SYN-RECEIVED');
    expect(await diagram.locator('.break-text').textContent()).toBe('1 s later');
    expect(await diagram.locator('.cross').count()).toBe(1);
    expect(await diagram.locator('.note').textContent()).toBe('drop next (line 7)');
  });

  it.each([240, 420, 530, 700])('shows all of where it stands in a long run, %i pixels wide', async (width) => {
    const [first] = handshake.moments;
    if (first === undefined) throw new Error('no moments');
    const moments = Array.from({ length: 1_972 }, (_, index) => ({ ...first, index }));
    const run: RunView = { ...handshake, finished: false, moments, momentCount: moments.length };
    panel = await browser.open('dark', { width, height: 600 });
    await panel.say({
      type: 'run',
      view: run,
      moment: { ...momentOf(handshake, 1), index: 1_971, timeUs: 1_234_567 },
    });
    const toolbar = panel.page.locator('tcpscript-toolbar');
    expect(await toolbar.locator('.place').textContent()).toMatch(/· 1972 \/ 1972\+$/);
    const boxes = await toolbar.locator('.steps, input, .place, .numbers').evaluateAll((parts) =>
      parts.map((part) => {
        const { left, right, top, bottom } = part.getBoundingClientRect();
        return { left, right, top, bottom, isCut: part.scrollWidth > part.clientWidth };
      }),
    );
    for (const [index, box] of boxes.entries()) {
      expect([box.left >= 0, box.right <= width, box.isCut]).toEqual([true, true, false]);
      for (const other of boxes.slice(index + 1)) {
        const isApart =
          box.right <= other.left || other.right <= box.left || box.bottom <= other.top || other.bottom <= box.top;
        expect(isApart).toBe(true);
      }
    }
  });

  it('shows the line and travels when an arrow is clicked', async () => {
    await shown(handshake, last(handshake));
    await segment(1).locator('text').click();
    const { line, sentMoment } = handshake.segments[1] ?? { line: 0, sentMoment: -1 };
    expect(await toldSince(1)).toEqual([
      { type: 'reveal', line },
      { type: 'travel', moment: sentMoment },
    ]);
  });

  it('travels when a state or a height is clicked', async () => {
    await shown(handshake, 0);
    const state = handshake.states.find((one) => one.state === 'SYN-RECEIVED');
    await panel.page.locator('.chip', { hasText: 'SYN-RECEIVED' }).click();
    expect(await toldSince(1)).toEqual([{ type: 'travel', moment: state?.moment }]);
    await panel.page.locator('.canvas').click({ position: { x: 350, y: 240 } });
    const [, travel] = await toldSince(1);
    expect(travel?.type === 'travel' && travel.moment > (state?.moment ?? 0)).toBe(true);
  });

  it('goes from arrow to arrow and from moment to moment by keyboard', async () => {
    await shown(handshake, 5);
    await segment(0).focus();
    await panel.page.keyboard.press('ArrowDown');
    await expect.poll(() => focusedId(panel)).toBe('segment-1');
    await panel.page.keyboard.press('End');
    await expect.poll(() => focusedId(panel)).toBe('segment-2');
    await panel.page.keyboard.press('Home');
    await expect.poll(() => focusedId(panel)).toBe('segment-0');
    for (const key of ['ArrowLeft', 'ArrowRight', 'Enter']) await panel.page.keyboard.press(key);
    const { line, sentMoment } = handshake.segments[0] ?? { line: 0, sentMoment: -1 };
    expect(await toldSince(1)).toEqual([
      { type: 'travel', moment: 4 },
      { type: 'travel', moment: 6 },
      { type: 'reveal', line },
      ...(sentMoment === 5 ? [] : [{ type: 'travel', moment: sentMoment }]),
    ]);
  });

  it('has one tab stop in the diagram, and takes a step beyond what is known', async () => {
    await shown(handshake, last(handshake));
    expect(await panel.page.locator('.arrow[tabindex="0"]').count()).toBe(1);
    await panel.page.locator('.arrow[tabindex="0"]').focus();
    await panel.page.keyboard.press('ArrowRight');
    expect(await toldSince(1)).toEqual([{ type: 'step', step: 'stepIn' }]);
  });

  it('lets the keyboard and a screen reader come to the marks, with a tab stop of their own', async () => {
    await shown(fourWayClose, last(fourWayClose));
    const marks = panel.page.locator('.mark');
    expect(await marks.count()).toBeGreaterThan(2);
    expect(await panel.page.locator('.mark[tabindex="0"]').count()).toBe(1);
    for (const name of await marks.evaluateAll((all) => all.map((mark) => mark.getAttribute('aria-label'))))
      expect(name).toMatch(/.+, at \d/);
    await panel.page.locator('.mark[tabindex="0"]').focus();
    await panel.page.keyboard.press('Home');
    const first = await focusedId(panel);
    expect(first).toMatch(/^mark-/);
    await panel.page.keyboard.press('ArrowDown');
    await expect.poll(() => focusedId(panel)).not.toBe(first);
    const second = await focusedId(panel);
    expect(second).toMatch(/^mark-/);
    await panel.page.keyboard.press('Enter');
    const moment = Number(second.split('-')[1]);
    expect((await toldSince(1)).at(-1)).toEqual({ type: 'travel', moment });
    await panel.page.keyboard.press('Tab');
    expect(await focusedId(panel)).toMatch(/^segment-/);
  });

  it('lets the keyboard come to the states and the ICMP messages', async () => {
    const { run, moment } = exampleRun('path-mtu.tcpscript');
    panel = await browser.open('dark', MIDDLE);
    await panel.say({ type: 'run', view: run, moment });
    expect(await panel.page.locator('.chip[tabindex="0"]').count()).toBe(1);
    await panel.page.locator('.chip[tabindex="0"]').focus();
    await panel.page.keyboard.press('Home');
    await expect.poll(() => focusedName(panel)).toBe('client is CLOSED, at 0');
    await panel.page.keyboard.press('End');
    await expect.poll(() => focusedName(panel)).toMatch(/^server is ESTABLISHED, at /);
    await panel.page.keyboard.press('Enter');
    const entered = run.states.filter(({ host }) => host === 'server').at(-1)?.moment;
    expect((await toldSince(1)).at(-1)).toEqual({ type: 'travel', moment: entered });
    await panel.page.locator('.message').first().focus();
    expect(await focusedName(panel)).toMatch(/fragmentation needed.* from a router to client, at /i);
    await panel.page.keyboard.press('Enter');
    expect((await toldSince(1)).at(-1)).toEqual({ type: 'travel', moment: run.icmp[0]?.sentMoment });
  });

  it('draws the ICMP message of a router from half-way', async () => {
    const { run, moment } = exampleRun('path-mtu.tcpscript');
    const tall = { width: 700, height: 1100 };
    panel = await browser.open('dark', tall);
    await panel.say({ type: 'run', view: run, moment });
    const [message] = run.icmp;
    expect(message?.from).toBeNull();
    const line = panel.page.locator('.line.icmp');
    expect(await line.count()).toBe(run.icmp.length);
    expect(await line.locator('.router').count()).toBe(1);
    expect(await line.locator('polygon.head').count()).toBe(1);
    const ends = await line
      .locator('.shaft')
      .evaluate((shaft) => ['x1', 'x2', 'y1', 'y2'].map((name) => Number(shaft.getAttribute(name))));
    const columns = await panel.page
      .locator('.lifeline')
      .evaluateAll((all) => all.map((one) => Number(one.getAttribute('x1'))));
    const [client = 0, server = 0] = columns;
    const [x1 = 0, x2 = 0, y1 = 0, y2 = 0] = ends;
    expect(x1).toBeCloseTo((client + server) / 2, 0);
    expect(x2).toBeGreaterThan(client);
    expect(x2).toBeLessThan(client + 10);
    expect(y2).toBeGreaterThan(y1);
    expect(await panel.page.locator('.message text').textContent()).toMatch(/mtu=1400|MTU 1400/i);
    expect(await panel.page.locator('.message title').textContent()).toContain('A router on the link');
    await panel.say({ type: 'moment', moment: momentOf(run, 0) });
    expect(await panel.page.locator('.line.icmp.later').count()).toBe(1);
    for (const width of [700, 570, 270]) {
      await panel.page.setViewportSize({ width, height: 1100 });
      await panel.say({ type: 'run', view: run, moment });
      const reason = await panel.page.locator('.arrow .note').boundingBox();
      const said = await panel.page.locator('.message text').boundingBox();
      if (reason === null || said === null) throw new Error('The loss and the message are not drawn.');
      expect(said.y, `${width} px wide`).toBeGreaterThan(reason.y + reason.height - 2);
    }
  });

  it('draws a forged ICMP message from the lifeline of its forger', async () => {
    const { run, moment } = scriptRun(
      `${THREE_HOSTS}client connect\nattacker inject ICMP port-unreachable to client\nwait 50ms\n`,
    );
    expect(run.icmp.map(({ from, to }) => [from, to])).toEqual([['attacker', 'client']]);
    panel = await browser.open('dark', MIDDLE);
    await panel.say({ type: 'run', view: run, moment });
    const line = panel.page.locator('.line.icmp.injected');
    expect(await line.locator('.router').count()).toBe(0);
    const x = (name: string) =>
      line.locator('.shaft').evaluate((shaft, which) => Number(shaft.getAttribute(which)), name);
    const lifelines = await panel.page
      .locator('.lifeline')
      .evaluateAll((all) => all.map((one) => Number(one.getAttribute('x1'))));
    expect(Math.abs((await x('x1')) - (lifelines[2] ?? 0))).toBeLessThan(10);
    expect(Math.abs((await x('x2')) - (lifelines[0] ?? 0))).toBeLessThan(10);
    expect(await panel.page.locator('.message').getAttribute('aria-label')).toMatch(
      /port unreachable.*, from attacker to client, at /i,
    );
  });

  it("takes the debugger's keys while a run stands, and leaves them to the editor otherwise", async () => {
    await shown(handshake, 3);
    await panel.page.evaluate(() =>
      window.addEventListener('keydown', ({ key }) => {
        document.body.dataset.keys = `${document.body.dataset.keys ?? ''}${key} `;
      }),
    );
    const press = async (...keys: string[]) => {
      for (const key of keys) await panel.page.keyboard.press(key);
    };
    await segment(0).focus();
    await press('F10', 'F11', 'F5');
    expect(await toldSince(1)).toEqual([
      { type: 'step', step: 'next' },
      { type: 'step', step: 'stepIn' },
      { type: 'step', step: 'continue' },
    ]);
    const heard = () => panel.page.evaluate(() => document.body.dataset.keys ?? '');
    expect(await heard()).toBe('');
    await press('Shift+F11');
    await panel.say({ type: 'running', momentCount: 9, timeUs: 1 });
    await press('F10');
    await panel.say({ type: 'ended' });
    await press('F11');
    expect(await heard()).toBe('Shift F11 F10 F11 ');
    expect((await toldSince(1)).length).toBe(3);
  });

  it('says how much of a long run can not be seen any more when the session has ended', async () => {
    const long = burst(3_000);
    panel = await browser.open('dark', { width: 300, height: 700 });
    await panel.say({ type: 'run', view: stretchOf(long, 1_000, 2_000), moment: momentOf(long, 1_500) });
    await panel.say({ type: 'ended' });
    expect(await panel.page.locator('button.more').count()).toBe(0);
    expect(await panel.page.locator('span.more').allTextContents()).toEqual([
      '1000 earlier moments can be seen only while the session lives',
      `${long.momentCount - 2_000} later moments can be seen only while the session lives`,
    ]);
  });

  it.each([240, 270, 300])('holds both hosts in a panel of %i pixels', async (width) => {
    await shown(handshake, last(handshake), { width, height: 700 });
    const { scrollWidth, clientWidth } = await panel.page
      .locator('.scroller')
      .evaluate((element) => ({ scrollWidth: element.scrollWidth, clientWidth: element.clientWidth }));
    expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
    const table = await panel.page
      .locator('tcpscript-table')
      .evaluate((element) => ({ scrollWidth: element.scrollWidth, clientWidth: element.clientWidth }));
    expect(table.scrollWidth).toBeLessThanOrEqual(table.clientWidth);
    for (const host of await panel.page.locator('.host-name').all()) {
      const box = await host.boundingBox();
      expect(box !== null && box.x >= 0 && box.x + box.width <= width).toBe(true);
    }
  });

  it('lets the lines of a burst be seen through its labels', async () => {
    const run = burst(12);
    await shown(run, last(run));
    const opacity = (id: number) =>
      segment(id)
        .locator('.paper')
        .first()
        .evaluate((paper) => Number(getComputedStyle(paper).fillOpacity));
    expect(await opacity(3)).toBeLessThan(0.8);
    await panel.close();
    await shown(handshake, last(handshake));
    expect(await opacity(0)).toBe(1);
  });

  it('asks for the debugger steps and travels by the slider', async () => {
    await shown(handshake, 3);
    for (const name of [
      'Run back',
      'Step back one statement',
      'Step back one event',
      'Step into',
      'Step over',
      'Continue',
    ]) {
      await panel.page.getByRole('button', { name }).click();
    }
    await panel.page.getByRole('slider').fill('7');
    expect(await toldSince(1)).toEqual([
      ...['reverseContinue', 'stepBack', 'stepBackEvent', 'stepIn', 'next', 'continue'].map((step) => ({
        type: 'step',
        step,
      })),
      { type: 'travel', moment: 7 },
    ]);
  });

  it('can not step back from the start, and nowhere when the session has ended', async () => {
    await shown(handshake, 0);
    const disabled = () => panel.page.locator('.steps button:disabled').count();
    expect(await disabled()).toBe(3);
    await panel.say({ type: 'ended' });
    expect(await disabled()).toBe(6);
    expect(await panel.page.getByRole('slider').isDisabled()).toBe(true);
    await segment(2).locator('text').click();
    expect((await toldSince(1)).map(({ type }) => type)).toEqual(['reveal']);
  });

  it('writes absolute numbers when asked to, and remembers that', async () => {
    await shown(handshake, last(handshake));
    await panel.page.getByRole('button', { name: 'relative' }).click();
    await expect.poll(() => segment(1).locator('text').textContent()).toContain('seq=1000ack=5001');
    expect(await panel.page.locator('td.changed').first().textContent()).toBe('1000 → 1001');
    const kept: unknown = JSON.parse(
      await panel.page.evaluate(() => document.documentElement.getAttribute('data-kept') ?? 'null'),
    );
    await panel.close();
    panel = await browser.open('dark', MIDDLE, kept);
    await panel.say({ type: 'run', view: handshake, moment: momentOf(handshake, 0) });
    expect(await segment(1).locator('text').textContent()).toContain('seq=1000');
  });

  it('dims what is still to come, and shows what is in flight', async () => {
    const sent = handshake.segments[1]?.sentMoment ?? 0;
    await shown(handshake, sent);
    expect(await panel.page.locator('.arrow.later').count()).toBe(1);
    expect(await panel.page.locator('.line.travelling').count()).toBe(1);
    expect(await panel.page.locator('.in-flight').allTextContents()).toEqual(['in flight']);
    expect(await segment(1).getAttribute('aria-current')).toBe('step');
  });

  it('draws the same whether a run came at once or moment by moment', async () => {
    const texts = () => panel.page.locator('tcpscript-diagram text').allTextContents();
    await shown(lostSyn, last(lostSyn));
    const atOnce = await texts();
    await panel.close();
    await shown(partOf(lostSyn, 1), 0);
    for (let count = 2; count <= lostSyn.moments.length; count++) {
      const {
        title: _title,
        hosts: _hosts,
        ...extension
      } = count === lostSyn.moments.length ? lostSyn : partOf(lostSyn, count);
      await panel.say({ type: 'extend', extension, moment: momentOf(lostSyn, count - 1) });
    }
    expect(await texts()).toEqual(atOnce);
  });

  it('writes out the cause with its section, and marks what changed', async () => {
    await shown(handshake, 4);
    const link = panel.page.locator('tcpscript-cause a');
    expect(await link.textContent()).toBe('RFC 9293 3.10.1');
    expect(await link.getAttribute('href')).toBe('https://www.rfc-editor.org/rfc/rfc9293#section-3.10.1');
    expect(await panel.page.locator('.requirement').textContent()).toBe('MUST-13');
    const changed = panel.page.locator('td.changed');
    expect(await changed.allTextContents()).toEqual(['0 → 1', '2 s → 1 s']);
    expect(await panel.page.getByRole('status').textContent()).toContain(momentOf(handshake, 4).title);
  });

  it('tells the whole header where the pointer is', async () => {
    await shown(handshake, last(handshake));
    await segment(0).locator('text').hover();
    const tip = await panel.page.locator('.tip').innerText();
    for (const fact of ['0 (on the wire 1000)', '65535', 'mss 1460', 'arrives at 10 ms']) expect(tip).toContain(fact);
  });

  it('holds ten thousand segments, draws only some, and goes to the current one', async () => {
    const run = paced(5_000);
    await shown(run, 0);
    const before = await panel.page.locator('tcpscript-diagram svg *').count();
    expect(before).toBeLessThan(3_000);
    const middle = run.moments.findIndex(({ timeUs, kind }) => kind === 'segment-sent' && timeUs > 10_000_000);
    await panel.say({ type: 'moment', moment: momentOf(run, middle) });
    await expect.poll(() => panel.page.locator('.arrow.current').count()).toBe(1);
    const flag = await panel.page.locator('.now-flag').boundingBox();
    const frame = await panel.page.locator('tcpscript-diagram').boundingBox();
    expect(flag !== null && frame !== null && flag.y > frame.y && flag.y < frame.y + frame.height).toBe(true);
    const scrolled = () => panel.page.locator('.scroller').evaluate((element) => element.scrollTop);
    const top = await scrolled();
    await panel.say({ type: 'moment', moment: momentOf(run, middle + 1) });
    expect(await scrolled()).toBe(top);
  }, 60_000);

  it('asks for more of a long run near the end of what it knows, and keeps the place when that comes', async () => {
    const run = paced(1_000);
    const [from, to] = [1_000, 1_600];
    await shown(stretchOf(run, from, to), 1_300);
    const scroller = panel.page.locator('.scroller');
    const middle = run.segments.find(({ sentMoment }) => sentMoment > 1_010)?.id ?? 0;
    await scroller.evaluate((element) => element.scrollTo(0, 200));
    await expect.poll(() => toldSince(1)).toEqual([{ type: 'window', around: expect.any(Number) }]);
    const [asked] = await toldSince(1);
    if (asked?.type !== 'window') throw new Error('nothing was asked');
    expect(asked.around >= from && asked.around < from + 100).toBe(true);
    const place = async () => (await segment(middle).boundingBox())?.y ?? Number.NaN;
    const before = await place();
    await panel.say({ type: 'window', view: stretchOf(run, 500, 1_500) });
    expect(await scroller.evaluate((element) => element.scrollTop)).toBeGreaterThan(1_000);
    expect(Math.abs((await place()) - before)).toBeLessThan(2);
    expect(await panel.page.locator('tcpscript-toolbar .place').textContent()).toMatch(
      new RegExp(`/ ${run.momentCount}$`),
    );
  });

  it('goes by keyboard beyond the stretch that it knows', async () => {
    const run = paced(1_000);
    await shown(stretchOf(run, 1_000, 2_000), 1_500);
    await panel.page.locator('.arrow[tabindex="0"]').focus();
    await panel.page.keyboard.press('Home');
    await expect.poll(() => toldSince(1)).toEqual([{ type: 'window', around: 0 }]);
    await panel.say({ type: 'window', view: stretchOf(run, 0, 1_000) });
    await expect.poll(() => focusedId(panel)).toBe('segment-0');
    await panel.page.keyboard.press('End');
    await expect.poll(async () => (await toldSince(1)).at(-1)).toEqual({ type: 'window', around: run.momentCount - 1 });
    await panel.say({ type: 'window', view: stretchOf(run, 2_500, run.momentCount) });
    await expect.poll(() => focusedId(panel)).toBe(`segment-${run.segments.at(-1)?.id}`);
    expect(await panel.page.getByRole('button', { name: '2500 earlier moments' }).count()).toBe(1);
    expect(await panel.page.locator('.more.later').count()).toBe(0);
  });

  it('says how far a run has got that goes on, and takes no step meanwhile', async () => {
    await shown(handshake, 3);
    await panel.say({ type: 'running', momentCount: 125_000, timeUs: 1_200_000 });
    const place = panel.page.locator('tcpscript-toolbar .place');
    await expect.poll(() => place.textContent()).toMatch(/running · 1\.2 s · 125000 moments/);
    expect(await panel.page.locator('.steps button:disabled').count()).toBe(6);
    await panel.say({ type: 'moment', moment: momentOf(handshake, 4) });
    await expect.poll(() => place.textContent()).toMatch(/· 5 \/ \d+$/);
  });

  it('puts the table at the side when there is room, and below when there is not', async () => {
    await shown(handshake, 0, { width: 1200, height: 800 });
    const boxes = async () => {
      const diagram = await panel.page.locator('tcpscript-diagram').boundingBox();
      const aside = await panel.page.locator('aside').boundingBox();
      if (diagram === null || aside === null) throw new Error('The panel is not shown.');
      return { diagram, aside };
    };
    const wide = await boxes();
    expect(wide.aside.x).toBeGreaterThanOrEqual(wide.diagram.x + wide.diagram.width);
    await panel.page.setViewportSize({ width: 300, height: 800 });
    await expect.poll(async () => (await boxes()).aside.x).toBe(0);
    const narrow = await boxes();
    expect(narrow.aside.y).toBeGreaterThanOrEqual(narrow.diagram.y + narrow.diagram.height);
  });

  const pictures = { handshake, lostSyn, fourWayClose, simultaneousClose, threeHosts, korean, burst: burst(12) };
  it.each(Object.entries(pictures))('%s: as drawn, no text lies on another or is cut off', async (_, run) => {
    await shown(run, last(run), { width: 1200, height: 2400 });
    for (const width of [1200, 700, 420, 300, 250]) {
      await panel.page.setViewportSize({ width, height: 2400 });
      await panel.say({ type: 'moment', moment: momentOf(run, last(run)) });
      expect(await overlappingTexts(panel), `${width} px wide`).toEqual([]);
    }
  });

  const exampleScripts = ['path-mtu', 'three-clients', 'syn-flood', 'lost-data'];
  it.each(exampleScripts)('%s.tcpscript: as drawn, no text lies on another or is cut off', async (name) => {
    const { run, moment } = exampleRun(`${name}.tcpscript`);
    panel = await browser.open('dark', { width: 1200, height: 3000 });
    for (const width of [1200, 700, 420, 270]) {
      await panel.page.setViewportSize({ width, height: 3000 });
      await panel.say({ type: 'run', view: run, moment });
      expect(await overlappingTexts(panel), `${width} px wide`).toEqual([]);
    }
  });

  it.each(Object.keys(THEMES) as ThemeName[])('%s: every text can be told from what is behind it', async (theme) => {
    await shown(handshake, last(handshake), MIDDLE, theme);
    expect(await faintTexts(panel)).toEqual([]);
  });
});

function focusedName(panel: OpenPanel): Promise<string> {
  return panel.page
    .locator('tcpscript-diagram')
    .evaluate((element) => element.shadowRoot?.activeElement?.getAttribute('aria-label') ?? '');
}

function focusedId(panel: OpenPanel): Promise<string> {
  return panel.page.locator('tcpscript-diagram').evaluate((element) => element.shadowRoot?.activeElement?.id ?? '');
}

/** Pairs of the diagram's texts whose letters share a place, and texts that leave the drawing. */
function overlappingTexts(panel: OpenPanel): Promise<readonly string[]> {
  return panel.page.locator('tcpscript-diagram').evaluate((diagram) => {
    const texts = [...(diagram.shadowRoot?.querySelectorAll('.drawing text') ?? [])];
    const width = Number(diagram.shadowRoot?.querySelector('.drawing')?.getAttribute('width') ?? 0);
    const boxes = texts.map((text) => ({ name: text.textContent, box: (text as SVGTextElement).getBBox() }));
    const shown = boxes.filter(({ box }) => box.width > 0);
    // A line of text is a little higher than its letters are.
    const hit = (a: DOMRect, b: DOMRect) =>
      a.x < b.x + b.width - 1 &&
      b.x < a.x + a.width - 1 &&
      a.y + 2 < b.y + b.height - 2 &&
      b.y + 2 < a.y + a.height - 2;
    return shown.flatMap(({ name, box }, index) => [
      ...(box.x < 0 || box.x + box.width > width ? [`${name} leaves the drawing`] : []),
      ...shown.slice(index + 1).flatMap((other) => (hit(box, other.box) ? [`${name} / ${other.name}`] : [])),
    ]);
  });
}

/** Texts of the diagram and the table whose contrast with the background is less than 4.5 (WCAG 2.2, 1.4.3). */
function faintTexts(panel: OpenPanel): Promise<readonly string[]> {
  return panel.page.evaluate(() => {
    const luminance = (colour: string) => {
      const canvas = document.createElement('canvas').getContext('2d');
      if (canvas === null) throw new Error('There is no canvas.');
      canvas.fillStyle = getComputedStyle(document.body).backgroundColor;
      canvas.fillRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
      const linear = (value: number) =>
        value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
      return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    };
    const behind = luminance(getComputedStyle(document.body).backgroundColor);
    const contrast = (colour: string) => {
      const value = luminance(colour);
      return (Math.max(value, behind) + 0.05) / (Math.min(value, behind) + 0.05);
    };
    const root = document.querySelector('tcpscript-panel')?.shadowRoot;
    const parts = ['diagram', 'table', 'cause', 'chain', 'waiting', 'toolbar'].map((part) => `tcpscript-${part}`);
    const texts = parts.flatMap((part) => {
      const inside = root?.querySelector(part)?.shadowRoot;
      return [
        ...(inside?.querySelectorAll(
          'text, tspan, td, th, p, a, h2, dt, summary, button:not(:disabled), .place, .numbers',
        ) ?? []),
      ];
    });
    return texts.flatMap((text) => {
      const style = getComputedStyle(text);
      const ratio = contrast(text instanceof SVGElement ? style.fill : style.color);
      return ratio < 4.5 ? [`${text.textContent}: ${ratio.toFixed(2)}`] : [];
    });
  });
}
