// The stock provider of Hocuspocus, as any of its users would set it up.
import { HocuspocusProvider, HocuspocusProviderWebsocket } from "@hocuspocus/provider";
import { doc, facts, listen, Socket, until } from "./lines.mjs";

const websocketProvider = new HocuspocusProviderWebsocket({
  url: facts.url,
  WebSocketPolyfill: Socket,
});
const provider = new HocuspocusProvider({
  websocketProvider,
  name: facts.name,
  document: doc,
  token: facts.token,
});
let failed = null;
provider.on("authenticationFailed", ({ reason }) => {
  failed = reason;
});
provider.attach();

const names = () => [...provider.awareness.getStates().values()].map((state) => state.user?.name);

listen({
  synced: async () => {
    await until(() => provider.isSynced, provider, "synced");
    return { scope: provider.authorizedScope };
  },
  denied: async () => {
    await until(() => failed !== null, provider, "authenticationFailed");
    return { reason: failed };
  },
  saved: async () => {
    await until(() => !provider.hasUnsyncedChanges, provider, "unsyncedChanges");
    return { unsynced: provider.unsyncedChanges };
  },
  sees: async ({ name }) => {
    await until(() => names().includes(name), provider, "awarenessUpdate");
    return { names: names() };
  },
  drop: async () => {
    websocketProvider.webSocket.terminate();
    await until(() => !provider.isSynced, provider, "close");
    return {};
  },
});
