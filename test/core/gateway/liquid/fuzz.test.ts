/** Any template over any body ends with a text or a refusal, within bounds. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { Evaluation } from "../../../../src/core/gateway/expression/evaluation.ts";
import { DotNetException } from "../../../../src/core/gateway/expression/errors.ts";
import { parseJson } from "../../../../src/core/gateway/expression/json/json-parse.ts";
import { liquidContext } from "../../../../src/core/gateway/liquid/liquid-context.ts";
import { liquidFilters } from "../../../../src/core/gateway/liquid/liquid-filters.ts";
import { LiquidRefusal } from "../../../../src/core/gateway/liquid/liquid-refusal.ts";
import { prepareLiquid } from "../../../../src/core/gateway/liquid/liquid-template.ts";
import { liquidJson } from "../../../../src/core/gateway/liquid/liquid-values.ts";
import { contextWith } from "../expression/support.ts";

const runs = Number(process.env["RUNS"] ?? 500);
const limits = { steps: 5_000, memory: 100_000, depth: 50 };
const context = contextWith({});

const paths = fc.constantFrom(
  "body",
  "body.a",
  "body.a.b",
  "body[0]",
  "body.list",
  "x",
  "constructor",
  "(1..99999)",
  "'t'",
  "3",
);
const filters = fc
  .tuple(
    fc.constantFrom(...Object.keys(liquidFilters), "upcase", "__proto__"),
    fc.array(paths, { maxLength: 2 }),
  )
  .map(([name, args]) => ` | ${name}${args.length === 0 ? "" : `: ${args.join(", ")}`}`);
const values = fc.tuple(paths, fc.array(filters, { maxLength: 3 })).map(([path, all]) => path + all.join(""));
const pieces = fc.oneof(
  values.map((value) => `{{ ${value} }}`),
  values.map((value) => `{% assign x = ${value} %}`),
  paths.map((path) => `{% for x in ${path} %}`),
  paths.map((path) => `{% if ${path} == x %}`),
  fc.constantFrom(
    "{% endfor %}",
    "{% endif %}",
    "{% else %}",
    "{{",
    "%}",
    "{%",
    "{% raw %}",
    "{% include 'a' %}",
    "text",
  ),
  paths.map((path) => `{% JSONArrayFor y in ${path} %}{{y}}{% endJSONArrayFor -%}`),
  paths.map((path) => `{% for i in ${path} %}{% capture x %}{{x}}{{x}}a{% endcapture %}{% endfor %}`),
  fc.string({ maxLength: 6 }),
);

it("ends with a text or a refusal", () => {
  const templates = fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(templates, fc.json(), (template, body) => {
      const ev = new Evaluation(context, limits);
      try {
        const scope = { body: liquidJson(parseJson(body, "JToken", ev)), context: liquidContext(context) };
        expect(prepareLiquid(template)(scope, ev).length).toBeLessThanOrEqual(limits.memory);
      } catch (error) {
        if (!(error instanceof LiquidRefusal || error instanceof DotNetException)) throw error;
      }
    }),
    { numRuns: runs },
  );
});
