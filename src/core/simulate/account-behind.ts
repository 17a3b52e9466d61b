import type { GatewayConfig } from "../gateway/config.ts";

/**
 * The backend of the account that a backend for one deployment belongs to: the one at whose URL the other's begins, with
 * `/deployments/NAME` behind it. Undefined when there is none.
 */
export function accountBehind(id: string, backends: GatewayConfig["backends"]): string | undefined {
  const own = urlOf(backends.get(id.toLowerCase()));
  if (own === undefined || !/\/deployments\/[^/]+$/.test(own)) return undefined;
  const owners = [...backends.values()].filter((other) => {
    const url = urlOf(other);
    return (
      url !== undefined && other.id !== id && own.startsWith(`${url}/`) && !url.includes("/deployments/")
    );
  });
  return owners.sort((a, b) => (urlOf(b)?.length ?? 0) - (urlOf(a)?.length ?? 0))[0]?.id;
}

function urlOf(backend: ReturnType<GatewayConfig["backends"]["get"]>): string | undefined {
  return backend?.kind === "single" ? backend.url.replace(/\/+$/, "").toLowerCase() : undefined;
}
