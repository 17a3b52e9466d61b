import { describe, expect, it } from "vitest";
import type { Change, Plan } from "../../src/core/plan/plan.ts";
import { formatPlan } from "../../src/report/human/plan.ts";
import { formatPlanMarkdown } from "../../src/report/markdown/plan.ts";
import {
  adoptPolicy,
  change,
  createBackend,
  createPolicy,
  deleteBackend,
  plan,
  updateBackend,
} from "./plan-examples.ts";

const style = { color: false, verbose: false };
const everything = plan([createBackend, updateBackend, createPolicy, adoptPolicy, deleteBackend], {
  notes: [{ kind: "namedValue", id: "key", path: "namedValues/key", note: "the value cannot be compared" }],
});

describe("a plan for people", () => {
  it("shows every change, deletes last, and counts them", () => {
    expect(formatPlan(everything, style)).toBe(`contoso-ai → contoso-apim (resource group rg-ai)

  + create   ~ update   ! adopt: it is there without a mark, and becomes this spec's   - delete

  + backend aoai-eastus  gateway.yaml:7
      + circuitBreaker.rules: [{"name":"trip"}]
      + protocol: "http"
      + url: "https://contoso-eus.openai.azure.com/openai"

  ~ backend aoai  gateway.yaml:7
      ~ url: "https://a" -> "https://b"
      + title: "A"
      - old: 1
      ~ credentials: (secret)

  + policy azure-openai  gateway.yaml:7

  ! policy azure-openai/ChatCompletions_Create  gateway.yaml:7
      @@ -1,3 +1,4 @@
        <policies>
      -   <inbound />
      +   <inbound>
      +   </inbound>
        </policies>
      note: retry count 3: the breaker of aoai trips after 3 failures

Look twice (3):
  ~ backend aoai: calls go to b instead of a
  ~ backend aoai: what it signs in with changes
  - backend old: gone from the service once applied

Notes:
  named value key: the value cannot be compared

Plan: 2 to create, 1 to update, 1 to adopt, 1 to delete; 12 unchanged.`);
  });

  it("names the next command, and none when nothing changes", () => {
    const next = { ...style, nextCommand: "apimgw apply --local" };
    expect(formatPlan(plan([createPolicy]), next)).toMatch(
      /12 unchanged\.\nTo carry it out: apimgw apply --local$/,
    );
    expect(formatPlan(plan([]), next)).not.toContain("apimgw apply");
  });

  it("shows a delete that a write waits for where it happens", () => {
    const text = formatPlan(plan([deleteBackend, createBackend]), style);
    expect(text.indexOf("- backend old")).toBeGreaterThan(-1);
    expect(text.indexOf("- backend old")).toBeLessThan(text.indexOf("+ backend aoai-eastus"));
    expect(text).toContain("Look twice (1):\n  - backend old: gone from the service once applied");
  });

  it("shows new documents in full when verbose", () => {
    const text = formatPlan(plan([createPolicy]), { ...style, verbose: true });
    expect(text).toContain("      + <policies>\n      +   <inbound />\n      + </policies>\n");
  });

  it("is one sentence when nothing changes, plus notes", () => {
    expect(formatPlan(plan([], { unchanged: 1 }), style)).toBe(
      "No changes. The service matches the spec (1 resource).",
    );
    expect(formatPlan(plan([], { notes: everything.notes }), style)).toBe(
      "No changes. The service matches the spec (12 resources).\n\nNotes:\n  named value key: the value cannot be compared",
    );
  });

  it("names the local service as it is told", () => {
    const serviceTitle = "contoso-apim (local APIM, .apimgw/local)";
    expect(formatPlan(plan([createPolicy]), { ...style, serviceTitle })).toMatch(
      /^contoso-ai → contoso-apim \(local APIM, \.apimgw\/local\)\n/,
    );
  });

  it("puts changes of one line under each other", () => {
    const text = formatPlan(plan([createPolicy, { ...createPolicy, id: "other" }]), style);
    expect(text).toContain(
      "  + policy azure-openai  gateway.yaml:7\n  + policy other  gateway.yaml:7\n\nPlan:",
    );
  });

  it("says so when adopting only adds the mark", () => {
    const same = change({ action: "adopt", kind: "policy", id: "x", diff: "" });
    expect(formatPlan(plan([same]), style)).toContain("(as in the spec already: only the mark is added)");
  });

  it("does not repeat edits as a diff", () => {
    const edits = [{ path: "description", before: "a", after: "b" }];
    const text = formatPlan(
      plan([
        change({ action: "update", kind: "fragment", id: "x", edits, diff: '~ description: "a" -> "b"' }),
      ]),
      style,
    );
    expect(text.match(/description/g)).toHaveLength(1);
  });

  it("cuts long values around the place where they part, unless verbose", () => {
    const start = "x".repeat(500);
    const edits = [{ path: "value", before: `${start}old`, after: `${start}new` }];
    const long = plan([change({ action: "update", kind: "api", id: "a", edits })]);
    const cut = formatPlan(long, style);
    expect(cut).toContain('old" (505 characters) -> …');
    expect(cut).toContain('new" (505 characters)');
    expect(cut).not.toContain("x".repeat(100));
    expect(formatPlan(long, { ...style, verbose: true })).toContain(`"${start}old" -> "${start}new"`);
  });

  it("shows the first properties of a large new resource", () => {
    const properties = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`p${index}`, index]));
    const large = plan([change({ action: "create", kind: "api", id: "a", after: { properties } })]);
    expect(formatPlan(large, style)).toContain("      + p5: 5\n        (4 more with --verbose)");
    expect(formatPlan(large, { ...style, verbose: true })).toContain("+ p9: 9");
  });

  it("colours only when asked to", () => {
    const escape = "\u001b[";
    expect(formatPlan(everything, style)).not.toContain(escape);
    expect(formatPlan(everything, { ...style, color: true })).toContain(`${escape}32m+`);
  });

  it("lets no control character through, wherever it comes from", () => {
    const evil = "\u001b]0;owned\u0007\r\n\u202e\u009b2J";
    const text = formatPlan(
      plan(
        [
          change({
            action: "update",
            kind: "policy",
            id: `id${evil}`,
            edits: [{ path: `p${evil}`, before: evil, after: "b" }],
            diff: `--- a\n+++ b\n@@ -1 +1 @@\n-${evil}\n+b`,
            notes: [evil],
            origin: { file: evil, line: 1, column: 1 },
          }),
          change({ action: "create", kind: "backend", id: "x", after: { properties: { [evil]: evil } } }),
          change({ action: "delete", kind: "backend", id: evil }),
        ],
        { name: evil, notes: [{ kind: "api", id: evil, path: evil, note: evil }] },
      ),
      style,
    );
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(text).toContain("\\x1b]0;owned\\x07");
  });
});

