/** What jsdom lacks of a page: places of text on the screen. */

const NOWHERE = { left: 0, right: 0, top: 0, bottom: 0, width: 0, height: 0, x: 0, y: 0 };

export function giveTextAPlace(): void {
  const rect = { ...NOWHERE, toJSON: () => NOWHERE } as DOMRect;
  Range.prototype.getClientRects = () => [rect] as unknown as DOMRectList;
  Range.prototype.getBoundingClientRect = () => rect;
}
