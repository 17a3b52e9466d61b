/** Runs with every test file: no test may make apimgw send to ARM what the swagger does not have. */
import { afterAll, afterEach, expect } from "vitest";
import { recordOwnRequests, takeViolations } from "./violations.ts";

recordOwnRequests();
for (const hook of [afterEach, afterAll]) hook(async () => expect(await takeViolations()).toEqual([]));
