/** Subscriptions as lines. Keys are in them when they were asked for. */
import type { ListedKeys } from "../keys.ts";
import { visibleLine } from "../visible.ts";
import { columns } from "./columns.ts";

/** A line for each, and two more for its keys. */
export function formatKeys(subscriptions: readonly ListedKeys[]): string {
  if (subscriptions.length === 0) return "The spec names no subscriptions.";
  const rows = subscriptions.map(({ id, product, displayName, state, keys }) => ({
    cells: [visibleLine(`${product}/${id}`), state ?? "not on the service", visibleLine(displayName)],
    keys,
  }));
  const widths = [0, 1].map((column) => Math.max(...rows.map(({ cells }) => columns(cells[column] ?? ""))));
  return rows
    .flatMap(({ cells, keys }) => [
      cells
        .map((cell, index) => padded(cell, widths[index] ?? 0))
        .join("  ")
        .trimEnd(),
      ...(keys === undefined ? [] : [`  primary    ${keys.primaryKey}`, `  secondary  ${keys.secondaryKey}`]),
    ])
    .join("\n");
}

function padded(cell: string, width: number): string {
  return cell + " ".repeat(Math.max(0, width - columns(cell)));
}
