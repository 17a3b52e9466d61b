import { describe, expect, it } from "vitest";
import { denyResponse } from "../../../src/core/compile/deny.ts";
import { attributeValue, childElements } from "../../../src/core/policy/tree.ts";

function answer(deny: Parameters<typeof denyResponse>[0]): { reason?: string; body: string; type: string } {
  const [status, header, body] = childElements(denyResponse(deny));
  const textOf = (element = status): string =>
    element?.children.map((node) => (node.type === "text" ? node.value : "")).join("") ?? "";
  const reason = status === undefined ? undefined : attributeValue(status, "reason");
  const [value] = header === undefined ? [] : childElements(header);
  return { ...(reason === undefined ? {} : { reason }), body: textOf(body), type: textOf(value) };
}

describe("the answer to denied operations", () => {
  it("is a map as JSON, whatever its texts hold and in whatever order", () => {
    const body = { list: [1, null], error: { message: "@(1 + 1)", code: "x" } };
    expect(answer({ body })).toEqual({
      reason: "Bad Request",
      body: '{"error":{"code":"x","message":"@(1 + 1)"},"list":[1,null]}',
      type: "application/json",
    });
  });

  it.each([
    ["closed, for now", "closed, for now"],
    ["mail ops@(contoso).com", "mail ops@(contoso).com"],
    ["@(context.Request.IpAddress)", '@("@(context.Request.IpAddress)")'],
    [' @{ return "x\\"; }\n', '@(" @{ return \\"x\\\\\\"; }\\n")'],
    ["@( never closed", '@("@( never closed")'],
  ])("is text that is never run as code: %j", (text, written) => {
    expect(answer({ body: text, reason: text })).toEqual({
      reason: written,
      body: written,
      type: "text/plain",
    });
  });
});
