// Keeps a page up to date: the server sends its parts again, and only those that changed are replaced.
"use strict";
(() => {
  const root = document.querySelector("[data-stream]");
  const banner = document.getElementById("link-lost");
  const RETRY_MS = 3000;
  let heard = new Map();
  let arrived = performance.now();

  function swap(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html").body;
    const focused = document.activeElement && document.activeElement.id;
    for (const part of fresh.querySelectorAll("[data-part]")) {
      const old = document.getElementById(part.id);
      if (!old || heard.get(part.id) === part.outerHTML) continue;
      const calls = heard.has(part.id) && part.dataset.part === "alarm";
      heard.set(part.id, part.outerHTML);
      old.replaceWith(part);
      if (calls) part.classList.add("fresh");
    }
    if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus();
    arrived = performance.now();
    banner.classList.remove("shown");
    tick();
  }

  // Waits go on between two messages, at the pace of the branch's clock.
  function tick() {
    const clock = document.getElementById("now");
    if (!clock) return;
    const now = Number(clock.dataset.now) + (performance.now() - arrived) * Number(clock.dataset.pace);
    for (const wait of root.querySelectorAll("[data-since]")) {
      const seconds = Math.max(0, Math.floor((now - Number(wait.dataset.since)) / 1000));
      const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      if (wait.textContent !== text) wait.textContent = text;
    }
  }

  function connect() {
    const source = new EventSource(root.dataset.stream);
    source.onmessage = (event) => swap(event.data);
    source.onerror = () => {
      banner.classList.add("shown");
      if (source.readyState === EventSource.CLOSED) setTimeout(again, RETRY_MS);
    };
    addEventListener("pagehide", () => source.close(), { once: true });
  }

  // A closed stream means an answer that was no stream: signed out (then the page itself leads to the sign-in page),
  // or a gateway that is just starting.
  async function again() {
    try {
      const answer = await fetch(location.href, { redirect: "manual" });
      if (answer.type === "opaqueredirect") location.reload();
      else connect();
    } catch {
      setTimeout(again, RETRY_MS);
    }
  }

  if (root) {
    connect();
    setInterval(tick, 1000);
    tick();
  }
})();
