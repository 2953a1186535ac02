// The stock provider of y-websocket, as any of its users would set it up.
import { WebsocketProvider } from "y-websocket";
import { doc, facts, listen, Socket, until } from "./lines.mjs";

const provider = new WebsocketProvider(facts.url, facts.name, doc, {
  WebSocketPolyfill: Socket,
  params: { token: facts.token },
  disableBc: true,
});
let closed = null;
provider.on("closed", ({ code }) => {
  closed = code;
});
provider.awareness.setLocalStateField("user", { name: "Somebody Else" });

const names = () => [...provider.awareness.getStates().values()].map((state) => state.user?.name);

listen({
  synced: async () => {
    await until(() => provider.synced, provider, "sync");
    return {};
  },
  sees: async ({ name }) => {
    await until(() => names().includes(name), provider.awareness, "update");
    return { names: names() };
  },
  closed: async () => {
    await until(() => closed !== null, provider, "closed");
    return { code: closed };
  },
});
