/** The tokens of the screens that were opened in this tab: they show a preview until it is closed. */

export type Tokens = Readonly<Record<string, string>>;

const place = (meetingId: string) => `rapporteur.screens.${meetingId}`;

export function knownTokens(meetingId: string): Tokens {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(place(meetingId)) ?? "{}");
    return typeof kept === "object" && kept !== null ? (kept as Tokens) : {};
  } catch {
    return {};
  }
}

export function rememberToken(meetingId: string, screenId: string, token: string): Tokens {
  return keep(meetingId, { ...knownTokens(meetingId), [screenId]: token });
}

export function forgetToken(meetingId: string, screenId: string): Tokens {
  const { [screenId]: _, ...others } = knownTokens(meetingId);
  return keep(meetingId, others);
}

function keep(meetingId: string, tokens: Tokens): Tokens {
  try {
    sessionStorage.setItem(place(meetingId), JSON.stringify(tokens));
  } catch {
    // Without storage there is a preview only until the page is loaded again.
  }
  return tokens;
}
