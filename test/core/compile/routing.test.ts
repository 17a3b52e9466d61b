import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { armsOf } from "../../../src/core/compile/arms.ts";
import { unrecorded } from "../../../src/core/compile/element-keys.ts";
import { chooseSection } from "../../../src/core/compile/model-choice.ts";
import { attributeValue, childElements } from "../../../src/core/policy/tree.ts";
import type { PolicyElement } from "../../../src/core/policy/tree.ts";
import type { OperationSpec } from "../../../src/core/spec/schema.ts";

/**
 * Runs a compiled backend section as the gateway would: children first, then the condition, `count` times at most. Conditions
 * are the C# that the compiler writes; the few forms it uses mean the same in JavaScript once the context is in place.
 */
function run(
  section: PolicyElement,
  answers: (backend: string, call: number) => number,
): { calls: string[]; status: number } {
  const state = {
    backend: "main",
    status: 200,
    variables: new Map<string, unknown>(),
    calls: [] as string[],
  };
  const evaluate = (value: string | undefined): unknown => {
    const code = /^@\((.*)\)$/s.exec(value ?? "")?.[1];
    if (code === undefined) throw new Error(`no expression: ${value ?? ""}`);
    const js = code.replaceAll(/GetValueOrDefault<int>/g, "get");
    const context = {
      Response: { StatusCode: state.status },
      Variables: { get: (name: string, fallback: number) => state.variables.get(name) ?? fallback },
    };
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
    return new Function("context", `return ${js};`)(context) as unknown;
  };
  const execute = (element: PolicyElement): void => {
    switch (element.name) {
      case "forward-request":
        state.calls.push(state.backend);
        state.status = answers(state.backend, state.calls.length);
        return;
      case "set-backend-service":
        state.backend = attributeValue(element, "backend-id") ?? "";
        return;
      case "set-variable":
        state.variables.set(
          attributeValue(element, "name") ?? "",
          evaluate(attributeValue(element, "value")),
        );
        return;
      case "choose":
        childElements(
          childElements(element).find((when) => evaluate(attributeValue(when, "condition")) === true) ?? {
            ...element,
            children: [],
          },
        ).forEach(execute);
        return;
      case "retry":
        for (let retries = 0; ; retries++) {
          childElements(element).forEach(execute);
          if (
            retries >= Number(attributeValue(element, "count")) ||
            evaluate(attributeValue(element, "condition")) !== true
          )
            return;
        }
      default:
        throw new Error(`unexpected <${element.name}>`);
    }
  };
  execute(section);
  return { calls: state.calls, status: state.status };
}

function sectionOf(operation: OperationSpec): PolicyElement | undefined {
  return chooseSection(armsOf({}, operation, { kind: "body" }), operation, unrecorded);
}

function compileSection(operation: OperationSpec): PolicyElement {
  const section = sectionOf(operation);
  if (section === undefined) throw new Error("no section");
  return section;
}

const targets = (count: number): string[] => Array.from({ length: count }, (_, index) => `f${index + 1}`);

describe("a fallback chain", () => {
  for (const count of [1, 2, 3, 5, 20]) {
    it(`goes through ${count} in order, one after each 429, and stops at the last`, () => {
      const section = compileSection({ backend: "main", fallback: targets(count) });
      expect(run(section, () => 429)).toEqual({ calls: ["main", ...targets(count)], status: 429 });
    });
  }

  it("stops at the first answer that is no 429, wherever it comes from", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.nat(6),
        fc.constantFrom(200, 400, 500, 503),
        (count, good, status) => {
          const chain = ["main", ...targets(count)];
          const section = compileSection({ backend: "main", fallback: targets(count) });
          const stop = Math.min(good, count + 1);
          const { calls } = run(section, (_, call) => (call - 1 === stop ? status : 429));
          expect(calls).toEqual(chain.slice(0, Math.min(stop + 1, chain.length)));
        },
      ),
    );
  });

  it("follows the statuses it is given, ranges too", () => {
    const section = compileSection({
      backend: "main",
      fallback: { to: ["f1", "f2", "f3"], on: [429, "500-503"] },
    });
    const statuses = [503, 500, 504];
    expect(run(section, (_, call) => statuses[call - 1] ?? 200)).toEqual({
      calls: ["main", "f1", "f2"],
      status: 504,
    });
  });

  it("starts at the first backend even when success is a reason to go on", () => {
    const section = compileSection({ backend: "main", fallback: { to: ["f1"], on: ["200-299"] } });
    expect(run(section, (backend) => (backend === "main" ? 202 : 500)).calls).toEqual(["main", "f1"]);
  });

  it("tries each backend again first when there is a retry too", () => {
    const section = compileSection({ backend: "main", retry: { count: 2 }, fallback: ["f1", "f2"] });
    expect(run(section, () => 429).calls).toEqual([
      "main",
      "main",
      "main",
      "f1",
      "f1",
      "f1",
      "f2",
      "f2",
      "f2",
    ]);
  });
});

describe("the backend section", () => {
  it("is inherited when nothing asks for one", () => {
    expect(sectionOf({ backend: "a" })).toBeUndefined();
  });

  const timeouts: [string, Record<string, string>][] = [
    ["2m", { timeout: "120" }],
    ["PT1M30S", { timeout: "90" }],
    ["1500ms", { "timeout-ms": "1500" }],
  ];
  for (const [timeout, attributes] of timeouts) {
    it(`waits ${timeout}, and buffers nothing that is not sent again`, () => {
      const section = compileSection({ backend: "a", timeout });
      expect(section.name).toBe("forward-request");
      expect(Object.fromEntries(section.attributes.map(({ name, value }) => [name, value]))).toEqual(
        attributes,
      );
    });
  }

  it("lets answers pass as they come where they are streamed, on every try", () => {
    for (const operation of [{}, { timeout: "1m" }, { retry: { count: 1 } }, { fallback: ["b", "c"] }]) {
      const streamed = JSON.stringify(compileSection({ backend: "a", ...operation, streaming: true }));
      expect(streamed).toContain('{"name":"buffer-response","value":"false"}');
      const buffered = JSON.stringify(sectionOf({ backend: "a", ...operation, streaming: false }));
      expect(buffered).toBe(JSON.stringify(sectionOf({ backend: "a", ...operation })));
    }
  });

  it("streams for every model", () => {
    const section = compileSection({
      streaming: true,
      models: {
        x: { backend: "a", timeout: "1m" },
        y: { backend: "b" },
        otherwise: { backend: "c", retry: { count: 1 } },
      },
    });
    expect(JSON.stringify(section).match(/"name":"forward-request"/g)).toHaveLength(3);
    expect(JSON.stringify(section).match(/"name":"buffer-response","value":"false"/g)).toHaveLength(3);
  });

  it("keeps the request body wherever it may be sent again", () => {
    for (const operation of [
      { retry: { count: 1 } },
      { fallback: ["b"] },
      { fallback: ["b", "c"], retry: { count: 1 } },
    ]) {
      const text = JSON.stringify(compileSection({ backend: "a", ...operation }));
      expect(text).toContain('{"name":"buffer-request-body","value":"true"}');
    }
  });
});
