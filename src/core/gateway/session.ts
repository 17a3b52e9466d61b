/** Session awareness of pools: a cookie names the member that a caller stays with [documented]; how it names it is inferred. */
import type { PoolBackend, SingleBackend } from "./backend-config.ts";
import type { Exchange } from "./exchange.ts";

/** The member that the caller's cookie names, if it is one of the pool's. */
export function sessionMember(exchange: Exchange, pool: PoolBackend): SingleBackend | undefined {
  const { sessionCookie } = pool;
  if (sessionCookie === undefined) return undefined;
  const cookies = exchange.context.request.headers.get("Cookie")?.join("; ").split(/;\s*/) ?? [];
  const prefix = `${sessionCookie}=`;
  const named = cookies.find((cookie) => cookie.startsWith(prefix))?.slice(prefix.length);
  const member = pool.members.find(({ backend }) => backend === named);
  const config = member === undefined ? undefined : exchange.instance.backend(member.backend);
  return config?.kind === "single" ? config : undefined;
}

/** Sets the cookie on the answer, unless the caller has it already. */
export function keepSession(exchange: Exchange): void {
  const { choice, context, instance } = exchange;
  const pool = choice?.kind === "backend" ? instance.backend(choice.id) : undefined;
  if (pool?.kind !== "pool" || pool.sessionCookie === undefined) return;
  const answered = exchange.attempts.at(-1)?.backend ?? undefined;
  if (answered === undefined || sessionMember(exchange, pool)?.id === answered) return;
  context.response?.headers.append("Set-Cookie", `${pool.sessionCookie}=${answered}; Path=/; HttpOnly`);
}
