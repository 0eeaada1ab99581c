// Keeps an open dashboard up to date: two small questions, and the figures only if one's own are new.
// Quiet while nobody looks at the page; patient while nobody answers.

const USUAL = 2_000;
const LONGEST = 60_000;
const MINUTE = 60_000;

let wait = USUAL;
let timer = 0;
let known = document.getElementById("figures")?.dataset.mark;

async function ask(address, headers = {}) {
  const answer = await fetch(address, { headers, signal: AbortSignal.timeout(10_000) });
  if (!answer.ok && answer.status !== 304) throw new Error(`${address}: ${answer.status}`);
  return answer;
}

/** Fetch the figures if there are newer ones, and they are others for who looks. */
async function look(figures) {
  const pulse = await ask(figures.dataset.pulse, { "If-None-Match": `"${known}"` });
  if (pulse.status === 304) return;
  const own = await ask(figures.dataset.own);
  known = await pulse.text();
  if (own.status !== 204) {
    window.htmx.trigger(figures, "news");
  }
}

/** Look in a while, not all at the same moment; twice as late after each time without an answer. */
function later() {
  clearTimeout(timer);
  if (document.hidden) return;
  timer = setTimeout(
    async () => {
      try {
        await look(document.getElementById("figures"));
        wait = USUAL;
      } catch {
        wait = Math.min(2 * wait, LONGEST);
      }
      later();
    },
    wait * (0.75 + Math.random() / 2),
  );
}

// Figures that could not be fetched are asked for again.
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.id === "figures" && !event.detail.successful) {
    known = undefined;
    wait = Math.min(2 * wait, LONGEST);
  }
});

document.addEventListener("visibilitychange", () => {
  wait = document.hidden ? wait : 100;
  later();
});

setInterval(() => {
  if (!document.hidden) {
    window.htmx.trigger(document.querySelector(".banner"), "minute");
  }
}, MINUTE);

later();
