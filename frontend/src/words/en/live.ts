/** On-screen text in English of live texts: whether they are saved, and what stands over them. */
export const live = {
  live: {
    connecting: "Connecting",
    saved: "Saved",
    reading: "Live",
    saving: "Saving",
    unsaved: "Not saved",
    unsaved_title: "Not saved.",
    unsaved_detail: "Keep this page open; your words are sent again until they are kept.",
    offline: "Offline",
    offline_title: "No line to the server.",
    offline_detail: "What you write stays in this page and is sent when the line is back.",
    offline_reading: "The text may have moved on; it is loaded when the line is back.",
    stale: "Loading the newest text",
    damaged: "Damaged",
    damaged_detail: "Tell whoever runs this server.",
    resynced_title: "This text was loaded again.",
    resynced_detail:
      "What stood here was no longer what the server has. What you see now is what everybody sees: look at it before you write on.",
    resynced_done: "I have seen it",
    denied: "Not open",
    refused_title: "Not saved",
    refused_lead: "{{reason}} Your words are kept here: copy what you still need.",
    refused_words: "Your words that were not saved",
    refused_done: "I have what I need",
  },
} as const;
