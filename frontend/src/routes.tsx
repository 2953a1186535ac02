/** Which page an address shows. Each page loads when it is first asked for. */
import { type ComponentType, lazy } from "react";
import { matchPath, type PageProps, type Params } from "./shell/path";

type Page = ComponentType<PageProps>;

export interface Route {
  pattern: string;
  page: Page;
  /** Open to everybody: neither sign-in nor frame. */
  open?: boolean;
}

const page = (load: () => Promise<{ default: Page }>): Page => lazy(load);

const draft = page(() => import("./pages/draft"));

export const ROUTES: readonly Route[] = [
  { pattern: "/sign-in", page: page(() => import("./pages/signIn")), open: true },
  {
    pattern: "/sign-in/link/:token",
    page: page(() => import("./pages/signIn/ByLink")),
    open: true,
  },
  { pattern: "/screen/:token", page: page(() => import("./pages/screen")), open: true },
  { pattern: "/", page: page(() => import("./pages/home")) },
  { pattern: "/me", page: page(() => import("./pages/me")) },
  { pattern: "/groups/:groupId", page: page(() => import("./pages/office")) },
  { pattern: "/reports/:reportId", page: page(() => import("./pages/desk")) },
  { pattern: "/reports/:reportId/mandate", page: page(() => import("./pages/mandate")) },
  { pattern: "/reports/:reportId/exports", page: page(() => import("./pages/exports")) },
  { pattern: "/reports/:reportId/meeting", page: page(() => import("./pages/meeting")) },
  { pattern: "/reports/:reportId/podium", page: page(() => import("./pages/podium")) },
  { pattern: "/reports/:reportId/sections/:sectionId", page: draft },
  {
    pattern: "/reports/:reportId/sections/:sectionId/history",
    page: page(() => import("./pages/history")),
  },
];

/** The route of `path` and its parameters, or null if no page has this address. */
export function findRoute(path: string): { route: Route; params: Params } | null {
  for (const route of ROUTES) {
    const params = matchPath(route.pattern, path);
    if (params) return { route, params };
  }
  return null;
}
