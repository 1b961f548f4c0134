// Makes Jupyter Notebook show widgets with the manager of ipywidgets 8, which JupyterLab and VS Code have, in place of its own.
(async () => {
  await new Promise((done, fail) => document.head.append(Object.assign(document.createElement("script"), { src: "/files/embed-amd.js", onload: done, onerror: fail })));
  const modules = (...names) => new Promise((done, fail) => require(names, (...found) => done(found), fail));
  const [{ HTMLManager }, { OutputArea }] = await modules("@jupyter-widgets/html-manager", "notebook/js/outputarea");
  const mime = "application/vnd.jupyter.widget-view+json", manager = new HTMLManager();
  Jupyter.notebook.kernel.comm_manager.register_target("jupyter.widget", (comm, message) => manager.handle_comm_open(comm, message));
  OutputArea.prototype.register_mime_type(mime, function (view, metadata, element) {
    const place = this.create_output_subarea(metadata, "widgets8", mime);
    element.append(place);
    manager.get_model(view.model_id).then((model) => manager.create_view(model)).then((shown) => manager.display_view(shown, place[0]));
    this.keyboard_manager.register_events(place);
    return place;
  }, { safe: true, index: 0 });
})()
