// Loaded before the first paint, so that a chosen theme never flashes the other one.
(function () {
  "use strict";
  const chosen = /(?:^|; )theme=(dark|light)(?:;|$)/.exec(document.cookie);  // pages of a session say it themselves
  if (chosen) document.documentElement.dataset.theme = chosen[1];
})();
