import type { Check, Session } from '../session';
import { becauseLine } from '../session/because';
import { waitingLine } from '../session/whyNot';
import { ASCII_PEN } from './canvas';
import type { DiagramStyle } from './diagram';
import { printable } from './textWidth';

/** How many failed checks are explained: a script that is wrong throughout shows it with the first ones. */
const MOST_EXPLAINED = 10;

/** For each check that failed, the chain of causes of what it judged, and why its hosts sent nothing; each ends with an empty line. */
export function whyFailed(session: Session, style: DiagramStyle): string[] {
  const failed = session.checks().filter(({ ok, because, waiting }) => !ok && because.length + waiting.length > 0);
  const lines = failed.slice(0, MOST_EXPLAINED).flatMap((check) => [...explanation(check, style), '']);
  const left = failed.length - MOST_EXPLAINED;
  return left > 0 ? [...lines, `(and ${left} more failed ${left === 1 ? 'check' : 'checks'})`, ''] : lines;
}

function explanation({ span, text, actual, because, waiting }: Check, style: DiagramStyle): string[] {
  const shown = (line: string): string => printable(style.pen === ASCII_PEN ? inAscii(line) : line);
  return [
    style.paint(shown(`line ${span.line}: ${text}: ${actual}`), 'strong'),
    ...because.map((link) => shown(`  ${link.kind === 'more' ? link.what : `because ${becauseLine(link)}`}`)),
    ...waiting.map((reason) => shown(`  ${reason.host} sends nothing: ${waitingLine(reason)}`)),
  ];
}

/** The signs of our own sentences that ASCII does not have. */
function inAscii(text: string): string {
  return text.replaceAll('…', '...').replaceAll('µ', 'u');
}
