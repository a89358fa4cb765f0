// The record of a call, quickly: Ctrl+Enter saves; whoever comes for the record begins to type in it at once.
"use strict";
for (const form of document.querySelectorAll("[data-quick]")) {
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  // Only after the browser has gone to the place that the address names, which takes the focus away.
  addEventListener("load", () => {
    const isWanted = location.hash === "#record" && !document.querySelector("#record .done");
    if (isWanted) form.querySelector("input:not([type=hidden])")?.focus();
  });
}
