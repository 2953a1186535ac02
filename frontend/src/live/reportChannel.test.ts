// @vitest-environment jsdom
import { HocuspocusProviderWebsocket } from "@hocuspocus/provider";
import { afterEach, expect, test } from "vitest";
import { ReportChannel } from "./reportChannel";

const socket = new HocuspocusProviderWebsocket({ url: "ws://127.0.0.1:9", autoConnect: false });
const channel = new ReportChannel("r", socket, async () => ({ ticket: "t", client_id: null }));

afterEach(() => {
  channel.view.set(null);
});

const view = (version: number, title: string): string =>
  JSON.stringify({ type: "view", view: { version, title, sections: [], statuses: {} } });

test("a newer view replaces the one that is shown", () => {
  channel.receive(view(3, "three"));
  channel.receive(view(4, "four"));
  expect(channel.view.get()?.title).toBe("four");
});

test("an older view that comes late is dropped", () => {
  channel.receive(view(4, "four"));
  channel.receive(view(3, "three"));
  channel.receive(view(4, "four again"));
  expect(channel.view.get()?.title).toBe("four");
});

test("what is no message of ours changes nothing", () => {
  channel.receive(view(4, "four"));
  for (const noise of ["", "{", "null", "[]", '{"type":"view"}', '{"type":"other"}']) {
    channel.receive(noise);
  }
  expect(channel.view.get()?.version).toBe(4);
});

test("who is present replaces who was", () => {
  const amina = { member_id: "a", name: "Amina Haddad", colour: "#333333" };
  channel.receive(JSON.stringify({ type: "presence", sections: { s: [amina] } }));
  expect(channel.presence.get()).toEqual({ s: [amina] });
});
