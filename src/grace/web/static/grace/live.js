// Urgent referrals, on every open page: asks the address in <body data-live> every few seconds.
// The answer is JSON {"count": 3, "text": "3 urgent now", "said": "A new urgent referral has come in", "newest": 1776513600.5};
// "newest" is when the newest came, in seconds since 1970, 0 where there is none. The pill is filled until the queue has been seen.
(() => {
  "use strict";
  const address = document.body.dataset.live;
  const pill = document.getElementById("urgent");
  if (!address || !pill) return;
  const EVERY = 4000; // milliseconds; with one lost answer a new one still shows within ten seconds
  const said = document.getElementById("urgent-said");
  const title = document.title;
  let newest;

  function show(state) {
    pill.textContent = state.text;
    pill.hidden = !state.count;
    document.title = state.count ? `(${state.count}) ${title}` : title;
    if (newest !== undefined && state.newest > newest) {
      pill.classList.remove("seen");
      said.textContent = state.said;
      document.dispatchEvent(new CustomEvent("grace:urgent", { detail: state }));
    }
    newest = state.newest;
  }

  async function ask() {
    try {
      const answer = await fetch(address, { cache: "no-store", credentials: "same-origin", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(EVERY) });
      if (answer.status === 401) {
        location.reload(); // the session is over: to the door, not a page that only looks alive
        return;
      }
      if (answer.ok) show(await answer.json());
      pill.classList.toggle("stale", !answer.ok);
    } catch {
      pill.classList.add("stale"); // the next turn tries again; until then the number is marked as old
    }
    setTimeout(ask, EVERY);
  }

  ask();
})();
