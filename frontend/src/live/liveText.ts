/** The document that an editor binds to, and the client id under which this member writes in it. */
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";

/** A refusal or a difference replaces the whole of it: `generation` counts them. */
export interface LiveText {
  generation: number;
  doc: Y.Doc;
  awareness: Awareness;
}

export function newText(generation: number): LiveText {
  const doc = new Y.Doc();
  return { generation, doc, awareness: new Awareness(doc) };
}

/**
 * From here on this member writes and is seen under `clientId`; what was written stays as it is.
 * Silent: the provider sends the presence itself once the server has let it in.
 */
export function takeClientId({ doc, awareness }: LiveText, clientId: number): void {
  if (doc.clientID === clientId) return;
  const shown = awareness.getLocalState() ?? {};
  awareness.states.delete(awareness.clientID);
  awareness.meta.delete(awareness.clientID);
  doc.clientID = clientId;
  awareness.clientID = clientId;
  awareness.states.set(clientId, shown);
  awareness.meta.set(clientId, { clock: 0, lastUpdated: Date.now() });
}
