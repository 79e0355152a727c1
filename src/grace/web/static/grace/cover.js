// Covered pictures: press and hold to look, let go to cover.
//   <button class="cover" data-preview="ADDRESS"> … <span class="seen"></span><span class="fill"></span><span class="said" role="status"></span></button>
// Nothing is fetched before the hold is complete. The address is asked by POST, because looking is an act that is written
// down; with it goes the purpose chosen on the page (input[name=purpose]), where there is one. The answer is a picture, or
// JSON {"message": …} with the reason why not. On letting go the picture is taken out of the page and its bytes are released.
(() => {
  "use strict";
  const HOLD = 600; // milliseconds
  let held = null;

  const purpose = () => document.querySelector("input[name=purpose]:checked");
  const mustChoose = () => document.querySelector("input[name=purpose]") && !purpose();
  const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";

  function say(cover, text) {
    const said = cover.querySelector(".said");
    if (said) said.textContent = text;
  }

  // Of a contact sheet, when its pictures are shown: a list beside it, which stays.
  function tellMoments(cover, told) {
    const list = cover.parentElement.querySelector("[data-moments]");
    if (!list || !told) return;
    list.replaceChildren(...told.split(", ").map((moment) => {
      const line = document.createElement("li");
      line.textContent = moment;
      return line;
    }));
  }

  function letGo() {
    if (!held) return;
    const { cover, timer, stop, address } = held;
    held = null;
    clearTimeout(timer);
    stop.abort();
    cover.classList.remove("holding", "open");
    cover.querySelector(".seen").replaceChildren();
    if (address.url) URL.revokeObjectURL(address.url);
  }

  async function look(mine) {
    const body = new URLSearchParams();
    if (purpose()) body.set("purpose", purpose().value);
    let answer;
    try {
      answer = await fetch(mine.cover.dataset.preview, {
        method: "POST", body, cache: "no-store", credentials: "same-origin", redirect: "error",
        headers: { "X-CSRFToken": token() }, signal: mine.stop.signal,
      });
      if (!answer.ok) {
        const why = await answer.json().catch(() => ({}));
        if (held === mine) say(mine.cover, why.message || mine.cover.dataset.failed || "–");
        return;
      }
      const bytes = await answer.blob();
      if (held !== mine) return; // let go in the meantime: stays covered
      tellMoments(mine.cover, answer.headers.get("X-Grace-Moments"));
      mine.address.url = URL.createObjectURL(bytes);
      const picture = new Image();
      picture.alt = "";
      picture.draggable = false;
      picture.src = mine.address.url;
      mine.cover.querySelector(".seen").replaceChildren(picture);
      mine.cover.classList.add("open");
    } catch (error) {
      if (error.name !== "AbortError" && held === mine) say(mine.cover, mine.cover.dataset.failed || "–");
    }
  }

  function hold(event) {
    const cover = event.target.closest("button.cover[data-preview]");
    if (!cover || event.repeat || cover.disabled) return;
    if (event.type === "keydown" && event.key !== " ") return;
    if (event.type === "pointerdown" && event.button !== 0) return;
    if (event.type === "keydown") event.preventDefault();
    if (held) letGo();
    say(cover, "");
    if (mustChoose()) {
      say(cover, cover.dataset.choose || "–");
      return;
    }
    const mine = { cover, stop: new AbortController(), address: {}, timer: 0 };
    mine.timer = setTimeout(() => look(mine), HOLD);
    held = mine;
    cover.classList.add("holding");
  }

  ["pointerdown", "keydown"].forEach((kind) => document.addEventListener(kind, hold));
  ["pointerup", "pointercancel", "keyup", "contextmenu"].forEach((kind) => document.addEventListener(kind, letGo));
  document.addEventListener("pointerout", (event) => { if (held && event.target.closest("button.cover") === held.cover && !held.cover.contains(event.relatedTarget)) letGo(); });
  document.addEventListener("focusout", (event) => { if (held && event.target === held.cover) letGo(); }); // not of others: pressing moves the focus here
  document.addEventListener("visibilitychange", letGo);
  ["blur", "pagehide", "beforeprint"].forEach((kind) => window.addEventListener(kind, letGo));
})();
