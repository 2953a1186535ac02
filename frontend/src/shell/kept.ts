/** Small wishes that this browser keeps, where it is allowed to keep anything. */

export function kept(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // A hardened browser keeps nothing: the wish holds until the page is left.
  }
}
