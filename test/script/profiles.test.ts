import { describe, expect, it } from 'vitest';
import { DEFAULT_HOST, type HostConfig } from '../../src/engine/config';
import { PROFILES, type ProfileName } from '../../src/engine/profiles';
import { compileScript } from '../../src/script';
import { HOST_OPTIONS } from '../../src/script/options';
import { TCP_OPTIONS } from '../../src/script/tcpOptions';
import { scenarioOf } from './support';

const clientOf = (options: string): HostConfig | undefined =>
  scenarioOf(`host client { ${options} }\nserver listen`).hosts[0];

/** What a profile leaves to the host itself. */
const OWN = { name: 'client', address: '10.0.0.1', port: 49_152 };

describe('profiles', () => {
  it.each(Object.keys(PROFILES) as ProfileName[])('%s is the whole of a host that says nothing else', (name) => {
    expect(clientOf(`profile ${name}`)).toEqual({ ...PROFILES[name], ...OWN });
  });

  it('lie below the other options, wherever they stand', () => {
    for (const options of ['profile linux, sack off, iw 4 segments', 'sack off, iw 4 segments, profile linux']) {
      expect(clientOf(options)).toEqual({ ...PROFILES.linux, ...OWN, sack: false, initialWindowSegments: 4 });
    }
  });

  it('can be given for hosts that name none', () => {
    const { program } = compileScript('host server { profile rfc }\nclient connect\nserver listen', {
      profile: 'linux',
    });
    expect(program.scenarios[0]?.hosts.map(({ timestamps }) => timestamps)).toEqual([true, false]);
  });

  it('differ from the plainest choices', () => {
    expect(PROFILES.rfc).toBe(DEFAULT_HOST);
    expect(PROFILES.linux.probeForm).not.toBe(DEFAULT_HOST.probeForm);
    expect(PROFILES.freebsd.windowScale).toBe(6);
  });
});

describe('options of TCP', () => {
  it.each(TCP_OPTIONS.map(({ name, example }) => [name, example]))('%s: `%s` is understood', (name, example) => {
    expect(HOST_OPTIONS.has(name)).toBe(true);
    expect(clientOf(example)).toBeDefined();
  });

  it.each(TCP_OPTIONS.filter(({ value }) => value.kind === 'switch').map(({ name }) => name))(
    '%s on and off are not the same',
    (name) => {
      expect(clientOf(`${name} on`)).not.toEqual(clientOf(`${name} off`));
    },
  );

  it('keepalive on means two hours', () => {
    expect(clientOf('keepalive on')?.keepAliveUs).toBe(7_200_000_000);
    expect(compileScript('host client { keepalive maybe }\nserver listen').diagnostics[0]?.message).toContain(
      'a value such as `200ms` or `1.5s`, `on` or `off`, such as',
    );
  });

  it.each([
    ['window-scale 15', 'out-of-range'],
    ['congestion vegas', 'bad-option-value'],
    ['ecn maybe', 'bad-option-value'],
    ['sack', 'bad-option-value'],
    ['keepalive 3KiB', 'wrong-unit'],
    ['keepalive maybe', 'bad-option-value'],
    ['delayed-ack on', 'bad-option-value'],
  ])('%s is refused', (option, id) => {
    const { diagnostics } = compileScript(`host client { ${option} }\nserver listen`);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]?.span.line).toBe(1);
    expect(diagnostics[0]?.id).toBe(id);
  });
});
