/** Pure: which route an address belongs to, and its parameters. */

export type Params = Record<string, string>;

/** What every page is given: the parameters in its address. */
export interface PageProps {
  params: Params;
}

/** The parameters if `path` has the shape of `pattern` (":name" stands for one part), else null. */
export function matchPath(pattern: string, path: string): Params | null {
  const wanted = parts(pattern);
  const given = parts(path);
  if (wanted.length !== given.length) return null;
  const params: Params = {};
  for (const [at, part] of wanted.entries()) {
    const value = given[at] ?? "";
    if (part.startsWith(":")) {
      const decoded = decode(value);
      if (decoded === null) return null;
      params[part.slice(1)] = decoded;
    } else if (part !== value) return null;
  }
  return params;
}

function parts(path: string): string[] {
  return path.split("/").filter((part) => part !== "");
}

function decode(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

/** Where to go after signing in: only addresses of this site, never back to a sign-in page. */
export function safeReturn(wish: string | null): string {
  if (!wish?.startsWith("/") || wish.startsWith("//") || wish.startsWith("/\\")) return "/";
  return wish.startsWith("/sign-in") ? "/" : wish;
}
