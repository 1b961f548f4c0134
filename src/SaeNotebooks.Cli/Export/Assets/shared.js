(function () {
  const root = document.documentElement;
  const stored = (value) => {
    // A page opened from a file may be denied storage; the theme then lasts as long as the page.
    try { return value === undefined ? localStorage.getItem("saenotebooks-theme") : localStorage.setItem("saenotebooks-theme", value); }
    catch (denied) { return null; }
  };
  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  if (stored()) root.dataset.theme = stored();
  window.saeTheme = () => { root.dataset.theme = isDark() ? "light" : "dark"; stored(root.dataset.theme); };
  document.getElementById("theme")?.addEventListener("click", window.saeTheme);

  if (window.katex) document.querySelectorAll(".math").forEach((e) => {
    const tex = e.textContent.trim().replace(/^(\\\(|\\\[|\$\$?)/, "").replace(/(\\\)|\\\]|\$\$?)$/, "");
    katex.render(tex, e, { displayMode: e.tagName === "DIV", throwOnError: false });
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
