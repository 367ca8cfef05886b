// Loaded before the first paint, so that a chosen theme never flashes the other one.
(function () {
  "use strict";
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
  } catch { /* storage is closed in private windows: the system's theme stays */ }
})();
