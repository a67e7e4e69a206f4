import {
  createDefaultCoreModule,
  createDefaultSharedCoreModule,
  DefaultTokenBuilder,
  EmptyFileSystem,
  type GrammarAST,
  inject,
  type LangiumCoreServices,
  type LangiumSharedCoreServices,
  type Lexer,
} from 'langium';
import type { Line } from './generated/ast';
import { TcpscriptGeneratedModule, TcpscriptGeneratedSharedModule } from './generated/module';

/** What the chevrotain lexer of Langium knows of a token, as far as it is used here. */
export interface Token {
  /** A keyword's text, or the name of a terminal of the grammar. */
  readonly type: string;
  readonly image: string;
  /** Offset from the start of the line's text. */
  readonly start: number;
  /** Offset behind the last character. */
  readonly end: number;
}

/** The rules of the grammar that a line can be parsed by: statements, or the options of `host { }` and `link { }`. */
export type LineRule = 'Statement' | 'Option';

/** A line that was understood, or the fact that it was not. */
export type LineParse = { readonly ok: true; readonly node: Line } | { readonly ok: false };

type KeywordTokens = ReturnType<DefaultTokenBuilder['buildTokens']>;

/** The terminals that a keyword may be the beginning of. */
const WORD_TOKENS: ReadonlySet<string> = new Set(['VARIABLE', 'ACTOR', 'WORD']);

/**
 * Langium looks for the words that go on after a keyword (`listening` after `listen`) only among patterns that are
 * plain regular expressions; those with Unicode classes are functions, so they are named here.
 */
class WordTokenBuilder extends DefaultTokenBuilder {
  protected override findLongerAlt(keyword: GrammarAST.Keyword, terminals: Extract<KeywordTokens, unknown[]>) {
    if (!/^[A-Za-z]/.test(keyword.value)) return [];
    return terminals.filter((token) => WORD_TOKENS.has(token.name));
  }
}

let cachedServices: LangiumCoreServices | null = null;

function services(): LangiumCoreServices {
  if (cachedServices !== null) return cachedServices;
  const shared: LangiumSharedCoreServices = inject(
    createDefaultSharedCoreModule(EmptyFileSystem),
    TcpscriptGeneratedSharedModule,
  );
  const core: LangiumCoreServices = inject(createDefaultCoreModule({ shared }), TcpscriptGeneratedModule, {
    parser: {
      TokenBuilder: () => new WordTokenBuilder(),
      ParserConfig: () => ({ recoveryEnabled: false, skipValidations: true }),
    },
  });
  shared.ServiceRegistry.register(core);
  cachedServices = core;
  return core;
}

/** The grammar as data: which rules there are and what they are made of. */
export function grammar(): GrammarAST.Grammar {
  return services().Grammar;
}

/** The tokens of one line; `unreadable` is the offset of the first character that begins no token, or null. */
export function tokenize(text: string): { readonly tokens: readonly Token[]; readonly unreadable: number | null } {
  const lexer: Lexer = services().parser.Lexer;
  const result = lexer.tokenize(text);
  const tokens = result.tokens.map((token) => ({
    type: token.tokenType.name,
    image: token.image,
    start: token.startOffset,
    end: token.startOffset + token.image.length,
  }));
  return { tokens, unreadable: result.errors[0]?.offset ?? null };
}

/** How many different lines are remembered before the older half is forgotten. */
const CACHE_LINES = 20_000;

/** Lines that were parsed before: an edit changes one line, so all others come from here. */
const caches: Record<LineRule, { young: Map<string, LineParse>; old: Map<string, LineParse> }> = {
  Statement: { young: new Map(), old: new Map() },
  Option: { young: new Map(), old: new Map() },
};

/** Parses one line without comments and braces. Remembers what it parsed: the same text gives the same (shared, immutable) tree. */
export function parseLine(text: string, rule: LineRule): LineParse {
  const cache = caches[rule];
  const known = cache.young.get(text) ?? cache.old.get(text);
  if (known !== undefined) return known;
  const parsed = parseFresh(text, rule);
  if (cache.young.size >= CACHE_LINES / 2) {
    cache.old = cache.young;
    cache.young = new Map();
  }
  cache.young.set(text, parsed);
  return parsed;
}

function parseFresh(text: string, rule: LineRule): LineParse {
  const result = services().parser.LangiumParser.parse<Line>(text, { rule });
  if (result.lexerErrors.length > 0 || result.parserErrors.length > 0) return { ok: false };
  return { ok: true, node: result.value };
}
