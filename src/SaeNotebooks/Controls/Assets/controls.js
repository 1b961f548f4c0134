(function () {
  const spec = @SPEC;
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  // A cell that ran twice, or a page with the same controls twice: each has its own result, which is the next one after it.
  const show = (panel, html) => {
    const after = (e) => panel.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING;
    const result = [...document.querySelectorAll(`[data-sae-result="${spec.id}"]`)].find(after);
    if (!result) return;
    result.innerHTML = html;
    // Scripts that arrive as text do not run until they are made anew.
    result.querySelectorAll("script").forEach((old) => {
      if (old.type && !/javascript/.test(old.type)) return;
      old.replaceWith(make("script", { textContent: old.textContent }));
    });
  };

  const row = (control, ...parts) =>
    make("label", { style: "display:flex;align-items:center;gap:10px;margin:3px 0" },
      make("span", { style: "flex:0 0 7.5em;text-align:right", textContent: control.name }), ...parts);
  const slider = (min, max, step, value) => make("input", { type: "range", style: "width:280px;margin:0", min, max, step, value });
  const list = (texts, properties) => {
    const select = make("select", { style: "max-width:520px;font:inherit", ...properties });
    fill(select, texts);
    return select;
  };
  const fill = (select, texts) => select.replaceChildren(...texts.map((text) => make("option", { textContent: text })));
  const note = (text) => make("div", { className: "sae-controls-note", style: "font-size:12px;opacity:.75;min-height:1.5em", textContent: text });

  // Results that lie in the page, the last control's value varying fastest.
  const fromPage = (panel) => {
    const at = spec.controls.map((c) => c.start);
    const draw = () => show(panel, spec.results[at.reduce((place, value, i) => place * spec.controls[i].kept.length + value, 0)]);
    const rows = spec.controls.map((c, i) => {
      const choose = (place) => { at[i] = place; draw(); };
      if (c.kept.length === 1) return row(c, make("span", { textContent: c.kept[0] }));
      if (c.from === null) {
        const select = list(c.kept, { selectedIndex: c.start, onchange: () => choose(select.selectedIndex) });
        select.selectedIndex = c.start;
        return row(c, select);
      }
      const text = make("output", { textContent: c.kept[c.start], style: "min-width:4em;font-variant-numeric:tabular-nums" });
      const input = slider(0, c.kept.length - 1, 1, c.start);
      input.oninput = () => { text.textContent = c.kept[+input.value]; choose(+input.value); };
      return row(c, input, text);
    });
    const choices = spec.results.length;
    panel.replaceChildren(...rows, note(choices > 1
      ? `This page holds ${choices} results; with a kernel, running the cell gives all.`
      : "To choose another value, edit the cell and run it with a kernel."));
  };

  // All values, with what the kernel answers.
  const fromKernel = (panel, comm) => {
    const lists = [], waiting = new Map(), line = note("");
    const send = (control, message) => {
      if (!waiting.size) setTimeout(() => { waiting.forEach((m) => comm.send(m)); waiting.clear(); }, 30);
      waiting.set(control, { control, ...message });
    };
    const rows = spec.controls.map((c, i) => {
      const number = (input) => { if (input.value !== "") send(i, { value: +input.value }); };
      if (c.kind === "slider") {
        const input = slider(c.from, c.to, c.step, +c.value);
        const box = make("input", { type: "number", style: "width:6em;font:inherit", min: c.from, max: c.to, step: c.step, value: +c.value });
        input.oninput = () => { box.value = input.value; number(input); };
        box.oninput = () => { input.value = box.value; number(box); };
        return row(c, input, box);
      }
      if (c.kind === "number") {
        const box = make("input", { type: "number", style: "width:8em;font:inherit", min: c.from, max: c.to, step: c.step, value: +c.value });
        box.oninput = () => number(box);
        return row(c, box);
      }
      if (c.kind === "toggle") {
        const box = make("input", { type: "checkbox", checked: c.value === "yes" });
        box.onchange = () => send(i, { value: box.checked });
        return row(c, box);
      }
      if (c.kind === "text") {
        const box = make("input", { type: "text", style: "width:420px;font:inherit", value: c.value });
        box.onchange = () => send(i, { value: box.value });
        return row(c, box);
      }
      const isSearch = c.kind === "search";
      const select = lists[i] = list(c.options, isSearch ? { size: 6 } : {});
      select.selectedIndex = c.options.indexOf(c.value);
      select.onchange = () => send(i, { choice: select.selectedIndex });
      if (!isSearch) return row(c, select);
      const words = make("input", { type: "search", style: "width:280px;font:inherit", placeholder: "words or a number" });
      words.oninput = () => send(i, { words: words.value });
      return row(c, make("div", { style: "display:grid;gap:4px;justify-items:start" }, words, select));
    });
    panel.replaceChildren(...rows, line);
    // Jupyter Notebook takes single keys for commands unless it is told that somebody types.
    if (Jupyter.keyboard_manager) Jupyter.keyboard_manager.register_events(panel);
    comm.on_msg((message) => {
      const data = message.content.data;
      if (data.html !== undefined) show(panel, data.html);
      if (data.note !== undefined) line.textContent = data.note;
      if (data.options) fill(lists[data.control], data.options);
    });
  };

  const begin = (panel) => {
    const kernel = window.Jupyter && Jupyter.notebook && Jupyter.notebook.kernel;
    if (!kernel || !kernel.is_connected()) return fromPage(panel);
    const comm = kernel.comm_manager.new_comm("sae-notebooks.controls", { id: spec.id });
    comm.on_close(() => fromPage(panel));
    comm.on_msg(() => {
      // Where widgets are shown, these would be the same controls a second time.
      if (kernel.widget_manager) { panel.style.display = "none"; comm.close(); }
      else fromKernel(panel, comm);
    });
  };

  const find = (waited) => {
    const panels = document.querySelectorAll(`[data-sae-controls="${spec.id}"]:not([data-begun])`);
    panels.forEach((panel) => { panel.dataset.begun = "yes"; begin(panel); });
    if (!panels.length && waited < 50) setTimeout(find, 100, waited + 1);
  };
  find(0);
})();
