/** Pure: the outline as a tree, and where a section goes when it is moved by keys or by drag. */

export interface Node {
  id: string;
  parent_id: string | null;
}

/** A place in the outline: which parent, and how many siblings come before (the moved one left out). */
export interface Place {
  parent_id: string | null;
  position: number;
}

export type Direction = "up" | "down" | "in" | "out";

/** The sections under `parentId`, in order. `sections` is the whole outline in outline order. */
export function childrenOf<T extends Node>(sections: readonly T[], parentId: string | null): T[] {
  return sections.filter((section) => section.parent_id === parentId);
}

/** Where `id` goes when it is moved one step; null where there is no such step. */
export function step(sections: readonly Node[], id: string, direction: Direction): Place | null {
  const section = sections.find((node) => node.id === id);
  if (!section) return null;
  const siblings = childrenOf(sections, section.parent_id);
  const at = siblings.findIndex((node) => node.id === id);
  if (direction === "up") return at > 0 ? { parent_id: section.parent_id, position: at - 1 } : null;
  if (direction === "down") {
    return at < siblings.length - 1 ? { parent_id: section.parent_id, position: at + 1 } : null;
  }
  if (direction === "in") {
    const before = siblings[at - 1];
    return before
      ? { parent_id: before.id, position: childrenOf(sections, before.id).length }
      : null;
  }
  const parent = sections.find((node) => node.id === section.parent_id);
  if (!parent) return null;
  const parents = childrenOf(sections, parent.parent_id);
  const position = parents.findIndex((node) => node.id === parent.id) + 1;
  return { parent_id: parent.parent_id, position };
}

export type Side = "before" | "inside" | "after";

/** Where `id` goes when it is dropped on `target`; null onto itself, into itself, or to no change. */
export function drop(
  sections: readonly Node[],
  id: string,
  target: string,
  side: Side,
): Place | null {
  const over = sections.find((node) => node.id === target);
  if (!over || isWithin(sections, target, id)) return null;
  const others = sections.filter((node) => node.id !== id);
  if (side === "inside") {
    return { parent_id: target, position: childrenOf(others, target).length };
  }
  const siblings = childrenOf(others, over.parent_id);
  const at = siblings.findIndex((node) => node.id === target);
  return { parent_id: over.parent_id, position: side === "before" ? at : at + 1 };
}

/** True if `id` is `ancestor` or somewhere under it. */
export function isWithin(sections: readonly Node[], id: string, ancestor: string): boolean {
  const parents = new Map(sections.map((node) => [node.id, node.parent_id]));
  for (let at: string | null = id; at !== null; at = parents.get(at) ?? null) {
    if (at === ancestor) return true;
  }
  return false;
}

/** The outline as it will be once `id` is at `place`, so that it shows at once. */
export function moved<T extends Node>(sections: readonly T[], id: string, place: Place): T[] {
  const changed = sections.map((node) =>
    node.id === id ? { ...node, parent_id: place.parent_id } : node,
  );
  const siblings = childrenOf(changed, place.parent_id).filter((node) => node.id !== id);
  const mover = changed.find((node) => node.id === id);
  if (!mover) return [...sections];
  siblings.splice(place.position, 0, mover);
  const collect = (parentId: string | null): T[] => {
    const level = parentId === place.parent_id ? siblings : childrenOf(changed, parentId);
    return level.flatMap((node) => [node, ...collect(node.id)]);
  };
  return collect(null);
}
