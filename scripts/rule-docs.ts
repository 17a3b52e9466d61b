/** Writes docs/rules from the table of rules: `npx tsx scripts/rule-docs.ts`. A test keeps them current. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { format } from "prettier";
import { groupTitles, listRules } from "../src/core/lint/policy/rule-table.ts";
import type { RuleExample, RuleInfo } from "../src/core/lint/policy/rule-table.ts";

export type RuleDocument = { readonly path: string; readonly text: string };

export const ruleDocsFolder = resolve(import.meta.dirname, "../docs/rules");

/** All pages: one for each rule whose severity can be set, and the list of all rules. Paths are relative to the folder. */
export async function ruleDocuments(): Promise<RuleDocument[]> {
  const rules = listRules();
  const pages = rules.filter(hasPage).map((rule) => ({ path: `${rule.id}.md`, text: pageOf(rule) }));
  const all = [{ path: "README.md", text: listOf(rules) }, ...pages];
  return Promise.all(
    all.map(async ({ path, text }) => ({
      path,
      text: await format(text, { parser: "markdown", printWidth: 110, embeddedLanguageFormatting: "off" }),
    })),
  );
}

function hasPage({ isConfigurable }: RuleInfo): boolean {
  return isConfigurable;
}

function pageOf(rule: RuleInfo): string {
  const { id, severity, group, summary, why, examples, needsGrammar } = rule;
  const facts = [`Severity: ${severity}.`, `Group: ${groupTitles[group]}.`];
  if (needsGrammar === true) facts.push("Needs the C# grammar: left out with `--no-expressions`.");
  const shown =
    examples === undefined
      ? []
      : [
          exampleOf("Found", examples.language, examples.bad),
          exampleOf("Fine", examples.language, examples.good),
        ];
  return [
    `<!-- Written by scripts/rule-docs.ts from the rule itself. -->`,
    `# ${id}`,
    escapeMarkdown(summary),
    facts.join(" "),
    ...(why === undefined ? [] : ["## Why", escapeMarkdown(why)]),
    ...shown,
    "[All rules](README.md)",
  ].join("\n\n");
}

function exampleOf(title: string, language: string, { text, circumstances }: RuleExample): string {
  const where = circumstances === "" ? "" : `With ${circumstances}:\n\n`;
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `## ${title}\n\n${where}${fence}${language}\n${text}\n${fence}`;
}

function listOf(rules: readonly RuleInfo[]): string {
  const groups = [...Map.groupBy(rules, ({ group }) => group)].map(([group, members]) => {
    const rows = members.map((rule) => {
      const name = hasPage(rule) ? `[${rule.id}](${rule.id}.md)` : rule.id;
      return `| ${name} | ${rule.severity} | ${escapeMarkdown(rule.summary).replaceAll("|", "\\|")} |`;
    });
    return `## ${groupTitles[group]}\n\n| rule | severity | finds |\n| --- | --- | --- |\n${rows.join("\n")}`;
  });
  return [
    "<!-- Written by scripts/rule-docs.ts from the rules themselves. -->",
    "# Lint rules",
    "What `apimgw lint` and `apimgw lint policies` find. `apimgw explain RULE` says the same on the command line.",
    severityHelp,
    ...groups,
  ].join("\n\n");
}

const severityHelp = `## Severities

A rule's severity is changed with \`--rule id=severity\` (off, info, warning, error), or in \`apimgw.lint.yaml\` for documents that
belong to no spec. Rules without a page cannot be changed: a spec that does not compile stays an error.

\`apimgw.lint.yaml\` is looked for in the working directory and above; its patterns are those of .gitignore and count from its folder:

\`\`\`yaml
rules:
  base-missing: off
  literal-secret: error
ignore:
  - generated/
known: out # a folder that \`apimgw render -o out\` wrote, or a JSON file that lists what exists
sku: Consumption
scope:
  "policies/operations/*.xml": operation
\`\`\`

One finding is accepted with a comment that says why:

\`\`\`xml
<!-- apimgw-disable-next-line RULE the reason -->
\`\`\`

It holds for what starts on the next line, the attributes of that start tag and an expression that the element holds included;
\`apimgw-disable-file RULE the reason\` holds for the whole document. Several rules are separated by commas.

A baseline takes over what is there today, so that only new findings count: \`apimgw lint policies . --write-baseline baseline.json\`
once, then \`apimgw lint policies . --baseline baseline.json\`. It knows findings by the text of their line, not by its number.

## Which files

\`apimgw lint policies\` takes files, folders, patterns in quotes, and \`-\` for standard input. In folders and patterns it looks at \`.xml\`
files whose root element is \`<policies>\` or \`<fragment>\`, and passes over what git ignores, \`node_modules\` and symbolic links; a file
that is named is checked in any case. Where a document applies is known from paths as \`apimgw render -o out\` lays them out
(\`apis/ID/policy.xml\` and so on), from \`scope\` above, or from \`--scope\`; rules that need it say nothing without.`;

/** Angle brackets outside of code would be taken for HTML. */
function escapeMarkdown(text: string): string {
  return text
    .split(/(`+[^`]*`+)/)
    .map((part, index) =>
      index % 2 === 1 ? part : part.replaceAll("<", "\\<").replaceAll(/(?<!\w)\*|\*(?!\w)/g, "\\*"),
    )
    .join("");
}

if (process.argv[1] === import.meta.filename) {
  const documents = await ruleDocuments();
  mkdirSync(ruleDocsFolder, { recursive: true });
  const paths = new Set(documents.map(({ path }) => path));
  for (const name of readdirSync(ruleDocsFolder)) if (!paths.has(name)) rmSync(join(ruleDocsFolder, name));
  for (const { path, text } of documents) writeFileSync(join(ruleDocsFolder, path), text);
}
