// Sets the chosen theme before the first paint; with no choice the system's theme holds.
(() => {
  try {
    const chosen = localStorage.getItem("rapporteur.theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch {
    // Storage may be closed to us: then the system's theme holds.
  }
})();
