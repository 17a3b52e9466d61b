import { expect, it } from "vitest";
import { hasMarkedPlaceholder, hasPlaceholder } from "../../../../../src/core/lint/policy/placeholders.ts";

it.each([
  "{{name}}",
  "${var.calls}",
  "#{Calls}#",
  "#calls#",
  "$(calls)",
  "%{ if a }",
  "__calls__",
  "__rate_limit__",
  "{0}",
  "{name}",
  "<TOKEN>",
  "https://RESOURCE_NAME.example.com",
  "$calls",
])("%s is filled in later", (text) => expect(hasPlaceholder(text)).toBe(true));

it.each(["", "10", "true", "a_b", "FETCH", "https://example.com/a?b=c#d", "a{b", "snake__case", "100%"])(
  "%s is what it is",
  (text) => expect(hasPlaceholder(text)).toBe(false),
);

it("tells words in capitals from marked placeholders", () => {
  expect(hasMarkedPlaceholder("MY_TOKEN")).toBe(false);
  expect(hasMarkedPlaceholder("{{MY_TOKEN}}")).toBe(true);
});
