/** What is used of dagre. Its own declarations import each other without extensions, which Node's modules do not resolve. */
declare module "@dagrejs/dagre" {
  export type LayoutNode = {
    readonly width: number;
    readonly height: number;
    /** Of the middle, once laid out. */
    readonly x?: number;
    readonly y?: number;
  };
  export type LayoutEdge = LayoutNode & {
    /** How many ranks it goes at least. */
    readonly minlen: number;
    readonly labelpos: "c";
    readonly points?: readonly { readonly x: number; readonly y: number }[];
  };
  export class Graph {
    constructor(options: { readonly multigraph: boolean });
    setGraph(settings: {
      readonly rankdir: "LR";
      readonly nodesep: number;
      readonly edgesep: number;
      readonly ranksep: number;
    }): this;
    setNode(id: string, node: LayoutNode): this;
    setEdge(from: string, to: string, edge: LayoutEdge, name: string): this;
    node(id: string): LayoutNode;
    edge(from: string, to: string, name: string): LayoutEdge;
  }
  /** Fills in what is placed. */
  export function layout(graph: Graph): void;
}
