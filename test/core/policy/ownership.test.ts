import { describe, expect, it } from "vitest";
import { base, comment, element, policyDocument } from "../../../src/core/policy/build.ts";
import { markOf, withMark, withoutMark } from "../../../src/core/policy/ownership.ts";
import { printPolicyDocument } from "../../../src/core/policy/print.ts";
import { walkElements } from "../../../src/core/policy/walk.ts";
import { parsed } from "./support.ts";

const document = policyDocument(
  element("policies", {}, [comment(" mine "), element("inbound", {}, [base()])]),
);

describe("the mark", () => {
  it("is a comment at the start of the root", () => {
    expect(printPolicyDocument(withMark(document, { owner: "contoso" }), { dialect: "xml" })).toBe(`<policies>
  <!-- Managed by apimgw, spec "contoso". The next apply overwrites changes made here. -->
  <!-- mine -->
  <inbound>
    <base />
  </inbound>
</policies>
`);
  });

  it.each(["a", "a-b", "a--b", "--", "-", "a---b-", "A.b_c", "2D"])(
    "survives the way through text: %s",
    (name) => {
      for (const dialect of ["xml", "rawxml"] as const) {
        for (const mark of [{ owner: name }, { owner: name, content: "0123456789abcdef" }]) {
          const text = printPolicyDocument(withMark(document, mark), { dialect });
          expect(markOf(parsed(text, dialect))).toEqual(mark);
        }
      }
    },
  );

  it("is replaced, and taken off", () => {
    const marked = withMark(withMark(document, { owner: "one", content: "0f" }), { owner: "two" });
    expect(markOf(marked)).toEqual({ owner: "two" });
    expect(marked).toEqual(withMark(document, { owner: "two" }));
    expect(withoutMark(marked)).toEqual(document);
    expect(markOf(document)).toBeUndefined();
  });
});

describe("walkElements", () => {
  it("visits parents first and knows the ancestors", () => {
    const seen: string[] = [];
    walkElements(document.root, ({ name }, ancestors) =>
      seen.push([...ancestors.map((ancestor) => ancestor.name), name].join("/")),
    );
    expect(seen).toEqual(["policies", "policies/inbound", "policies/inbound/base"]);
  });
});
