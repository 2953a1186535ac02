/** Drawings for the formatting buttons. */
import type { ReactNode } from "react";

const SHAPES = {
  strong: <path d="M7 5h6a3.5 3.5 0 0 1 0 7H7zM7 12h7a3.5 3.5 0 0 1 0 7H7z" strokeWidth="2.6" />,
  em: <path d="M10 5h7M7 19h7M14 5l-4 14" />,
  link: (
    <path d="M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.7-5.700L12 7M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.7 5.700L12 17" />
  ),
  footnote: <path d="M4 19L9 6l5 13M6 14.500h6M18 5v7M16 6.500L18 5" />,
  undo: <path d="M8 5L4 9l4 4M4 9h10a5 5 0 0 1 0 10H9" />,
  redo: <path d="M16 5l4 4-4 4M20 9H10a5 5 0 0 0 0 10h5" />,
  nest: <path d="M4 6h16M11 12h9M4 18h16M4 9.500l3 2.5-3 2.5" />,
  unnest: <path d="M4 6h16M11 12h9M4 18h16M7 9.500L4 12l3 2.5" />,
} satisfies Record<string, ReactNode>;

export type FormatIconName = keyof typeof SHAPES;

export function FormatIcon({ name }: { name: FormatIconName }) {
  return (
    <svg
      className="icon"
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
