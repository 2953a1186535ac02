/** Listens to the podium's keys, on the page and inside the text alike. */
import { useEffect, useRef, useState } from "react";
import type { Verb } from "../../api/plenary";
import { keep, kept } from "../../shell/kept";
import { type Shown, verbsFor } from "./decide/shown";
import { type PodiumAct, podiumAct } from "./podiumKeys";
import type { PodiumRights } from "./rights";
import { newQuestion, type PodiumActs, type Question } from "./usePodium";

interface Wishes {
  shown: Shown | null;
  rights: PodiumRights;
  acts: PodiumActs;
  ask: (question: Question) => void;
  /** The room's paragraph is looked at again. */
  back: () => void;
}

const STORED = "rapporteur.podium_letters";

export function usePodiumKeys(wishes: Wishes) {
  const [isHelping, help] = useState(false);
  const [hasLetters, setHasLetters] = useState(() => kept(STORED) !== "off");
  const latest = useRef(wishes);
  latest.current = wishes;
  useEffect(() => {
    function press(event: KeyboardEvent): void {
      if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
      const act = podiumAct(event, { isTyping: isTyping(event.target), hasLetters });
      if (!act || !carryOut(act, latest.current, help)) return;
      event.preventDefault();
      event.stopPropagation();
    }
    // Before the editor sees it, which would take Enter for a new paragraph.
    window.addEventListener("keydown", press, { capture: true });
    return () => window.removeEventListener("keydown", press, { capture: true });
  }, [hasLetters]);
  return {
    isHelping,
    help,
    hasLetters,
    setLetters: (on: boolean) => {
      setHasLetters(on);
      keep(STORED, on ? "on" : "off");
    },
  };
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest("input, textarea, select") !== null;
}

/** False where the act is not this member's, or makes no sense now. */
function carryOut(act: PodiumAct, wishes: Wishes, help: (on: boolean) => void): boolean {
  const { shown, rights, acts, ask, back } = wishes;
  if (act === "help") {
    help(true);
    return true;
  }
  if (act === "next" || act === "previous") {
    if (!rights.floor) return false;
    back();
    acts.move(act === "next" ? 1 : -1);
    return true;
  }
  const verb: Verb = act;
  if (!rights.decide || !shown || !verbsFor(shown).includes(verb)) return false;
  ask(newQuestion(verb, shown));
  return true;
}
