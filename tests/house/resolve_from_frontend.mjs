// Scripts under tests/ may import what is installed for the front end.
import { register } from "node:module";

const hooks = `
  const frontend = ${JSON.stringify(new URL("../../frontend/package.json", import.meta.url).href)};
  export async function resolve(specifier, context, next) {
    const bare = !specifier.startsWith(".") && !specifier.includes(":");
    const inside = context.parentURL?.includes("/node_modules/");
    return next(specifier, bare && !inside ? { ...context, parentURL: frontend } : context);
  }
`;

register(`data:text/javascript,${encodeURIComponent(hooks)}`);
