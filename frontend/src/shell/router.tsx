/** Addresses without page loads: where we are, links, and focus on the new page's heading. */
import {
  type AnchorHTMLAttributes,
  type MouseEvent,
  useEffect,
  useRef,
  useSyncExternalStore,
} from "react";
import { useTranslation } from "react-i18next";

const MOVED = "rapporteur:moved";

function subscribe(listener: () => void): () => void {
  window.addEventListener("popstate", listener);
  window.addEventListener(MOVED, listener);
  return () => {
    window.removeEventListener("popstate", listener);
    window.removeEventListener(MOVED, listener);
  };
}

/** Path of the page that is shown. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => window.location.pathname);
}

/** One value of the query string. */
export function useQueryValue(name: string): string | null {
  const search = useSyncExternalStore(subscribe, () => window.location.search);
  return new URLSearchParams(search).get(name);
}

/** The page at `to` is shown; with `replace` the one before cannot be gone back to. */
export function navigate(to: string, { replace = false } = {}): void {
  if (replace) window.history.replaceState(null, "", to);
  else window.history.pushState(null, "", to);
  window.dispatchEvent(new Event(MOVED));
}

type LinkProps = AnchorHTMLAttributes<HTMLAnchorElement> & { to: string };

/** A true link: opens in another tab as links do, moves inside the page otherwise. */
export function Link({ to, onClick, ...rest }: LinkProps) {
  function follow(event: MouseEvent<HTMLAnchorElement>): void {
    onClick?.(event);
    const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (event.defaultPrevented || event.button !== 0 || elsewhere || rest.target) return;
    event.preventDefault();
    navigate(to);
  }
  return <a {...rest} href={to} onClick={follow} />;
}

/** The first page leaves focus where the browser put it; later ones begin at their heading. */
let firstPage = true;

/** Names the page and, after a change of page, puts focus on its heading. */
export function usePageTitle(title: string | undefined) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { t } = useTranslation();
  const named = title !== undefined;
  useEffect(() => {
    if (title !== undefined) document.title = t("app.page_title", { page: title });
  }, [title, t]);
  useEffect(() => {
    if (!named) return;
    if (!firstPage) {
      heading.current?.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
    firstPage = false;
  }, [named]);
  return { ref: heading, tabIndex: -1 };
}
