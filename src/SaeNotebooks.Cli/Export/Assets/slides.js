(function () {
  // A slide that holds one heading and a few words is a title, and stands in the middle.
  document.querySelectorAll(".fit").forEach((fit) => {
    const words = [...fit.querySelectorAll(".text")].reduce((sum, text) => sum + text.textContent.length, 0);
    if (fit.querySelector("h1") && !fit.querySelector(".cell, table, pre") && words < 600) fit.classList.add("title");
  });
  // Text shrinks by up to a third to fit, with tables also in width; what would not fit even so keeps its size, and the slide scrolls.
  const shrink = (fit) => {
    const tables = [...fit.querySelectorAll(".output table")].flatMap((table) => [table, table.parentElement]);
    const overflows = () => fit.scrollHeight > fit.clientHeight + 1 || tables.some((t) => t.scrollWidth > t.clientWidth + 1);
    for (let size = 100; size > 66 && overflows(); size -= 6) fit.style.fontSize = size - 6 + "%";
    if (overflows()) fit.style.fontSize = "";
  };
  // What is read on a page at arm's length is small in a room.
  const enlarge = (chart) => {
    if (chart.dataset.enlarged || !chart.offsetWidth || chart.layout.width) return;
    chart.dataset.enlarged = "yes";
    const sizes = { "font.size": 16, "title.font.size": 20, "xaxis.title.font.size": 16, "yaxis.title.font.size": 16 };
    (chart.layout.annotations || []).forEach((_, i) => sizes[`annotations[${i}].font.size`] = 15);
    const maps = chart.data.flatMap((trace, i) => trace.type === "heatmap" ? [i] : []);
    if (maps.length) Plotly.update(chart, { "colorbar.title.font.size": 16 }, sizes, maps);
    else Plotly.relayout(chart, sizes);
  };
  // An axis's title that is longer than its chart is high goes into two lines.
  const breakTitle = (chart) => {
    const [title, text] = [chart.querySelector(".ytitle")?.getBoundingClientRect(), chart.layout?.yaxis?.title?.text || ""];
    const frame = chart.getBoundingClientRect();
    if (!title || text.includes("<br>") || (title.top >= frame.top && title.bottom <= frame.bottom)) return;
    const spaces = [...text.matchAll(/ /g)].map((m) => m.index).sort((a, b) => Math.abs(a - text.length / 2) - Math.abs(b - text.length / 2));
    if (spaces.length) Plotly.relayout(chart, { "yaxis.title.text": text.slice(0, spaces[0]) + "<br>" + text.slice(spaces[0] + 1) });
  };
  // A lone chart takes the height that the rest of its slide leaves.
  const fill = (fit) => {
    const charts = fit.querySelectorAll(".js-plotly-plot");
    if (charts.length !== 1 || !charts[0].offsetWidth) return;
    const rest = fit.scrollHeight - charts[0].offsetHeight;
    const height = Math.round(Math.max(280, Math.min(600, fit.parentElement.clientHeight - rest - 30)));
    if (Math.abs(height - charts[0].offsetHeight) > 4) Plotly.relayout(charts[0], { height });
  };
  // What goes on below the edge of a slide fades out there, until it is scrolled to its end.
  const more = (fit) => fit.classList.toggle("more", fit.scrollTop + fit.clientHeight < fit.scrollHeight - 2);
  document.querySelectorAll(".fit").forEach((fit) => fit.addEventListener("scroll", () => more(fit), { passive: true }));
  const arrange = (fit) => {
    window.saeResize(fit);
    fit.querySelectorAll(".js-plotly-plot").forEach(enlarge);
    fit.style.fontSize = "";
    fill(fit);
    fit.querySelectorAll(".js-plotly-plot").forEach(breakTitle);
    shrink(fit);
    more(fit);
  };
  const show = (slide) => slide?.querySelectorAll(":scope > .fit").forEach(arrange);

  Reveal.initialize({
    width: 1280, height: 720, margin: 0.04, center: false, hash: true, slideNumber: "c/t", transition: "none", backgroundTransition: "none",
    plugins: [RevealNotes], keyboard: { 84: window.saeTheme },
  });
  // In print every slide is on a page of its own, all at once; paper does not scroll, so what is too long is made small enough.
  const whole = (fit) => {
    fit.style.zoom = "";
    arrange(fit);
    if (fit.scrollHeight > fit.clientHeight + 1) fit.style.zoom = fit.clientHeight / fit.scrollHeight;
    more(fit);
  };
  const print = () => document.querySelectorAll(".slides .fit").forEach(whole);
  const isPrint = /print-pdf/i.test(location.search);
  // A chart on a slide not seen before draws itself only when the slide appears, and is sized once it is there.
  const settle = () => [0, 300].forEach((delay) => setTimeout(() => isPrint ? print() : show(Reveal.getCurrentSlide()), delay));
  new MutationObserver(settle).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["data-drawn"] });
  Reveal.on("pdf-ready", print);
  ["ready", "slidechanged", "resize"].forEach((event) => Reveal.on(event, settle));
  addEventListener("load", settle);
  document.addEventListener("toggle", () => show(Reveal.getCurrentSlide()), true);
})();
