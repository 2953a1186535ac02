/** The acts of the podium on one meeting, and the last one's refusal. */
import { useState } from "react";
import { sentenceOf } from "../../api/client";
import {
  handPen,
  type MeetingState,
  moveFloor,
  type Place,
  putOnFloor,
  setMeetingState,
  type Verb,
} from "../../api/plenary";
import { keys, useAct } from "../../shell/queries";
import { newKey, type Shown } from "./decide/shown";

/** A decision that is about to be made: on this text, as it was shown when the question was put. */
export interface Question {
  readonly verb: Verb;
  readonly shown: Shown;
  /** The same for every attempt, so that the decision is made once. */
  readonly key: string;
}

export function newQuestion(verb: Verb, shown: Shown): Question {
  return { verb, shown, key: newKey() };
}

export interface PodiumActs {
  readonly error: string | null;
  readonly isBusy: boolean;
  readonly dismiss: () => void;
  readonly put: (place: Place | null) => void;
  readonly move: (direction: 1 | -1) => void;
  readonly setState: (to: MeetingState) => void;
  readonly pen: (memberId: string | null) => void;
}

export function usePodium(meetingId: string, reportId: string): PodiumActs {
  const [error, setError] = useState<string | null>(null);
  const act = useAct(
    (run: () => Promise<unknown>) => run(),
    [["meetings", reportId], keys.desk(reportId)],
  );
  function go(run: () => Promise<unknown>): void {
    setError(null);
    act.mutate(run, { onError: (refused) => setError(sentenceOf(refused)) });
  }
  return {
    error,
    isBusy: act.isPending,
    dismiss: () => setError(null),
    put: (place) => go(() => putOnFloor(meetingId, place)),
    move: (direction) => go(() => moveFloor(meetingId, direction)),
    setState: (to) => go(() => setMeetingState(meetingId, to)),
    pen: (memberId) => go(() => handPen(meetingId, memberId)),
  };
}
