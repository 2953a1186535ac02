/** Scrolls a column of the podium by itself; the page never moves under anybody's hands. */

/** `part` lies in sight in `column`, in its middle if it was out of sight. */
export function bringInSight(column: HTMLElement, part: HTMLElement): void {
  if (column.scrollHeight <= column.clientHeight) return;
  const [inner, outer] = [part.getBoundingClientRect(), column.getBoundingClientRect()];
  if (inner.top >= outer.top && inner.bottom <= outer.bottom) return;
  const spare = Math.max(0, outer.height - inner.height);
  column.scrollTop += inner.top - outer.top - spare / 2;
}
