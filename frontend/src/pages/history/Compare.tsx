/** What changed between two moments: words in and out, by whom, one change after the other. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Changes, getChanges } from "../../api/revisions";
import { Await } from "../../shell/Failure";
import { Button } from "../../ui/Button";
import { Check } from "../../ui/Field";
import { Empty } from "../../ui/Notice";
import { ChangedText } from "./ChangedText";
import { changesIn, handsIn, namesOf, stretchesOf } from "./changes";
import { Legend } from "./Legend";

interface CompareProps {
  sectionId: string;
  from: number;
  to: number;
  zone: string;
}

export function Compare({ sectionId, from, to, zone }: CompareProps) {
  const changes = useQuery({
    queryKey: ["changes", sectionId, from, to],
    queryFn: () => getChanges(sectionId, from, to),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
  return (
    <Await of={changes}>
      {(found) => <Found key={`${found.from} ${found.to}`} found={found} zone={zone} />}
    </Await>
  );
}

function Found({ found, zone }: { found: Changes; zone: string }) {
  const { t } = useTranslation();
  const [onlyChanges, setOnlyChanges] = useState(true);
  const stretches = useMemo(() => stretchesOf(found.blocks), [found]);
  const changes = useMemo(() => changesIn(stretches), [stretches]);
  const hands = useMemo(() => handsIn(found.blocks), [found]);
  const [here, setHere] = useState<number | null>(null);
  const text = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (here === null) return;
    const change = text.current?.querySelector<HTMLElement>(`[data-change="${here}"]`);
    change?.scrollIntoView({ block: "center" });
    change?.focus({ preventScroll: true });
  }, [here]);
  useChangeKeys(here, changes.length, setHere);
  if (changes.length === 0) {
    return (
      <Empty icon="check" title={t("history.no_changes_title")}>
        {t("history.no_changes")}
      </Empty>
    );
  }
  const next = here === null ? 0 : here + 1;
  const change = here === null ? undefined : changes[here];
  const block = change ? found.blocks[change.block] : undefined;
  return (
    <>
      <div className="history-changes-bar">
        <Button
          icon="up"
          disabled={here === null || here === 0}
          onClick={() => setHere((here ?? 1) - 1)}
        >
          {t("history.previous_change")}
        </Button>
        <Button icon="down" disabled={next >= changes.length} onClick={() => setHere(next)}>
          {t("history.next_change")}
        </Button>
        <p className="small" role="status">
          {here === null
            ? t("history.changes", { count: changes.length })
            : t("history.change_n", { n: here + 1, count: changes.length })}{" "}
          {change && block
            ? namesOf(block.pieces.slice(change.first, change.end), block).join(" · ")
            : null}
        </p>
        <Check label={t("history.changes_only")} checked={onlyChanges} onChange={setOnlyChanges} />
      </div>
      <Legend hands={hands} />
      <div ref={text}>
        <ChangedText
          blocks={found.blocks}
          stretches={stretches}
          hands={hands}
          here={here}
          onHere={setHere}
          onlyChanges={onlyChanges}
          zone={zone}
        />
      </div>
    </>
  );
}

/** Alt with the up and down arrows goes from change to change; on a change n and p do. */
function useChangeKeys(here: number | null, count: number, go: (change: number) => void): void {
  useEffect(() => {
    function press(event: KeyboardEvent): void {
      const step = stepOf(event);
      if (step === undefined || document.querySelector("dialog[open]")) return;
      const wished = here === null ? 0 : here + step;
      if (wished < 0 || wished >= count) return;
      event.preventDefault();
      go(wished);
    }
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  });
}

/** Bare letters count only where a change has focus, so that nobody meets them by chance. */
function stepOf(event: KeyboardEvent): number | undefined {
  if (event.altKey) return { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.ctrlKey || event.metaKey || !(event.target instanceof HTMLElement)) return undefined;
  return event.target.closest("[data-change]") ? { n: 1, p: -1 }[event.key] : undefined;
}
