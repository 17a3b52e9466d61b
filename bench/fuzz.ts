/**
 * Lints documents that are damaged at random, and says which one took longest. Runs over the project's fixtures, the examples of
 * all rules, and the corpus of public documents when it lies beside the checkout.
 *
 *   FUZZ_RUNS=100000 FUZZ_SEED=1 npm run fuzz
 *
 * The same seed gives the same documents. Exit code 1 when lint threw; the document is then written to the temporary folder.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readGrammarWasm } from "../src/adapters/grammar.ts";
import { fixPolicyText } from "../src/core/lint/policy/fixes.ts";
import { policyRules } from "../src/core/lint/policy/policy-rules.ts";
import type { PolicyScope } from "../src/core/lint/policy/policy-rule.ts";
import { loadCSharpGrammar } from "../src/core/policy/expression/csharp/grammar.ts";
import { sharedFolder } from "../test/support/shared-data.ts";

const root = resolve(import.meta.dirname, "..");
const runs = readNumber("FUZZ_RUNS", 10_000);
const seed = readNumber("FUZZ_SEED", 1);
const scopes: readonly PolicyScope[] = ["global", "workspace", "product", "api", "operation"];
const known = { backends: ["a"], fragments: [], loggers: [], namedValues: ["b"], certificates: [] };

/** What breaks documents: markup, brackets, quotes, entities, placeholders, characters that are rarely met. */
const pieces = [
  ...[
    "<",
    ">",
    "</",
    "/>",
    "<a>",
    "</a>",
    "<base />",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?xml ?>",
    "<!DOCTYPE a>",
  ],
  ...[
    "@(",
    "@{",
    ")",
    "}",
    "(",
    "{",
    "[",
    "]",
    '"',
    "'",
    '\\"',
    '@"',
    '$"{',
    "//",
    "/*",
    "*/",
    ";",
    ",",
    "=>",
    "?.",
  ],
  ...[
    "&",
    "&amp;",
    "&lt;",
    "&quot;",
    "&#0;",
    "&#64;",
    "{{a}}",
    "{{",
    "}}",
    "${a}",
    "#{a}#",
    "__a__",
    "\r\n",
    "\r",
    "\n",
  ],
  ...[
    "\u0000",
    "\uFEFF",
    "\u2028",
    "é",
    "😀",
    "\uD800",
    "%",
    "apimgw-disable-file ",
    "context.",
    "return ",
    "a<b<",
  ],
];

await loadCSharpGrammar(await readGrammarWasm());
const texts = [...fixtures(), ...examples(), ...corpus()];
const random = createRandom(seed);
let slowest = { milliseconds: 0, text: "", run: 0 };
let crashes = 0;
let findings = 0;
const started = performance.now();
for (let run = 0; run < runs; run += 1) lintOne(run, damage(pick(texts)));
const seconds = (performance.now() - started) / 1_000;

console.log(`${runs} documents from ${texts.length} texts with seed ${seed} in ${seconds.toFixed(0)} s`);
console.log(`crashes: ${crashes}; findings: ${findings}`);
console.log(
  `slowest: run ${slowest.run}, ${slowest.milliseconds.toFixed(0)} ms for ${slowest.text.length} characters`,
);
console.log(keep(`slowest-${seed}-${slowest.run}`, slowest.text));
process.exitCode = crashes === 0 ? 0 : 1;

function lintOne(run: number, text: string): void {
  const begun = performance.now();
  try {
    const { problems } = fixPolicyText(text, { scope: pick(scopes), known, sku: "Consumption" });
    findings += problems.length;
  } catch (error) {
    crashes += 1;
    const stack = error instanceof Error ? error.stack : String(error);
    console.error(`run ${run}: ${stack ?? ""}\n${keep(`crash-${seed}-${run}`, text)}`);
  }
  const milliseconds = performance.now() - begun;
  if (milliseconds > slowest.milliseconds) slowest = { milliseconds, text, run };
}

function keep(name: string, text: string): string {
  const path = join(tmpdir(), `apimgw-fuzz-${name}.xml`);
  writeFileSync(path, text);
  return path;
}

/** One to four changes: a stretch taken out, doubled, moved or replaced by a piece. */
function damage(text: string): string {
  let result = text;
  for (let left = 1 + below(4); left > 0; left -= 1) result = damageOnce(result);
  return result;
}

function damageOnce(text: string): string {
  const start = below(text.length + 1);
  const end = Math.min(text.length, start + below(below(4) === 0 ? 400 : 12));
  const [before, stretch, after] = [text.slice(0, start), text.slice(start, end), text.slice(end)];
  const target = below(text.length + 1);
  switch (below(5)) {
    case 0:
      return before + after;
    case 1:
      return before + stretch.repeat(2 + below(60)) + after;
    case 2:
      return (before + after).slice(0, target) + stretch + (before + after).slice(target);
    case 3:
      return before + pick(pieces).repeat(1 + (below(10) === 0 ? below(500) : 0)) + text.slice(start);
    default:
      return before + pick(pieces) + after;
  }
}

function fixtures(): string[] {
  return ["fixtures", "templates"].flatMap((folder) => xmlBelow(join(root, folder)));
}

function corpus(): string[] {
  const folder = sharedFolder("corpus/good");
  return folder === undefined ? [] : xmlBelow(folder);
}

function xmlBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".xml"))
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8"));
}

function examples(): string[] {
  return policyRules.flatMap((rule) =>
    [rule.examples.bad, rule.examples.good].map((example) =>
      typeof example === "string" ? example : example.text,
    ),
  );
}

function pick<Item>(items: readonly Item[]): Item {
  const [item] = items.slice(below(items.length));
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}

function below(limit: number): number {
  return Math.floor(random() * limit);
}

/** mulberry32: small, and the same everywhere. */
function createRandom(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function readNumber(name: string, otherwise: number): number {
  const value = Number(process.env[name] ?? otherwise);
  if (!Number.isInteger(value) || value < 0) throw new Error(`${name} is not a whole number`);
  return value;
}
