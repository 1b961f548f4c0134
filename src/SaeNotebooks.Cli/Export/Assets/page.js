(function () {
  const fold = document.getElementById("fold"), blocks = [...document.querySelectorAll("details.code")];
  const wide = blocks.filter((b) => b.open);
  fold.hidden = blocks.length === 0;
  fold.addEventListener("click", () => {
    const hide = fold.textContent === "Hide code";
    (hide ? blocks : wide.length ? wide : blocks).forEach((b) => { b.open = !hide; });
    fold.textContent = hide ? "Show code" : "Hide code";
  });
  const links = new Map([...document.querySelectorAll("nav a")].map((a) => [decodeURIComponent(a.hash.slice(1)), a]));
  const headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  const mark = () => {
    const current = headings.filter((h) => h.getBoundingClientRect().top < 120).pop() ?? headings[0];
    links.forEach((a, id) => a.classList.toggle("here", id === current?.id));
  };
  addEventListener("scroll", mark, { passive: true });
  mark();
})();
