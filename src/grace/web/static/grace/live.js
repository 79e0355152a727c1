// What is urgent, on every open page: asks the address in <body data-live> every few seconds.
// The answer is JSON, for each pill by its id: {"urgent": {"count": 3, "text": "3 urgent now", "said": "A new urgent referral has come in",
// "newest": 1776513600.5}, …}; "newest" is when the newest came, in seconds since 1970, 0 where there is none. A pill is filled until
// the page that it leads to has been seen. One with data-pill="calm" is no matter of urgency and is not counted in the title.
(() => {
  "use strict";
  const address = document.body.dataset.live;
  const pills = [...document.querySelectorAll("[data-pill]")];
  if (!address || !pills.length) return;
  const EVERY = 4000; // milliseconds; with one lost answer a new one still shows within ten seconds
  const said = document.getElementById("urgent-said");
  const title = document.title;
  const newest = new Map();

  function show(pill, state) {
    pill.textContent = state.text;
    pill.hidden = !state.count;
    if (newest.has(pill) && state.newest > newest.get(pill)) {
      pill.classList.remove("seen");
      said.textContent = state.said;
      document.dispatchEvent(new CustomEvent("grace:urgent", { detail: state }));
    }
    newest.set(pill, state.newest);
  }

  function tell(answer) {
    const told = pills.filter((pill) => answer[pill.id]);
    told.forEach((pill) => show(pill, answer[pill.id]));
    const count = told.filter((pill) => pill.dataset.pill !== "calm").reduce((sum, pill) => sum + answer[pill.id].count, 0);
    document.title = count ? `(${count}) ${title}` : title;
  }

  async function ask() {
    let stale = true;
    try {
      const answer = await fetch(address, { cache: "no-store", credentials: "same-origin", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(EVERY) });
      if (answer.status === 401) {
        location.reload(); // the session is over: to the door, not a page that only looks alive
        return;
      }
      if (answer.ok) tell(await answer.json());
      stale = !answer.ok;
    } catch {
      // the next turn tries again; until then the numbers are marked as old
    }
    pills.forEach((pill) => pill.classList.toggle("stale", stale));
    setTimeout(ask, EVERY);
  }

  ask();
})();
