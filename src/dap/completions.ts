import type { DebugProtocol } from '@vscode/debugprotocol';
import { STATES } from '../engine/states';
import type { HostView } from '../protocol/view';
import { STATE_NAME } from './variables';

const WORD = /[\p{L}\p{N}_.:-]*$/u;

/** Before a host may stand: nothing, or a question. */
const QUESTION = /^\s*why(\s+not)?\s+$/;

/** What can stand at the end of `text` in the debug console: hosts, their variables, states after `is`, and the questions `why` and `why not`. */
export function completionsFor(text: string, hosts: readonly HostView[]): DebugProtocol.CompletionItem[] {
  const word = WORD.exec(text)?.[0] ?? '';
  const start = text.length - word.length;
  const item = (label: string, type: DebugProtocol.CompletionItemType): DebugProtocol.CompletionItem => ({
    label,
    type,
    start,
    length: word.length,
  });
  const before = text.slice(0, start);
  const asked = QUESTION.exec(before);
  const questions = before.trim() === '' ? ['why', 'why not'] : asked !== null && asked[1] === undefined ? ['not'] : [];
  const candidates = /\bis\s+$/i.test(before)
    ? STATES.map((state) => item(state, 'enum'))
    : [
        ...questions.map((question) => item(question, 'keyword')),
        ...hosts.map(({ name }) => item(name, 'class')),
        ...hosts
          .filter(({ name }) => word.startsWith(`${name}.`))
          .flatMap((host) =>
            [STATE_NAME, ...host.variables.map(({ name }) => name)].map((name) =>
              item(`${host.name}.${name}`, 'property'),
            ),
          ),
      ];
  const typed = word.toLowerCase();
  return candidates.filter(({ label }) => label.toLowerCase().startsWith(typed));
}