describe("a plan as a comment", () => {
  it("counts, tells the risks, then folds every change, risky ones first", () => {
    expect(formatPlanMarkdown(everything)).toBe(`### apimgw plan: \`contoso-ai\` → \`contoso-apim\`

| + create | ~ update | ! adopt | - delete | unchanged |
| ---: | ---: | ---: | ---: | ---: |
| 2 | 1 | 1 | 1 | 12 |

**Look twice (3)**

- \`~\` update backend \`aoai\` at \`gateway.yaml:7\`: calls go to b instead of a
- \`~\` update backend \`aoai\` at \`gateway.yaml:7\`: what it signs in with changes
- \`-\` delete backend \`old\`: gone from the service once applied

<details><summary><code>~</code> update backend <code>aoai</code> at <code>gateway.yaml:7</code></summary>

\`\`\`diff
! url: "https://a" -> "https://b"
+ title: "A"
- old: 1
! credentials: (secret)
\`\`\`

</details>

<details><summary><code>+</code> create backend <code>aoai-eastus</code> at <code>gateway.yaml:7</code></summary>

\`\`\`diff
+ circuitBreaker.rules: [{"name":"trip"}]
+ protocol: "http"
+ url: "https://contoso-eus.openai.azure.com/openai"
\`\`\`

</details>

<details><summary><code>+</code> create policy <code>azure-openai</code> at <code>gateway.yaml:7</code></summary>

\`\`\`diff
+ <policies>
+   <inbound />
+ </policies>
\`\`\`

</details>

<details><summary><code>!</code> adopt policy <code>azure-openai/ChatCompletions_Create</code> at <code>gateway.yaml:7</code></summary>

\`\`\`diff
@@ -1,3 +1,4 @@
  <policies>
-   <inbound />
+   <inbound>
+   </inbound>
  </policies>
\`\`\`

- retry count 3: the breaker of aoai trips after 3 failures

</details>

**Notes**

- named value \`key\`: the value cannot be compared
`);
  });

  it("is short when nothing changes", () => {
    expect(formatPlanMarkdown(plan([]))).toBe(
      "### apimgw plan: `contoso-ai` → `contoso-apim`\n\nNo changes. The service matches the spec (12 resources).\n",
    );
  });

  it("keeps content from breaking out of fences, code, summaries and prose", () => {
    const text = formatPlanMarkdown(
      plan([
        change({
          action: "update",
          kind: "policy",
          id: "a`b</code><script>",
          diff: "@@ -1 +1 @@\n-a\n+````\n+</details>",
          notes: ["see @team, [x](http://y) <b> *a*"],
        }),
        change({ action: "delete", kind: "backend", id: "a``b" }),
      ]),
    );
    expect(text).toContain("`````diff\n");
    expect(text).toContain("<code>a`b&lt;/code&gt;&lt;script&gt;</code>");
    expect(text).toContain("```a``b```");
    expect(text).toContain("see &#64;team, \\[x\\](http://y) &lt;b&gt; \\*a\\*");
  });

  const one = "x".repeat(50);
  const document = (text: string) => change({ ...createPolicy, after: { properties: { value: text } } });
  const many = (count: number, example: Change): Change[] =>
    Array.from({ length: count }, (_, index) => ({ ...example, id: `${example.id}-${index}` }));
  const notes = Array.from({ length: 4000 }, (_, index) => ({
    kind: "namedValue" as const,
    id: `key-${index}`,
    path: `namedValues/key-${index}`,
    note: "the value cannot be compared",
  }));

  it.each<[string, Plan, string]>([
    ["some long changes", plan(many(5, document("<x />\n".repeat(4000)))), "lines more"],
    ["one huge change", plan([document(`<a>${one}</a>\n`.repeat(30_000))]), "lines more"],
    ["one huge line", plan([document(`<a>${"\u{1F600}".repeat(200_000)}</a>`)]), "\u{1F600}…"],
    [
      "a huge change and small ones",
      plan([document("<x />\n".repeat(90_000)), updateBackend]),
      '+ title: "A"',
    ],
    ["backticks and end tags", plan(many(40, document("````\n</details>\n".repeat(900)))), "`````diff"],
    ["thousands of changes", plan(many(5000, createBackend)), "changes more"],
    ["thousands of deletes", plan(many(5000, deleteBackend)), "risks more"],
    ["thousands of risks", plan(many(5000, updateBackend)), "risks more"],
    ["thousands of notes", plan([createPolicy], { notes }), "notes more"],
    [
      "everything at once",
      plan([...many(3000, deleteBackend), ...many(3000, createPolicy)], { notes }),
      "notes more",
    ],
    [
      "long notes and names",
      plan([{ ...createPolicy, id: "é".repeat(90_000), notes: [one.repeat(9000)] }]),
      "xxx…",
    ],
    ["a name on both sides", plan([createPolicy], { name: "\u{1F600}".repeat(90_000) }), "…"],
  ])("fits into a comment, whole in its markup: %s", (_, value, expected) => {
    const text = formatPlanMarkdown(value);
    expect(Buffer.byteLength(text)).toBeLessThan(65_536);
    expect(text).toContain(expected);
    expect(text.isWellFormed()).toBe(true);
    expect(unfenced(text).match(/<details>/g) ?? []).toHaveLength(
      (unfenced(text).match(/<\/details>/g) ?? []).length,
    );
  });

  it("says that it was cut, and only then", () => {
    const sentence = "This comment is cut";
    expect(formatPlanMarkdown(plan(many(5000, createBackend)))).toContain(sentence);
    expect(formatPlanMarkdown(plan([createPolicy], { notes }))).toContain(sentence);
    expect(formatPlanMarkdown(everything)).not.toContain(sentence);
  });
});

/** What stands outside the fences; throws when one is not closed. */
function unfenced(text: string): string {
  const outside: string[] = [];
  let open = "";
  for (const line of text.split("\n")) {
    const ticks = /^(`{3,})(diff)?$/.exec(line)?.[1] ?? "";
    if (open === "" && ticks === "") outside.push(line);
    else if (open === "") open = ticks;
    else if (ticks.length >= open.length) open = "";
  }
  if (open !== "") throw new Error("a fence is not closed");
  return outside.join("\n");
}
