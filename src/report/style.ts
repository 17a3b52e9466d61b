import { Chalk, type ChalkInstance } from "chalk";

/** How a report is drawn; an argument everywhere, so that no report looks at the terminal or the environment. */
export type ReportStyle = { readonly color: boolean };

const plain = new Chalk({ level: 0 });
const colored = new Chalk({ level: 1 });

/** The sixteen basic colours, which follow the reader's own theme; without colour every style is the identity. */
export function palette({ color }: ReportStyle): ChalkInstance {
  return color ? colored : plain;
}
