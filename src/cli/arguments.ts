import { parseArgs } from 'node:util';
import { PROFILES, type ProfileName } from '../script/options';
import { CliError } from './io';

/** The formats that `run` can write. */
export const RUN_FORMATS = ['text', 'json', 'pcapng'] as const;

/** One of {@link RUN_FORMATS}. */
export type RunFormat = (typeof RUN_FORMATS)[number];

/** What the user asked for. */
export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | {
      readonly kind: 'run';
      readonly files: readonly string[];
      readonly format: RunFormat;
      /** Where the output goes; null for standard output. */
      readonly out: string | null;
      /** Only the scenarios with this title; null for all. */
      readonly scenario: string | null;
      /** A TIME as the user wrote it, such as `1.5s`; null to run to the end. */
      readonly until: string | null;
      readonly profile: ProfileName;
    }
  | { readonly kind: 'check'; readonly files: readonly string[] }
  | { readonly kind: 'fmt'; readonly files: readonly string[]; readonly check: boolean }
  | { readonly kind: 'explain'; readonly rules: readonly string[] };

/** What `tcpscript --help` prints. */
export const USAGE = `Usage:
  tcpscript run FILE...     run scripts and show what went over the wire
      --format FORMAT         text: an arrow diagram (the default); json (several files: an array);
                              pcapng: a capture for Wireshark (several scenarios: PATH-1, PATH-2, ...)
      --out PATH              write to a file instead of standard output
      --scenario NAME         only the scenario with this title
      --until TIME            stop at this moment of virtual time, such as 1.5s: a bound
      --profile NAME          rfc, linux or freebsd: defaults of hosts that name none
  tcpscript check FILE...   show everything that the editor would underline
  tcpscript fmt FILE...     format scripts in place
      --check                 change nothing; exit with 1 if something would change
  tcpscript explain RULE... what a rule such as open-active, or a requirement such as MUST-13, says

  - as FILE reads standard input (fmt then writes to standard output); -- ends the options.

Exit code: 0 all passed; 1 a check failed; 2 a script is wrong; 3 usage or file error; 4 a bound was met.
`;

const HELP = { help: { type: 'boolean', short: 'h' } } as const;

/** Commands that are planned and that a user may know from the documentation. */
const NOT_YET: readonly string[] = ['test'];
const FORMATS_NOT_YET: readonly string[] = ['mermaid', 'svg'];

const PARSERS: Readonly<Record<'run' | 'check' | 'fmt' | 'explain', (argv: readonly string[]) => Command>> = {
  run: parseRun,
  check: (argv) => {
    const { values, positionals } = parse('check', argv, HELP);
    return values.help === true ? { kind: 'help' } : { kind: 'check', files: someFiles('check', positionals) };
  },
  fmt: (argv) => {
    const { values, positionals } = parse('fmt', argv, { ...HELP, check: { type: 'boolean' } });
    if (values.help === true) return { kind: 'help' };
    return { kind: 'fmt', files: someFiles('fmt', positionals), check: values.check === true };
  },
  explain: (argv) => {
    const { values, positionals } = parse('explain', argv, HELP);
    if (values.help === true) return { kind: 'help' };
    if (positionals.length === 0) {
      throw new CliError("'explain' needs a rule or a requirement, such as: tcpscript explain open-active MUST-13");
    }
    return { kind: 'explain', rules: positionals };
  },
};

/**
 * Reads the arguments after the program's name.
 * Throws {@link CliError} with one clear sentence when they make no sense.
 */
export function parseCommand(argv: readonly string[]): Command {
  const [name, ...rest] = argv;
  if (name === undefined) throw new CliError("no command; 'tcpscript --help' lists the commands");
  if (name === '--help' || name === '-h' || name === 'help') return { kind: 'help' };
  if (name === '--version' || name === '-V') return { kind: 'version' };
  if (NOT_YET.includes(name)) throw new CliError(`'${name}' is not available in this version`);
  if (!isCommandName(name)) {
    throw new CliError(`unknown command '${name}'; the commands are ${listed(Object.keys(PARSERS))}`);
  }
  return PARSERS[name](rest);
}

