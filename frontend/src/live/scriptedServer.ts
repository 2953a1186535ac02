/** For tests: the server's side of the live protocol with one document, as far as a client sees it. */
import { createDecoder, readVarString, readVarUint, readVarUint8Array } from "lib0/decoding";
import {
  createEncoder,
  toUint8Array,
  writeVarString,
  writeVarUint,
  writeVarUint8Array,
} from "lib0/encoding";
import { WebSocketServer } from "ws";
import * as Y from "yjs";

const SYNC = 0;
const AUTH = 2;
const STATELESS = 5;
const CLOSE = 7;
const STATUS = 8;
const [STEP1, STEP2] = [0, 1];
const ACCEPTED = 2;

type Send = (type: number, write: (encoder: ReturnType<typeof createEncoder>) => void) => void;

/** Acknowledges every change, or refuses the next ones with `refuseWith`. */
export class ScriptedServer {
  readonly doc = new Y.Doc();
  readonly tokens: string[] = [];
  refuseWith: string | null = null;
  scope = "read-write";
  readonly #server: WebSocketServer;
  readonly #lines = new Set<(text: string) => void>();

  constructor() {
    this.#server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    this.#server.on("connection", (socket) => {
      socket.binaryType = "nodebuffer";
      socket.on("message", (frame: Buffer) => {
        this.#hear(new Uint8Array(frame), (bytes) => socket.send(bytes));
      });
    });
  }

  async url(): Promise<string> {
    if (this.#server.address() === null) {
      await new Promise((listening) => this.#server.once("listening", listening));
    }
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("No port was given.");
    return `ws://127.0.0.1:${address.port}`;
  }

  dropLines(): void {
    this.#lines.clear();
    for (const socket of this.#server.clients) socket.terminate();
  }

  /** Says on every line that the last commit left this text. */
  tellHead(seq: number, hash: string): void {
    this.#tell({ type: "head", seq, hash });
  }

  /** Says on every line that the stored text is damaged. */
  tellDamage(reason: string): void {
    this.#tell({ type: "damaged", reason });
  }

  #tell(message: object): void {
    for (const tell of this.#lines) tell(JSON.stringify(message));
  }

  close(): void {
    this.dropLines();
    this.#server.close();
  }

  #hear(frame: Uint8Array, put: (bytes: Uint8Array) => void): void {
    const decoder = createDecoder(frame);
    const name = readVarString(decoder);
    const type = readVarUint(decoder);
    const send: Send = (kind, write) => {
      const encoder = createEncoder();
      writeVarString(encoder, name);
      writeVarUint(encoder, kind);
      write(encoder);
      put(toUint8Array(encoder));
    };
    if (type === AUTH) {
      this.#lines.add((text) => send(STATELESS, (encoder) => writeVarString(encoder, text)));
      readVarUint(decoder);
      this.tokens.push(readVarString(decoder));
      this.#sendScope(send);
    } else if (type === SYNC) {
      this.#sync(readVarUint(decoder), readVarUint8Array(decoder), send);
    }
  }

  #sendScope(send: Send): void {
    send(AUTH, (encoder) => {
      writeVarUint(encoder, ACCEPTED);
      writeVarString(encoder, this.scope);
    });
  }

  #sync(sub: number, body: Uint8Array, send: Send): void {
    if (sub === STEP1) {
      this.#answer(body, send);
      return;
    }
    const before = Y.encodeStateVector(this.doc);
    const adds = !Y.diffUpdate(body, before).every((byte) => byte === 0);
    if (this.refuseWith !== null && adds) this.#refuse(this.refuseWith, send);
    else {
      Y.applyUpdate(this.doc, body);
      send(STATUS, (encoder) => writeVarUint(encoder, 1));
    }
  }

  #answer(vector: Uint8Array, send: Send): void {
    send(SYNC, (encoder) => {
      writeVarUint(encoder, STEP2);
      writeVarUint8Array(encoder, Y.encodeStateAsUpdate(this.doc, vector));
    });
    send(SYNC, (encoder) => {
      writeVarUint(encoder, STEP1);
      writeVarUint8Array(encoder, Y.encodeStateVector(this.doc));
    });
  }

  #refuse(reason: string, send: Send): void {
    send(STATUS, (encoder) => writeVarUint(encoder, 0));
    send(STATELESS, (encoder) => {
      writeVarString(encoder, JSON.stringify({ type: "refused", reason }));
    });
    send(CLOSE, (encoder) => writeVarString(encoder, reason));
  }
}
