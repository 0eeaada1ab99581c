// Counts the lines of a plan beside its text. Without it the page works as well: every mistake
// names its line, and clicking one then does nothing.
"use strict";

function countLines(editor) {
  const text = editor.querySelector("textarea");
  const gutter = editor.querySelector(".gutter");
  const show = () => {
    const lines = text.value.split("\n").length;
    gutter.textContent = Array.from({ length: lines }, (_, place) => place + 1).join("\n") + "\n\n";
    gutter.scrollTop = text.scrollTop;
  };
  text.addEventListener("input", show);
  text.addEventListener("scroll", () => {
    gutter.scrollTop = text.scrollTop;
  });
  show();
  return text;
}

function goTo(text, line, column) {
  const lines = text.value.split("\n").slice(0, line - 1);
  const start = lines.reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
  text.focus();
  text.setSelectionRange(start, start);
  text.scrollTop = Math.max(0, (line - 5) * Number.parseFloat(getComputedStyle(text).lineHeight));
}

addEventListener("DOMContentLoaded", () => {
  for (const editor of document.querySelectorAll(".plan-editor")) {
    const text = countLines(editor);
    for (const link of document.querySelectorAll(".plan-place")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        goTo(text, Number(link.dataset.line), Number(link.dataset.column));
      });
    }
    for (const item of document.querySelectorAll(
      ".field-text .errorlist li, .plan-verdict .plan-mistakes li",
    )) {
      const place = /^line (\d+), column (\d+)/.exec(item.textContent.trim());
      if (place === null) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "plan-goto";
      button.textContent = "Go there";
      button.addEventListener("click", () => goTo(text, Number(place[1]), Number(place[2])));
      item.append(" ", button);
    }
  }
});
