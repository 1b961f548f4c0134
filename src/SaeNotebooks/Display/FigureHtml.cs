using SaeNotebooks.Figures;

namespace SaeNotebooks.Display;

/// <summary>
/// A figure inside a page: its static picture, and a script that replaces the picture by the live chart once plotly.js is there.
/// Without scripts, without plotly.js, or when drawing fails, the picture stays.
/// </summary>
internal static class FigureHtml
{
    // Every element of this key is drawn, once: the same chart may stand twice on a page. A hidden element (a later slide) has no width yet and is
    // drawn when it gets one. Drawing takes much longer than showing the picture: the picture is painted first and stays until the chart is there, and of
    // results that follow each other fast only one that still stands is drawn. The page's own text colour is taken, so that dark pages get light text, and
    // taken again when the page changes its theme: Jupyter, VS Code and our own pages do so by an attribute of the root or the body.
    private const string Script = """
        (function () {
          var figure = @FIGURE, waited = 0;
          function draw(host) {
            if (!host.isConnected) return;
            var still = host.querySelector('svg.sae-still'), chart = document.createElement('div');
            var layout = JSON.parse(JSON.stringify(figure.layout)), data = JSON.parse(JSON.stringify(figure.data));
            var isNeutral = layout.font && layout.font.color === '@NEUTRAL', ink = getComputedStyle(host).color;
            // Error bars of bars are dark grey by default, which a dark page swallows.
            var errors = data.flatMap(function (t, i) { return isNeutral && t.type === 'bar' && t.error_y && !t.error_y.color ? [i] : []; });
            if (isNeutral) layout.font.color = ink;
            errors.forEach(function (i) { data[i].error_y.color = ink; });
            chart.style.cssText = 'position:absolute;visibility:hidden;width:' + host.clientWidth + 'px';
            host.appendChild(chart);
            Plotly.newPlot(chart, data, layout, { responsive: true, displaylogo: false }).then(
              function () { still.style.display = 'none'; chart.style.cssText = ''; host.dataset.drawn = 'yes'; if (isNeutral) follow(host, chart, ink, errors); },
              function (e) { chart.remove(); console.error(e); });
          }
          function follow(host, chart, shown, errors) {
            function look() {
              var now = getComputedStyle(host).color;
              if (now === shown) return;
              shown = now;
              if (errors.length) Plotly.update(chart, { 'error_y.color': now }, { 'font.color': now }, errors);
              else Plotly.relayout(chart, { 'font.color': now });
            }
            var observer = new MutationObserver(function () { setTimeout(look, 50); });
            [document.documentElement, document.body].forEach(function (e) { observer.observe(e, { attributes: true }); });
            matchMedia('(prefers-color-scheme: dark)').addEventListener('change', look);
          }
          function start() {
            if (!window.Plotly) { if ((waited += 100) <= 60000) setTimeout(start, 100); return; }
            document.querySelectorAll('[data-sae-figure="@KEY"]').forEach(function (host) {
              if (host.dataset.drawn) return;
              host.dataset.drawn = 'soon';
              if (figure.layout.height) host.querySelector('svg.sae-still').style.height = figure.layout.height + 'px'; // what follows it keeps its place
              new ResizeObserver(function (_, observer) {
                if (host.clientWidth > 0) { observer.disconnect(); setTimeout(draw, 0, host); }
              }).observe(host);
            });
          }
          start();
        })();
        """;

    public static string Write(Figure figure)
    {
        var json = figure.ToPlotlyJson();
        var key = Html.Key(json);
        var script = Script.Replace("@NEUTRAL", Palette.NeutralText, StringComparison.Ordinal)
            .Replace("@KEY", key, StringComparison.Ordinal).Replace("@FIGURE", json, StringComparison.Ordinal);
        var width = figure.Get("layout.width") is { } fixedWidth ? fixedWidth.ToString() : "1000";
        return $"<div class=\"sae-figure\" data-sae-figure=\"{key}\" style=\"max-width:{width}px\">\n{figure.ToEmbeddedSvg()}\n<script>\n{script}\n</script>\n</div>";
    }
}
