/** The mock accounts that stand behind a gateway's backends in a scenario. */
import type { GatewayConfig } from "../gateway/config.ts";
import type { CallFailure, OutgoingCall } from "../gateway/exchange.ts";
import { pointer } from "../spec/source.ts";
import { accountBehind } from "./account-behind.ts";
import type { Delivery } from "./drive.ts";
import { MockAccount } from "./mock-account.ts";
import type { Scenario } from "./scenario.ts";
import { nameInstead, ScenarioFailure } from "./scenario-failure.ts";

/** Every single backend has an account; those that the scenario does not describe have no limits. Throws ScenarioFailure for one without a backend. */
export function makeAccounts(
  { backends }: GatewayConfig,
  { accounts = {} }: Scenario,
  random: () => number,
  start: number,
): Map<string, MockAccount> {
  const singles = [...backends].filter(([, { kind }]) => kind === "single");
  const names = singles.map(([, { id }]) => id);
  const specs = new Map(Object.entries(accounts).map(([id, spec]) => [id.toLowerCase(), { id, spec }]));
  for (const [key, { id }] of specs) {
    if (singles.some(([other]) => other === key)) continue;
    const message = `the gateway has no backend \`${id}\``;
    throw new ScenarioFailure("SCENARIO.ACCOUNT", message, pointer("accounts", id), nameInstead(names, id));
  }
  const made = new Map<string, MockAccount>();
  const accountOf = (key: string, id: string): MockAccount => {
    const account = made.get(key) ?? new MockAccount(id, specs.get(key)?.spec ?? {}, start, random);
    made.set(key, account);
    return account;
  };
  return new Map(
    singles.map(([key, { id }]) => {
      // A backend for one deployment is the account itself, unless the scenario describes it apart.
      const account = specs.has(key) ? id : (accountBehind(id, backends) ?? id);
      return [key, accountOf(account.toLowerCase(), account)] as const;
    }),
  );
}

/** The accounts by the host of the backend in front of them, in lower case: for calls that name no backend. */
export function accountsByHost(
  { backends }: GatewayConfig,
  accounts: ReadonlyMap<string, MockAccount>,
): Map<string, MockAccount> {
  const byHost = new Map<string, MockAccount>();
  for (const [key, backend] of backends) {
    const account = accounts.get(key);
    const host = backend.kind === "single" ? /^https?:\/\/([^/:]+)/.exec(backend.url)?.[1] : undefined;
    if (account !== undefined && host !== undefined) byHost.set(host.toLowerCase(), account);
  }
  return byHost;
}

/** What a call gets that leads to no account. */
export function nobodyThere({ url }: OutgoingCall): Delivery {
  const message = `There is no account at ${url.host} in this scenario.`;
  const result: CallFailure = { kind: "failed", reason: "BackendConnectionFailure", message };
  return { result, milliseconds: 0 };
}
