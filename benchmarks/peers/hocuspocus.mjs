// Hocuspocus as its users run it; PORT, FLUSH_DELAY (milliseconds) and SQLITE (a file) set it up.
import { SQLite } from "@hocuspocus/extension-sqlite";
import { Server } from "@hocuspocus/server";

const { PORT, FLUSH_DELAY, SQLITE } = process.env;
const server = new Server({
  address: "127.0.0.1",
  port: Number(PORT),
  quiet: true,
  ...(FLUSH_DELAY ? { flushDelay: Number(FLUSH_DELAY) } : {}),
  extensions: SQLITE ? [new SQLite({ database: SQLITE })] : [],
});
await server.listen();
