import { requiredText } from "../attributes.ts";
import type { PolicyRunner } from "../policy-definition.ts";

export const authenticationBasic: PolicyRunner = {
  name: "authentication-basic",
  fidelity: { level: "full", notes: [["Sets `Authorization: Basic`.", "documented"]] },
  prepare: (element) => {
    const user = requiredText(element, "username");
    const password = requiredText(element, "password");
    return (exchange) => {
      const bytes = new TextEncoder().encode(`${user(exchange)}:${password(exchange)}`);
      exchange.context.request.headers.set("Authorization", [
        `Basic ${Buffer.from(bytes).toString("base64")}`,
      ]);
      return undefined;
    };
  },
};
