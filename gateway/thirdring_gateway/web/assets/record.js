// The record of a call, quickly: Ctrl+Enter saves; whoever comes for the record begins to type in it at once.
"use strict";
for (const form of document.querySelectorAll("[data-quick]")) {
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  if (location.hash === "#record" && !document.querySelector(".done")) form.querySelector("input:not([type=hidden])")?.focus();
}
