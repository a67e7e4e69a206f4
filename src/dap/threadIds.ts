/**
 * The number under which the client knows the script's one thread of control.
 *
 * A client gives the keyboard to the script's editor at every stop, which is wrong while somebody works in the panel; and
 * a stop that bears the protocol's `preserveFocusHint` it does not look at at all: VS Code goes on showing the variables
 * of the stop before. But when the thread that it looks at ends, VS Code turns to the one that is left, and leaves the
 * keyboard where it is. So the script goes on under a new number at a stop that the panel asked for, and the old number
 * ends as soon as the client knows the stack of the new one. Nothing of this depends on which message is faster.
 */
export class ThreadIds {
  private oldest = 1;
  private newest = 1;

  /** The number of the thread now. */
  get current(): number {
    return this.newest;
  }

  /** All numbers that have not ended, the current one last. */
  get all(): readonly number[] {
    return Array.from({ length: this.newest - this.oldest + 1 }, (_, index) => this.oldest + index);
  }

  /** Gives the thread a new number, and returns it; the old ones stay until they are taken. */
  renew(): number {
    this.newest += 1;
    return this.newest;
  }

  /** The numbers that can end now, oldest first. They are given out once. */
  takeOld(): readonly number[] {
    const old = this.all.slice(0, -1);
    this.oldest = this.newest;
    return old;
  }
}
