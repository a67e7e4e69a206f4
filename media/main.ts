/**
 * The panel's program. It knows nothing but the messages of `src/protocol`: what comes in is reduced to a state
 * (`store.ts`), which the elements draw; what somebody does goes out as a message and comes back as a new moment.
 * `diagramLayout.ts` decides where everything in the diagram is; the elements only draw what it says.
 */
import './panel';
import { rememberFocus } from './focusMemory';

rememberFocus();
