using Plotly.NET;
using SaeNotebooks.Figures;
using Attributes = System.Collections.Generic.Dictionary<string, object>;

namespace SaeNotebooks.Charts;

/// <summary>The one look of all charts: transparent ground and neutral greys, so that light and dark pages both carry it.</summary>
internal static class Style
{
    private const string Grid = "rgba(128,128,128,0.22)";
    private const string Rule = "rgba(128,128,128,0.55)";
    private const string Clear = "rgba(0,0,0,0)";

    public static Layout Layout(Captions captions, int height = 420)
    {
        var title = PlotlyText.Headline(captions.Title);
        var layout = new Layout();
        layout.SetProperty("title", new Attributes
        {
            ["text"] = title, ["x"] = 0, ["xref"] = "paper", ["xanchor"] = "left", ["font"] = new Attributes { ["size"] = 17 },
        });
        layout.SetProperty("font", new Attributes { ["family"] = Palette.FontFamily, ["size"] = 13, ["color"] = Palette.NeutralText });
        layout.SetProperty("colorway", Palette.Categories);
        layout.SetProperty("paper_bgcolor", Clear);
        layout.SetProperty("plot_bgcolor", Clear);
        layout.SetProperty("height", height);
        layout.SetProperty("margin", new Attributes { ["l"] = 64, ["r"] = 24, ["t"] = PlotlyText.HeadlineRoom(title), ["b"] = 56 });
        layout.SetProperty("hovermode", "closest");
        layout.SetProperty("modebar", new Attributes { ["bgcolor"] = Clear, ["color"] = Rule, ["activecolor"] = Palette.NeutralText });
        layout.SetProperty("xaxis", Axis(captions.X));
        layout.SetProperty("yaxis", Axis(captions.Y));
        return layout;
    }

    /// <summary>Puts labels at 0, 1, 2, … of an axis.</summary>
    public static void Label(Layout layout, string axis, string[] labels)
    {
        var attributes = Attributes(layout, axis);
        attributes["tickmode"] = "array";
        attributes["tickvals"] = Positions(labels.Length);
        attributes["ticktext"] = labels.Select(PlotlyText.Escape).ToArray();
        attributes["showgrid"] = axis != "xaxis";
        attributes["zeroline"] = false;
    }

    public static void LabelOrNumber(Layout layout, string axis, string[]? labels, int count)
    {
        if (labels is not null) Label(layout, axis, labels);
        else Attributes(layout, axis)["dtick"] = Math.Max(1, Bins.RoundWidth(count / 16.0));
        Attributes(layout, axis)["zeroline"] = false;
    }

    /// <summary>A heat map reads like a table: first row on top, no grid behind the cells.</summary>
    public static void TableAxes(Layout layout)
    {
        foreach (var axis in new[] { "xaxis", "yaxis" }) Attributes(layout, axis)["showgrid"] = false;
        Attributes(layout, "yaxis")["autorange"] = "reversed";
    }

    public static double[] Positions(int count) => [.. Enumerable.Range(0, count).Select(i => (double)i)];

    public static StyleParam.Colorscale Colours(Scale scale)
    {
        var stops = scale == Scale.Diverging ? Palette.Diverging : Palette.Sequential;
        return StyleParam.Colorscale.NewCustom(stops.Select((c, i) => Tuple.Create(i / (stops.Length - 1.0), Color.fromString(c))));
    }

    public static Attributes ColourBar(string title) => new()
    {
        ["title"] = new Attributes { ["text"] = PlotlyText.Escape(title), ["side"] = "right", ["font"] = new Attributes { ["size"] = 12 } }, ["thickness"] = 14, ["outlinewidth"] = 0,
    };

    public static void Hover(Trace trace, string[] texts, Captions captions)
    {
        trace.SetProperty("hovertext", texts.Select(PlotlyText.Escape).ToArray());
        trace.SetProperty("hovertemplate",
            $"%{{hovertext}}<br>{PlotlyText.Escape(captions.X)}: %{{x}}<br>{PlotlyText.Escape(captions.Y)}: %{{y}}<extra>%{{fullData.name}}</extra>");
    }

    public static void CellText(Trace trace, HeatmapCells cells, Captions captions)
    {
        var value = cells.ValueTitle.Length > 0 ? cells.ValueTitle : "value";
        var hover = $"{PlotlyText.Escape(captions.X)}: %{{x}}<br>{PlotlyText.Escape(captions.Y)}: %{{y}}<br>{PlotlyText.Escape(value)}: %{{z:.4g}}<extra></extra>";
        if (cells.Text is not null)
        {
            trace.SetProperty("text", cells.Text.Select(r => r.Select(PlotlyText.Escape).ToArray()).ToArray());
            trace.SetProperty("texttemplate", "%{text}");
            hover = "%{text}<br>" + hover;
        }
        trace.SetProperty("hovertemplate", hover);
    }

    private static Attributes Axis(string title) => new()
    {
        ["title"] = new Attributes { ["text"] = PlotlyText.Escape(title), ["font"] = new Attributes { ["size"] = 13 }, ["standoff"] = 12 },
        ["gridcolor"] = Grid, ["zerolinecolor"] = Rule, ["linecolor"] = Rule, ["tickcolor"] = Rule,
        ["ticks"] = "outside", ["automargin"] = true,
    };

    private static Attributes Attributes(Layout layout, string name) => (Attributes)layout.GetPropertyValue(name);
}
