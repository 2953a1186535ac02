/** People as small round marks: initials, the person's colour as a ring, the name for all readers. */

export interface Face {
  id: string;
  name: string;
  colour: string;
}

interface AvatarsProps {
  faces: readonly Face[];
  /** Says all names to readers of the screen. */
  label: string;
  most?: number;
}

export function Avatars({ faces, label, most = 4 }: AvatarsProps) {
  const rest = faces.length - most;
  return (
    <span className="avatars" role="img" aria-label={label} title={label}>
      {faces.slice(0, most).map((face) => (
        <span className="avatar" key={face.id} style={{ borderColor: face.colour }}>
          {initials(face.name)}
        </span>
      ))}
      {rest > 0 ? <span className="avatar">+{rest}</span> : null}
    </span>
  );
}

/** First letters of the first and the last name, whatever the script. */
export function initials(name: string): string {
  const names = name.split(/\s+/u).filter(Boolean);
  const ends = names.length > 1 ? [names[0], names.at(-1)] : [names[0]];
  return ends.map((part) => [...(part ?? "")][0]?.toUpperCase() ?? "").join("");
}
