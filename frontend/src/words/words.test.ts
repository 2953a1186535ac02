import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { en } from "./en";
import { LANGUAGES } from "./index";

type Tree = { [key: string]: string | Tree };

function keysOf(tree: Tree, before = ""): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string" ? [before + key] : keysOf(value, `${before}${key}.`),
  );
}

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.tsx?$/.test(name) && !name.includes(".test.") ? [readFileSync(path, "utf8")] : [];
  });
}

const src = new URL("..", import.meta.url).pathname;
const code = sources(src).filter((text) => !text.includes("On-screen text in English"));

/** Sentences whose key the server sends. */
const SENT_BY_SERVER = ["desk.waits."];

/** `state.${…}` asks for every key under "state.": nobody can tell which from the code. */
const prefixes = code.flatMap((text) =>
  [...text.matchAll(/`([a-z_.]+\.)\$\{/gu), ...text.matchAll(/`([a-z_.]+)\$\{/gu)].map(
    (m) => m[1] ?? "",
  ),
);

function isUsed(key: string): boolean {
  const asked = key.replace(/_(zero|one|two|few|many|other)$/u, "");
  if ([...SENT_BY_SERVER, ...prefixes].some((prefix) => prefix && key.startsWith(prefix)))
    return true;
  return code.some((text) => text.includes(`"${asked}"`) || text.includes(`\`${asked}\``));
}

test("every sentence is said somewhere", () => {
  expect(keysOf(en).filter((key) => !isUsed(key))).toEqual([]);
});

test.each(LANGUAGES.map((language) => [language.name, language] as const))(
  "%s says everything",
  async (_, language) => {
    const words = await language.load();
    const plural = /_(zero|one|two|few|many|other)$/u;
    const wanted = new Set(keysOf(en).map((key) => key.replace(plural, "")));
    const given = new Set(keysOf(words as Tree).map((key) => key.replace(plural, "")));
    expect([...given].sort()).toEqual([...wanted].sort());
  },
);
