import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { HallSocket, waitBefore } from "./hallSocket";
import type { HallState } from "./hallState";

const native = globalThis.WebSocket;
let server: WebSocketServer;
let hall: HallSocket;

beforeEach(async () => {
  globalThis.WebSocket = WebSocket as unknown as typeof globalThis.WebSocket;
  server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await new Promise((listening) => server.once("listening", listening));
  hall = new HallSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});

afterEach(() => {
  hall.close();
  server.close();
  for (const socket of server.clients) socket.terminate();
  globalThis.WebSocket = native;
});

function nextVisit(): Promise<WebSocket> {
  return new Promise((visited) => server.once("connection", visited));
}

/** Turns a visitor away as a server that is full does, and waits for the next one. */
function nextVisitAfter(visit: WebSocket): Promise<WebSocket> {
  visit.close(4429, "Too many screens.");
  return nextVisit();
}

function until(holds: (state: HallState) => boolean): Promise<HallState> {
  return new Promise((resolve) => {
    const look = () => {
      if (holds(hall.state())) resolve(hall.state());
    };
    hall.subscribe(look);
    look();
  });
}

const tick = JSON.stringify({ type: "tick", at: "2026-11-24T09:00:00+00:00" });

test("a dropped line is dialled again, and the next message heals it", async () => {
  const first = await nextVisit();
  first.send(tick);
  await until((state) => state.heardAt !== null);
  const again = nextVisit();
  first.terminate();
  await until((state) => state.isDropped);
  (await again).send(tick);
  await until((state) => !state.isDropped);
});

test("a screen for which there is no place says why, and tries again", async () => {
  const again = nextVisitAfter(await nextVisit());
  const state = await until(({ refusal }) => refusal !== null);

  expect(state.refusal).toBe("Too many screens.");
  (await again).send(tick);
  expect((await until(({ isDropped }) => !isDropped)).refusal).toBeNull();
});

test("a screen that was told it is closed does not come back", async () => {
  const visit = await nextVisit();
  visit.send(JSON.stringify({ type: "closed", reason: "The meeting is closed." }));
  visit.close();
  const gone = new Promise((closed) => visit.once("close", closed));
  const state = await until(({ closed }) => closed !== null);
  await gone;

  expect(state.closed).toBe("The meeting is closed.");
  expect(hall.state().isDropped).toBe(false);
});

test("attempts come slower, but never more than five seconds apart", () => {
  expect([0, 1, 2, 3, 30].map(waitBefore)).toEqual([1000, 2000, 4000, 5000, 5000]);
});
