// The site is opened from disk, where scripts may load scripts but not read files: every latent's page is a script that hands over its HTML.
(function () {
  const byId = (id) => document.getElementById(id), step = 200;
  const list = byId("list"), search = byId("search"), order = byId("order"), count = byId("count"), main = document.querySelector("main");
  const pages = new Map();
  let latents = [], found = [], drawn = 0;

  const current = () => /^#\d+$/.test(location.hash) ? Number(location.hash.slice(1)) : null;
  const percent = (rate) => rate === 0 ? "never" : rate < 0.001 ? "<0.1 %" : (100 * rate).toFixed(1) + " %";
  const say = (text) => { const p = document.createElement("p"); p.className = "none"; p.textContent = text; main.replaceChildren(p); };

  const entry = (l) => {
    const item = document.createElement("li"), link = item.appendChild(document.createElement("a"));
    link.href = "#" + l.id;
    for (const [tag, text] of [["b", l.id], ["span", l.label], ["i", order.value === "score" && l.score !== null ? l.score.toFixed(2) : percent(l.rate)]])
      link.appendChild(document.createElement(tag)).textContent = text;
    link.title = l.label;
    if (l.id === current()) link.setAttribute("aria-current", "page");
    return item;
  };
  const more = () => {
    list.append(...found.slice(drawn, drawn + step).map(entry));
    drawn = Math.min(found.length, drawn + step);
  };
  const orders = {
    id: (a, b) => a.id - b.id,
    rate: (a, b) => b.rate - a.rate || a.id - b.id,
    score: (a, b) => (b.score ?? -1) - (a.score ?? -1) || a.id - b.id,
  };
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    found = latents.filter((l) => words.every((w) => l.text.includes(w))).sort(orders[order.value]);
    const exact = found.findIndex((l) => String(l.id) === search.value.trim());
    if (exact > 0) found.unshift(...found.splice(exact, 1));
    count.textContent = found.length === latents.length ? latents.length + " latents" : found.length + " of " + latents.length + " latents";
    list.replaceChildren();
    list.scrollTop = drawn = 0;
    more();
  };

  const show = () => {
    const id = current();
    list.querySelectorAll("a").forEach((a) => a.hash === location.hash ? a.setAttribute("aria-current", "page") : a.removeAttribute("aria-current"));
    if (id === null) return say("Choose a latent on the left, or type a number or a word into the search box. Arrow keys go through the list.");
    document.title = "Latent " + id;
    if (pages.has(id)) {
      main.innerHTML = pages.get(id);
      main.scrollTop = 0;
      return;
    }
    if (!latents.some((l) => l.id === id)) return say("There is no page of latent " + id + " here.");
    const script = document.createElement("script");
    script.src = "latents/" + id + ".js";
    script.onload = () => script.remove();
    script.onerror = () => say("The page of latent " + id + " (latents/" + id + ".js) is missing; export the site again.");
    document.head.append(script);
  };
  const go = (by) => {
    const at = found.findIndex((l) => l.id === current()), next = found[at < 0 ? 0 : at + by];
    if (next) location.hash = next.id;
    list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  };

  search.addEventListener("input", filter);
  order.addEventListener("change", filter);
  list.addEventListener("scroll", () => { if (list.scrollTop + list.clientHeight > list.scrollHeight - 400) more(); }, { passive: true });
  addEventListener("hashchange", show);
  addEventListener("keydown", (e) => {
    const typing = document.activeElement === search;
    if (e.key === "Enter" && typing && found.length) location.hash = found[0].id;
    else if (e.key === "/" && !typing) { search.focus(); search.select(); }
    else if (e.key === "ArrowDown" && document.activeElement !== order) go(1);
    else if (e.key === "ArrowUp" && document.activeElement !== order) go(-1);
    else return;
    e.preventDefault();
  });

  const root = document.documentElement;
  const stored = (value) => {
    // A page opened from a file may be denied storage; the theme then lasts as long as the page.
    try { return value === undefined ? localStorage.getItem("saenotebooks-theme") : localStorage.setItem("saenotebooks-theme", value); }
    catch (denied) { return null; }
  };
  if (stored()) root.dataset.theme = stored();
  byId("theme").addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    stored(root.dataset.theme);
  });

  window.saeSite = {
    latents(rows) {
      latents = rows.map(([id, rate, score, label]) => ({ id, rate, score, label, text: (id + " " + label).toLowerCase() }));
      if (latents.every((l) => l.score === null)) order.querySelector("[value=score]").remove();
      filter();
      show();
    },
    page(id, html) {
      pages.set(id, html);
      if (current() === id) show();
    },
  };
})();
