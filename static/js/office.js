// The little that pages cannot do by themselves: fold rows, copy a link, show one's own clock.

/** Take away the rows below one, however deep they were opened. */
function fold(row) {
  const level = Number(row.dataset.level);
  while (row.nextElementSibling && Number(row.nextElementSibling.dataset.level) > level) {
    row.nextElementSibling.remove();
  }
}

/** Without scripts a twig is a link to the page of those below; with them it opens and folds. */
function dress(root) {
  for (const twig of root.querySelectorAll("a[data-twig]:not([role])")) {
    twig.setAttribute("role", "button");
    twig.setAttribute("aria-expanded", "false");
  }
}

function toggle(twig) {
  const isOpen = twig.getAttribute("aria-expanded") === "true";
  twig.setAttribute("aria-expanded", String(!isOpen));
  if (isOpen) {
    fold(twig.closest("tr"));
  } else {
    twig.dispatchEvent(new CustomEvent("open"));
  }
}

document.addEventListener("click", (event) => {
  const twig = event.target.closest("a[data-twig]");
  if (twig && window.htmx && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    toggle(twig);
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === " " && event.target.matches?.("a[data-twig]")) {
    event.preventDefault();
    toggle(event.target);
  }
});

// A branch that could not be fetched is shut again, so that another try is possible.
document.addEventListener("htmx:afterRequest", (event) => {
  const twig = event.target.closest?.("a[data-twig]");
  if (twig && !event.detail.successful) {
    twig.setAttribute("aria-expanded", "false");
  }
});

// Signed out meanwhile, or refused: show the whole page that says so instead of nothing.
document.addEventListener("htmx:beforeSwap", (event) => {
  const answer = event.detail.xhr;
  if (answer.responseURL && new URL(answer.responseURL).pathname === "/sign-in/") {
    event.detail.shouldSwap = false;
    window.location.reload();
  }
});

/** Say when something ends on the reader's own clock, where that is not the company's. */
function ownClock(root) {
  for (const time of root.querySelectorAll("[data-own-clock]:not([data-told])")) {
    time.dataset.told = "";
    const moment = new Date(time.querySelector("time").dateTime);
    const offset = /([+-])(\d\d):(\d\d)$/.exec(time.querySelector("time").dateTime);
    const theirs = offset ? Number(`${offset[1]}1`) * (Number(offset[2]) * 60 + Number(offset[3])) : 0;
    if (-moment.getTimezoneOffset() !== theirs) {
      const format = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });
      time.append(`, ${format.format(moment)} yours`);
    }
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const words = button.querySelector("span");
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      words.textContent = "Copied";
    } catch {
      words.textContent = "Mark the link and copy it";
    }
    document.getElementById("copied").textContent = words.textContent;
    setTimeout(() => {
      words.textContent = "Copy link";
    }, 2500);
  });
}

/** Open the level that the address points to. */
function openTarget() {
  const target = document.getElementById(window.location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) {
    target.open = true;
  }
  target?.scrollIntoView();
}

document.addEventListener("htmx:load", (event) => {
  const root = event.target.parentElement ?? document;
  dress(root);
  ownClock(root);
  if (event.target.id === "lines") openTarget();
});
dress(document);
ownClock(document);
openTarget();
