(function () {
  const root = document.documentElement;
  const stored = (value) => {
    // A page opened from a file may be denied storage; the theme then lasts as long as the page.
    try { return value === undefined ? localStorage.getItem("saenotebooks-theme") : localStorage.setItem("saenotebooks-theme", value); }
    catch (denied) { return null; }
  };
  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  if (stored()) root.dataset.theme = stored();
  // Charts that took the page's text colour take the new one too.
  window.saeTheme = () => {
    const following = [...document.querySelectorAll(".js-plotly-plot")].filter((c) => c.layout?.font?.color === getComputedStyle(c).color);
    root.dataset.theme = isDark() ? "light" : "dark";
    stored(root.dataset.theme);
    following.forEach((c) => Plotly.relayout(c, { "font.color": getComputedStyle(c).color }));
  };
  document.getElementById("theme")?.addEventListener("click", window.saeTheme);

  // A formula that is all of its paragraph stands by itself, its sums and fractions at their full height.
  const isDisplay = (e) => e.tagName === "DIV" || (e.parentElement.tagName === "P" && e.parentElement.textContent.trim() === e.textContent.trim());
  if (window.katex) document.querySelectorAll(".math").forEach((e) => {
    const tex = e.textContent.trim().replace(/^(\\\(|\\\[|\$\$?)/, "").replace(/(\\\)|\\\]|\$\$?)$/, "");
    katex.render(tex, e, { displayMode: isDisplay(e), fleqn: true, throwOnError: false });
  });

  const draw = (chart) => {
    const figure = JSON.parse(chart.querySelector("script").textContent);
    const target = document.createElement("div");
    chart.replaceChildren(target);
    Plotly.newPlot(target, figure.data, figure.layout, { responsive: true, ...figure.config });
  };
  // plotly.js comes last in the file, so that text and static charts show first.
  addEventListener("DOMContentLoaded", () => { if (window.Plotly) document.querySelectorAll(".plotly-chart").forEach(draw); });

  window.saeResize = (within) => {
    if (window.Plotly) within?.querySelectorAll(".js-plotly-plot").forEach((chart) => { if (chart.offsetWidth) Plotly.Plots.resize(chart); });
  };
})();
