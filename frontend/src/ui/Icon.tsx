/** Line drawings that stand beside a word; decorative, so hidden from readers of the screen. */
import type { ReactNode } from "react";

const SHAPES = {
  add: <path d="M12 5v14M5 12h14" />,
  arrow: <path d="M5 12h14M13 6l6 6-6 6" />,
  back: <path d="M19 12H5M11 6l-6 6 6 6" />,
  bracket: <path d="M9 4H5v16h4M15 4h4v16h-4" />,
  check: <path d="M4.5 12.5l5 5 10-11" />,
  close: <path d="M6 6l12 12M18 6L6 18" />,
  copy: <path d="M9 9h11v11H9zM5 15H4V4h11v1" />,
  down: <path d="M6 9l6 6 6-6" />,
  download: <path d="M12 4v11M7 10.5l5 5 5-5M5 20h14" />,
  drag: <path d="M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01" strokeWidth="3" />,
  edit: <path d="M4 20l1-4L16 5l3 3L8 19zM14 7l3 3" />,
  empty: <path d="M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h4" />,
  flag: <path d="M6 21V4h11l-2.500 4L17 12H6" />,
  group: (
    <path d="M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c0-4 3-6 6.5-6s6.5 2 6.5 6M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.5c2.2.8 3.5 2.6 3.5 5.5" />
  ),
  history: <path d="M4 12a8 8 0 1 0 2.5-5.800L4 8.500M4 4v4.500h4.500M12 8v4.500l3 2" />,
  link: (
    <path d="M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.7-5.700L12 7M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.7 5.700L12 17" />
  ),
  lock: <path d="M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3" />,
  menu: <path d="M4 7h16M4 12h16M4 17h16" />,
  more: <path d="M5 12h.01M12 12h.01M19 12h.01" strokeWidth="3.5" />,
  moon: <path d="M20 14.500A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.500z" />,
  offline: (
    <path d="M4 4l16 16M7 17h10a4 4 0 0 0 .8-7.900M14.5 6.600A6 6 0 0 0 6.3 10 3.6 3.6 0 0 0 7 17" />
  ),
  pause: <path d="M8 5v14M16 5v14" strokeWidth="3.5" />,
  play: <path d="M7 5l12 7-12 7z" fill="currentColor" />,
  remove: <path d="M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13" />,
  screen: <path d="M3 5h18v12H3zM8 21h8M12 17v4" />,
  sun: (
    <path d="M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v2.500M12 19.500V22M2 12h2.500M19.5 12H22M5 5l1.8 1.800M17.2 17.200L19 19M19 5l-1.8 1.800M6.8 17.200L5 19" />
  ),
  up: <path d="M6 15l6-6 6 6" />,
  user: <path d="M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4.5 3.5-7 8-7s8 2.5 8 7" />,
  warning: <path d="M12 4L2.5 20h19zM12 10v4.500M12 17.200v.01" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof SHAPES;

/** Drawings that point along the line of reading turn round where it runs from right to left. */
const TURNING: readonly IconName[] = ["arrow", "back"];

export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      className="icon"
      data-turns={TURNING.includes(name)}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {SHAPES[name]}
    </svg>
  );
}

/** A circle filled up to `share` (0 to 1): how far something has come. */
export function Pie({ share }: { share: number }) {
  const round = 2 * Math.PI * 4.5;
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <circle cx="12" cy="12" r="9" fill="none" stroke="currentColor" strokeWidth="2" />
      <circle
        cx="12"
        cy="12"
        r="4.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="9"
        strokeDasharray={`${round * share} ${round}`}
        transform="rotate(-90 12 12)"
      />
    </svg>
  );
}
