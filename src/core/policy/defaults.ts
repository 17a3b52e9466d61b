/**
 * Attributes that mean the same when they are left out, as the policy reference documents them. Only policies that apimgw
 * writes, and only values that the page and the product schema agree on: an attribute too few here shows a harmless
 * difference, one too many hides a real one.
 */
const defaults: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "set-header": { "exists-action": "override" },
  "set-query-parameter": { "exists-action": "override" },
  "forward-request": {
    "http-version": "1",
    "follow-redirects": "false",
    "buffer-request-body": "false",
    "buffer-response": "true",
    "fail-on-error-status-code": "false",
  },
  retry: { "first-fast-retry": "false" },
  "authentication-managed-identity": { "ignore-error": "false" },
};

/** True when leaving the attribute out would change nothing. */
export function isDefault(element: string, attribute: string, value: string): boolean {
  const attributes = Object.hasOwn(defaults, element) ? defaults[element] : undefined;
  return attributes !== undefined && Object.hasOwn(attributes, attribute) && attributes[attribute] === value;
}
