import type { Drift } from "../core/plan/plan.ts";

/** Who changed a resource, in words. */
export const causes: Readonly<Record<Drift, string>> = {
  service: "changed on the service",
  both: "changed on the service and in the spec",
};
