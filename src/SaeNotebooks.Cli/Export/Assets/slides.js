(function () {
  // A slide that holds one heading and a few words is a title, and stands in the middle.
  document.querySelectorAll(".fit").forEach((fit) => {
    if (fit.querySelector("h1") && !fit.querySelector(".cell, table, pre") && fit.textContent.length < 600) fit.classList.add("title");
  });
  // Text shrinks by up to a third before the slide scrolls.
  const shrink = (fit) => {
    fit.style.fontSize = "";
    for (let size = 100; size > 66 && fit.scrollHeight > fit.clientHeight + 1; size -= 6) fit.style.fontSize = size - 6 + "%";
  };
  const show = (slide) => { window.saeResize(slide); slide?.querySelectorAll(":scope > .fit").forEach(shrink); };

  Reveal.initialize({
    width: 1280, height: 720, margin: 0.04, center: false, hash: true, slideNumber: "c/t", transition: "none", backgroundTransition: "none",
    plugins: [RevealNotes], keyboard: { 84: window.saeTheme },
  });
  Reveal.on("ready", (e) => show(e.currentSlide));
  Reveal.on("slidechanged", (e) => show(e.currentSlide));
  Reveal.on("resize", () => show(Reveal.getCurrentSlide()));
  addEventListener("load", () => setTimeout(() => show(Reveal.getCurrentSlide()), 300));
  document.addEventListener("toggle", () => show(Reveal.getCurrentSlide()), true);
})();
