using System.Security.Cryptography;
using System.Text;
using SaeNotebooks.Figures;

namespace SaeNotebooks.Display;

/// <summary>
/// A figure inside a page: its static picture, and a script that replaces the picture by the live chart once plotly.js is there.
/// Without scripts, without plotly.js, or when drawing fails, the picture stays.
/// </summary>
internal static class FigureHtml
{
    // Every element of this key is drawn, once: the same chart may stand twice on a page. A hidden element (a later slide) has no
    // width yet and is drawn when it gets one. The page's own text colour is taken, so that dark pages get light text.
    private const string Script = """
        (function () {
          var figure = @FIGURE, waited = 0;
          function draw(host) {
            var still = host.querySelector('svg.sae-still'), chart = document.createElement('div');
            var layout = JSON.parse(JSON.stringify(figure.layout));
            if (layout.font && layout.font.color === '@NEUTRAL') layout.font.color = getComputedStyle(host).color;
            host.appendChild(chart);
            still.style.display = 'none';
            Plotly.newPlot(chart, figure.data, layout, { responsive: true, displaylogo: false }).then(
              function () { host.dataset.drawn = 'yes'; },
              function (e) { chart.remove(); still.style.display = 'block'; console.error(e); });
          }
          function start() {
            if (!window.Plotly) { if ((waited += 100) <= 60000) setTimeout(start, 100); return; }
            document.querySelectorAll('[data-sae-figure="@KEY"]').forEach(function (host) {
              if (host.dataset.drawn) return;
              host.dataset.drawn = 'soon';
              new ResizeObserver(function (_, observer) {
                if (host.clientWidth > 0) { observer.disconnect(); draw(host); }
              }).observe(host);
            });
          }
          start();
        })();
        """;

    public static string Write(Figure figure)
    {
        var json = figure.ToPlotlyJson();
        // The key is made from the content, so that running a notebook again writes the same file.
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..12].ToLowerInvariant();
        var script = Script.Replace("@NEUTRAL", Palette.NeutralText, StringComparison.Ordinal)
            .Replace("@KEY", key, StringComparison.Ordinal).Replace("@FIGURE", json, StringComparison.Ordinal);
        var width = figure.Get("layout.width") is { } fixedWidth ? fixedWidth.ToString() : "1000";
        return $"<div class=\"sae-figure\" data-sae-figure=\"{key}\" style=\"max-width:{width}px\">\n{figure.ToEmbeddedSvg()}\n<script>\n{script}\n</script>\n</div>";
    }
}
