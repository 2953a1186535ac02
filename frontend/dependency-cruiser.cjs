/** Import directions of the front end: main > pages > shell | hall > reading | document | live | api > ui | words. */
module.exports = {
  forbidden: [
    {
      name: "no-circles",
      severity: "error",
      comment: "A circle has no direction.",
      from: {},
      to: { circular: true },
    },
    {
      name: "document-and-live-know-no-react",
      severity: "error",
      comment: "The text and the wire must be testable without a page.",
      from: { path: "^src/(document|live)/" },
      to: {
        path: "(^|node_modules/)(react|react-dom|react-i18next|@tanstack)(/|$)",
      },
    },
    {
      name: "document-imports-down",
      severity: "error",
      from: { path: "^src/document/" },
      to: { path: "^src/(pages|shell|hall|reading|live|api)/" },
    },
    {
      name: "live-imports-nothing-of-ours",
      severity: "error",
      from: { path: "^src/live/" },
      to: { path: "^src/(pages|shell|hall|reading|document|api|ui|words)/" },
    },
    {
      name: "api-imports-down",
      severity: "error",
      from: { path: "^src/api/" },
      to: { path: "^src/(pages|shell|hall|reading|document|live|ui)/" },
    },
    {
      name: "ui-knows-no-domain",
      severity: "error",
      comment:
        "ui/ is what the component library lacks: text comes in as props, nothing is fetched.",
      from: { path: "^src/ui/" },
      to: {
        path: "^src/(pages|shell|hall|reading|document|live|api|words)/|(^|node_modules/)(openapi-fetch|@tanstack|yjs)(/|$)",
      },
    },
    {
      name: "reading-and-hall-fetch-nothing",
      severity: "error",
      comment: "What is projected comes over the screen's own socket and from nowhere else.",
      from: { path: "^src/(reading|hall)/" },
      to: {
        path: "^src/(pages|shell|document|live|api)/|(^|node_modules/)(openapi-fetch|@tanstack|@hocuspocus|yjs)(/|$)",
      },
    },
    {
      name: "reading-knows-no-hall",
      severity: "error",
      from: { path: "^src/reading/" },
      to: { path: "^src/hall/" },
    },
    {
      name: "the-screen-fetches-nothing",
      severity: "error",
      from: { path: "^src/pages/screen/" },
      to: { path: "^src/(document|live|api)/|^src/shell/(?!path|theme|kept)" },
    },
    {
      name: "words-know-nothing",
      severity: "error",
      from: { path: "^src/words/" },
      to: { path: "^src/(pages|shell|hall|reading|document|live|api|ui)/" },
    },
    {
      name: "shell-knows-no-page",
      severity: "error",
      from: { path: "^src/shell/" },
      to: { path: "^src/pages/" },
    },
    {
      name: "pages-do-not-import-each-other",
      severity: "error",
      from: { path: "^src/pages/([^/]+)/" },
      to: { path: "^src/pages/([^/]+)/", pathNot: "^src/pages/$1/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "default"],
      extensions: [".ts", ".tsx", ".js", ".json"],
    },
  },
};
