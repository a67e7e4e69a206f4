import type { PanelMessage } from '../src/protocol/messages';

/** What a part of the panel wants the editor to be told; goes up to the panel itself. */
export class PanelRequest extends Event {
  static readonly type = 'panel-request';

  constructor(readonly messages: readonly PanelMessage[]) {
    super(PanelRequest.type, { bubbles: true, composed: true });
  }
}
