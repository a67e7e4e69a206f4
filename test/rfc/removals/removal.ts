import type { RequirementId } from '../../../src/engine/requirements';
import type { Edit } from '../engines';

/** An edit of the engine that takes away what a requirement asks for. */
export interface Removal extends Edit {
  readonly id: RequirementId;
  /** What TCP does after the edit, in a few words. */
  readonly then: string;
}

/** A removal in a file of `src/engine/tcp`. */
export function tcp(id: RequirementId, file: string, text: string, replacement: string, then: string): Removal {
  return { id, file: `src/engine/tcp/${file}`, text, replacement, then };
}

/** A removal in another file of `src/engine`. */
export function engine(id: RequirementId, file: string, text: string, replacement: string, then: string): Removal {
  return { id, file: `src/engine/${file}`, text, replacement, then };
}
