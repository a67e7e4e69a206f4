/** What is bundled with an edit of the engine: running scripts, and the checks. */
export { analyze } from '../../src/session/analyze';
export { CHECKS } from './checks';
