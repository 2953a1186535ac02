// Reads TypeScript sources (JSON on stdin: [{path, text}]) and writes the faults it finds as JSON.
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";

const ts = createRequire(new URL("../../frontend/package.json", import.meta.url))("typescript");

const COMPONENT_LINES = 150;
const FUNCTION_LINES = 40;
// A hook holds its effects as a component holds its elements.
const HOOK_LINES = 80;
const SPOKEN = new Set([
  "alt", "aria-label", "aria-description", "aria-roledescription", "aria-valuetext",
  "description", "error", "hint", "label", "placeholder", "sentence", "title",
]);
const COMPARISONS = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
]);
const hasWord = (string) => /\p{L}{2,}/u.test(string);

/** What the file says wrongly or at too great a length. */
function faultsOf({ path, text: source }) {
  const kind = path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true, kind);
  const faults = [];
  const report = (node, rule, sentence) => {
    const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    faults.push({ path, line, rule, sentence });
  };
  const visit = (node) => {
    for (const string of spokenStrings(node)) {
      report(string, "words", `“${string.text.trim()}” belongs in frontend/src/words.`);
    }
    if (ts.isFunctionLike(node) && node.body) sizeOf(node, file, report);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return faults;
}

/** The literals in this node that a person would read on the screen. */
function spokenStrings(node) {
  if (ts.isJsxText(node)) return hasWord(node.text) ? [node] : [];
  if (ts.isJsxExpression(node) && node.expression && ts.isJsxElement(node.parent)) {
    return literals(node.expression);
  }
  if (ts.isJsxAttribute(node) && node.initializer && SPOKEN.has(node.name.getText())) {
    const value = node.initializer;
    return literals(ts.isJsxExpression(value) ? value.expression : value);
  }
  return [];
}

/** The string literals that an expression can come to. */
function literals(node) {
  if (!node) return [];
  if (ts.isStringLiteralLike(node)) return hasWord(node.text) ? [node] : [];
  if (ts.isParenthesizedExpression(node)) return literals(node.expression);
  if (ts.isConditionalExpression(node)) {
    return [...literals(node.whenTrue), ...literals(node.whenFalse)];
  }
  if (ts.isBinaryExpression(node) && !COMPARISONS.has(node.operatorToken.kind)) {
    return [...literals(node.left), ...literals(node.right)];
  }
  return [];
}

function sizeOf(node, file, report) {
  const lineOf = (position) => file.getLineAndCharacterOfPosition(position).line;
  const lines = lineOf(node.getEnd()) - lineOf(node.getStart()) + 1;
  const name = node.name?.getText() ?? node.parent.name?.getText?.() ?? "A function";
  const tsx = file.fileName.endsWith(".tsx");
  const hook = /^use[A-Z]/.test(name);
  const limit = tsx ? COMPONENT_LINES : hook ? HOOK_LINES : FUNCTION_LINES;
  if (lines > limit) report(node, "size", `${name} has ${lines} lines; name its parts (${limit} at most).`);
}

const sources = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify(sources.flatMap(faultsOf)));
