import { element, text } from "../policy/build.ts";
import type { PolicyElement } from "../policy/tree.ts";
import type { ApiSpec } from "../spec/schema.ts";

/**
 * `set-query-parameter` for `api-version`: `pin` overrides what the caller sends, `default` fills in what the caller leaves
 * out. Undefined when the API says nothing.
 */
export function versionParameter(apiVersion: ApiSpec["apiVersion"]): PolicyElement | undefined {
  const version = apiVersion?.pin ?? apiVersion?.default;
  if (version === undefined) return undefined;
  const action = apiVersion?.pin === undefined ? "skip" : "override";
  return element("set-query-parameter", { name: "api-version", "exists-action": action }, [
    element("value", {}, [text(version)]),
  ]);
}