function parseRun(argv: readonly string[]): Command {
  const { values, positionals } = parse('run', argv, {
    ...HELP,
    format: { type: 'string', default: 'text' },
    out: { type: 'string' },
    scenario: { type: 'string' },
    until: { type: 'string' },
    profile: { type: 'string', default: 'rfc' },
  });
  if (values.help === true) return { kind: 'help' };
  if (FORMATS_NOT_YET.includes(values.format)) {
    throw new CliError(`the format '${values.format}' is not available in this version; use ${listed(RUN_FORMATS)}`);
  }
  if (values.out === '') throw new CliError("'--out' needs the path of a file");
  return {
    kind: 'run',
    files: someFiles('run', positionals),
    format: oneOf('--format', values.format, RUN_FORMATS),
    out: values.out ?? null,
    scenario: values.scenario ?? null,
    until: values.until ?? null,
    profile: oneOf('--profile', values.profile, profileNames()),
  };
}

type OptionTable = Readonly<
  Record<string, { readonly type: 'string' | 'boolean'; readonly short?: string; readonly default?: string }>
>;

function parse<T extends OptionTable>(command: string, argv: readonly string[], options: T) {
  try {
    return parseArgs({ args: withNumbers(argv), options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new CliError(`${plainReason(error, Object.keys(options))} (tcpscript ${command} --help)`);
  }
}

/** A negative number after an option is its value, not an option that begins with a digit; `--` ends this. */
function withNumbers(argv: readonly string[]): string[] {
  const joined: string[] = [];
  for (const argument of argv) {
    const option = joined.at(-1);
    const isValue = /^-[\d.]/.test(argument) && option !== undefined && /^--\w[\w-]*$/.test(option);
    if (isValue && !joined.includes('--')) joined[joined.length - 1] = `${option}=${argument}`;
    else joined.push(argument);
  }
  return joined;
}

const REASONS: Readonly<Record<string, (message: string, options: readonly string[]) => string>> = {
  ERR_PARSE_ARGS_UNKNOWN_OPTION: (message, options) =>
    `unknown option ${quoted(message)}; the options are ${listed(options.map((name) => `--${name}`))}`,
  ERR_PARSE_ARGS_INVALID_OPTION_VALUE: (message) =>
    message.includes('does not take an argument')
      ? `the option ${quoted(message)} takes no value`
      : `the option ${quoted(message)} needs a value`,
};

function plainReason(error: unknown, options: readonly string[]): string {
  if (!(error instanceof Error)) throw error;
  const reason = 'code' in error && typeof error.code === 'string' ? REASONS[error.code] : undefined;
  return reason === undefined ? error.message : reason(error.message, options);
}

/** The option that a message of parseArgs is about: the first that it quotes. */
function quoted(message: string): string {
  const option = message.match(/'(?:-\w, )?(--?[^\s'=]+)/)?.[1];
  return option === undefined ? 'given' : `'${option}'`;
}

function someFiles(command: string, files: readonly string[]): readonly string[] {
  if (files.length === 0) throw new CliError(`'${command}' needs at least one file: tcpscript ${command} FILE...`);
  if (files.filter((file) => file === '-').length > 1) throw new CliError("'-' can be given only once");
  return files;
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((name) => name === value);
  if (found === undefined) throw new CliError(`'${option} ${value}' is unknown; use ${listed(allowed)}`);
  return found;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function profileNames(): ProfileName[] {
  return Object.keys(PROFILES).filter((name): name is ProfileName => Object.hasOwn(PROFILES, name));
}

function isCommandName(name: string): name is keyof typeof PARSERS {
  return Object.hasOwn(PARSERS, name);
}
