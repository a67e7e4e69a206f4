import { characters } from './textWidth';

/** The four ways out of a cell that a line may take; a cell holds an OR of them, so that lines that meet are joined. */
export const WAY = { up: 1, down: 2, left: 4, right: 8 } as const;

/** Colours of the diagram; `plain` is the terminal's own. */
export type Ink = 'plain' | 'dim' | 'strong' | 'good' | 'bad' | 'arrow';

/** The characters of one cell for each combination of ways, and of the ends of arrows. */
export interface Pen {
  /** Indexed by an OR of {@link WAY}. */
  readonly lines: readonly string[];
  readonly headRight: string;
  readonly headLeft: string;
  readonly cross: string;
}

/** Box drawing characters with round corners. */
export const UNICODE_PEN: Pen = {
  lines: [' ', '╵', '╷', '│', '╴', '╯', '╮', '┤', '╶', '╰', '╭', '├', '─', '┴', '┬', '┼'],
  headRight: '▶',
  headLeft: '◀',
  cross: '✗',
};

/** For terminals without Unicode. */
export const ASCII_PEN: Pen = {
  lines: [' ', '|', '|', '|', '-', "'", '.', '+', '-', "'", '.', '+', '-', '+', '+', '+'],
  headRight: '>',
  headLeft: '<',
  cross: 'x',
};

/** Replaced, never changed: all blank cells of a sheet are one. */
interface Cell {
  /** An OR of {@link WAY}; not drawn where there is `text`. */
  readonly ways: number;
  /** null: draw the ways; the empty string: the second half of a wide character. */
  readonly text: string | null;
  readonly ink: Ink;
}

const BLANK: Cell = { ways: 0, text: null, ink: 'plain' };

/** A sheet of character cells, as wide and as high as what is drawn on it. */
export class Canvas {
  readonly #rows: Cell[][] = [];

  constructor(readonly pen: Pen) {}

  /** Draws a line from one cell to another of the same row, joined with what is there; the ends point inwards. */
  horizontal(row: number, from: number, to: number, ink: Ink): void {
    const [left, right] = from < to ? [from, to] : [to, from];
    for (let x = left; x <= right; x++) {
      if (x > left) this.#join(row, x, WAY.left, ink);
      if (x < right) this.#join(row, x, WAY.right, ink);
    }
  }

  /** Draws a line from a row to a row below it. */
  vertical(column: number, fromRow: number, toRow: number, ink: Ink): void {
    for (let y = fromRow; y <= toRow; y++) {
      if (y > fromRow) this.#join(y, column, WAY.up, ink);
      if (y < toRow) this.#join(y, column, WAY.down, ink);
    }
  }

  /** Writes over what is there, from `column` to the right. */
  write(row: number, column: number, text: string, ink: Ink): void {
    let x = column;
    for (const { text: character, columns } of characters(text)) {
      this.#put(row, x, character, ink);
      if (columns === 2) this.#put(row, x + 1, '', ink);
      x += columns;
    }
  }

  /** Whether nothing is drawn on a row from one column to before another. */
  isBlank(row: number, from: number, to: number): boolean {
    const cells = this.#rows[row]?.slice(Math.max(0, from), to) ?? [];
    return from >= 0 && cells.every(({ ways, text }) => ways === 0 && (text === null || text === ' '));
  }

  /** How many columns of a row are in use. */
  columnsOf(row: number): number {
    return this.#rows[row]?.length ?? 0;
  }

  /** The sheet as text, without blanks at the ends of lines; `paint` colours a stretch of one ink. */
  toLines(paint: (text: string, ink: Ink) => string): string[] {
    return this.#rows.map((row) => {
      const stretches: { text: string; ink: Ink }[] = [];
      const drawn = row.map((cell) => ({ text: cell.text ?? this.pen.lines[cell.ways] ?? ' ', ink: cell.ink }));
      while (drawn.at(-1)?.text === ' ') drawn.pop();
      for (const cell of drawn) {
        const last = stretches.at(-1);
        if (last !== undefined && last.ink === cell.ink) last.text += cell.text;
        else stretches.push({ ...cell });
      }
      return stretches.map(({ text, ink }) => paint(text, ink)).join('');
    });
  }

  #join(row: number, column: number, way: number, ink: Ink): void {
    const cells = this.#rowUpTo(row, column);
    const { ways, text, ink: before } = cells[column] ?? BLANK;
    cells[column] = { ways: ways | way, text, ink: ways === 0 || ink !== 'dim' ? ink : before };
  }

  #put(row: number, column: number, text: string, ink: Ink): void {
    const cells = this.#rowUpTo(row, column);
    cells[column] = { ways: cells[column]?.ways ?? 0, text, ink };
  }

  /** The cells of a row, with a blank one at least up to `column`. */
  #rowUpTo(row: number, column: number): Cell[] {
    for (let y = this.#rows.length; y <= row; y++) this.#rows.push([]);
    const cells = this.#rows[row];
    if (cells === undefined) throw new RangeError(`no row ${row}`);
    for (let x = cells.length; x <= column; x++) cells.push(BLANK);
    return cells;
  }
}
